package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.IpamException.AddressInUse;
import io.ipvlan.ipam.IpamException.AddressOutsidePool;
import io.ipvlan.ipam.IpamException.AddressResting;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The pools of several subnets and of both families, from which an endpoint gets all its addresses at once
/// or none.
///
/// A group keeps nothing itself: its pools may be used on their own too, and be in several groups. Safe for
/// use by several threads; each pool is locked by itself, never two at a time. While a request that cannot be
/// met is being given back, other threads may find its addresses taken.
public final class PoolGroup {
    private final List<AddressPool> pools;
    private final Map<IpFamily, List<AddressPool>> byFamily = new EnumMap<>(IpFamily.class);

    private PoolGroup(List<AddressPool> pools) {
        this.pools = pools;
        for (IpFamily family : IpFamily.values()) {
            byFamily.put(
                    family,
                    pools.stream()
                            .filter(pool -> pool.subnet().family() == family)
                            .toList());
        }
    }

    /// A group of pools.
    ///
    /// @param pools the pools, those that are to be used up first in front
    /// @return the group
    /// @throws IllegalArgumentException if the subnets of two pools overlap
    public static PoolGroup of(List<AddressPool> pools) {
        List<AddressPool> copy = List.copyOf(pools);
        for (int one = 0; one < copy.size(); one++) {
            for (int other = 0; other < one; other++) {
                IpPrefix prefix = copy.get(one).subnet().prefix();
                IpPrefix before = copy.get(other).subnet().prefix();
                if (prefix.overlaps(before)) {
                    throw new IllegalArgumentException(
                            "the subnets " + before + " and " + prefix + " of two pools overlap: make them one pool");
                }
            }
        }
        return new PoolGroup(copy);
    }

    /// The pools of this group.
    ///
    /// @return the pools in their order, immutable
    public List<AddressPool> pools() {
        return pools;
    }

    /// Hands out one address of each family of the group.
    ///
    /// @param owner who is to hold them
    /// @return the leases, IPv4 first
    /// @throws PoolExhausted if there is none of one family; nothing has changed
    /// @throws IllegalArgumentException if the owner is blank or has half a surrogate pair
    public List<Lease> allocate(String owner) {
        return allocate(GroupRequest.by(owner));
    }

    /// Hands out all addresses of a request, or none.
    ///
    /// Those that are named come from the pool of their subnet; the others from the first pool of their
    /// family that has one.
    ///
    /// @param request who wants how many and which addresses
    /// @return the leases: first those named, in the order of the request, then IPv4 before IPv6
    /// @throws PoolExhausted if there are too few; nothing has changed
    /// @throws AddressInUse if an address named is held already; nothing has changed
    /// @throws AddressResting if an address named cools down or is in quarantine; nothing has changed
    /// @throws AddressOutsidePool if an address named is never handed out, or lies outside every subnet;
    /// nothing has changed
    public List<Lease> allocate(GroupRequest request) {
        return grant(request).leases();
    }

    /// Hands out all addresses of a request, or none, so that they can be taken back as if they never had
    /// been.
    ///
    /// @param request who wants how many and which addresses
    /// @return the leases, and the way back
    /// @throws IpamException as [#allocate(GroupRequest)]; nothing has changed
    public GroupGrant grant(GroupRequest request) {
        List<AddressPool.Grant> grants = new ArrayList<>();
        try {
            for (IpAddress address : request.addresses()) {
                grants.add(poolOf(address, request.owner())
                        .grantRevocably(asked(request).withAddress(address)));
            }
            for (IpFamily family : IpFamily.values()) {
                for (int left = unnamed(request, family); left > 0; left--) {
                    grants.add(first(pools(family), family, request));
                }
            }
            return new GroupGrant(grants);
        } catch (RuntimeException | Error e) {
            try {
                new GroupGrant(grants).revoke();
            } catch (RuntimeException | Error also) {
                if (!e.equals(also)) { // which the JVM refuses to suppress in itself
                    e.addSuppressed(also);
                }
            }
            throw e;
        }
    }

    /// What [#allocate(GroupRequest)] would hand out now, and with [Strategy#RANDOM] what it might. Changes
    /// nothing but what a random source draws next, and holds nothing back: the next caller may get it.
    ///
    /// It costs no more the more is held, unless more than one address of a family is wanted of which one at
    /// least is not named, or the request cannot be met: then the pools are copied.
    ///
    /// @param request who would want how many and which addresses
    /// @return the addresses with the prefix lengths of their subnets, in the order of the leases
    /// @throws IpamException as [#allocate(GroupRequest)]
    public List<IpCidr> preview(GroupRequest request) {
        return new GroupPreview(this, request).run();
    }

    List<AddressPool> pools(IpFamily family) {
        return byFamily.getOrDefault(family, List.of());
    }

    /// How many addresses of a family are to be chosen for a request: none of a family that is neither asked
    /// for nor here.
    int unnamed(GroupRequest request, IpFamily family) {
        boolean wanted = request.counts().containsKey(family) || !pools(family).isEmpty();
        return wanted ? request.unnamed(family) : 0;
    }

    private static AddressRequest asked(GroupRequest request) {
        return new AddressRequest(request.owner(), Optional.empty(), request.labels(), Optional.empty());
    }

    private AddressPool poolOf(IpAddress address, String owner) {
        return find(address).orElseThrow(() -> new AddressOutsidePool(prefixes(pools), address, owner));
    }

    Optional<AddressPool> find(IpAddress address) {
        return pools.stream()
                .filter(pool -> pool.subnet().prefix().contains(address))
                .findFirst();
    }

    private static String prefixes(List<AddressPool> pools) {
        return pools.stream().map(pool -> pool.subnet().prefix()).toList().toString();
    }

    private static AddressPool.Grant first(List<AddressPool> candidates, IpFamily family, GroupRequest request) {
        @Nullable PoolExhausted last = null;
        List<String> reasons = new ArrayList<>();
        for (AddressPool pool : candidates) {
            try {
                return pool.grantRevocably(asked(request));
            } catch (PoolExhausted e) {
                last = e;
                reasons.add(pool.subnet().prefix() + " has " + e.reason());
            }
        }
        if (last != null && candidates.size() == 1) {
            throw last;
        }
        throw new PoolExhausted(
                "address of " + family + " in subnets " + prefixes(candidates),
                prefixes(candidates),
                request.owner(),
                candidates.isEmpty() ? "there is no pool of that family" : String.join("; ", reasons));
    }

    /// Takes addresses back, each as its pool does.
    ///
    /// @param leases leases of pools of this group
    /// @throws NotHeld if one is not held; all others are taken back, and further refusals are suppressed in
    /// the first
    public void release(Collection<Lease> leases) {
        GroupGrant.toEach(
                leases,
                lease -> find(lease.ip())
                        .orElseThrow(
                                () -> new NotHeld("address " + lease.address(), prefixes(pools), lease.owner(), null))
                        .release(lease));
    }
}
