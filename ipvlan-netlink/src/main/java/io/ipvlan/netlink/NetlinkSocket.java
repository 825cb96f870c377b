package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.Uapi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A netlink socket: sends requests and waits for their answers.
///
/// Extended acknowledgements and strict checking are always on. The socket stays in the network namespace it was
/// opened in, whichever thread uses it later. It may be shared by threads, virtual ones too; one exchange runs at a
/// time, and the others wait without holding their carrier thread.
///
/// Holds one file descriptor (close-on-exec) and some native memory until it is closed. Opening needs no privilege;
/// most changes need `CAP_NET_ADMIN` in the user namespace that owns the network namespace.
///
/// Source: `linux/netlink.h`, netlink(7).
public final class NetlinkSocket implements AutoCloseable {
    /// How long an answer is waited for unless said otherwise: 10 seconds. The kernel answers before a send
    /// returns, so this bounds only what should never happen.
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    /// How often a dump that was disturbed by changes is read again.
    private static final int DUMP_TRIES = 8;

    /// Requests sent at once. Each is answered before the send returns, and all answers must fit into the socket's
    /// receive queue (212,992 bytes by default, and the smallest answer counts as about 1,300 of them).
    private static final int REQUESTS_AT_ONCE = 100;

    private final ReentrantLock lock = new ReentrantLock();
    private final Transport transport;
    private final Buffers buffers;
    private final AttributeWriter writer;
    private int lastSequence;
    private boolean closed;

    NetlinkSocket(Transport transport, Buffers buffers) {
        this.transport = transport;
        this.buffers = buffers;
        this.writer = new AttributeWriter(buffers.send());
    }

    /// Opens a socket in the network namespace of the calling thread.
    ///
    /// @param protocol the netlink family, such as 0 for `NETLINK_ROUTE`
    /// @return the socket
    /// @throws NetlinkException.Refused if the kernel gives no socket, for example because the process has too many
    ///     open files, or is older than Linux 4.20
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetlinkSocket open(int protocol) throws NetlinkException.Refused {
        Libc.link();
        Buffers buffers = Buffers.take();
        int descriptor = Libc.socket(Uapi.AF_NETLINK, Uapi.SOCK_RAW | Uapi.SOCK_CLOEXEC, protocol, buffers.errno());
        if (descriptor < 0) {
            buffers.giveBack();
            throw new NetlinkException.Refused("open a netlink socket", new Errno(-descriptor), ExtendedAck.NONE);
        }
        return over(descriptor, buffers);
    }

    /// Takes over an open netlink descriptor, for example one opened inside another network namespace.
    ///
    /// @param descriptor an AF_NETLINK socket of this process; closed with the socket, and also if this call fails
    /// @return the socket
    /// @throws NetlinkException.Refused if it is not a netlink socket, or the kernel is older than Linux 4.20
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetlinkSocket adopt(int descriptor) throws NetlinkException.Refused {
        Libc.link();
        return over(descriptor, Buffers.take());
    }

    private static NetlinkSocket over(int descriptor, Buffers buffers) throws NetlinkException.Refused {
        try {
            return new NetlinkSocket(new KernelTransport(descriptor, DEFAULT_TIMEOUT, buffers), buffers);
        } catch (NetlinkException.Refused e) {
            buffers.giveBack();
            throw e;
        }
    }

    /// Turns a message into a value, or into nothing if the message is not of interest.
    ///
    /// @param <T> the value
    @FunctionalInterface
    public interface Decoder<T> {
        /// Decodes a message.
        ///
        /// @param message the message, valid during the call only
        /// @return the value, or null to pass the message over
        /// @throws NetlinkException.Malformed if it makes no sense
        @Nullable
        T decode(NetlinkMessage message) throws NetlinkException.Malformed;
    }

    /// Sends requests and waits until each is answered. They travel together, as many as fit, and the kernel
    /// carries them out in order; **one that is refused does not stop those behind it**.
    ///
    /// @param requests what to ask for
    /// @return the outcomes, in the same order
    /// @throws NetlinkException.TimedOut if an answer is missing
    /// @throws NetlinkException.Malformed if an answer makes no sense
    /// @throws NetlinkException.Refused if the kernel did not take the datagram at all
    /// @throws IllegalArgumentException if a single request is too large to send (32 KiB)
    /// @throws IllegalStateException if the socket is closed
    public List<Outcome> exchange(List<? extends NetlinkRequest> requests) throws NetlinkException {
        List<Outcome> outcomes = new ArrayList<>(requests.size());
        lock.lock();
        try {
            requireOpen();
            int from = 0;
            while (from < requests.size()) {
                int first = lastSequence + 1;
                int count = encode(requests, from);
                transmit(requests.get(from));
                outcomes.addAll(outcomes(requests.subList(from, from + count), first));
                from += count;
            }
            return outcomes;
        } finally {
            lock.unlock();
        }
    }

    /// Sends requests like [#exchange] and insists on all of them.
    ///
    /// @param requests what to ask for
    /// @throws NetlinkException.Refused the first refusal, with any others suppressed in it; requests that were not
    ///     refused have been carried out
    /// @throws NetlinkException as [#exchange]
    /// @throws IllegalArgumentException as [#exchange]
    /// @throws IllegalStateException if the socket is closed
    public void send(List<? extends NetlinkRequest> requests) throws NetlinkException {
        NetlinkException.@Nullable Refused first = null;
        for (Outcome outcome : exchange(requests)) {
            NetlinkException.Refused refusal = outcome.refusal().orElse(null);
            if (first == null) {
                first = refusal;
            } else if (refusal != null) {
                first.addSuppressed(refusal);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /// Asks for one object.
    ///
    /// @param <T> what the answer is decoded to
    /// @param request the question; must be of a type that the kernel answers with one message
    /// @param decoder decodes the answer
    /// @return the object; empty if the decoder passed it over
    /// @throws NetlinkException.Refused if there is no such object, or the question is not allowed
    /// @throws NetlinkException as [#exchange]
    /// @throws IllegalStateException if the socket is closed
    public <T> Optional<T> get(NetlinkRequest request, Decoder<T> decoder) throws NetlinkException {
        lock.lock();
        try {
            requireOpen();
            int sequence = encodeOne(request, 0);
            transmit(request);
            List<T> found = new ArrayList<>(1);
            AnswerReader answer = new AnswerReader(request, sequence);
            answer.read(message -> collect(decoder, message, found), true);
            return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
        } finally {
            lock.unlock();
        }
    }

    /// Reads a whole table. If the table changed while it was read the kernel says so, and it is read again, up to
    /// eight times.
    ///
    /// @param <T> what a row is decoded to
    /// @param request the question, with its filters
    /// @param decoder decodes a row
    /// @return the rows, in the kernel's order
    /// @throws NetlinkException.DumpInterrupted if the table changed during every try
    /// @throws NetlinkException.Refused if the kernel refuses, also in the middle
    /// @throws NetlinkException as [#exchange]
    /// @throws IllegalStateException if the socket is closed
    public <T> List<T> dump(NetlinkRequest request, Decoder<T> decoder) throws NetlinkException {
        lock.lock();
        try {
            requireOpen();
            for (int left = DUMP_TRIES; left > 0; left--) {
                int sequence = encodeOne(request, Uapi.NLM_F_DUMP);
                transmit(request);
                List<T> rows = new ArrayList<>();
                AnswerReader answer = new AnswerReader(request, sequence);
                answer.read(message -> collect(decoder, message, rows), false);
                if (!answer.interrupted()) {
                    return rows;
                }
            }
            throw new NetlinkException.DumpInterrupted(
                    request + ": the table changed while it was read, " + DUMP_TRIES + " times in a row");
        } finally {
            lock.unlock();
        }
    }

    /// Closes the descriptor. Waits for an exchange that is under way. Closing twice does nothing.
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                transport.close();
                buffers.giveBack();
            }
        } finally {
            lock.unlock();
        }
    }

    private static <T> void collect(Decoder<T> decoder, NetlinkMessage message, List<T> into)
            throws NetlinkException.Malformed {
        T value = decoder.decode(message);
        if (value != null) {
            into.add(value);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the netlink socket is closed");
        }
    }

    /// Writes as many requests as fit and may be sent at once.
    ///
    /// @return how many
    private int encode(List<? extends NetlinkRequest> requests, int from) {
        writer.position(0);
        int count = 0;
        while (from + count < requests.size() && count < REQUESTS_AT_ONCE) {
            long start = writer.position();
            try {
                MessageHeader.write(writer, requests.get(from + count), Uapi.NLM_F_ACK, lastSequence + 1);
            } catch (AttributeWriter.Full e) {
                writer.position(start);
                if (count == 0) {
                    throw tooLarge(requests.get(from), e);
                }
                break;
            }
            lastSequence++;
            count++;
        }
        return count;
    }

    private int encodeOne(NetlinkRequest request, int flags) {
        writer.position(0);
        try {
            MessageHeader.write(writer, request, flags, ++lastSequence);
        } catch (AttributeWriter.Full e) {
            throw tooLarge(request, e);
        }
        return lastSequence;
    }

    private static IllegalArgumentException tooLarge(NetlinkRequest request, AttributeWriter.Full cause) {
        return new IllegalArgumentException(request + ": too large for one netlink message", cause);
    }

    private void transmit(NetlinkRequest first) throws NetlinkException {
        long result;
        do {
            result = transport.send(buffers.send(), writer.position());
        } while (result == -Errno.EINTR.number());
        if (result < 0) {
            throw new NetlinkException.Refused("send: " + first, new Errno((int) -result), ExtendedAck.NONE);
        }
    }

    private List<Outcome> outcomes(List<? extends NetlinkRequest> requests, int firstSequence) throws NetlinkException {
        Outcome[] outcomes = new Outcome[requests.size()];
        Datagrams datagrams = new Datagrams(transport, buffers.receive());
        int missing = outcomes.length;
        while (missing > 0) {
            NetlinkMessage message = datagrams.next(requests.getFirst());
            int index = message.sequence() - firstSequence;
            // Anything else is an answer to an earlier exchange that was given up.
            if (index >= 0 && index < outcomes.length && message.type() == Uapi.NLMSG_ERROR) {
                if (outcomes[index] == null) {
                    missing--;
                }
                NetlinkRequest request = requests.get(index);
                outcomes[index] = new Outcome(request, Refusals.in(message, request));
            }
        }
        return List.of(outcomes);
    }

    /// Reads the messages that answer one question, to the end even if one of them cannot be decoded: what is left
    /// unread would block the next dump.
    private final class AnswerReader {
        private final NetlinkRequest request;
        private final int sequence;
        private boolean interrupted;

        AnswerReader(NetlinkRequest request, int sequence) {
            this.request = request;
            this.sequence = sequence;
        }

        boolean interrupted() {
            return interrupted;
        }

        void read(NetlinkMessage.Handler handler, boolean single) throws NetlinkException {
            Datagrams datagrams = new Datagrams(transport, buffers.receive());
            Exception failure = null;
            boolean more = true;
            while (more) {
                NetlinkMessage message = datagrams.next(request);
                if (message.sequence() != sequence) {
                    continue;
                }
                interrupted |= (message.flags() & Uapi.NLM_F_DUMP_INTR) != 0;
                switch (message.type()) {
                    case Uapi.NLMSG_ERROR, Uapi.NLMSG_DONE -> {
                        // A dump reports its refusal in the message that ends it.
                        Optional<NetlinkException.Refused> refusal = Refusals.in(message, request);
                        if (refusal.isPresent()) {
                            throw refusal.get();
                        }
                        more = false;
                    }
                    default -> {
                        try {
                            if (failure == null) {
                                handler.accept(message);
                            }
                        } catch (NetlinkException.Malformed | RuntimeException e) {
                            failure = e;
                        }
                        more = !single;
                    }
                }
            }
            if (failure instanceof NetlinkException.Malformed nonsense) {
                throw nonsense;
            }
            if (failure instanceof RuntimeException broken) {
                throw broken;
            }
        }
    }
}
