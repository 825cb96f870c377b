package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Requests and their answers over one transport, one exchange at a time. What [NetlinkSocket] and its
/// views share.
final class Conversation implements Conversations {
    /// Requests sent at once. Should each be refused, all refusals must fit into the socket's receive queue
    /// (212,992 bytes by default, and the smallest counts as about 1,300 of them).
    private static final int REQUESTS_AT_ONCE = 100;

    static final String WORDS = "the netlink socket";

    private final OneAtATime turns;
    private final Transport transport;
    private final Buffers buffers;
    private final AttributeWriter writer;
    private final Datagrams datagrams;
    private int lastSequence;
    private @Nullable Flight flight; // of the exchange that is on; null if nobody watches

    Conversation(Transport transport, Buffers buffers) {
        this.turns = new OneAtATime(WORDS, transport, buffers);
        this.transport = transport;
        this.buffers = buffers;
        this.writer = new AttributeWriter(buffers.send());
        this.datagrams = new Datagrams(transport, buffers.receive());
    }

    @Override
    public void requireOpen() {
        turns.requireOpen();
    }

    /// Itself: whoever takes it waits for others when an exchange begins.
    @Override
    public Conversation take(Object request, long deadline) {
        return this;
    }

    @Override
    public void giveBack(Conversation itself) {}

    /// Ends the waiting of whoever is in, so that [#close] need not wait for that.
    void beginClosing() {
        turns.beginClosing();
    }

    @Override
    public void close() {
        turns.close();
    }

    long namespaceCookie(String request, long deadline) throws NetlinkException {
        turns.begin(request, deadline);
        try {
            return transport.namespaceCookie();
        } finally {
            turns.end();
        }
    }

    private void begin(Object request, long deadline) throws NetlinkException {
        turns.begin(request, deadline);
        prepare();
    }

    private void prepare() {
        datagrams.forget();
        flight = Flight.begin();
    }

    private void end(NetlinkRequest first) {
        Flight over = flight;
        flight = null;
        try {
            if (over != null) {
                over.end(first);
            }
        } finally {
            turns.end();
        }
    }

    private NetlinkMessage next(NetlinkRequest request, long deadline) throws NetlinkException {
        try {
            NetlinkMessage message = datagrams.next(request, deadline);
            if (flight != null) {
                flight.received();
            }
            return message;
        } catch (NetlinkException e) {
            if (flight != null) {
                flight.failed(e);
            }
            throw e;
        }
    }

    /// Sends as many of the requests from `first` on as may be sent at once, and notes what became of each.
    ///
    /// @return the first that was not sent
    int exchange(
            List<NetlinkRequest> requests,
            int first,
            Outcome[] outcomes,
            NetlinkMessage.@Nullable Handler answers,
            long deadline)
            throws NetlinkException {
        NetlinkRequest named = requests.get(first);
        if (first == 0) {
            turns.begin(named, deadline);
        } else {
            turns.resume(named, deadline);
        }
        prepare();
        try {
            int sequence = lastSequence + 1;
            int next = encode(requests, first);
            NetlinkException failure = null;
            try {
                transmit(named, next - first);
                readOutcomes(requests, first, next, sequence, outcomes, answers, deadline);
            } catch (NetlinkException e) {
                failure = e;
            }
            for (int i = first; i < next; i++) {
                if (outcomes[i] == null) {
                    outcomes[i] =
                            failure == null ? Outcome.done(requests.get(i)) : Outcome.failed(requests.get(i), failure);
                }
            }
            return next;
        } finally {
            end(named);
        }
    }

    /// Writes requests one behind the other. Only the last asks for an acknowledgement: the kernel takes
    /// them in order, and tells of each that it refuses.
    private int encode(List<NetlinkRequest> requests, int first) {
        writer.position(0);
        int next = first;
        int last = 0;
        while (next < requests.size() && next - first < REQUESTS_AT_ONCE) {
            int start = writer.position();
            try {
                MessageHeader.write(writer, requests.get(next), 0, lastSequence + 1);
            } catch (AttributeWriter.Full e) {
                writer.position(start);
                if (next == first) {
                    throw tooLarge(requests.get(first), e);
                }
                break;
            }
            last = start;
            lastSequence++;
            next++;
        }
        MessageHeader.addFlags(writer, last, Uapi.NLM_F_ACK);
        return next;
    }

    private void readOutcomes(
            List<NetlinkRequest> requests,
            int first,
            int next,
            int sequence,
            Outcome[] outcomes,
            NetlinkMessage.@Nullable Handler answers,
            long deadline)
            throws NetlinkException {
        int count = next - first;
        int answered;
        do {
            NetlinkMessage message = next(requests.get(first), deadline);
            answered = message.sequence() - sequence;
            boolean ours = answered >= 0 && answered < count;
            if (ours && message.type() != Uapi.NLMSG_ERROR && answers != null) {
                answers.accept(message);
            }
            // Anything else is an answer to an earlier exchange that was given up.
            if (!ours || message.type() != Uapi.NLMSG_ERROR) {
                answered = -1;
                continue;
            }
            outcomes[first + answered] = outcome(message, requests.get(first + answered));
        } while (answered != count - 1);
    }

    private Outcome outcome(NetlinkMessage message, NetlinkRequest request) {
        try {
            Optional<NetlinkException.Refused> refusal = refusal(message, request);
            return refusal.isPresent() ? Outcome.failed(request, refusal.get()) : Outcome.done(request);
        } catch (NetlinkException.Malformed e) {
            return Outcome.failed(request, e);
        }
    }

    /// Asks one question, which the kernel answers with one message.
    ///
    /// @return whether there was such a message; none if the kernel only acknowledged
    boolean ask(NetlinkRequest request, NetlinkMessage.Handler handler, long deadline) throws NetlinkException {
        begin(request, deadline);
        try {
            int sequence = encodeOne(request, 0);
            transmit(request, 1);
            NetlinkMessage message;
            do {
                message = next(request, deadline);
            } while (message.sequence() != sequence);
            boolean answer = !isEnd(message, request);
            if (answer) {
                handler.accept(message);
            }
            return answer;
        } finally {
            end(request);
        }
    }

    /// Reads a table once.
    ///
    /// @return whether it did not change meanwhile
    boolean scan(NetlinkRequest request, NetlinkMessage.Handler handler, long deadline) throws NetlinkException {
        begin(request, deadline);
        try {
            int sequence = encodeOne(request, Uapi.NLM_F_DUMP);
            transmit(request, 1);
            boolean undisturbed = true;
            boolean whole = false;
            try {
                while (!whole) {
                    NetlinkMessage message = next(request, deadline);
                    if (message.sequence() == sequence) {
                        // The mark is on any message.
                        undisturbed &= (message.flags() & Uapi.NLM_F_DUMP_INTR) == 0;
                        whole = isEnd(message, request);
                        if (!whole) {
                            handler.accept(message);
                        }
                    }
                }
                return undisturbed;
            } finally {
                if (!whole) {
                    datagrams.discard();
                }
            }
        } finally {
            end(request);
        }
    }

    /// Whether the message says that there are no more, because all is well.
    private boolean isEnd(NetlinkMessage message, NetlinkRequest request) throws NetlinkException {
        boolean end = message.type() == Uapi.NLMSG_ERROR || message.type() == Uapi.NLMSG_DONE;
        if (end) {
            Optional<NetlinkException.Refused> refusal = refusal(message, request);
            if (refusal.isPresent()) {
                throw refusal.get();
            }
        }
        return end;
    }

    private Optional<NetlinkException.Refused> refusal(NetlinkMessage message, NetlinkRequest request)
            throws NetlinkException.Malformed {
        int result = Refusals.result(message, request);
        if (result == 0) {
            return Optional.empty();
        }
        if (flight != null) {
            flight.refused(-result);
        }
        // What was sent is still where it was written.
        MemorySegment sent = buffers.send().asSlice(0, writer.position());
        return Optional.of(Refusals.of(message, request, new Errno(-result), sent, transport));
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

    private void transmit(NetlinkRequest first, int requests) throws NetlinkException {
        if (flight != null) {
            flight.sent(requests, writer.position());
        }
        if (Trace.ON) {
            Trace.sent(transport, buffers.send(), writer.position());
        }
        long result;
        do {
            result = transport.send(buffers.send(), writer.position());
        } while (result == -Errno.EINTR.number());
        if (result < 0) {
            if (flight != null) {
                flight.refused((int) -result);
            }
            throw new NetlinkException.Refused("send: " + first, new Errno((int) -result), ExtendedAck.NONE);
        }
    }
}
