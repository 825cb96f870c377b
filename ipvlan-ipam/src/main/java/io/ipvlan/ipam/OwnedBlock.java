package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// A block of a [BlockPool] that a host owns. Not for several threads at once.
final class OwnedBlock {
    final IpPrefix prefix;
    final String host;
    final AddressPool pool;

    /// Which other host holds an address of it.
    final Map<IpAddress, String> borrowers = new TreeMap<>();

    /// The place among all blocks, in the order in which they were taken.
    final long number;

    /// For a block without room: when there may be some again without anybody's doing, in nanoseconds of the
    /// epoch.
    long wakes;

    OwnedBlock(IpPrefix prefix, String host, AddressPool pool, long number) {
        this.prefix = prefix;
        this.host = host;
        this.pool = pool;
        this.number = number;
    }

    BlockPool.Block block() {
        // A reservation that lapsed is not borrowed any more, and nobody has released it.
        borrowers.keySet().removeIf(address -> pool.lease(address).isEmpty());
        return new BlockPool.Block(prefix, host, pool.leases(), Collections.unmodifiableMap(new TreeMap<>(borrowers)));
    }
}
