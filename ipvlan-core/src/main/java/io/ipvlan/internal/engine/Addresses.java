package io.ipvlan.internal.engine;

import io.ipvlan.AddressException;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Operation.Phase;
import io.ipvlan.internal.observe.Timing;
import io.ipvlan.internal.store.Records.EndpointRecord;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.AddressPool;
import io.ipvlan.ipam.GroupGrant;
import io.ipvlan.ipam.GroupRequest;
import io.ipvlan.ipam.IpamException;
import io.ipvlan.ipam.Lease;
import io.ipvlan.ipam.PoolGroup;
import io.ipvlan.ipam.PoolOptions;
import io.ipvlan.ipam.PoolUsage;
import io.ipvlan.ipam.Subnet;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The addresses of one network: a pool for each subnet. Safe for several threads.
final class Addresses {
    private static final Logger LOG = LoggerFactory.getLogger(Addresses.class);

    /// Who holds the addresses of host access: no endpoint can have this name.
    static final String HOST = "(host access)";

    /// How long an address rests that a stranger was seen with.
    private static final Duration QUARANTINE = Duration.ofMinutes(5);

    private final String network;
    private final List<Subnet> subnets;
    private final PoolGroup pools;

    Addresses(IpvlanNetwork network, List<Subnet> subnets) {
        PoolOptions options = PoolOptions.of(network.strategy()).withCoolDown(network.coolDown());
        this.network = network.name();
        this.subnets = List.copyOf(subnets);
        this.pools = PoolGroup.of(
                subnets.stream().map(subnet -> AddressPool.of(subnet, options)).toList());
    }

    List<Subnet> subnets() {
        return subnets;
    }

    List<IpPrefix> prefixes() {
        return subnets.stream().map(Subnet::prefix).toList();
    }

    Map<IpPrefix, PoolUsage> usage() {
        Map<IpPrefix, PoolUsage> usage = new LinkedHashMap<>();
        pools.pools().forEach(pool -> usage.put(pool.subnet().prefix(), pool.usage()));
        return usage;
    }

    private Optional<AddressPool> find(IpAddress address) {
        return pools.pools().stream()
                .filter(pool -> pool.subnet().prefix().contains(address))
                .findFirst();
    }

    /// Keeps an address from being handed out, if it belongs to one of the subnets. One that an endpoint has
    /// stays with it.
    void withhold(IpAddress address) {
        find(address).ifPresent(pool -> {
            try {
                pool.withhold(address);
            } catch (IpamException.AddressInUse e) {
                // An endpoint's, which is in that namespace; or the host has got it, too.
                LOG.debug("network '{}': {}", network, e.getMessage());
            }
        });
    }

    /// Keeps an address that a stranger has from being handed out for a while.
    void quarantine(IpAddress address) {
        find(address).ifPresent(pool -> {
            try {
                pool.quarantine(address, QUARANTINE);
            } catch (IpamException.AddressInUse e) {
                // Another call has got it meanwhile, and finds out by itself.
                LOG.debug("network '{}': {}", network, e.getMessage());
            }
        });
    }

    /// Leases what an endpoint asks for: the addresses named, and automatic ones.
    ///
    /// @return the leases, those named first
    /// @throws AddressException if one cannot be had; nothing is leased then
    List<Lease> lease(EndpointSpec endpoint, String owner, Undo undo) {
        return lease(request(endpoint, owner), undo);
    }

    private static GroupRequest request(EndpointSpec endpoint, String owner) {
        return new GroupRequest(owner, endpoint.addresses(), endpoint.counts(), Map.of());
    }

    /// Leases exactly the addresses named.
    List<Lease> leaseExactly(List<IpAddress> named, String owner, Undo undo) {
        return lease(new GroupRequest(owner, named, Map.of(IpFamily.IPV4, 0, IpFamily.IPV6, 0), Map.of()), undo);
    }

    /// Leases again what an endpoint had.
    List<Lease> lease(EndpointRecord record) {
        return leaseExactly(record.addresses().stream().map(IpCidr::address).toList(), record.id(), new Undo());
    }

    /// Leases an address of each subnet for host access.
    List<Lease> leaseForHost(Undo undo) {
        try {
            return pools.pools().stream()
                    .map(pool -> noted(pool.allocate(HOST), undo))
                    .toList();
        } catch (IpamException e) {
            throw failed(e);
        }
    }

    private Lease noted(Lease lease, Undo undo) {
        undo.add(() -> release(List.of(lease), true));
        return lease;
    }

    private List<Lease> lease(GroupRequest request, Undo undo) {
        try {
            GroupGrant grant = Timing.timed(Phase.ADDRESSES, () -> pools.grant(request));
            undo.add(grant::revoke); // nobody has used them
            return grant.leases();
        } catch (IpamException e) {
            throw failed(e);
        }
    }

    /// What [#lease] would give now. Holds nothing back.
    List<IpCidr> preview(EndpointSpec endpoint, String owner) {
        try {
            return pools.preview(request(endpoint, owner));
        } catch (IpamException e) {
            throw failed(e);
        }
    }

    /// Gives addresses back.
    ///
    /// @param certain whether nobody has them any more; otherwise they rest for a while
    void release(List<Lease> leases, boolean certain) {
        if (certain) {
            pools.release(leases);
        } else {
            leases.forEach(
                    lease -> find(lease.address().address()).ifPresent(pool -> pool.quarantine(lease, QUARANTINE)));
        }
    }

    private AddressException failed(IpamException cause) {
        String object = cause.address().map(IpAddress::toString).orElse("of " + prefixes());
        return new AddressException(
                "lease address",
                object + " in network '" + network + "'",
                cause.reason(),
                cause.address().orElse(null),
                null,
                cause);
    }
}
