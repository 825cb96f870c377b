package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.Uapi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A netlink socket: sends requests and waits for their answers.
///
/// Extended acknowledgements and strict checking are always on. The socket stays in the network namespace
/// it was opened in, whichever thread uses it later.
///
/// **Threads.** A socket may be shared by threads, virtual ones too; one exchange runs at a time (but see
/// [#withOthers]), and the others wait without holding their carrier thread. What the kernel does inside the call that
/// sends cannot
/// be waited for in another way: deleting a link may take 20 ms there, and holds a carrier meanwhile;
/// [NetlinkSocketPool] keeps that off the carriers and does many at once. Interrupting a thread does not end its call.
///
/// **Deadlines.** Every call ends after ten seconds, or what was said by [#within], with
/// [NetlinkException.TimedOut]. The kernel answers before a send returns, so this bounds only what should
/// never happen, and the waiting for other threads. [#close] from another thread ends a waiting call, with
/// [NetlinkException.Closed].
///
/// **Trace.** A program started with `-Dio.ipvlan.netlink.trace=true` prints every message of every socket on
/// standard error, one line each, with the names of the C headers: the socket's descriptor, the time, `>` for
/// sent or `<` for received, then `RTM_NEWLINK NLM_F_REQUEST|NLM_F_ACK seq 1 {ifi_family=AF_UNSPEC, ...}
/// IFLA_IFNAME="eth0", ...`. What is not known is printed in numbers and hex, and so is all that a socket of
/// another protocol than `NETLINK_ROUTE` says. It changes nothing about the calls but the time they take, and
/// costs nothing when off.
///
/// **Recordings.** A flight recording has an event for every exchange, `io.ipvlan.netlink.Exchange`, and
/// [RecentExchanges] keeps the last ones if it is asked to. Both cost nothing when off.
///
/// Holds one file descriptor (close-on-exec; a second one once it had to wait) and some native memory until
/// it is closed. Opening needs no privilege; most changes need `CAP_NET_ADMIN` in the user namespace that
/// owns the network namespace.
///
/// Source: `linux/netlink.h`, netlink(7).
public final class NetlinkSocket implements AutoCloseable {
    /// How long a call takes at most unless said otherwise: 10 seconds.
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    /// The netlink family of links, addresses and routes, `NETLINK_ROUTE`.
    public static final int ROUTE = Uapi.NETLINK_ROUTE;

    /// How often a dump that was disturbed by changes is read again.
    private static final int DUMP_TRIES = 64;

    /// How often at once; then after a pause, as whoever changes it is likely to go on.
    private static final int DUMP_TRIES_AT_ONCE = 8;

    private static final long DUMP_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /// How long one of several sockets stays that nobody uses.
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final String ASK_FOR_COOKIE = "ask for the network namespace of a netlink socket";

    private final Conversations conversations;
    private final long nanos;

    private NetlinkSocket(Conversations conversations, long nanos) {
        this.conversations = conversations;
        this.nanos = nanos;
    }

    NetlinkSocket(Transport transport, Buffers buffers) {
        this(new Conversation(transport, buffers), DEFAULT_TIMEOUT.toNanos());
    }

    /// Opens a socket in the network namespace of the calling thread.
    ///
    /// @param protocol the netlink family, such as [#ROUTE]
    /// @return the socket
    /// @throws NetlinkException.Refused if the kernel gives no socket, for example because the process has
    ///     too many open files, or is older than Linux 4.20
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetlinkSocket open(int protocol) throws NetlinkException.Refused {
        Libc.link();
        Buffers buffers = Buffers.take();
        return new NetlinkSocket(KernelTransport.open(protocol, buffers), buffers);
    }

    /// Takes over an open netlink descriptor, for example one opened inside another network namespace.
    ///
    /// @param descriptor an AF_NETLINK socket of this process; closed with the socket, and also if this
    ///     call fails
    /// @return the socket
    /// @throws NetlinkException.Refused if it is not a netlink socket, or the kernel is older than Linux
    ///     4.20
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetlinkSocket adopt(int descriptor) throws NetlinkException.Refused {
        Libc.link();
        Buffers buffers = Buffers.takeFor(descriptor);
        return new NetlinkSocket(new KernelTransport(descriptor, buffers), buffers);
    }

    /// The same socket with another deadline: a view whose calls end after that time, the waiting for other
    /// threads included. Closing either closes both.
    ///
    /// @param timeout how long a call may take, positive; more than 100 years count as those
    /// @return the view
    /// @throws IllegalArgumentException if it is not positive
    public NetlinkSocket within(Duration timeout) {
        return new NetlinkSocket(conversations, Deadlines.nanos(timeout));
    }

    /// Opens a socket, for whoever needs several: see [#withOthers] and [NetlinkSocketPool].
    @FunctionalInterface
    public interface Opener {
        /// Opens a socket.
        ///
        /// @return the socket, which whoever asked for it will close
        /// @throws NetlinkException if the kernel gives none
        NetlinkSocket open() throws NetlinkException;
    }

    /// The same socket with others beside it, for threads that shall not wait for one another: a view whose
    /// calls go each over a socket that no other call uses at that moment. Others are opened when all are in
    /// use, on the thread of the call, which does not count for its deadline; if the kernel gives none the call
    /// waits for one that is there. Each use closes one that was idle for five seconds. Each holds what a socket
    /// holds.
    ///
    /// Closing the view closes all; from inside a decoder or handler it does not wait for the calls of other
    /// threads, and those that are under way take effect when they are over. After this call the socket itself is
    /// only the view's, together with its other views.
    ///
    /// @param most how many calls there are at a time, 1 or more; further ones wait, as for a single socket
    /// @param opener opens a socket in the same place, for example
    ///     `() -> namespace.openSocket(NetlinkSocket.ROUTE)`; the deadline of its socket does not count
    /// @return the view
    /// @throws IllegalArgumentException if there were to be no calls
    /// @throws IllegalStateException if this has others already
    public NetlinkSocket withOthers(int most, Opener opener) {
        if (most < 1) {
            throw new IllegalArgumentException("at least one call goes over a socket at a time, not " + most);
        }
        return new NetlinkSocket(new SharedConversations(only(), most, opener, IDLE_NANOS), nanos);
    }

    /// @throws IllegalStateException if there are several
    Conversation only() {
        if (conversations instanceof Conversation only) {
            return only;
        }
        throw new IllegalStateException("a netlink socket that has others beside it cannot be one of several");
    }

    private long deadline() {
        return System.nanoTime() + nanos;
    }

    /// Turns a message into a value, or into nothing if the message is not of interest. It may not use the
    /// socket whose answer it decodes.
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

    /// Keeps what messages are decoded to. No lambdas, as each costs a program that has just begun some
    /// milliseconds.
    private static final class Decoded<T> implements NetlinkMessage.Handler {
        private final Decoder<T> decoder;
        private final List<T> values;

        Decoded(Decoder<T> decoder, List<T> values) {
            this.decoder = decoder;
            this.values = values;
        }

        @Override
        public void accept(NetlinkMessage message) throws NetlinkException.Malformed {
            T value = decoder.decode(message);
            if (value != null) {
                values.add(value);
            }
        }
    }

    /// Sends requests and waits until each is answered. They travel together, up to 100 and 32 KiB in one
    /// system call, so that the answers to all that are under way always fit the socket's queue. The kernel
    /// carries them out in order; **one that is refused does not stop those behind it**.
    ///
    /// @param requests what to ask for
    /// @return what became of each, in the same order
    /// @throws NetlinkException.TimedOut if other threads used the socket all the time; nothing was sent
    /// @throws NetlinkException.Closed if the socket was closed while this call waited for others; nothing
    ///     was sent
    /// @throws IllegalArgumentException if a single request is too large to send (32 KiB); those before it
    ///     were sent
    /// @throws IllegalStateException if the socket is closed, or a namespace that one of the requests names;
    ///     nothing was sent
    public List<Outcome> exchange(List<? extends NetlinkRequest> requests) throws NetlinkException {
        try (HeldRequests held = HeldRequests.of(requests)) {
            return exchangeHeld(held.list(), null);
        }
    }

    /// Sends requests like [#exchange(List)], among them questions that the kernel answers with one message
    /// each, such as for one link. So a change and a look at what came of it are one exchange.
    ///
    /// @param requests what to ask for
    /// @param answers takes the answers to the questions, in their order. One that it finds malformed ends
    ///     the exchange: what became of the requests behind it is unknown then
    /// @return what became of each, in the same order
    /// @throws NetlinkException as [#exchange(List)]
    /// @throws IllegalArgumentException as [#exchange(List)]
    /// @throws IllegalStateException as [#exchange(List)]
    public List<Outcome> exchange(List<? extends NetlinkRequest> requests, NetlinkMessage.Handler answers)
            throws NetlinkException {
        try (HeldRequests held = HeldRequests.of(requests)) {
            return exchangeHeld(held.list(), answers);
        }
    }

    List<Outcome> exchangeHeld(List<NetlinkRequest> requests, NetlinkMessage.@Nullable Handler answers)
            throws NetlinkException {
        conversations.requireOpen();
        if (requests.isEmpty()) {
            return List.of();
        }
        long deadline = deadline();
        Conversation conversation = conversations.take(requests.getFirst(), deadline);
        try {
            return exchange(conversation, requests, answers, deadline);
        } finally {
            conversations.giveBack(conversation);
        }
    }

    private static List<Outcome> exchange(
            Conversation conversation,
            List<NetlinkRequest> requests,
            NetlinkMessage.@Nullable Handler answers,
            long deadline)
            throws NetlinkException {
        Outcome[] outcomes = new Outcome[requests.size()];
        int next = 0;
        while (next < outcomes.length) {
            try {
                next = conversation.exchange(requests, next, outcomes, answers, deadline);
            } catch (NetlinkException e) { // these were not sent
                if (next == 0) {
                    throw e;
                }
                for (; next < outcomes.length; next++) {
                    outcomes[next] = Outcome.failed(requests.get(next), e);
                }
            }
        }
        return List.of(outcomes);
    }

    /// Sends requests like [#exchange] and insists on all of them.
    ///
    /// @param requests what to ask for
    /// @throws NetlinkException.Refused if the first that failed was refused; further failures are
    ///     suppressed in it. Requests that did not fail have been carried out
    /// @throws NetlinkException.TimedOut if an answer is missing; the outcome of that request is unknown
    /// @throws NetlinkException.Malformed if an answer makes no sense; as above
    /// @throws NetlinkException.Closed if the socket was closed meanwhile; the message says what is known
    /// @throws IllegalArgumentException as [#exchange]
    /// @throws IllegalStateException as [#exchange]
    public void send(List<? extends NetlinkRequest> requests) throws NetlinkException {
        NetlinkException first = null;
        for (Outcome outcome : exchange(requests)) {
            NetlinkException failure = outcome.failure().orElse(null);
            if (first == null) {
                first = failure;
            } else if (failure != null && failure != first) {
                first.addSuppressed(failure);
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
    /// @throws NetlinkException as [#send]
    /// @throws IllegalStateException if the socket is closed
    public <T> Optional<T> get(NetlinkRequest request, Decoder<T> decoder) throws NetlinkException {
        Decoded<T> found = new Decoded<>(decoder, new ArrayList<>(1));
        ask(request, found);
        return found.values.isEmpty() ? Optional.empty() : Optional.of(found.values.getFirst());
    }

    /// Asks for one object as [#get], and leaves it to the handler to take what it needs out of the
    /// message. Makes no garbage, for callers who ask a thousand times a second.
    ///
    /// @param request the question
    /// @param handler takes the answer
    /// @return whether there was one; false if the kernel only acknowledged
    /// @throws NetlinkException as [#get]
    /// @throws IllegalStateException if the socket is closed
    public boolean ask(NetlinkRequest request, NetlinkMessage.Handler handler) throws NetlinkException {
        request.hold();
        try {
            long deadline = deadline();
            Conversation conversation = conversations.take(request, deadline);
            try {
                return conversation.ask(request, handler, deadline);
            } finally {
                conversations.giveBack(conversation);
            }
        } finally {
            request.release();
        }
    }

    /// Reads a whole table. If the table changed while it was read the kernel says so, and it is read
    /// again, up to 64 times.
    ///
    /// @param <T> what a row is decoded to
    /// @param request the question, with its filters
    /// @param decoder decodes a row
    /// @return the rows, in the kernel's order
    /// @throws NetlinkException.DumpInterrupted if the table changed during every try
    /// @throws NetlinkException.Refused if the kernel refuses, also in the middle
    /// @throws NetlinkException as [#send]
    /// @throws IllegalStateException if the socket is closed
    public <T> List<T> dump(NetlinkRequest request, Decoder<T> decoder) throws NetlinkException {
        long deadline = deadline();
        for (int tries = 0; tries < DUMP_TRIES; tries++) {
            if (tries >= DUMP_TRIES_AT_ONCE) {
                LockSupport.parkNanos(DUMP_PAUSE_NANOS);
            }
            Decoded<T> rows = new Decoded<>(decoder, new ArrayList<>());
            if (scan(request, rows, deadline)) {
                return rows.values;
            }
        }
        throw new NetlinkException.DumpInterrupted(
                request + ": the table changed while it was read, " + DUMP_TRIES + " times in a row");
    }

    /// Reads a whole table row by row, in memory that does not grow with it. The rows are handed over as
    /// they come; only at the end is it known whether the table changed meanwhile.
    ///
    /// @param request the question, with its filters
    /// @param handler takes a row
    /// @throws NetlinkException.DumpInterrupted if the table changed while it was read: rows may be
    ///     missing, or come twice
    /// @throws NetlinkException as [#dump]
    /// @throws IllegalStateException if the socket is closed
    public void scan(NetlinkRequest request, NetlinkMessage.Handler handler) throws NetlinkException {
        if (!scan(request, handler, deadline())) {
            throw new NetlinkException.DumpInterrupted(request + ": the table changed while it was read");
        }
    }

    private boolean scan(NetlinkRequest request, NetlinkMessage.Handler handler, long deadline)
            throws NetlinkException {
        request.hold();
        try {
            Conversation conversation = conversations.take(request, deadline);
            try {
                return conversation.scan(request, handler, deadline);
            } finally {
                conversations.giveBack(conversation);
            }
        } finally {
            request.release();
        }
    }

    /// A number that stands for the socket's network namespace and for no other as long as the machine runs.
    /// Unlike a [NetNamespace.Id][io.ipvlan.netlink.netns.NetNamespace.Id] it does not go to another
    /// namespace when this one is gone. Needs no privilege.
    ///
    /// Source: `SO_NETNS_COOKIE` in `asm-generic/socket.h`.
    ///
    /// @return the number, never 0; empty on a kernel before Linux 5.14, which has none, and on one that is
    ///     played
    /// @throws NetlinkException.Refused if the kernel refuses
    /// @throws NetlinkException.TimedOut if other threads used the socket all the time
    /// @throws NetlinkException.Closed if the socket was closed while this call waited for others
    /// @throws IllegalStateException if the socket is closed
    public OptionalLong namespaceCookie() throws NetlinkException {
        long answer = namespaceCookie(deadline());
        if (answer == -Uapi.ENOPROTOOPT) {
            return OptionalLong.empty();
        }
        if (answer < 0) {
            throw new NetlinkException.Refused(ASK_FOR_COOKIE, new Errno((int) -answer), ExtendedAck.NONE);
        }
        return OptionalLong.of(answer);
    }

    private long namespaceCookie(long deadline) throws NetlinkException {
        Conversation conversation = conversations.take(ASK_FOR_COOKIE, deadline);
        try {
            return conversation.namespaceCookie(ASK_FOR_COOKIE, deadline);
        } finally {
            conversations.giveBack(conversation);
        }
    }

    /// Closes the descriptor. A call of another thread that waits for the kernel's answer ends at once; one
    /// whose request the kernel is carrying out is waited for. Closing twice does nothing. From inside a
    /// decoder or handler it takes effect when the call is over.
    @Override
    public void close() {
        conversations.close();
    }
}
