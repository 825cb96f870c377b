package io.ipvlan.bench.peer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The workloads that need neither privilege nor preparation, so that the program does not rot.
class MainTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private PrintStream usual;

    @BeforeEach
    void listen() {
        usual = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setProperty("warm", "1");
    }

    @AfterEach
    void restore() {
        System.setOut(usual);
        System.clearProperty("warm");
        System.clearProperty("lean");
        System.clearProperty("owners");
        System.clearProperty("as");
    }

    @Test
    void roundTripsAreTimed() throws Exception {
        assertTrue(run("rtt", 5).startsWith("{\"w\":\"rtt\",\"peer\":\"java\",\"n\":5,\"med\":"));
    }

    @Test
    void roundTripsWithoutObjectsAreTimed() throws Exception {
        System.setProperty("lean", "true");

        assertTrue(run("rtt", 5).startsWith("{\"w\":\"rtt\",\"peer\":\"java\",\"n\":5,\"med\":"));
    }

    @Test
    void listingsTellHowManyRowsTheySaw() throws Exception {
        String line = run("dump-links", 1);

        assertTrue(line.startsWith("{\"w\":\"dump-links\",\"peer\":\"java\",\"n\":1,\"med\":"), line);
        assertTrue(line.matches("(?s).*,\"objs\":[1-9].*"), line);
    }

    @Test
    void listingsRowByRowTellHowManyRowsTheySaw() throws Exception {
        System.setProperty("lean", "true");

        String line = run("dump-links", 1);

        assertTrue(line.matches("(?s).*,\"objs\":[1-9].*"), line);
    }

    @Test
    void theFirstListingIsTold() throws Exception {
        String line = run("cold-once", 1);

        assertTrue(line.matches("\\{\"w\":\"cold-once\",\"peer\":\"java\",\"links\":[1-9]\\d*}\\s*"), line);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ipam-seq16",
                "ipam-seq8",
                "ipam-seq64",
                "ipam-churn50",
                "ipam-churn90",
                "ipam-churn999",
                "ipam-frag50",
                "ipam-frag90",
                "ipam-mt1",
                "ipam-mt2",
                "ipam-persist",
                "ipam-persist-sync"
            })
    void poolsAreTimed(String workload) throws Exception {
        String line = run(workload, 130);

        assertTrue(line.startsWith("{\"w\":\"" + workload + "\",\"peer\":\"java\",\"n\":130,\"med\":"), line);
    }

    @Test
    void poolsWithoutOwnersAreTimed() throws Exception {
        System.setProperty("owners", "false");

        assertTrue(run("ipam-frag50", 64).contains("\"med\":"));
    }

    @Test
    void anotherWorkloadIsCarriedOutInPlaceOfTheOneAskedFor() throws Exception {
        System.setProperty("as", "ipam-mt1");

        assertTrue(run("attach", 300).startsWith("{\"w\":\"ipam-mt1\""));
    }

    @Test
    void unknownWorkloadsAreUnsupported() throws Exception {
        assertTrue(run("tea", 1).contains("\"unsupported\":"));
    }

    private String run(String workload, int count) throws Exception {
        Main.main(new String[] {workload, Integer.toString(count)});
        return printed.toString(StandardCharsets.UTF_8);
    }
}
