package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;

/// What a link has counted since it was made, in 64 bits. Reported only when asked for:
/// [LinkQuery#withStatistics], [LinkLookup#withStatistics].
///
/// Source: `struct rtnl_link_stats64` in `linux/if_link.h`.
///
/// @param received packets that came in
/// @param sent packets that went out
/// @param multicast multicast packets received
/// @param collisions collisions while sending
/// @param unclaimed packets received that no protocol wanted; 0 on a kernel older than Linux 4.6
public record LinkStatistics(Traffic received, Traffic sent, long multicast, long collisions, long unclaimed) {
    private static final int OFFSET_UNCLAIMED = 23 * 8;

    /// One direction. The numbers wrap at 2⁶⁴ and are negative from 2⁶³ on.
    ///
    /// @param packets good packets
    /// @param bytes the bytes in them
    /// @param errors packets that went wrong
    /// @param dropped packets that were thrown away for want of room, or by the link's own rules
    public record Traffic(long packets, long bytes, long errors, long dropped) {}

    static LinkStatistics read(AttributeReader counters) throws NetlinkException.Malformed {
        return new LinkStatistics(
                new Traffic(counters.u64(0), counters.u64(16), counters.u64(32), counters.u64(48)),
                new Traffic(counters.u64(8), counters.u64(24), counters.u64(40), counters.u64(56)),
                counters.u64(64),
                counters.u64(72),
                counters.length() > OFFSET_UNCLAIMED ? counters.u64(OFFSET_UNCLAIMED) : 0);
    }
}
