package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of an exchange is seen by a flight recording, and kept if that is wanted.
class FlightTest {
    private final ScriptedTransport kernel = new ScriptedTransport();
    private final NetlinkSocket socket = kernel.socket().within(Duration.ofMillis(50));

    @TempDir
    private Path directory = Path.of("");

    /// An exchange that may fail.
    private interface Exchanges {
        void run() throws NetlinkException;
    }

    @AfterEach
    void keepNothing() {
        RecentExchanges.keep(0);
    }

    private List<RecordedEvent> recorded(Exchanges exchanges) throws IOException {
        try (Recording recording = new Recording()) {
            recording.enable("io.ipvlan.netlink.Exchange");
            recording.start();
            exchanges.run();
            recording.stop();
            Path file = directory.resolve("exchanges.jfr");
            recording.dump(file);
            return RecordingFile.readAllEvents(file);
        }
    }

    private static String words(RecordedEvent event) {
        return event.getString("type") + " " + event.getString("request") + " " + event.getInt("requests") + " "
                + event.getLong("bytes") + " " + event.getInt("answers") + " " + event.getString("outcome") + " "
                + event.getString("error");
    }

    /// The kept exchanges without what differs from run to run.
    private static List<String> kept() {
        return RecentExchanges.list().stream()
                .map(exchange -> exchange.toString()
                        .substring(exchange.at().toString().length() + 1)
                        .replaceFirst("\\d+ us", "TIME"))
                .toList();
    }

    @Test
    void aBatchIsOneEventWithItsFirstError() throws IOException {
        kernel.answers(Wires.refusal(2, Errno.EBUSY), Wires.refusal(3, Errno.EPERM));

        List<RecordedEvent> events = recorded(() -> socket.exchange(TestRequest.many(3, 4)));

        assertEquals(
                List.of("RTM_DELMDB request 0 3 60 2 refused EBUSY"),
                events.stream().map(FlightTest::words).toList());
    }

    @Test
    void aDumpCountsItsRows() throws IOException {
        kernel.answers(Wires.framed(16, 2, 1, new byte[4]), Wires.framed(16, 2, 1, new byte[4]), Wires.done(1));

        List<RecordedEvent> events = recorded(() -> socket.scan(TestRequest.named("list them"), _ -> {}));

        assertEquals(
                List.of("RTM_DELMDB list them 1 20 3 done "),
                events.stream().map(FlightTest::words).toList());
    }

    @Test
    void aMissingAnswerIsNoSuccess() throws IOException {
        kernel.staysSilent();

        List<RecordedEvent> events = recorded(() -> assertThrows(
                NetlinkException.TimedOut.class, () -> socket.ask(TestRequest.named("say something"), _ -> {})));

        assertEquals(
                List.of("RTM_DELMDB say something 1 20 0 timed out "),
                events.stream().map(FlightTest::words).toList());
    }

    @Test
    void whatCannotBeSentIsRefused() throws IOException {
        kernel.failsToSend(Errno.EPERM);

        List<RecordedEvent> events = recorded(() ->
                assertThrows(NetlinkException.Refused.class, () -> socket.send(List.of(TestRequest.named("do it")))));

        assertEquals(
                List.of("RTM_DELMDB do it 1 20 0 refused EPERM"),
                events.stream().map(FlightTest::words).toList());
    }

    @Test
    void nothingIsKeptUnlessAskedFor() throws NetlinkException {
        kernel.answers(Wires.ack(1));

        socket.send(List.of(TestRequest.named("do it")));

        assertEquals(List.of(), RecentExchanges.list());
    }

    @Test
    void theLastFewAreKeptWithoutARecording() throws NetlinkException {
        RecentExchanges.keep(2);
        kernel.answers(Wires.ack(1)).answers(Wires.refusal(2, Errno.ENODEV)).answers(Wires.ack(3));

        socket.send(List.of(TestRequest.named("first")));
        assertThrows(NetlinkException.Refused.class, () -> socket.send(List.of(TestRequest.named("second"))));
        socket.send(List.of(TestRequest.named("third")));

        assertEquals(
                List.of(
                        "RTM_DELMDB second: refused ENODEV; 1 sent (20 bytes), 1 received, TIME",
                        "RTM_DELMDB third: done; 1 sent (20 bytes), 1 received, TIME"),
                kept());
        RecentExchanges.keep(1);
        assertEquals(List.of("RTM_DELMDB third: done; 1 sent (20 bytes), 1 received, TIME"), kept());
        assertThrows(IllegalArgumentException.class, () -> RecentExchanges.keep(-1));
    }

    @Test
    void aRequestThatIsTooLargeIsNoExchange() {
        RecentExchanges.keep(2);

        assertThrows(IllegalArgumentException.class, () -> socket.exchange(TestRequest.many(1, 40_000)));

        assertEquals(List.of(), RecentExchanges.list());
    }
}
