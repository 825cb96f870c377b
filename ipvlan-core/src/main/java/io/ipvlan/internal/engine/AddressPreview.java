package io.ipvlan.internal.engine;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.AddressPool;
import io.ipvlan.ipam.GroupRequest;
import io.ipvlan.ipam.IpamException;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import io.ipvlan.ipam.Lease;
import io.ipvlan.ipam.PoolGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a request would be given now. Changes nothing, and holds nothing back.
///
/// Mostly each address can be asked for by itself. Copies of the pools, which cost the more the more is
/// taken, are used if one address depends on another, and to say why there is none.
final class AddressPreview {
    private final PoolGroup pools;
    private final GroupRequest request;

    AddressPreview(PoolGroup pools, GroupRequest request) {
        this.pools = pools;
        this.request = request;
    }

    /// The addresses that [PoolGroup#allocate(GroupRequest)] would lease, in the same order.
    ///
    /// @throws IpamException as that
    List<IpCidr> run() {
        return isIndependent() ? oneByOne().orElseGet(this::fromCopies) : fromCopies();
    }

    /// Whether no address that a pool chooses depends on others of the request: there are none of its family.
    private boolean isIndependent() {
        return Stream.of(IpFamily.values()).allMatch(family -> wanted(family) <= Math.max(1, named(family)));
    }

    private int wanted(IpFamily family) {
        return request.counts().getOrDefault(family, pools(family).isEmpty() ? 0 : 1);
    }

    private List<AddressPool> pools(IpFamily family) {
        return pools.pools().stream()
                .filter(pool -> pool.subnet().family() == family)
                .toList();
    }

    private long named(IpFamily family) {
        return request.addresses().stream()
                .filter(address -> address.family() == family)
                .count();
    }

    /// @return empty if one cannot be had of any pool
    private Optional<List<IpCidr>> oneByOne() {
        List<IpCidr> addresses = new ArrayList<>();
        for (IpAddress address : request.addresses()) {
            Optional<AddressPool> pool = pools.pools().stream()
                    .filter(candidate -> candidate.subnet().prefix().contains(address))
                    .findFirst();
            if (pool.isEmpty()) {
                return Optional.empty();
            }
            addresses.add(pool.get().preview(address, request.owner()));
        }
        for (IpFamily family : IpFamily.values()) {
            if (wanted(family) > named(family)) {
                Optional<IpCidr> chosen = pools(family).stream()
                        .flatMap(pool -> choose(pool).stream())
                        .findFirst();
                if (chosen.isEmpty()) {
                    return Optional.empty();
                }
                addresses.add(chosen.get());
            }
        }
        return Optional.of(addresses);
    }

    /// @return empty if this pool has none; the next may have one
    private Optional<IpCidr> choose(AddressPool pool) {
        try {
            return Optional.of(pool.preview(request.owner()));
        } catch (PoolExhausted e) {
            return Optional.empty();
        }
    }

    private List<IpCidr> fromCopies() {
        PoolGroup copies = PoolGroup.of(pools.pools().stream()
                .map(pool -> AddressPool.restore(pool.state(), pool.options()))
                .toList());
        return copies.allocate(request).stream().map(Lease::address).toList();
    }
}
