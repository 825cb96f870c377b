package io.ipvlan.internal.engine;

import io.ipvlan.AddressException;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.AddressPool;
import io.ipvlan.ipam.IpamException;
import io.ipvlan.ipam.Lease;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
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

    /// Keeps an address from being handed out, if it belongs to one of the subnets. One that an endpoint has stays
    /// with it.
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
        for (IpFamily family : IpFamily.values()) {
            List<AddressPool> ofFamily = pools.stream()
                    .filter(pool -> pool.subnet().family() == family)
                    .toList();
            if (!ofFamily.isEmpty() && requested.stream().noneMatch(address -> address.family() == family)) {
                leases.add(automatic(ofFamily, owner, undo));
            }
        }
        return leases;
    }

    /// Leases exactly the addresses asked for.
    List<Lease> leaseRequested(List<IpAddress> requested, String owner, Undo undo) {
        List<Lease> leases = new ArrayList<>();
        for (IpAddress address : requested) {
            AddressPool pool = pools.stream()
                    .filter(candidate -> candidate.subnet().prefix().contains(address))
                    .findFirst()
                    .orElseThrow(() -> failed(
                            address.toString(),
                            "it is outside every subnet of the network: "
                                    + subnets().stream().map(Subnet::prefix).toList(),
                            null));
            leases.add(take(pool, address.toString(), () -> pool.allocate(address, owner), undo));
        }
        return leases;
    }

    /// The lowest free address of the first subnet that has one.
    private Lease automatic(List<AddressPool> candidates, String owner, Undo undo) {
        IpamException.PoolExhausted exhausted = null;
        for (AddressPool pool : candidates) {
            try {
                return taken(pool, pool.allocate(owner), undo);
            } catch (IpamException.PoolExhausted e) {
                exhausted = e;
            }
        }
        throw failed(
                "of " + candidates.stream().map(pool -> pool.subnet().prefix()).toList(),
                exhausted == null ? "there is no subnet" : String.valueOf(exhausted.getMessage()),
                exhausted);
    }

    private Lease take(AddressPool pool, String object, Supplier<Lease> allocation, Undo undo) {
        try {
            return taken(pool, allocation.get(), undo);
        } catch (IpamException e) {
            throw failed(object, String.valueOf(e.getMessage()), e);
        }
    }

    private static Lease taken(AddressPool pool, Lease lease, Undo undo) {
        undo.add(() -> pool.release(lease));
        return lease;
    }

    void release(Lease lease) {
        pools.stream()
                .filter(pool -> pool.subnet().prefix().contains(lease.address().address()))
                .findFirst()
                .orElseThrow()
                .release(lease);
    }

    private AddressException failed(String object, String reason, @Nullable IpamException cause) {
        return new AddressException("lease address", object + " in network '" + network + "'", reason, null, cause);
    }
}
