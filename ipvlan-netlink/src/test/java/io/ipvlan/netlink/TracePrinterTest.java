package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Where and how datagrams are printed.
class TracePrinterTest {
    private static final MemorySegment DONE = MemorySegment.ofArray(Wires.join(Wires.done(1), Wires.done(2)));

    private static final Transport SEVEN = new ScriptedTransport().ofDescriptor(7);

    private final List<String> lines = new ArrayList<>();
    private Consumer<String> before = lines::add;

    @BeforeEach
    void printHere() {
        before = TracePrinter.printTo(lines::add);
    }

    @AfterEach
    void printWhereItWas() {
        TracePrinter.printTo(before);
    }

    /// The printed lines with every time replaced.
    private List<String> timeless() {
        return lines.stream()
                .map(line -> line.replaceFirst(" \\d\\d:\\d\\d:\\d\\d\\.\\d{6} ", " TIME "))
                .toList();
    }

    @Test
    void everyLineSaysSocketTimeAndDirection() {
        Trace.sent(SEVEN, DONE, DONE.byteSize());
        Trace.received(new ScriptedTransport(), DONE, 20);

        assertEquals(
                List.of(
                        "netlink[7] TIME > NLMSG_DONE NLM_F_MULTI seq 1 port 4711 error=0",
                        "netlink[7] TIME > NLMSG_DONE NLM_F_MULTI seq 2 port 4711 error=0",
                        "netlink[-] TIME < NLMSG_DONE NLM_F_MULTI seq 1 port 4711 error=0"),
                timeless());
    }

    @Test
    void whatWasNotReceivedIsNotPrinted() {
        Trace.received(SEVEN, DONE, -Errno.EAGAIN.number());
        Trace.received(SEVEN, DONE, 0);

        assertEquals(List.of(), lines);
    }

    @Test
    void aFaultOfTheDescriptionIsPrintedAndNotThrown() {
        Trace.received(SEVEN, DONE, 1000);

        assertEquals(1, lines.size());
        assertTrue(lines.getFirst().contains("< 1000 bytes that could not be described: "), lines.getFirst());
    }

    @Test
    void nothingIsPrintedUnlessItWasAskedFor() throws NetlinkException {
        try (NetlinkSocket socket =
                new ScriptedTransport().answers(Wires.ack(1)).socket()) {
            socket.send(List.of(new TestRequest("make it", Uapi.NLMSG_HDRLEN)));
        }

        assertEquals(List.of(), lines);
    }
}
