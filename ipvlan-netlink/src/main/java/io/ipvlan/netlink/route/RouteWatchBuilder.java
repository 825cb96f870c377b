package io.ipvlan.netlink.route;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkListener;
import io.ipvlan.netlink.internal.Uapi;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.Flow;

/// Says what a [RouteWatch] is to watch. Immutable; each method answers with a changed copy.
public final class RouteWatchBuilder {
    /// Groups that an older kernel lacks, together with what it would say in them. `RTNLGRP_NEXTHOP` came
    /// with Linux 5.3.
    private static final Set<Integer> YOUNG_GROUPS = Set.of(Uapi.RTNLGRP_NEXTHOP);

    private final Set<RouteTopic> topics;
    private final boolean everywhere;
    private final int queue;

    RouteWatchBuilder() {
        this(EnumSet.noneOf(RouteTopic.class), false, NetlinkListener.DEFAULT_QUEUE);
    }

    private RouteWatchBuilder(Set<RouteTopic> topics, boolean everywhere, int queue) {
        this.topics = topics;
        this.everywhere = everywhere;
        this.queue = queue;
    }

    private RouteWatchBuilder and(RouteTopic topic) {
        Set<RouteTopic> more = EnumSet.of(topic);
        more.addAll(topics);
        return new RouteWatchBuilder(more, everywhere, queue);
    }

    /// Watches links, as [LinkMessage] without statistics.
    ///
    /// @return the changed builder
    public RouteWatchBuilder links() {
        return and(RouteTopic.LINKS);
    }

    /// Watches addresses, as [AddressMessage].
    ///
    /// @return the changed builder
    public RouteWatchBuilder addresses() {
        return and(RouteTopic.ADDRESSES);
    }

    /// Watches the routes of all tables, as [RouteMessage], without cached ones.
    ///
    /// @return the changed builder
    public RouteWatchBuilder routes() {
        return and(RouteTopic.ROUTES);
    }

    /// Watches rules, as [RuleMessage].
    ///
    /// @return the changed builder
    public RouteWatchBuilder rules() {
        return and(RouteTopic.RULES);
    }

    /// Watches neighbours, as [NeighbourMessage], without those of which the kernel tells nothing: proxy
    /// entries, and those that are not asked for their hardware address ([NeighbourState#NO_ARP], such as
    /// multicast addresses). One that is asked for the first time is told when the answer is there, or does
    /// not come.
    ///
    /// @return the changed builder
    public RouteWatchBuilder neighbours() {
        return and(RouteTopic.NEIGHBOURS);
    }

    /// Watches the numbers by which the namespace knows others, as [NamespaceIdMessage].
    ///
    /// @return the changed builder
    public RouteWatchBuilder namespaces() {
        return and(RouteTopic.NAMESPACES);
    }

    /// Watches links and addresses in all other namespaces, too, that the watched one knows by a number,
    /// now or later; and the numbers, as [#namespaces]. When a number is gone, so is all that was told with
    /// it. Routes, rules and neighbours are watched in the one namespace only: the kernel cannot list those
    /// of others. Needs `CAP_NET_BROADCAST` in the user namespace that owns the watched one, or is refused,
    /// and in that of each of the others; those for which it is missing are left out without a word.
    ///
    /// @return the changed builder
    public RouteWatchBuilder inAllNamespaces() {
        Set<RouteTopic> more = EnumSet.of(RouteTopic.NAMESPACES);
        more.addAll(topics);
        return new RouteWatchBuilder(more, true, queue);
    }

    /// Limits the queue in which events wait; see [NetlinkListener#queue]. What does not fit is lost, and
    /// made good by a listing.
    ///
    /// @param bytes the limit, as the kernel counts; [NetlinkListener#DEFAULT_QUEUE] unless said
    /// @return the changed builder
    /// @throws IllegalArgumentException if it is not positive
    public RouteWatchBuilder queue(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("a queue has room for one byte or more, not " + bytes);
        }
        return new RouteWatchBuilder(topics, everywhere, bytes);
    }

    /// Begins to watch the namespace of the calling thread.
    ///
    /// @return the watch, whose first event is [RouteEvent.Listing]
    /// @throws NetlinkException.Refused if the process has too many open files, or the kernel is older than
    ///     Linux 4.20
    /// @throws IllegalStateException if there is nothing to watch
    public RouteWatch open() throws NetlinkException {
        try (NetNamespace current = NetNamespace.current()) {
            return open(current);
        }
    }

    /// Begins to watch a namespace.
    ///
    /// @param namespace the namespace; may be closed afterwards
    /// @return the watch, whose first event is [RouteEvent.Listing]
    /// @throws NetlinkException.Refused as [NetNamespace#openListener]
    /// @throws IllegalStateException if there is nothing to watch, or the handle is closed
    public RouteWatch open(NetNamespace namespace) throws NetlinkException {
        requireTopics();
        NetlinkListener listener = namespace.openListener(Uapi.NETLINK_ROUTE);
        RouteSocket socket = null;
        NetNamespace own = null;
        boolean whole = false;
        try {
            socket = RouteSocket.open(namespace);
            own = everywhere ? duplicate(namespace) : null;
            join(listener);
            whole = true;
            return new RouteWatch(topics, listener, queue, socket, own);
        } finally {
            if (!whole) {
                listener.close();
                if (socket != null) {
                    socket.close();
                }
                if (own != null) {
                    own.close();
                }
            }
        }
    }

    private static NetNamespace duplicate(NetNamespace namespace) throws NetlinkException {
        namespace.hold();
        try {
            return NetNamespace.ofDescriptor(namespace.descriptor());
        } finally {
            namespace.release();
        }
    }

    /// Watches over a listener and a socket that are open already, such as those of
    /// [ScriptedSocket][io.ipvlan.netlink.ScriptedSocket]. [#inAllNamespaces] is not for those.
    ///
    /// @param listener a listener of family `NETLINK_ROUTE`; closed with the watch
    /// @param socket a socket in the same namespace; closed with the watch
    /// @return the watch, whose first event is [RouteEvent.Listing]
    /// @throws NetlinkException if the listener cannot join the groups; it stays open then, as does the
    ///     socket
    /// @throws IllegalStateException if there is nothing to watch, or the listener is closed
    public RouteWatch over(NetlinkListener listener, RouteSocket socket) throws NetlinkException {
        requireTopics();
        join(listener);
        return new RouteWatch(topics, listener, queue, socket, null);
    }

    private void join(NetlinkListener listener) throws NetlinkException {
        listener.queue(queue);
        if (everywhere) {
            listener.listenToAllNamespaces();
        }
        Set<Integer> groups = new LinkedHashSet<>();
        topics.forEach(topic -> groups.addAll(topic.groups()));
        for (int group : groups) {
            try {
                listener.join(group);
            } catch (NetlinkException.Refused e) {
                if (!YOUNG_GROUPS.contains(group)) {
                    throw e;
                }
            }
        }
    }

    /// Publishes what is told of the namespace of the thread that subscribes. Each subscriber has a watch
    /// of its own, and a platform thread (a daemon) that reads no faster than the subscriber asks; what
    /// does not fit into the queue meanwhile is made good by a listing. A failure is given to the
    /// subscriber, and ends its subscription; otherwise only cancelling does.
    ///
    /// @return the publisher
    /// @throws IllegalStateException if there is nothing to watch
    public Flow.Publisher<RouteEvent> publisher() {
        requireTopics();
        return new RoutePublisher(this::open);
    }

    /// Publishes what is told of a namespace, as [#publisher()].
    ///
    /// @param namespace the namespace; must be open whenever somebody subscribes
    /// @return the publisher
    /// @throws IllegalStateException if there is nothing to watch
    public Flow.Publisher<RouteEvent> publisher(NetNamespace namespace) {
        requireTopics();
        return new RoutePublisher(() -> open(namespace));
    }

    private void requireTopics() {
        if (topics.isEmpty()) {
            throw new IllegalStateException("nothing to watch: name it before, as in builder().links()");
        }
    }
}
