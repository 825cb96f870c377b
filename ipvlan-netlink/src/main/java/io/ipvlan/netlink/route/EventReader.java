package io.ipvlan.netlink.route;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.internal.Uapi;
import org.jspecify.annotations.Nullable;

/// Reads what the kernel tells the members of its multicast groups: the messages of a listing, and as many
/// that say that something is gone.
final class EventReader {
    private EventReader() {}

    /// What a message is about; null if it is nothing that is watched, such as a cached route or a bridge's
    /// view of a link.
    static @Nullable RouteObject read(NetlinkMessage message) throws NetlinkException.Malformed {
        return switch (message.type()) {
            // With its counters each event would differ from the listing.
            case Uapi.RTM_NEWLINK, Uapi.RTM_DELLINK -> LinkMessage.read(message, false);
            case Uapi.RTM_NEWADDR, Uapi.RTM_DELADDR -> AddressMessage.read(message);
            case Uapi.RTM_NEWROUTE, Uapi.RTM_DELROUTE ->
                RouteMessage.isCached(message) ? null : RouteMessage.read(message);
            case Uapi.RTM_NEWRULE, Uapi.RTM_DELRULE -> RuleMessage.read(message);
            case Uapi.RTM_NEWNEIGH, Uapi.RTM_DELNEIGH -> {
                NeighbourMessage neighbour = NeighbourMessage.read(message);
                boolean known = message.type() == Uapi.RTM_NEWNEIGH; // and may no longer be asked
                yield neighbour != null && !neighbour.isProxy() && (known || isTold(neighbour)) ? neighbour : null;
            }
            case Uapi.RTM_NEWNSID, Uapi.RTM_DELNSID -> NamespaceIdMessage.read(message);
            default -> null;
        };
    }

    /// Whether the kernel tells of a neighbour at all: not of one that is not asked for its hardware address,
    /// such as a multicast address, nor of a proxy entry.
    static boolean isTold(NeighbourMessage neighbour) {
        return (neighbour.state() & NeighbourState.NO_ARP) == 0 && !neighbour.isProxy();
    }

    /// Whether the message says that something is there, and not that it is gone. A neighbour that was asked
    /// for its hardware address and is so no longer is none that is watched: it is gone.
    ///
    /// @param object what the message is about
    static boolean tellsOfPresence(NetlinkMessage message, @Nullable RouteObject object) {
        if (object instanceof NeighbourMessage neighbour && !isTold(neighbour)) {
            return false;
        }
        return switch (message.type()) {
            case Uapi.RTM_NEWLINK,
                    Uapi.RTM_NEWADDR,
                    Uapi.RTM_NEWROUTE,
                    Uapi.RTM_NEWRULE,
                    Uapi.RTM_NEWNEIGH,
                    Uapi.RTM_NEWNSID -> true;
            default -> false;
        };
    }

    /// Whether it is about a next-hop object, which routes refer to.
    static boolean isNextHopObject(NetlinkMessage message) {
        return message.type() == Uapi.RTM_NEWNEXTHOP || message.type() == Uapi.RTM_DELNEXTHOP;
    }
}
