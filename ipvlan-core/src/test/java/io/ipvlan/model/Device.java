package io.ipvlan.model;

import io.ipvlan.ip.IpAddress;
import java.util.Optional;

/// A link, seen from the node it belongs to.
interface Device {
    /// Sends a packet out. The next hop is resolved to a hardware address first, where the link has any; a
    /// packet whose next hop nobody answers for is lost.
    ///
    /// @param packet the packet
    /// @param nextHop the gateway, or for a destination on link the destination
    /// @return the node whose stack gets it; empty if it is lost
    Optional<Node> send(Packet packet, IpAddress nextHop);

    /// A dummy link, which drops what it is given (`dummy_xmit` of `drivers/net/dummy.c`).
    static Device dummy() {
        return (_, _) -> Optional.empty();
    }
}
