package io.ipvlan.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.internal.Uapi;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Plays the kernel: hands out what a test scripted, in that order, and records what was sent. Sockets under
/// test number their requests from 1. Whoever asks for more than was scripted fails the test.
final class ScriptedTransport implements Transport {
    /// @param waits whether nothing comes until the time is over
    private record Reception(MemorySegment bytes, long result, int sender, int namespace, boolean waits) {
        Reception(MemorySegment bytes, long result, int sender, boolean waits) {
            this(bytes, result, sender, OWN_NAMESPACE, waits);
        }
    }

    private final Deque<Reception> receptions = new ArrayDeque<>();
    private final Deque<Integer> failedSends = new ArrayDeque<>();
    private final Deque<Integer> failedWaits = new ArrayDeque<>();
    private final List<byte[]> sent = new ArrayList<>();
    private final List<Integer> joined = new ArrayList<>();
    private int lastSender;
    private int lastNamespace = OWN_NAMESPACE;
    private int refusedOptions;
    private volatile boolean closed;
    private boolean silent;
    private volatile boolean woken;
    private volatile @Nullable Thread waiting;
    private int protocol = Uapi.NETLINK_ROUTE;
    private int descriptor = -1;

    ScriptedTransport ofProtocol(int number) {
        protocol = number;
        return this;
    }

    ScriptedTransport ofDescriptor(int number) {
        descriptor = number;
        return this;
    }

    /// A socket with this transport under it.
    NetlinkSocket socket() {
        return new NetlinkSocket(this, Buffers.take());
    }

    /// A datagram of the kernel with these messages in it.
    ScriptedTransport answers(byte[]... messages) {
        return answersFrom(0, messages);
    }

    ScriptedTransport answersFrom(int port, byte[]... messages) {
        return answersFrom(port, OWN_NAMESPACE, messages);
    }

    ScriptedTransport answersFrom(int port, int namespace, byte[]... messages) {
        ByteArrayOutputStream datagram = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            datagram.writeBytes(message);
        }
        receptions.add(
                new Reception(MemorySegment.ofArray(datagram.toByteArray()), datagram.size(), port, namespace, false));
        return this;
    }

    /// Whatever is asked of the socket itself is refused.
    ScriptedTransport refusesOptions(Errno errno) {
        refusedOptions = -errno.number();
        return this;
    }

    List<Integer> joined() {
        return joined;
    }

    /// A datagram whose true length is larger than what can be received of it.
    ScriptedTransport answersCut(long trueLength, byte[] received) {
        receptions.add(new Reception(MemorySegment.ofArray(received), trueLength, 0, false));
        return this;
    }

    ScriptedTransport failsToReceive(Errno errno) {
        receptions.add(new Reception(MemorySegment.NULL, -errno.number(), 0, false));
        return this;
    }

    /// Nothing more comes before the call's time is over.
    ScriptedTransport staysSilent() {
        receptions.add(new Reception(MemorySegment.NULL, -Errno.EAGAIN.number(), 0, true));
        return this;
    }

    ScriptedTransport failsToWait(Errno errno) {
        failedWaits.add(-errno.number());
        return this;
    }

    ScriptedTransport failsToSend(Errno errno) {
        return failsToSendAfter(0, errno);
    }

    /// Fails to send once so many sends have succeeded.
    ScriptedTransport failsToSendAfter(int sends, Errno errno) {
        for (int i = 0; i < sends; i++) {
            failedSends.add(0);
        }
        failedSends.add(-errno.number());
        return this;
    }

    /// A listener with this transport under it.
    NetlinkListener listener() {
        return new NetlinkListener(this, Buffers.take());
    }

    /// The datagrams sent, without those whose sending failed.
    List<byte[]> sent() {
        return sent;
    }

    List<String> sentHex() {
        return sent.stream().map(HexFormat.of()::formatHex).toList();
    }

    boolean isClosed() {
        return closed;
    }

    void assertAllWasAskedFor() {
        assertEquals(0, receptions.size(), "datagrams left unread");
        assertEquals(0, failedSends.size(), "sends left undone");
    }

    @Override
    public long send(MemorySegment buffer, long length) {
        assertTrue(!closed, "sent after close");
        Integer failure = failedSends.poll();
        if (failure != null && failure != 0) {
            return failure;
        }
        sent.add(buffer.asSlice(0, length).toArray(JAVA_BYTE));
        return length;
    }

    @Override
    public long receive(MemorySegment buffer) {
        assertTrue(!closed, "received after close");
        Reception reception = receptions.poll();
        if (reception == null) {
            return -Errno.EAGAIN.number();
        }
        silent = reception.waits;
        buffer.copyFrom(reception.bytes);
        lastSender = reception.sender;
        lastNamespace = reception.namespace;
        return reception.result;
    }

    @Override
    public int protocol() {
        return protocol;
    }

    @Override
    public int descriptor() {
        return descriptor;
    }

    @Override
    public int sender() {
        return lastSender;
    }

    @Override
    public int namespaceId() {
        return lastNamespace;
    }

    @Override
    public int join(int group) {
        joined.add(group);
        return refusedOptions;
    }

    @Override
    public int listenToAllNamespaces() {
        return refusedOptions;
    }

    @Override
    public int queue(int bytes) {
        return refusedOptions;
    }

    @Override
    public int await(long nanos) {
        if (woken) {
            return WOKEN;
        }
        Integer failure = failedWaits.poll();
        if (failure != null) {
            return failure;
        }
        if (!receptions.isEmpty()) {
            return 1;
        }
        assertTrue(silent, "asked for more than was scripted: a real socket would wait here");
        waiting = Thread.currentThread();
        LockSupport.parkNanos(nanos);
        waiting = null;
        return woken ? WOKEN : 0;
    }

    /// Whether a call waits for what does not come.
    boolean isWaitedFor() {
        return waiting != null;
    }

    @Override
    public void wake() {
        woken = true;
        LockSupport.unpark(waiting);
    }

    @Override
    public void close() {
        assertTrue(!closed, "closed twice: the second could hit another file");
        closed = true;
    }
}
