package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.internal.Uapi;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Reading whole tables.
class NetlinkSocketDumpTest {
    private static final int MULTI = 2;

    private final ScriptedTransport kernel = new ScriptedTransport();
    private final NetlinkSocket socket = kernel.socket().within(Duration.ofMillis(50));
    private final TestRequest request = TestRequest.named("list them");

    @AfterEach
    void allThatWasScriptedWasAskedFor() {
        kernel.assertAllWasAskedFor();
    }

    private static byte[] row(int sequence, int value) {
        return Wires.framed(16, MULTI, sequence, Wires.number(value));
    }

    private static byte[] disturbed(int sequence, int value) {
        return Wires.framed(16, MULTI | Uapi.NLM_F_DUMP_INTR, sequence, Wires.number(value));
    }

    private List<Integer> dump() throws NetlinkException {
        return socket.dump(request, message -> message.fixed32(0));
    }

    @Test
    void rowsComeFromSeveralDatagrams() throws NetlinkException {
        kernel.answers(row(1, 7), row(1, 8)).answers(row(1, 9)).answers(Wires.done(1));

        assertEquals(List.of(7, 8, 9), dump());
        assertEquals("0107", kernel.sentHex().getFirst().substring(12, 16), "flags REQUEST, DUMP and its own");
    }

    @Test
    void anEmptyTableIsEmpty() throws NetlinkException {
        // The end of a dump carries a result, or, long ago, nothing.
        kernel.answers(Wires.done(1)).answers(Wires.framed(Uapi.NLMSG_DONE, MULTI, 2, new byte[0]));

        assertEquals(List.of(), dump());
        assertEquals(List.of(), dump());
    }

    @Test
    void rowsTheDecoderPassesOverAreLeftOut() throws NetlinkException {
        kernel.answers(row(1, 7), row(1, 8), row(1, 9), Wires.done(1));

        assertEquals(
                List.of(7, 9), socket.dump(request, message -> message.fixed32(0) == 8 ? null : message.fixed32(0)));
    }

    @Test
    void whatBelongsToAnotherDumpIsLeftOut() throws NetlinkException {
        kernel.answers(row(99, 5), Wires.done(99)).answers(row(1, 7), Wires.done(1));

        assertEquals(List.of(7), dump());
    }

    @Test
    void aRefusalAtOnceIsARefusal() {
        kernel.answers(Wires.refusal(1, Errno.EPERM));

        assertEquals(
                Errno.EPERM,
                assertThrows(NetlinkException.Refused.class, this::dump).errno());
    }

    @Test
    void aRefusalInTheMessageThatEndsTheDumpIsNoEmptyTable() {
        byte[] text = Wires.attribute(Uapi.NLMSGERR_ATTR_MSG, Wires.text("Invalid header"));
        byte[] end = Wires.framed(
                Uapi.NLMSG_DONE,
                MULTI | Uapi.NLM_F_ACK_TLVS,
                1,
                Wires.join(Wires.number(-Errno.EINVAL.number()), text));
        kernel.answers(row(1, 7)).answers(end);

        NetlinkException.Refused refused = assertThrows(NetlinkException.Refused.class, this::dump);

        assertEquals("list them: invalid argument [EINVAL: Invalid header]", refused.getMessage());
    }

    @Test
    void aDumpThatWasDisturbedIsReadAgain() throws NetlinkException {
        // The mark is on any message, not always on the last.
        kernel.answers(row(1, 7), disturbed(1, 8)).answers(row(1, 9), Wires.done(1));
        kernel.answers(row(2, 1), Wires.framed(Uapi.NLMSG_DONE, MULTI | Uapi.NLM_F_DUMP_INTR, 2, Wires.number(0)));
        kernel.answers(row(3, 7), row(3, 9), Wires.done(3));

        assertEquals(List.of(7, 9), dump(), "rows of the disturbed tries are forgotten");
        assertEquals(3, kernel.sent().size());
    }

    @Test
    void aDumpThatIsAlwaysDisturbedIsGivenUp() {
        for (int sequence = 1; sequence <= 64; sequence++) {
            kernel.answers(disturbed(sequence, 7), Wires.done(sequence));
        }

        NetlinkException.DumpInterrupted thrown = assertThrows(NetlinkException.DumpInterrupted.class, this::dump);

        assertTrue(String.valueOf(thrown.getMessage()).startsWith("list them"), thrown.getMessage());
        assertEquals(64, kernel.sent().size());
    }

    @Test
    void aRowThatMakesNoSenseEndsTheDumpAfterTheRestIsRead() throws NetlinkException {
        kernel.answers(row(1, 7), Wires.framed(16, MULTI, 1, new byte[3]), Wires.framed(16, MULTI, 1, new byte[2]))
                .answers(row(1, 9))
                .answers(Wires.done(1));

        NetlinkException.Malformed thrown = assertThrows(NetlinkException.Malformed.class, this::dump);

        assertTrue(String.valueOf(thrown.getMessage()).contains("19 bytes"), "the first: " + thrown.getMessage());
        kernel.assertAllWasAskedFor();
        kernel.answers(row(2, 7), Wires.done(2));
        assertEquals(List.of(7), dump());
    }

    @Test
    void aDecoderThatBreaksEndsTheDumpAfterTheRestIsRead() throws NetlinkException {
        // What is left unread would make the kernel answer EBUSY to the next dump.
        kernel.answers(row(1, 7)).answers(row(1, 8)).answers(Wires.done(1));

        assertThrows(ArithmeticException.class, () -> socket.dump(request, message -> 1 / (message.fixed32(0) - 7)));

        kernel.assertAllWasAskedFor();
        kernel.answers(row(2, 7), Wires.done(2));
        assertEquals(List.of(7), dump());
    }

    @Test
    void aDumpWithoutAnEndHasNoOutcome() {
        kernel.answers(row(1, 7)).staysSilent();

        assertThrows(NetlinkException.TimedOut.class, this::dump);
    }
}
