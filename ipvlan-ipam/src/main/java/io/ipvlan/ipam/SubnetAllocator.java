package io.ipvlan.ipam;

import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.Ipv6Address;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import io.ipvlan.ipam.IpamException.SubnetOverlap;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Draws free prefixes for new subnets, and keeps the subnets of one overlap domain apart.
///
/// An overlap domain is wherever an address must mean one thing only: a parent link, a VLAN, a VRF; its name is
/// the caller's. In one domain no two subnets overlap. The same subnet may well be claimed in two domains; but
/// what is drawn is free in all of them, so that one host can route to every subnet it did not name itself.
///
/// Drawing, claiming and releasing cost a few steps for each bit of the prefix, however many are taken. The
/// state lives in memory only: to restore it, [#claim(String, IpPrefix)] each known prefix. Safe for use by
/// several threads; no method waits for anything but another call's end.
public final class SubnetAllocator {
    /// The default IPv4 pools of Docker's local networks: 172.17.0.0/16 to 172.31.0.0/16 as one /16 each,
    /// then 192.168.0.0/16 in /20s; 31 subnets in all.
    public static final List<Pool> DOCKER_POOLS = dockerPools();

    /// The overlap domain of the methods that name none.
    public static final String DEFAULT_DOMAIN = "default";

    private final List<Pool> pools;
    /// What is taken in each domain, and in any of them.
    private final Map<String, SubnetBook> domains = new TreeMap<>();

    private final SubnetBook anywhere = new SubnetBook();

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

    /// Draws from the default pools for the default domain.
    ///
    /// @param family the family of the prefix
    /// @param avoid prefixes the result must not overlap
    /// @return the prefix
    /// @throws PoolExhausted as in [#allocate(String, IpFamily, Collection)]
    public IpPrefix allocate(IpFamily family, Collection<IpPrefix> avoid) {
        return allocate(DEFAULT_DOMAIN, family, avoid);
    }

    /// Draws the lowest free prefix of the first default pool that has one, and marks it as taken.
    ///
    /// @param domain the overlap domain it is for
    /// @param family the family of the prefix
    /// @param avoid prefixes the result must not overlap, such as the routes and name servers of the host; of
    /// any size and either family
    /// @return a prefix that overlaps neither these nor any prefix taken in any domain
    /// @throws PoolExhausted if no pool of the family has one; nothing has changed
    public synchronized IpPrefix allocate(String domain, IpFamily family, Collection<IpPrefix> avoid) {
        IpPrefix free = preview(family, avoid);
        take(domain, free);
        return free;
    }

    /// Draws the lowest free prefix of a pool of any base and size, and marks it as taken.
    ///
    /// @param domain the overlap domain it is for
    /// @param pool where to draw from, whether it is a default pool or not
    /// @param avoid prefixes the result must not overlap
    /// @return a prefix that overlaps neither these nor any prefix taken in any domain
    /// @throws PoolExhausted if the pool has none; nothing has changed
    public synchronized IpPrefix allocate(String domain, Pool pool, Collection<IpPrefix> avoid) {
        IpPrefix free = lowestFree(pool.base().family(), List.of(pool), avoid);
        take(domain, free);
        return free;
    }

    /// What [#allocate(IpFamily, Collection)] would draw now. Changes nothing, and holds nothing back.
    ///
    /// @param family the family
    /// @param avoid prefixes not to overlap
    /// @return the prefix
    /// @throws PoolExhausted if no pool of the family has a free one
    public synchronized IpPrefix preview(IpFamily family, Collection<IpPrefix> avoid) {
        return lowestFree(
                family,
                pools.stream().filter(pool -> pool.base().family() == family).toList(),
                avoid);
    }

    private IpPrefix lowestFree(IpFamily family, List<Pool> candidates, Collection<IpPrefix> avoid) {
        PrefixTree tree = anywhere.of(family);
        List<IpPrefix> avoided =
                avoid.stream().filter(prefix -> prefix.family() == family).toList();
        avoided.forEach(tree::add);
        IpPrefix free = null;
        for (int at = 0; at < candidates.size() && free == null; at++) {
            free = tree.lowestFree(candidates.get(at).base(), candidates.get(at).size());
        }
        avoided.forEach(tree::remove);
        if (free == null) {
            throw exhausted(family, candidates, tree.size(), avoided.size());
        }
        return free;
    }

    private static PoolExhausted exhausted(IpFamily family, List<Pool> candidates, int taken, int avoided) {
        String name = family == IpFamily.IPV4 ? "IPv4" : "IPv6";
        return new PoolExhausted(
                name + " subnet" + (candidates.isEmpty() ? "" : " in pools " + candidates),
                candidates.toString(),
                null,
                candidates.isEmpty()
                        ? "there is no default pool of that family"
                        : "%d taken, %d to avoid".formatted(taken, avoided));
    }

    /// Marks a prefix as taken in the default domain.
    ///
    /// @param prefix any prefix
    /// @throws SubnetOverlap as in [#claim(String, IpPrefix)]
    public void claim(IpPrefix prefix) {
        claim(DEFAULT_DOMAIN, prefix);
    }

    /// Marks a prefix as taken without drawing it: one restored, or one a user named. It may lie outside all
    /// pools.
    ///
    /// @param domain the overlap domain it is for
    /// @param prefix any prefix
    /// @throws SubnetOverlap if it overlaps one taken in the same domain, or is one; nothing has changed
    public synchronized void claim(String domain, IpPrefix prefix) {
        SubnetBook book = domains.get(domain);
        IpPrefix taken = book == null ? null : book.of(prefix.family()).overlapping(prefix);
        if (taken != null) {
            throw new SubnetOverlap(domain, prefix, taken);
        }
        take(domain, prefix);
    }

    private void take(String domain, IpPrefix prefix) {
        domains.computeIfAbsent(domain, _ -> new SubnetBook())
                .of(prefix.family())
                .add(prefix);
        anywhere.of(prefix.family()).add(prefix);
    }

    /// Gives a prefix of the default domain back.
    ///
    /// @param prefix exactly the prefix taken
    /// @throws NotHeld as in [#release(String, IpPrefix)]
    public void release(IpPrefix prefix) {
        release(DEFAULT_DOMAIN, prefix);
    }

    /// Gives a drawn or claimed prefix back.
    ///
    /// @param domain the overlap domain it was taken for
    /// @param prefix exactly the prefix taken
    /// @throws NotHeld if it is not taken in that domain, also if a larger or smaller one is; nothing has
    /// changed
    public synchronized void release(String domain, IpPrefix prefix) {
        SubnetBook book = domains.get(domain);
        if (book == null || !book.of(prefix.family()).remove(prefix)) {
            throw new NotHeld("subnet " + prefix, domain, null, null);
        }
        if (book.isEmpty()) {
            domains.remove(domain);
        }
        anywhere.of(prefix.family()).remove(prefix);
    }

    /// The prefixes taken in a domain.
    ///
    /// @param domain the overlap domain
    /// @return a snapshot in ascending order; empty if there are none
    public synchronized List<IpPrefix> taken(String domain) {
        SubnetBook book = domains.get(domain);
        return book == null ? List.of() : book.all();
    }

    /// The domains in which anything is taken.
    ///
    /// @return a snapshot of their names, in ascending order
    public synchronized List<String> domains() {
        return List.copyOf(domains.keySet());
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
        private static final int UNIQUE_LOCAL_SIZE = 48;

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

        /// The unique local IPv6 prefix of a host (RFC 4193), cut into /64s: `fd00::/8` and the last 40 bits of
        /// the SHA-256 of its identity, as Docker makes it. It is the same each time, and different on any two
        /// hosts as good as surely.
        ///
        /// @param hostIdentity what tells the host from all others, such as the text of `/etc/machine-id`; not
        /// shown by the prefix
        /// @return a pool of a /48
        /// @throws IllegalArgumentException if the identity is blank
        public static Pool uniqueLocal(String hostIdentity) {
            if (hostIdentity.isBlank()) {
                throw new IllegalArgumentException("a blank host identity: give what tells this host from all others");
            }
            byte[] digest = sha256(hostIdentity.getBytes(StandardCharsets.UTF_8));
            long last = ByteBuffer.wrap(digest).getLong(digest.length - Long.BYTES);
            long high = (0xfdL << 56) | ((last & 0xff_ffff_ffffL) << 16);
            return new Pool(IpPrefix.of(new Ipv6Address(high, 0), UNIQUE_LOCAL_SIZE), IPV6_SIZE);
        }

        private static byte[] sha256(byte[] bytes) {
            try {
                return MessageDigest.getInstance("SHA-256").digest(bytes);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
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
