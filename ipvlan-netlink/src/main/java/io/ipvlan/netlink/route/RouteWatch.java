package io.ipvlan.netlink.route;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkListener;
import io.ipvlan.netlink.NetlinkListener.Received;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.netns.NetNamespace;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Watches a network namespace: tells what is there, and then every change, in an order that leaves whoever
/// follows with the right picture, whatever gets lost on the way; see [RouteEvent] on how to follow.
///
/// It begins with a listing. If events come faster than they are read and the kernel drops some, the watch
/// says so ([RouteEvent.Listing#afterGap]) and lists anew. Where the kernel does not tell what happened to
/// routes (IPv4 routes go without a word with their link or address), it looks, and tells what it finds;
/// for that it keeps the routes it told, if routes are watched, and one listing of them at a time. Times
/// left and the state of a route's link change without an event.
///
/// ```java
/// try (RouteWatch watch = RouteWatch.builder().links().addresses().open(namespace)) {
///     while (true) {
///         switch (watch.next()) { ... }
///     }
/// }
/// ```
///
/// [#next] reads on the calling thread, one thread at a time; [#close] may be called from any, and ends it.
/// For a [publisher][java.util.concurrent.Flow.Publisher] see [RouteWatchBuilder#publisher]. A platform
/// thread reads a little sooner than a virtual one. Holds three file descriptors until closed, with
/// [RouteWatchBuilder#inAllNamespaces] four. Needs no privilege, once it is open.
///
/// Source: rtnetlink(7), `RTNLGRP_*` in `linux/rtnetlink.h`.
public final class RouteWatch implements AutoCloseable {
    /// A doubt is settled when no more events are waiting, or after so many datagrams of a stream that does
    /// not end.
    private static final int DATAGRAMS_IN_DOUBT = 512;

    /// How many datagrams of no interest are read on when the time is over.
    private static final int DATAGRAMS_IN_OVERTIME = 512;

    /// The least that a datagram counts as in a queue, and the smallest queue, in bytes: somewhat less than
    /// in any kernel.
    private static final int SMALLEST_DATAGRAM = 512;

    private static final int SMALLEST_QUEUE = 16 << 10;

    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final Set<RouteTopic> topics;
    private final NetlinkListener listener;
    private final RouteSocket socket;
    private final @Nullable NetNamespace own;
    private final RouteLister lister;
    private final @Nullable RouteLedger ledger;
    private final int queueLength;
    private final Deque<RouteEvent> pending = new ArrayDeque<>();

    /// Namespaces that got a number, and are to be listed.
    private final Deque<Integer> newcomers = new ArrayDeque<>();

    /// The number by which the namespace knows itself, which is rare.
    private OptionalInt ownId = OptionalInt.empty();

    private volatile boolean closed;
    private boolean current;
    private boolean afterGap;

    /// Whether a call left something unread because its time was over.
    private boolean behind = true;

    private int sinceDoubt;

    /// How many datagrams that are still queued may be older than what was lost.
    private int older;

    /// Rules told as gone, of which there may be another that is equal.
    private final Set<Object> rulesGone = new HashSet<>();

    /// Takes over the listener, a member of the topics' groups, the socket, and the handle.
    ///
    /// @param queue the limit of the listener's queue, in bytes
    /// @param own the namespace of both, if all others are to be watched, too
    RouteWatch(
            Set<RouteTopic> topics,
            NetlinkListener listener,
            int queue,
            RouteSocket socket,
            @Nullable NetNamespace own) {
        this.topics = topics;
        this.listener = listener;
        this.queueLength = Math.max(queue, SMALLEST_QUEUE) / SMALLEST_DATAGRAM;
        this.socket = socket;
        this.own = own;
        this.lister = new RouteLister(topics, socket, pending::add);
        this.ledger = topics.contains(RouteTopic.ROUTES) ? new RouteLedger(pending::add) : null;
    }

    /// Says what to watch, and where: begins with nothing.
    ///
    /// @return the builder
    public static RouteWatchBuilder builder() {
        return new RouteWatchBuilder();
    }

    /// Waits for the next event.
    ///
    /// @return the event
    /// @throws NetlinkException as [#next(Duration)]
    /// @throws IllegalStateException if the watch is closed
    public RouteEvent next() throws NetlinkException {
        while (true) {
            Optional<RouteEvent> event = next(FOR_EVER);
            if (event.isPresent()) {
                return event.get();
            }
        }
    }

    /// Waits for the next event, but not for ever.
    ///
    /// @param timeout how long; zero or less to take only what is there. The time of a listing is not
    ///     counted
    /// @return the event; empty if none came in time, or too much of no interest when it was over (the next
    ///     call reads on)
    /// @throws NetlinkException.Closed if another thread closes the watch meanwhile
    /// @throws NetlinkException.DumpInterrupted if a listing was disturbed by changes again and again. As
    ///     with every failure but `Closed`, the next call tries again
    /// @throws NetlinkException as [RouteSocket]
    /// @throws IllegalStateException if the watch is closed
    public Optional<RouteEvent> next(Duration timeout) throws NetlinkException {
        Duration longest = timeout.compareTo(FOR_EVER) > 0 ? FOR_EVER : timeout;
        long deadline = System.nanoTime() + (longest.isPositive() ? longest.toNanos() : 0);
        if (closed) {
            throw new IllegalStateException("the watch is closed");
        }
        try {
            return nextBefore(deadline);
        } catch (IllegalStateException e) {
            if (!closed) {
                throw e;
            }
            // Between two uses of the listener or the socket, which say that they are closed.
            NetlinkException.Closed meanwhile = new NetlinkException.Closed("watch: it was closed meanwhile");
            meanwhile.initCause(e);
            throw meanwhile;
        }
    }

    /// Whether the last call of [#next(Duration)] read all that the kernel had told: then whoever followed
    /// every event has the picture of that moment. It has not if it answered with an event, or answered
    /// empty because too much of no interest, or of before a loss, was still to be read. For the thread that
    /// calls `next`.
    ///
    /// @return whether it is so; false before the first call
    public boolean isCaughtUp() {
        return !behind;
    }

    private Optional<RouteEvent> nextBefore(long deadline) throws NetlinkException {
        int overtime = DATAGRAMS_IN_OVERTIME;
        behind = true;
        while (pending.isEmpty()) {
            long left = deadline - System.nanoTime();
            if (left <= 0 && overtime-- == 0) {
                return Optional.empty();
            }
            if (older > 0) {
                passOver();
            } else if (!current) {
                list();
            } else if (!newcomers.isEmpty()) {
                listNewcomer();
            } else if (!advance(Duration.ofNanos(left))) {
                behind = false;
                return Optional.empty();
            }
        }
        return Optional.of(pending.remove());
    }

    /// Reads on.
    ///
    /// @return false if nothing came in time
    private boolean advance(Duration left) throws NetlinkException {
        boolean doubtful = isDoubtful();
        Received received = receive(this::take, doubtful ? Duration.ZERO : left);
        if (received == Received.GAP) {
            current = false;
            afterGap = true;
            older = queueLength;
        } else if (doubtful && (received == Received.NOTHING || ++sinceDoubt > DATAGRAMS_IN_DOUBT)) {
            sinceDoubt = 0;
            settle();
        } else if (received == Received.NOTHING) {
            return false;
        }
        return true;
    }

    private Received receive(NetlinkListener.Handler handler, Duration left) throws NetlinkException {
        try {
            return listener.next(handler, left);
        } catch (NetlinkException.Malformed e) {
            return Received.GAP; // a message was lost, though not on the way
        }
    }

    /// Reads what is still queued when something was lost, and forgets it: it is older than what was lost,
    /// and after the listing it would be taken for news.
    private void passOver() throws NetlinkException {
        older = switch (receive((message, namespaceId) -> {}, Duration.ZERO)) {
            case GAP -> queueLength;
            case NOTHING -> 0;
            case MESSAGES -> older - 1;
        };
    }

    private boolean isDoubtful() {
        return (ledger != null && !ledger.doubtful().isEmpty()) || !rulesGone.isEmpty();
    }

    private void settle() throws NetlinkException {
        if (ledger != null && !ledger.doubtful().isEmpty()) {
            lister.settle(ledger);
        }
        if (!rulesGone.isEmpty()) {
            lister.listRules(rulesGone);
            rulesGone.clear();
        }
    }

    private void list() throws NetlinkException {
        newcomers.clear();
        rulesGone.clear();
        pending.add(new RouteEvent.Listing(afterGap));
        boolean whole = false;
        try {
            findOwnId();
            lister.listOwn(ledger);
            for (int id : lister.listNamespaces()) {
                listOther(id);
            }
            whole = true;
        } finally {
            if (!whole) {
                pending.clear();
            }
        }
        pending.add(new RouteEvent.Complete());
        current = true;
        afterGap = false;
    }

    private void findOwnId() throws NetlinkException {
        if (own != null) {
            ownId = socket.namespaceId(own);
        }
    }

    private void listNewcomer() throws NetlinkException {
        findOwnId();
        listOther(newcomers.element());
        newcomers.remove();
    }

    private void listOther(int id) throws NetlinkException {
        if (own != null && !ownId.equals(OptionalInt.of(id))) {
            lister.listOther(id);
        }
    }

    private void take(NetlinkMessage message, OptionalInt from) throws NetlinkException.Malformed {
        RouteObject object = EventReader.read(message);
        boolean isPresent = EventReader.tellsOfPresence(message, object);
        if (from.isPresent() && !from.equals(ownId)) {
            if (object != null && RouteTopic.EVERYWHERE.contains(RouteTopic.of(object))) {
                tell(object, isPresent, from);
            }
            return;
        }
        if (ledger != null) {
            inform(ledger, message, object, isPresent);
        }
        if (object instanceof NamespaceIdMessage namespace && isPresent) {
            newcomers.add(namespace.id());
        }
        if (object instanceof RuleMessage rule && !isPresent && topics.contains(RouteTopic.RULES)) {
            rulesGone.add(rule.identity());
        }
        if (object != null && !(object instanceof RouteMessage)) {
            tell(object, isPresent, OptionalInt.empty());
        }
    }

    /// Routes are told by way of the ledger.
    private static void inform(
            RouteLedger ledger, NetlinkMessage message, @Nullable RouteObject object, boolean isPresent) {
        switch (object) {
            case LinkMessage link -> ledger.link(link, isPresent);
            case AddressMessage address -> ledger.address(address, isPresent);
            case RouteMessage route -> ledger.route(message, route);
            case null -> {
                if (EventReader.isNextHopObject(message)) {
                    ledger.doubtEverything();
                }
            }
            default -> {}
        }
    }

    private void tell(RouteObject object, boolean isPresent, OptionalInt namespaceId) {
        if (topics.contains(RouteTopic.of(object))) {
            pending.add(
                    isPresent ? new RouteEvent.Present(object, namespaceId) : new RouteEvent.Gone(object, namespaceId));
        }
    }

    /// Ends the watch. A call of [#next] that waits ends with [NetlinkException.Closed]. Closing twice does
    /// nothing.
    @Override
    public void close() {
        closed = true;
        listener.close();
        socket.close();
        if (own != null) {
            own.close();
        }
    }
}
