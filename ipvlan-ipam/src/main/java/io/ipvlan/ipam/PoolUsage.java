package io.ipvlan.ipam;

import io.ipvlan.ip.IpRange;
import java.math.BigInteger;
import java.util.Optional;

/// How the addresses of a pool are used, each counted once: in the first of these that it is. They sum to
/// `size`.
///
/// @param size all addresses of the subnet
/// @param held handed out, whether committed or not
/// @param pending of those held: reserved and not yet committed
/// @param cooling released, and kept from others for a while
/// @param quarantined used by a stranger when last seen
/// @param reserved handed out on request only, or withheld, or the gateway
/// @param excluded never handed out without being asked for, or never at all: network, broadcast and
/// subnet-router anycast address, outside the ranges, or excluded
/// @param free to be handed out
/// @param largestHole the longest run of free addresses, the first of equally long ones; empty if none is free
public record PoolUsage(
        BigInteger size,
        long held,
        long pending,
        long cooling,
        long quarantined,
        long reserved,
        BigInteger excluded,
        BigInteger free,
        Optional<IpRange> largestHole) {
    /// The usage for people to read.
    ///
    /// @return a text like `256 addresses: 3 held (1 of them pending), 0 cooling, 0 quarantined, 2 reserved, 2
    /// excluded, 249 free, largest hole 10.1.214.7-10.1.214.254`
    @Override
    public String toString() {
        return size + " addresses: " + held + " held" + (pending > 0 ? " (" + pending + " of them pending)" : "") + ", "
                + cooling + " cooling, " + quarantined + " quarantined, " + reserved + " reserved, " + excluded
                + " excluded, " + free + " free"
                + largestHole.map(hole -> ", largest hole " + hole).orElse("");
    }
}
