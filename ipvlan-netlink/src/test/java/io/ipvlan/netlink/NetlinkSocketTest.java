package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// One request and its answer, and everything that may come in between.
class NetlinkSocketTest {
    private final ScriptedTransport kernel = new ScriptedTransport();
    private final NetlinkSocket socket = kernel.socket().within(Duration.ofMillis(50));
    private final TestRequest request = TestRequest.named("do it");

    @AfterEach
    void allThatWasScriptedWasAskedFor() {
        kernel.assertAllWasAskedFor();
    }

    private void send() throws NetlinkException {
        socket.send(List.of(request));
    }

    private static <T extends Throwable> void assertThrowsNaming(String part, Class<T> type, NetlinkSocketTest test) {
        T thrown = assertThrows(type, test::send);
        String message = String.valueOf(thrown.getMessage());
        assertTrue(message.contains("do it") && message.contains(part), message);
    }

    @Test
    void aRequestIsFramedAndItsAckIsSuccess() throws NetlinkException {
        kernel.answers(Wires.ack(1));

        send();

        // length, type, flags REQUEST | ACK | its own, sequence, port, body
        assertEquals(List.of("14000000" + "5500" + "0504" + "01000000" + "00000000" + "abababab"), kernel.sentHex());
    }

    @Test
    void nothingToSendSendsNothing() throws NetlinkException {
        assertEquals(List.of(), socket.exchange(List.of()));
        assertEquals(List.of(), kernel.sent());
    }

    @Test
    void aKernelThatKnowsNoCookiesHasNone() throws NetlinkException {
        assertEquals(OptionalLong.empty(), socket.namespaceCookie());
        socket.close();
        assertThrows(IllegalStateException.class, socket::namespaceCookie);
    }

    @Test
    void sendingIsRepeatedAfterASignal() throws NetlinkException {
        kernel.failsToSend(Errno.EINTR).failsToSend(Errno.EINTR).answers(Wires.ack(1));

        send();

        assertEquals(1, kernel.sent().size());
    }

    @Test
    void receivingIsRepeatedAfterASignal() throws NetlinkException {
        kernel.failsToReceive(Errno.EINTR).failsToReceive(Errno.EINTR).answers(Wires.ack(1));

        send();

        assertEquals(1, kernel.sent().size(), "the request itself is not repeated");
    }

    @Test
    void whatCannotBeSentIsRefused() {
        kernel.failsToSend(Errno.EPERM);

        NetlinkException.Refused refused = assertThrows(NetlinkException.Refused.class, this::send);

        assertEquals("send: do it: operation not permitted [EPERM]", refused.getMessage());
        assertEquals(Errno.EPERM, refused.errno());
    }

    @Test
    void anAnswerThatCannotBeReceivedIsNoRefusalOfTheRequest() {
        kernel.failsToReceive(Errno.EBADF);

        assertThrowsNaming("bad file descriptor; the outcome is unknown", NetlinkException.TimedOut.class, this);
    }

    @Test
    void noAnswerInTimeIsNoOutcome() {
        kernel.staysSilent();

        assertThrowsNaming("unknown", NetlinkException.TimedOut.class, this);
    }

    @Test
    void lostAnswersAreNoOutcome() {
        kernel.failsToReceive(Errno.ENOBUFS);

        assertThrowsNaming("unknown", NetlinkException.TimedOut.class, this);
    }

    @Test
    void anAnswerCutShortIsMalformed() {
        kernel.answersCut(32 * 1024 + 1, Wires.ack(1));

        assertThrowsNaming("cut", NetlinkException.Malformed.class, this);
    }

    @Test
    void anAnswerFromAnotherProcessIsIgnored() throws NetlinkException {
        kernel.answersFrom(4711, Wires.refusal(1, Errno.EPERM))
                .answersFrom(-1, Wires.refusal(1, Errno.EPERM))
                .answers(Wires.ack(1));

        send();
    }

    @Test
    void anAnswerToAnEarlierRequestIsIgnored() throws NetlinkException {
        kernel.staysSilent();
        assertThrows(NetlinkException.TimedOut.class, this::send);
        kernel.answers(Wires.refusal(1, Errno.EBUSY), Wires.refusal(0, Errno.EBUSY), Wires.refusal(3, Errno.EBUSY))
                .answers(Wires.ack(2));

        send();
    }

    @Test
    void aMessageThatIsNoAcknowledgementIsIgnored() throws NetlinkException {
        kernel.answers(Wires.framed(16, 0, 1, new byte[20])).answers(Wires.ack(1));

        send();
    }

    @Test
    void anEmptyDatagramIsIgnored() throws NetlinkException {
        kernel.answers().answers(Wires.ack(1));

        send();
    }

    @Test
    void aMessageThatDoesNotFitItsDatagramIsMalformed() {
        byte[] ack = Wires.ack(1);
        for (int length : new int[] {0, 15, ack.length + 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            byte[] answer = Wires.join(Wires.number(length), Arrays.copyOfRange(ack, 4, ack.length));
            kernel.answers(answer);
            assertThrowsNaming("bytes", NetlinkException.Malformed.class, this);
        }
    }

    @Test
    void theSequenceNumberWrapsAround() throws Exception {
        lastSequenceIs(Integer.MAX_VALUE - 1);
        kernel.answers(
                Wires.refusal(Integer.MIN_VALUE, Errno.EBUSY), // the second
                Wires.ack(Integer.MAX_VALUE),
                Wires.ack(Integer.MIN_VALUE + 1));

        List<Outcome> outcomes = socket.exchange(TestRequest.many(3, 4));

        assertEquals(
                List.of(false, true, false),
                outcomes.stream().map(outcome -> outcome.refusal().isPresent()).toList());
    }

    @Test
    void theSequenceNumberWrapsAroundBeforeADump() throws Exception {
        lastSequenceIs(Integer.MAX_VALUE);
        kernel.answers(Wires.framed(16, 2, Integer.MIN_VALUE, new byte[4]), Wires.done(Integer.MIN_VALUE));

        assertEquals(List.of(16), socket.dump(request, NetlinkMessage::type));
    }

    private void lastSequenceIs(int number) throws ReflectiveOperationException {
        MethodHandles.privateLookupIn(Conversation.class, MethodHandles.lookup())
                .findVarHandle(Conversation.class, "lastSequence", int.class)
                .set(socket.only(), number);
    }

    @Test
    void oneObjectIsAskedForWithoutAnAck() throws NetlinkException {
        kernel.answers(Wires.framed(16, 0, 1, Wires.number(77)));

        assertEquals(Optional.of(77), socket.get(request, message -> message.fixed32(0)));
        assertEquals("0104", kernel.sentHex().getFirst().substring(12, 16), "flags REQUEST and its own");
    }

    @Test
    void anObjectThatIsNotThereIsRefused() {
        kernel.answers(Wires.refusal(1, Errno.ENODEV));

        assertEquals(
                Errno.ENODEV,
                assertThrows(NetlinkException.Refused.class, () -> socket.get(request, NetlinkMessage::type))
                        .errno());
    }

    @Test
    void anObjectTheDecoderPassesOverIsNone() throws NetlinkException {
        kernel.answers(Wires.framed(16, 0, 1, Wires.number(77))).answers(Wires.ack(2));

        assertEquals(Optional.empty(), socket.get(request, message -> null));
        assertEquals(Optional.empty(), socket.get(request, message -> null), "an ack is no object either");
    }

    @Test
    void aMessageShorterThanItsFixedPartIsMalformed() {
        kernel.answers(Wires.framed(16, 0, 1, new byte[3]));

        assertThrows(NetlinkException.Malformed.class, () -> socket.get(request, message -> message.attributes(4)));
    }

    @Test
    void aClosedSocketIsClosedOnceAndRefusesToWork() {
        assertFalse(kernel.isClosed());
        socket.close();
        socket.close();

        assertTrue(kernel.isClosed());
        assertThrows(IllegalStateException.class, this::send);
        assertThrows(IllegalStateException.class, () -> socket.exchange(List.of()));
        assertThrows(IllegalStateException.class, () -> socket.get(request, NetlinkMessage::type));
        assertThrows(IllegalStateException.class, () -> socket.dump(request, NetlinkMessage::type));
    }
}
