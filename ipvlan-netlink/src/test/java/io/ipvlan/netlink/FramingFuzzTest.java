package io.ipvlan.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.ipvlan.netlink.internal.Uapi;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/// Whatever arrives instead of an answer, a call ends: with a value, or with a [NetlinkException]. It never
/// reads on behind the datagram (where nothing is), never goes on for ever, and throws nothing else.
class FramingFuzzTest {
    private static final int CALLS = 8_000;
    private static final Duration FOR_EVER = Duration.ofMinutes(2);
    private static final Duration AT_ONCE = Duration.ofNanos(1);

    private final MemorySegment send = Arena.ofAuto().allocate(4096, 16);

    @FunctionalInterface
    private interface Call {
        void make(NetlinkSocket socket) throws NetlinkException;
    }

    private void assertEndsWell(int seed, Call call) {
        Random random = new Random(seed);
        assertTimeoutPreemptively(FOR_EVER, () -> {
            for (int i = 0; i < CALLS; i++) {
                List<byte[]> datagrams = new ArrayList<>();
                for (int left = random.nextInt(4); left >= 0; left--) {
                    datagrams.add(datagram(random));
                }
                try {
                    call.make(socket(random, datagrams));
                } catch (NetlinkException e) {
                    assertNotNull(e.getMessage());
                } catch (RuntimeException e) {
                    String all = String.join(
                            " ",
                            datagrams.stream().map(HexFormat.of()::formatHex).toList());
                    throw new AssertionError("seed " + seed + ", call " + i + ": " + all, e);
                }
            }
        });
    }

    /// A socket whose receive buffer has room for the longest of the datagrams and not a byte more.
    private NetlinkSocket socket(Random random, List<byte[]> datagrams) {
        int longest = datagrams.stream().mapToInt(each -> each.length).max().orElse(0);
        ScriptedTransport kernel = new ScriptedTransport();
        for (byte[] datagram : datagrams) {
            switch (random.nextInt(20)) {
                case 0 -> kernel.answersFrom(4711, datagram);
                case 1 -> kernel.answersCut(longest + 1L + random.nextInt(9), datagram);
                case 2 -> kernel.failsToReceive(random.nextBoolean() ? Errno.EINTR : Errno.ENOBUFS);
                default -> kernel.answers(datagram);
            }
        }
        MemorySegment receive = Wires.segment(new byte[longest]);
        MemorySegment none = MemorySegment.NULL;
        // Never closed: its buffers are of no use to other sockets.
        return new NetlinkSocket(kernel.staysSilent(), new Buffers(send, receive, none, none, none, none))
                .within(AT_ONCE);
    }

    /// Messages one behind the other, most of them answers to the first request, then damaged or not.
    private static byte[] datagram(Random random) {
        ByteArrayOutputStream datagram = new ByteArrayOutputStream();
        for (int left = random.nextInt(4); left > 0; left--) {
            datagram.writeBytes(message(random));
        }
        byte[] bytes = datagram.toByteArray();
        if (bytes.length > 0) {
            switch (random.nextInt(6)) {
                case 0 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                case 1 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
                case 2 -> put32(bytes, 0, anyLength(random, bytes.length));
                case 3 -> random.nextBytes(bytes);
                default -> {}
            }
        }
        return bytes;
    }

    private static int anyLength(Random random, int size) {
        int[] claims = {0, 1, 15, 16, 17, size - 1, size, size + 1, size + 4, 0x7fffffff, 0x80000000, -1, -4, -16};
        return claims[random.nextInt(claims.length)];
    }

    private static byte[] message(Random random) {
        int[] types = {Uapi.NLMSG_ERROR, Uapi.NLMSG_ERROR, Uapi.NLMSG_DONE, 1, 4, 16, TestRequest.TYPE};
        int[] sequences = {1, 1, 1, 2, 0, -1, random.nextInt()};
        int flags = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(8) << 8 | random.nextInt(2) << 1;
        return Wires.framed(
                types[random.nextInt(types.length)], flags, sequences[random.nextInt(sequences.length)], body(random));
    }

    /// A result, the header of the request, and additions; or not quite.
    private static byte[] body(Random random) {
        int[] results = {0, 0, -1, -17, -95, -4095, -4096, 1, random.nextInt(), Integer.MIN_VALUE};
        byte[] echo = new byte[random.nextInt(3) == 0 ? random.nextInt(40) : 16];
        random.nextBytes(echo);
        if (echo.length >= 4) {
            put32(echo, 0, random.nextInt(3) == 0 ? anyLength(random, echo.length) : echo.length);
        }
        byte[] additions = new byte[0];
        for (int left = random.nextInt(3); left > 0; left--) {
            byte[] value = new byte[random.nextInt(12)];
            random.nextBytes(value);
            additions = Wires.join(additions, Wires.attribute(random.nextInt(7), value));
        }
        byte[] padded = Arrays.copyOf(echo, (echo.length + 3) & ~3);
        byte[] body = Wires.join(Wires.number(results[random.nextInt(results.length)]), Wires.join(padded, additions));
        return random.nextInt(4) == 0 ? Arrays.copyOf(body, random.nextInt(body.length + 1)) : body;
    }

    private static void put32(byte[] bytes, int at, int value) {
        if (bytes.length >= at + 4) {
            ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(at, value);
        }
    }

    private static String everythingOf(NetlinkMessage message) throws NetlinkException.Malformed {
        StringBuilder all = new StringBuilder().append(message.type());
        AttributeReader attributes = message.attributes(4);
        while (attributes.next()) {
            all.append(attributes.type()).append(attributes.string());
        }
        return all.toString();
    }

    @Test
    void anExchangeEndsWhateverIsAnswered() {
        assertEndsWell(1, socket -> {
            for (Outcome outcome : socket.exchange(TestRequest.many(2, 4))) {
                assertNotNull(outcome.toString());
            }
        });
    }

    @Test
    void aRequestEndsWhateverIsAnswered() {
        assertEndsWell(2, socket -> socket.send(TestRequest.many(1, 4)));
    }

    @Test
    void aQuestionEndsWhateverIsAnswered() {
        assertEndsWell(3, socket -> socket.get(TestRequest.named("one"), FramingFuzzTest::everythingOf));
    }

    @Test
    void aListingEndsWhateverIsAnswered() {
        assertEndsWell(4, socket -> socket.dump(TestRequest.named("all"), FramingFuzzTest::everythingOf));
    }

    @Test
    void aScanEndsWhateverIsAnswered() {
        assertEndsWell(5, socket -> socket.scan(TestRequest.named("each"), message -> everythingOf(message)));
    }

    /// Any process of some privilege may write to a netlink socket, as fast as it likes.
    @Test
    void aCallEndsInTimeHoweverMuchStrangersSend() {
        AtomicBoolean woken = new AtomicBoolean();
        NetlinkSocket socket = flooded(woken);

        assertTimeoutPreemptively(
                FOR_EVER,
                () -> assertThrows(
                        NetlinkException.TimedOut.class,
                        () -> socket.within(Duration.ofMillis(20)).send(TestRequest.many(1, 4))));
        woken.set(true);
        assertTimeoutPreemptively(
                FOR_EVER, () -> assertThrows(NetlinkException.Closed.class, () -> socket.send(TestRequest.many(1, 4))));
    }

    private static NetlinkSocket flooded(AtomicBoolean woken) {
        byte[] datagram = Wires.ack(1);
        Transport flooded = new Transport() {
            @Override
            public long send(MemorySegment buffer, long length) {
                return length;
            }

            @Override
            public long receive(MemorySegment buffer) {
                MemorySegment.copy(datagram, 0, buffer, JAVA_BYTE, 0, datagram.length);
                return datagram.length;
            }

            @Override
            public int sender() {
                return 4711;
            }

            @Override
            public int await(long nanos) {
                return woken.get() ? WOKEN : 1; // there is always something to receive
            }

            @Override
            public void wake() {
                woken.set(true);
            }

            @Override
            public void close() {}
        };
        return new NetlinkSocket(flooded, Buffers.take());
    }
}
