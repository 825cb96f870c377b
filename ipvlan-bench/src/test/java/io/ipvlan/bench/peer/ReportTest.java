package io.ipvlan.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void aLineSaysMedianPercentileMeanAndBest() {
        Report report = new Report("rtt", 3);
        report.add(30);
        report.add(10);
        report.add(21);

        assertEquals(
                "{\"w\":\"rtt\",\"peer\":\"java\",\"n\":3,\"med\":21,\"p99\":30,\"mean\":20.3,\"min\":10}",
                report.line());
    }

    @Test
    void moreTimesThanOperationsAreTaken() {
        Report report = new Report("dump-links", 1);
        report.add(2);
        report.add(1);
        report.add(3);

        assertEquals(
                "{\"w\":\"dump-links\",\"peer\":\"java\",\"n\":1,\"med\":2,\"p99\":3,\"mean\":2.0,\"min\":1}",
                report.line());
    }

    @Test
    void aLineSaysWhatElseIsKnown() {
        Report detaching = new Report("attach", 2);
        detaching.add(7);
        detaching.add(5);
        Report report = new Report("attach", 1);
        report.add(4);
        report.further("detach", detaching);
        report.further("threads", 16);

        assertEquals(
                "{\"w\":\"attach\",\"peer\":\"java\",\"n\":1,\"med\":4,\"p99\":4,\"mean\":4.0,\"min\":4"
                        + ",\"detach_med\":7,\"detach_p99\":7,\"threads\":16}",
                report.line());
    }
}
