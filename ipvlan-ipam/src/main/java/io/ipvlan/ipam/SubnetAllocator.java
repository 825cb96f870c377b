package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Draws free prefixes for new subnets from default pools.
///
/// The cost of a draw follows the number of gaps among the prefixes taken, not the number of subnets in a
/// pool. The state lives in memory only: to restore it, [#claim(IpPrefix)] each known prefix. Safe for use by
/// several threads; no method waits for anything but another call's end.
public final class SubnetAllocator {
    /// The default IPv4 pools of Docker's local networks: 172.17.0.0/16 to 172.31.0.0/16 as one /16 each,
    /// then 192.168.0.0/16 in /20s; 31 subnets in all.
    public static final List<Pool> DOCKER_POOLS = dockerPools();

    private final List<Pool> pools;
    /// How often each prefix is taken, and the addresses of them all.
    private final NavigableMap<IpPrefix, Integer> holds = new TreeMap<>();
    private final RangeSet taken = new RangeSet();

    private SubnetAllocator(List<Pool> pools) {
        this.pools = List.copyOf(pools);
    }

    /// An allocator with nothing drawn yet.
    ///
    /// @param pools where to draw from, most wanted first; they may overlap, and there may be none
    /// @return a new allocator that knows nothing of others over the same pools
    public static SubnetAllocator of(List<Pool> pools) {
        return new SubnetAllocator(pools);
    }

    /// Where this allocator draws from.
    ///
    /// @return the pools in their order, immutable
    public List<Pool> pools() {
        return pools;
    }

    /// Draws the lowest free prefix of the first pool that has one, and marks it as taken.
    ///
    /// @param family the family of the prefix
    /// @param avoid prefixes the result must not overlap, such as the routes of the host; of any size and
    /// either family
    /// @return a prefix that overlaps neither these nor any prefix taken
    /// @throws PoolExhausted if no pool of the family has one; nothing has changed
    public synchronized IpPrefix allocate(IpFamily family, Collection<IpPrefix> avoid) {
        IpPrefix free = preview(family, avoid);
        claim(free);
        return free;
    }

    /// What [#allocate] would draw now. Changes nothing, and holds nothing back.
    ///
    /// @param family the family
    /// @param avoid prefixes not to overlap
    /// @return the prefix
    /// @throws PoolExhausted if no pool of the family has a free one
    public synchronized IpPrefix preview(IpFamily family, Collection<IpPrefix> avoid) {
        RangeSet avoided = new RangeSet();
        avoid.forEach(prefix -> avoided.add(IpRange.of(prefix)));
        List<Pool> candidates =
                pools.stream().filter(pool -> pool.base().family() == family).toList();
        for (Pool pool : candidates) {
            IpPrefix free = lowestFree(pool, avoided);
            if (free != null) {
                return free;
            }
        }
        throw PoolExhausted.of(family, candidates, holds.size(), avoid.size());
    }

    private @Nullable IpPrefix lowestFree(Pool pool, RangeSet avoided) {
        IpPrefix candidate = IpPrefix.of(pool.base().first(), pool.size());
        while (true) {
            IpAddress busy =
                    higher(taken.endOfLastRunIn(IpRange.of(candidate)), avoided.endOfLastRunIn(IpRange.of(candidate)));
            if (busy == null) {
                return candidate;
            }
            // The next candidate starts behind all that is in the way, however many subnets that skips.
            IpAddress end = IpPrefix.containing(busy, pool.size()).last();
            if (end.compareTo(pool.base().last()) >= 0) {
                return null;
            }
            candidate = IpPrefix.of(end.plus(1), pool.size());
        }
    }

    private static @Nullable IpAddress higher(@Nullable IpAddress one, @Nullable IpAddress other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) > 0 ? one : other;
    }

    /// Marks a prefix as taken without drawing it: one restored, or one a user named. It may lie outside all
    /// pools, may overlap what is taken, and may be taken several times: it is free when each has been
    /// released.
    ///
    /// @param prefix any prefix
    public synchronized void claim(IpPrefix prefix) {
        holds.merge(prefix, 1, Integer::sum);
        taken.add(IpRange.of(prefix));
    }

    /// Gives a drawn or claimed prefix back; a prefix taken several times must be given back as often.
    ///
    /// @param prefix exactly the prefix taken
    /// @throws NotHeld if it is not taken, also if a larger or smaller one is; nothing has changed
    public synchronized void release(IpPrefix prefix) {
        Integer count = holds.get(prefix);
        if (count == null) {
            throw NotHeld.of(prefix);
        }
        if (count > 1) {
            holds.put(prefix, count - 1);
            return;
        }
        holds.remove(prefix);
        if (!isInsideAnother(prefix)) {
            taken.remove(IpRange.of(prefix));
            holdsInside(prefix).forEach(inner -> taken.add(IpRange.of(inner)));
        }
    }

    private boolean isInsideAnother(IpPrefix prefix) {
        for (int length = 0; length < prefix.length(); length++) {
            if (holds.containsKey(IpPrefix.containing(prefix.first(), length))) {
                return true;
            }
        }
        return false;
    }

    // Of all prefixes that begin in a prefix, the order puts the longest one at its last address at the end.
    private Collection<IpPrefix> holdsInside(IpPrefix prefix) {
        IpPrefix end = IpPrefix.of(prefix.last(), prefix.family().bits());
        return holds.subMap(prefix, true, end, true).keySet();
    }

    private static List<Pool> dockerPools() {
        List<Pool> pools = new ArrayList<>();
        for (int second = 17; second <= 31; second++) {
            pools.add(new Pool(IpPrefix.parse("172." + second + ".0.0/16"), 16));
        }
        pools.add(new Pool(IpPrefix.parse("192.168.0.0/16"), 20));
        return List.copyOf(pools);
    }

    /// A block of addresses to be cut into subnets of one size.
    ///
    /// @param base the block
    /// @param size the prefix length of each subnet: from that of the base, for one subnet, to 32 or 128
    public record Pool(IpPrefix base, int size) {
        private static final int IPV4_SIZE = 24;
        private static final int IPV6_SIZE = 64;

        /// Checks that the base can be cut so.
        ///
        /// @param base the block
        /// @param size the prefix length of each subnet
        /// @throws IllegalArgumentException if the size is shorter than the base or longer than an address
        public Pool {
            if (size < base.length() || size > base.family().bits()) {
                throw new IllegalArgumentException("pool " + base + " cannot be cut into /" + size
                        + " subnets: choose a length from " + base.length() + " to "
                        + base.family().bits());
            }
        }

        /// Reads a pool that is cut into subnets of the usual size: /24 for IPv4, /64 for IPv6; a base that
        /// is no larger than that is one subnet.
        ///
        /// @param base a prefix like `10.200.0.0/14`
        /// @return the pool
        /// @throws IllegalArgumentException if the text is not a prefix
        public static Pool parse(String base) {
            IpPrefix prefix = IpPrefix.parse(base);
            int usual = prefix.family() == IpFamily.IPV4 ? IPV4_SIZE : IPV6_SIZE;
            return new Pool(prefix, Math.max(usual, prefix.length()));
        }

        /// The pool for people to read.
        ///
        /// @return a text like `192.168.0.0/16 in /20s`
        @Override
        public String toString() {
            return base + " in /" + size + "s";
        }
    }
}
