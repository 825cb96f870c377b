package io.ipvlan.internal.engine;

import io.ipvlan.AddressException;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.AddressPool;
import io.ipvlan.ipam.IpamException;
import io.ipvlan.ipam.Lease;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The addresses of one network: a pool for each subnet. Safe for several threads.
final class Addresses {
    private static final Logger LOG = LoggerFactory.getLogger(Addresses.class);

    private final String network;
    private final List<AddressPool> pools;

    Addresses(String network, List<Subnet> subnets) {
        this.network = network;
        this.pools = subnets.stream().map(AddressPool::of).toList();
    }

    List<Subnet> subnets() {
        return pools.stream().map(AddressPool::subnet).toList();
    }

    /// Keeps an address from being handed out, if it belongs to one of the subnets. One that an endpoint has
    /// stays with it.
    void withhold(IpAddress address) {
        for (AddressPool pool : pools) {
            if (pool.subnet().prefix().contains(address)) {
                try {
                    pool.withhold(address);
                } catch (IpamException.AddressInUse e) {
                    LOG.warn("network '{}': its parent has got an address of an endpoint: {}", network, e.getMessage());
                }
            }
        }
    }

    /// Leases the addresses asked for, and one for each family of the network that none of them belongs to.
    ///
    /// @return the leases, those asked for first
    /// @throws AddressException if one cannot be had; the others are given back by `undo`
    List<Lease> lease(List<IpAddress> requested, String owner, Undo undo) {
        List<Lease> leases = leaseRequested(requested, owner, undo);
        leases.addAll(automatic(requested, pool -> taken(pool, pool.allocate(owner), undo)));
        return leases;
    }

    /// Leases exactly the addresses asked for.
    List<Lease> leaseRequested(List<IpAddress> requested, String owner, Undo undo) {
        return named(requested, (pool, address) -> taken(pool, pool.allocate(address, owner), undo));
    }

    /// What [#lease] would give now. Holds nothing back.
    List<IpCidr> preview(List<IpAddress> requested, String owner) {
        List<IpCidr> addresses = named(requested, (pool, address) -> pool.preview(address, owner));
        addresses.addAll(automatic(requested, pool -> pool.preview(owner)));
        return addresses;
    }

    private <T> List<T> named(List<IpAddress> requested, BiFunction<AddressPool, IpAddress, T> take) {
        List<T> found = new ArrayList<>();
        for (IpAddress address : requested) {
            try {
                found.add(take.apply(poolOf(address), address));
            } catch (IpamException e) {
                throw failed(address.toString(), address, String.valueOf(e.getMessage()), e);
            }
        }
        return found;
    }

    private AddressPool poolOf(IpAddress address) {
        return pools.stream()
                .filter(pool -> pool.subnet().prefix().contains(address))
                .findFirst()
                .orElseThrow(() -> failed(
                        address.toString(),
                        address,
                        "it is outside every subnet of the network: "
                                + subnets().stream().map(Subnet::prefix).toList(),
                        null));
    }

    private <T> List<T> automatic(List<IpAddress> requested, Function<AddressPool, T> take) {
        List<T> found = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            List<AddressPool> candidates = pools.stream()
                    .filter(pool -> pool.subnet().family() == family)
                    .toList();
            if (!candidates.isEmpty() && requested.stream().noneMatch(address -> address.family() == family)) {
                found.add(lowest(candidates, take));
            }
        }
        return found;
    }

    /// The lowest free address of the first subnet that has one.
    private <T> T lowest(List<AddressPool> candidates, Function<AddressPool, T> take) {
        StringJoiner reasons = new StringJoiner("; ");
        IpamException last = null;
        for (AddressPool pool : candidates) {
            try {
                return take.apply(pool);
            } catch (IpamException.PoolExhausted e) {
                reasons.add(e.getMessage());
                last = e;
            }
        }
        throw failed(
                "of " + candidates.stream().map(pool -> pool.subnet().prefix()).toList(),
                null,
                reasons.toString(),
                last);
    }

    private static Lease taken(AddressPool pool, Lease lease, Undo undo) {
        undo.add(() -> pool.release(lease));
        return lease;
    }

    void release(Lease lease) {
        poolOf(lease.address().address()).release(lease);
    }

    private AddressException failed(
            String object, @Nullable IpAddress address, String reason, @Nullable IpamException cause) {
        return new AddressException(
                "lease address", object + " in network '" + network + "'", reason, address, null, cause);
    }
}
