package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Many requests at once.
class NetlinkSocketBatchTest {
    private final ScriptedTransport kernel = new ScriptedTransport();
    private final NetlinkSocket socket = kernel.socket();

    @AfterEach
    void allThatWasScriptedWasAskedFor() {
        kernel.assertAllWasAskedFor();
    }

    /// The sequence numbers of the messages in a datagram, found by walking from one to the next.
    private static List<Integer> sequences(byte[] datagram) {
        ByteBuffer buffer = ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
        List<Integer> sequences = new ArrayList<>();
        for (int at = 0; at < datagram.length; at += (buffer.getInt(at) + 3) & ~3) {
            sequences.add(buffer.getInt(at + 8));
        }
        return sequences;
    }

    private static List<Integer> numbers(int first, int last) {
        return IntStream.rangeClosed(first, last).boxed().toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3})
    void eachOutcomeBelongsToItsRequest(long seed) throws NetlinkException {
        List<TestRequest> requests = TestRequest.many(250, 4);
        // Three sends, and for each refusals of every third request in datagrams of seven, in any order. Of those it
        // carried out the kernel says nothing, but for the last, which asks.
        for (int first : new int[] {1, 101, 201}) {
            int last = Math.min(first + 99, 250);
            List<Integer> order = new ArrayList<>(
                    numbers(first, last - 1).stream().filter(n -> n % 3 == 0).toList());
            Collections.shuffle(order, new Random(seed));
            order.add(last);
            for (int from = 0; from < order.size(); from += 7) {
                kernel.answers(order.subList(from, Math.min(from + 7, order.size())).stream()
                        .map(n -> n % 3 == 0 ? Wires.refusal(n, new Errno(1000 + n)) : Wires.ack(n))
                        .toArray(byte[][]::new));
            }
        }

        List<Outcome> outcomes = socket.exchange(requests);

        assertEquals(
                List.of(numbers(1, 100), numbers(101, 200), numbers(201, 250)),
                kernel.sent().stream().map(NetlinkSocketBatchTest::sequences).toList());
        assertEquals(requests, outcomes.stream().map(Outcome::request).toList());
        for (int n = 1; n <= 250; n++) {
            assertEquals(
                    n % 3 == 0 ? "request " + (n - 1) + " errno " + (1000 + n) : "done",
                    outcomes.get(n - 1)
                            .refusal()
                            .map(refusal -> refusal.request() + " " + refusal.errno())
                            .orElse("done"));
        }
    }

    @Test
    void answersToQuestionsOfABatchAreHandedOverAndNoOthers() throws NetlinkException {
        kernel.answers(
                Wires.framed(77, 0, 9, Wires.number(1)), // to an exchange that was given up
                Wires.refusal(1, Errno.EBUSY),
                Wires.framed(77, 0, 2, Wires.number(5)),
                Wires.framed(77, 0, 3, Wires.number(6)),
                Wires.ack(3));
        List<Integer> answers = new ArrayList<>();

        List<Outcome> outcomes = socket.exchange(TestRequest.many(3, 4), message -> answers.add(message.fixed32(0)));

        assertEquals(List.of(5, 6), answers);
        assertEquals(
                List.of(false, true, true),
                outcomes.stream().map(Outcome::isDone).toList());
    }

    @Test
    void anAnswerThatItsTakerCannotReadLeavesTheRestUnknown() throws NetlinkException {
        kernel.answers(Wires.refusal(1, Errno.EBUSY), Wires.framed(77, 0, 2, new byte[0]), Wires.ack(3));

        List<Outcome> outcomes = socket.exchange(TestRequest.many(3, 4), message -> message.fixed32(0));

        assertEquals(Errno.EBUSY, outcomes.getFirst().refusal().orElseThrow().errno());
        for (Outcome outcome : outcomes.subList(1, 3)) {
            assertInstanceOf(NetlinkException.Malformed.class, outcome.failure().orElseThrow());
        }
    }

    /// What was sent before is known, and must not be lost over it.
    @Test
    void aSocketThatIsClosedBetweenTwoSendsFailsThoseThatWereNotSent() throws NetlinkException {
        kernel.answers(Wires.framed(TestRequest.TYPE, 0, 1, Wires.number(7))).answers(Wires.ack(100));

        List<Outcome> outcomes = socket.exchange(TestRequest.many(150, 4), message -> socket.close());

        assertTrue(outcomes.subList(0, 100).stream().allMatch(Outcome::isDone));
        for (Outcome unsent : outcomes.subList(100, 150)) {
            assertInstanceOf(NetlinkException.Closed.class, unsent.failure().orElseThrow());
        }
    }

    @Test
    void whatItsTakerThrowsIsPassedOn() {
        kernel.answers(Wires.ack(100)).answers(Wires.framed(TestRequest.TYPE, 0, 101, Wires.number(7)));

        IllegalStateException thrown = assertThrows(
                IllegalStateException.class,
                () -> socket.exchange(TestRequest.many(150, 4), message -> {
                    throw new IllegalStateException("of the taker");
                }));

        assertEquals("of the taker", thrown.getMessage());
    }

    @Test
    void theFirstRefusalIsThrownAndCarriesTheOthers() {
        kernel.answers(Wires.refusal(2, Errno.EBUSY), Wires.refusal(4, Errno.EEXIST), Wires.refusal(5, Errno.EPERM));

        NetlinkException.Refused thrown =
                assertThrows(NetlinkException.Refused.class, () -> socket.send(TestRequest.many(5, 4)));

        assertEquals("request 1: device or resource busy [EBUSY]", thrown.getMessage());
        assertEquals(
                List.of("request 3: exists already [EEXIST]", "request 4: operation not permitted [EPERM]"),
                List.of(thrown.getSuppressed()).stream()
                        .map(Throwable::getMessage)
                        .toList());
    }

    @Test
    void onlyTheLastOfABatchAsksForAnAcknowledgement() throws NetlinkException {
        kernel.answers(Wires.ack(3));

        socket.send(TestRequest.many(3, 4));

        byte[] sent = kernel.sent().getFirst();
        int acknowledge = 4; // NLM_F_ACK
        assertEquals(List.of(0, 0, acknowledge), List.of(sent[6] & 4, sent[26] & 4, sent[46] & 4));
    }

    @Test
    void whatWasNotAnsweredHasNoOutcomeAndWhatWasKeepsIt() throws NetlinkException {
        kernel.answers(Wires.refusal(2, Errno.EBUSY)).staysSilent();

        List<Outcome> outcomes = socket.within(Duration.ofMillis(10)).exchange(TestRequest.many(3, 4));

        assertEquals(Errno.EBUSY, outcomes.get(1).refusal().orElseThrow().errno());
        for (Outcome outcome : List.of(outcomes.getFirst(), outcomes.getLast())) {
            assertInstanceOf(NetlinkException.TimedOut.class, outcome.failure().orElseThrow());
            assertFalse(outcome.isDone());
        }
    }

    @Test
    void whatCannotBeSentLaterLosesNothingThatIsKnown() throws NetlinkException {
        kernel.answers(Wires.ack(100)).failsToSendAfter(1, Errno.ENOMEM).answers(Wires.ack(250));

        List<Outcome> outcomes = socket.exchange(TestRequest.many(250, 4));

        assertTrue(outcomes.subList(0, 100).stream().allMatch(Outcome::isDone));
        assertTrue(outcomes.subList(100, 200).stream()
                .allMatch(outcome -> outcome.refusal().orElseThrow().errno().equals(Errno.ENOMEM)));
        assertTrue(outcomes.subList(200, 250).stream().allMatch(Outcome::isDone));
    }

    @Test
    void anAnswerThatMakesNoSenseConcernsItsRequestOnly() throws NetlinkException {
        kernel.answers(Wires.error(1, 0, -100_000, new byte[16], new byte[0])).answers(Wires.ack(2));

        List<Outcome> outcomes = socket.exchange(TestRequest.many(2, 4));

        assertInstanceOf(
                NetlinkException.Malformed.class, outcomes.getFirst().failure().orElseThrow());
        assertTrue(outcomes.getLast().isDone());
    }

    @Test
    void anAnswerGivenTwiceCountsOnce() throws NetlinkException {
        kernel.answers(Wires.ack(1), Wires.ack(1)).answers(Wires.ack(2));

        assertEquals(2, socket.exchange(TestRequest.many(2, 4)).size());
    }

    @Test
    void aBatchThatExceedsTheBufferIsSplitBetweenRequests() throws NetlinkException {
        // 4096 bytes each with the header: eight fill the buffer to its last byte.
        kernel.answers(acks(1, 8)).answers(acks(9, 16)).answers(acks(17, 20));

        assertEquals(20, socket.exchange(TestRequest.many(20, 4096 - 16)).size());
        assertEquals(
                List.of(numbers(1, 8), numbers(9, 16), numbers(17, 20)),
                kernel.sent().stream().map(NetlinkSocketBatchTest::sequences).toList());
    }

    private static byte[][] acks(int first, int last) {
        return numbers(first, last).stream().map(Wires::ack).toArray(byte[][]::new);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theNextMessageBeginsAtAMultipleOfFour(int oddSize) throws NetlinkException {
        // struct rtgenmsg, for one, has a single byte.
        kernel.answers(acks(1, 3));

        assertEquals(3, socket.exchange(TestRequest.many(3, oddSize)).size());
        assertEquals(numbers(1, 3), sequences(kernel.sent().getFirst()));
        assertEquals(60, kernel.sent().getFirst().length);
    }

    @Test
    void aRequestLargerThanTheBufferIsRefusedAndTheSocketIsStillUsable() throws NetlinkException {
        List<TestRequest> tooLarge = List.of(new TestRequest("a giant", 32 * 1024 - 15));

        IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class, () -> socket.send(tooLarge));
        assertTrue(String.valueOf(thrown.getMessage()).startsWith("a giant"), thrown.getMessage());
        assertEquals(List.of(), kernel.sent());

        kernel.answers(acks(1, 1));
        socket.send(List.of(new TestRequest("the largest", 32 * 1024 - 16)));
        assertEquals(32 * 1024, kernel.sent().getFirst().length);
    }

    @Test
    void aQuestionLargerThanTheBufferIsRefusedAndTheSocketIsStillUsable() throws NetlinkException {
        TestRequest tooLarge = new TestRequest("a giant", 32 * 1024 - 15);

        assertThrows(IllegalArgumentException.class, () -> socket.get(tooLarge, NetlinkMessage::type));
        assertThrows(IllegalArgumentException.class, () -> socket.dump(tooLarge, NetlinkMessage::type));
        assertEquals(List.of(), kernel.sent());

        kernel.answers(acks(3, 3)); // the numbers of the two are used up
        socket.send(List.of(TestRequest.named("afterwards")));
    }

    @Test
    void aGiantInABatchStopsItAfterThoseBeforeIt() {
        kernel.answers(acks(1, 2));
        List<TestRequest> requests = new ArrayList<>(TestRequest.many(2, 4));
        requests.add(new TestRequest("a giant", 40_000));

        assertThrows(IllegalArgumentException.class, () -> socket.exchange(requests));

        assertEquals(1, kernel.sent().size());
    }

    @Test
    void aRequestThatFailsToWriteItselfLeavesTheSocketUsable() throws NetlinkException {
        NetlinkRequest broken = new NetlinkRequest() {
            @Override
            public int type() {
                return 1;
            }

            @Override
            public void writeTo(AttributeWriter body) {
                throw new IllegalStateException("the handle is closed");
            }
        };
        assertThrows(IllegalStateException.class, () -> socket.send(List.of(TestRequest.named("whole"), broken)));
        assertEquals(List.of(), kernel.sent(), "nothing of the batch was sent");

        kernel.answers(acks(2, 2));
        socket.send(List.of(TestRequest.named("afterwards")));
    }
}
