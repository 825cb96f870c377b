package io.ipvlan.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;

/// Plays the kernel in tests of programs that use this library: a socket over it needs no privilege and no
/// Linux. Say beforehand what becomes of each request, in the order in which they will be sent; look
/// afterwards at what was sent. A request that nothing was said about fails the test with an
/// [AssertionError].
///
/// ```java
/// ScriptedSocket kernel = new ScriptedSocket().accepts().refuses(Errno.EEXIST);
/// try (RouteSocket socket = RouteSocket.over(kernel.socket())) { ... }
/// ```
///
/// It also tells of events, to whoever listens or watches: [#tells], [#listener].
///
/// Not for several threads, but for [#tells] and [#losesEvents].
public final class ScriptedSocket {
    private static final int BUFFER = 32 * 1024;

    private final Deque<Turn> turns = new ArrayDeque<>();
    private final Wire questions = new Wire();
    private final Wire events = new Wire();
    private final List<Sent> sent = new ArrayList<>();

    /// A request that arrived.
    public static final class Sent {
        private final int type;
        private final int flags;
        private final byte[] body;

        private Sent(int type, int flags, byte[] body) {
            this.type = type;
            this.flags = flags;
            this.body = body;
        }

        /// The message type.
        ///
        /// @return `nlmsg_type`
        public int type() {
            return type;
        }

        /// All flags, those of the socket included.
        ///
        /// @return `nlmsg_flags`
        public int flags() {
            return flags;
        }

        /// Whether it is what a request writes.
        ///
        /// @param request the request
        /// @return true if type and body are equal
        public boolean is(NetlinkRequest request) {
            return type == request.type() && Arrays.equals(body, write(request));
        }

        /// Type, flags and body in numbers.
        @Override
        public String toString() {
            return "type " + type + ", flags 0x" + Integer.toHexString(flags) + ", body "
                    + HexFormat.of().formatHex(body);
        }
    }

    /// What becomes of one request.
    @FunctionalInterface
    private interface Turn {
        void play(int sequence, int flags);
    }

    /// A kernel that expects nothing yet.
    public ScriptedSocket() {}

    /// A socket to this kernel.
    ///
    /// @return the socket
    public NetlinkSocket socket() {
        return new NetlinkSocket(questions, Buffers.take());
    }

    /// A listener to this kernel, to whom it tells of events whatever groups are joined.
    ///
    /// @return the listener
    public NetlinkListener listener() {
        return new NetlinkListener(events, Buffers.take());
    }

    /// The next request is carried out.
    ///
    /// @return this
    public ScriptedSocket accepts() {
        return then((sequence, flags) -> {
            if ((flags & Uapi.NLM_F_ACK) != 0) {
                acknowledge(sequence, 0, "");
            }
        });
    }

    /// The next request is refused.
    ///
    /// @param errno the error number
    /// @return this
    public ScriptedSocket refuses(Errno errno) {
        return refuses(errno, "");
    }

    /// The next request is refused with a sentence of the kernel.
    ///
    /// @param errno the error number
    /// @param text the sentence
    /// @return this
    public ScriptedSocket refuses(Errno errno, String text) {
        return then((sequence, flags) -> acknowledge(sequence, -errno.number(), text));
    }

    /// The next request is a question, answered with objects: one for a question about one, any number for a
    /// listing. An object is what a request to make it would write, such as
    /// `LinkRequest.create("eth0", ...).withIndex(7)`.
    ///
    /// @param objects the objects
    /// @return this
    public ScriptedSocket answers(NetlinkRequest... objects) {
        return then((sequence, flags) -> {
            boolean listing = (flags & Uapi.NLM_F_DUMP) == Uapi.NLM_F_DUMP;
            for (NetlinkRequest object : objects) {
                questions.add(message(object.type(), listing ? Uapi.NLM_F_MULTI : 0, sequence, write(object)));
            }
            if (listing) {
                questions.add(message(Uapi.NLMSG_DONE, Uapi.NLM_F_MULTI, sequence, new byte[4]));
            }
        });
    }

    /// The next request is never answered: the call waits until its deadline.
    ///
    /// @return this
    public ScriptedSocket staysSilent() {
        return then((sequence, flags) -> {});
    }

    /// Tells the listener of events, each in a datagram of its own. An event is what a request would write:
    /// one to make or delete what is made or deleted.
    ///
    /// @param objects the objects
    /// @return this
    public ScriptedSocket tells(NetlinkRequest... objects) {
        for (NetlinkRequest object : objects) {
            events.add(message(object.type(), object.flags(), 0, write(object)));
        }
        return this;
    }

    /// Loses events on the way to the listener, after those told before.
    ///
    /// @return this
    public ScriptedSocket losesEvents() {
        events.add(new byte[0]);
        return this;
    }

    private ScriptedSocket then(Turn turn) {
        turns.add(turn);
        return this;
    }

    /// The requests that arrived, in their order.
    ///
    /// @return the requests
    public List<Sent> sent() {
        return List.copyOf(sent);
    }

    private void acknowledge(int sequence, int result, String text) {
        MemorySegment body = Arena.ofAuto().allocate(BUFFER);
        AttributeWriter writer = new AttributeWriter(body);
        writer.fixed32(result)
                .fixed32(Uapi.NLMSG_HDRLEN)
                .fixed32(0)
                .fixed32(sequence)
                .fixed32(0);
        if (!text.isEmpty()) {
            writer.string(Uapi.NLMSGERR_ATTR_MSG, text);
        }
        int flags = Uapi.NLM_F_CAPPED | (text.isEmpty() ? 0 : Uapi.NLM_F_ACK_TLVS);
        questions.add(message(Uapi.NLMSG_ERROR, flags, sequence, bytes(body, 0, writer.position())));
    }

    private static byte[] write(NetlinkRequest object) {
        MemorySegment body = Arena.ofAuto().allocate(BUFFER);
        AttributeWriter writer = new AttributeWriter(body);
        object.writeTo(writer);
        return bytes(body, 0, writer.position());
    }

    private static byte[] message(int type, int flags, int sequence, byte[] body) {
        MemorySegment message = Arena.ofAuto().allocate(Uapi.NLMSG_HDRLEN + body.length, 4);
        new AttributeWriter(message)
                .fixed32(Uapi.NLMSG_HDRLEN + body.length)
                .fixed16(type)
                .fixed16(flags)
                .fixed32(sequence)
                .fixed32(0);
        MemorySegment.copy(body, 0, message, JAVA_BYTE, Uapi.NLMSG_HDRLEN, body.length);
        return message.toArray(JAVA_BYTE);
    }

    private static byte[] bytes(MemorySegment segment, long from, long to) {
        return segment.asSlice(from, to - from).toArray(JAVA_BYTE);
    }

    /// What the socket speaks to, or the listener.
    private final class Wire implements Transport {
        private final Deque<byte[]> datagrams = new ArrayDeque<>();
        private boolean woken;

        synchronized void add(byte[] datagram) {
            datagrams.add(datagram);
            notifyAll();
        }

        @Override
        public long send(MemorySegment buffer, long length) {
            long next;
            for (long at = 0; at < length; at = next) {
                int size = buffer.get(JAVA_INT, at);
                next = at + ((size + 3) & ~3);
                int type = Short.toUnsignedInt(buffer.get(JAVA_SHORT, at + 4));
                int flags = Short.toUnsignedInt(buffer.get(JAVA_SHORT, at + 6));
                sent.add(new Sent(type, flags, bytes(buffer, at + Uapi.NLMSG_HDRLEN, at + size)));
                Turn turn = turns.poll();
                if (turn == null) {
                    throw new AssertionError("request " + sent.size() + " (type " + type + ") was not scripted");
                }
                turn.play(buffer.get(JAVA_INT, at + 8), flags);
            }
            return length;
        }

        @Override
        public synchronized long receive(MemorySegment buffer) {
            byte[] datagram = datagrams.poll();
            if (datagram == null) {
                return -Errno.EAGAIN.number();
            }
            if (datagram.length == 0) { // no message is so short
                return -Errno.ENOBUFS.number();
            }
            MemorySegment.copy(datagram, 0, buffer, JAVA_BYTE, 0, datagram.length);
            return datagram.length;
        }

        @Override
        public int sender() {
            return 0;
        }

        @Override
        public synchronized int await(long nanos) {
            long deadline = System.nanoTime() + nanos;
            boolean interrupted = false;
            for (long left = nanos; left > 0 && !woken && datagrams.isEmpty(); left = deadline - System.nanoTime()) {
                try {
                    wait(left / 1_000_000 + 1);
                } catch (InterruptedException e) {
                    interrupted = true; // as a real socket, which waits on
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return woken ? WOKEN : datagrams.isEmpty() ? 0 : 1;
        }

        @Override
        public synchronized void wake() {
            woken = true;
            notifyAll();
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
