package io.ipvlan.netlink.route;

import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkListener;
import io.ipvlan.netlink.NetlinkListener.Received;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.internal.Uapi;
import io.ipvlan.netlink.netns.NetNamespace;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// Tells in which namespaces links, addresses, routes or rules change, and not what changes: for programs
/// that look for themselves. Unlike a [RouteWatch] it hears of routes and rules in other namespaces, too,
/// keeps nothing and lists nothing.
///
/// It hears of its own namespace and of those that this one knows by a number: see
/// [NamespaceIdRequest#assign]. For the others it needs `CAP_NET_BROADCAST` in the user namespace that owns
/// its own, without which it hears of none of them ([#hearsOfOthers]), and in that of each; those for which
/// it is missing are left out without a word.
///
/// One thread at a time; [#close] may be called from any, and ends a waiting call. Holds two file descriptors
/// until closed.
///
/// Source: rtnetlink(7), `RTNLGRP_*` in `linux/rtnetlink.h`, `NETLINK_LISTEN_ALL_NSID` in `linux/netlink.h`.
public final class ChangeWatch implements AutoCloseable {
    private static final List<Integer> GROUPS = List.of(
            Uapi.RTNLGRP_LINK,
            Uapi.RTNLGRP_IPV4_IFADDR,
            Uapi.RTNLGRP_IPV6_IFADDR,
            Uapi.RTNLGRP_IPV4_ROUTE,
            Uapi.RTNLGRP_IPV6_ROUTE,
            Uapi.RTNLGRP_IPV4_RULE,
            Uapi.RTNLGRP_IPV6_RULE,
            Uapi.RTNLGRP_NSID);

    /// What is read together at most, so that a stream that does not end is told of.
    private static final int DATAGRAMS_AT_ONCE = 512;

    private final NetlinkListener listener;
    private final boolean everywhere;

    private ChangeWatch(NetlinkListener listener, boolean everywhere) {
        this.listener = listener;
        this.everywhere = everywhere;
    }

    /// What has changed.
    ///
    /// @param lost whether something was lost, so that anything anywhere may have changed
    /// @param own whether something changed in the watch's own namespace
    /// @param others the numbers of the namespaces in which something changed
    /// @param gone the numbers that stand for a namespace no longer
    public record Changes(boolean lost, boolean own, Set<Integer> others, Set<Integer> gone) {
        /// Copies the sets.
        public Changes {
            others = Set.copyOf(others);
            gone = Set.copyOf(gone);
        }

        /// Whether nothing has changed.
        ///
        /// @return whether it is so
        public boolean isEmpty() {
            return !lost && !own && others.isEmpty() && gone.isEmpty();
        }
    }

    /// Begins to watch.
    ///
    /// @param namespace where; may be closed afterwards
    /// @return the watch
    /// @throws NetlinkException.Refused as [NetNamespace#openListener]
    /// @throws NetlinkException if the kernel does not answer
    /// @throws IllegalStateException if the handle is closed
    public static ChangeWatch open(NetNamespace namespace) throws NetlinkException {
        NetlinkListener listener = namespace.openListener(Uapi.NETLINK_ROUTE);
        boolean whole = false;
        try {
            boolean everywhere = listenEverywhere(listener);
            for (int group : GROUPS) {
                listener.join(group);
            }
            whole = true;
            return new ChangeWatch(listener, everywhere);
        } finally {
            if (!whole) {
                listener.close();
            }
        }
    }

    private static boolean listenEverywhere(NetlinkListener listener) throws NetlinkException {
        try {
            listener.listenToAllNamespaces();
            return true;
        } catch (NetlinkException.Refused e) {
            if (!e.errno().equals(Errno.EPERM)) {
                throw e;
            }
            return false;
        }
    }

    /// Whether it hears of other namespaces at all.
    ///
    /// @return false if `CAP_NET_BROADCAST` was missing when it began
    public boolean hearsOfOthers() {
        return everywhere;
    }

    /// Waits for changes, and takes all that are there.
    ///
    /// @param timeout how long; zero or less to take only what is there
    /// @return the changes; empty if there were none in time
    /// @throws NetlinkException.Closed if another thread closes the watch meanwhile
    /// @throws NetlinkException as [NetlinkListener#next]; the next call tries again
    /// @throws IllegalStateException if the watch is closed
    public Changes next(Duration timeout) throws NetlinkException {
        Reading reading = new Reading();
        Received received = listener.next(reading, timeout);
        for (int left = DATAGRAMS_AT_ONCE; received != Received.NOTHING && left > 0; left--) {
            reading.lost |= received == Received.GAP;
            received = listener.next(reading, Duration.ZERO);
        }
        return new Changes(reading.lost, reading.own, reading.others, reading.gone);
    }

    private static final class Reading implements NetlinkListener.Handler {
        private boolean lost;
        private boolean own;
        private final Set<Integer> others = new HashSet<>();
        private final Set<Integer> gone = new HashSet<>();

        @Override
        public void accept(NetlinkMessage message, OptionalInt namespaceId) throws NetlinkException.Malformed {
            if (message.type() == Uapi.RTM_DELNSID && namespaceId.isEmpty()) {
                NamespaceIdMessage number = NamespaceIdMessage.read(message);
                if (number != null) {
                    gone.add(number.id());
                }
            } else if (namespaceId.isPresent()) {
                others.add(namespaceId.getAsInt());
            } else if (message.type() != Uapi.RTM_NEWNSID) {
                own = true;
            }
        }
    }

    /// Ends the watch. A call of [#next] that waits ends with [NetlinkException.Closed]. Closing twice does
    /// nothing.
    @Override
    public void close() {
        listener.close();
    }
}
