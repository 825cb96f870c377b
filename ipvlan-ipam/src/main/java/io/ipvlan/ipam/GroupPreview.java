package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a request would be given by a group now.
///
/// Mostly each address can be asked for by itself. Copies of the pools, which cost the more the more is
/// taken, are used if one address depends on another, and to say why there is none.
final class GroupPreview {
    private final PoolGroup group;
    private final GroupRequest request;

    GroupPreview(PoolGroup group, GroupRequest request) {
        this.group = group;
        this.request = request;
    }

    List<IpCidr> run() {
        return isIndependent() ? oneByOne().orElseGet(this::fromCopies) : fromCopies();
    }

    /// Whether no address that a pool chooses depends on others of the request: there are none of its family.
    private boolean isIndependent() {
        return Stream.of(IpFamily.values()).allMatch(family -> {
            int chosen = group.unnamed(request, family);
            return chosen == 0 || (chosen == 1 && request.named(family) == 0);
        });
    }

    /// @return empty if one cannot be had of any pool
    private Optional<List<IpCidr>> oneByOne() {
        List<IpCidr> addresses = new ArrayList<>();
        for (IpAddress address : request.addresses()) {
            Optional<AddressPool> pool = group.find(address);
            if (pool.isEmpty()) {
                return Optional.empty();
            }
            addresses.add(pool.get().preview(address, request.owner()));
        }
        for (IpFamily family : IpFamily.values()) {
            if (group.unnamed(request, family) > 0) {
                Optional<IpCidr> chosen = group.pools(family).stream()
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
        PoolGroup copies = PoolGroup.of(group.pools().stream()
                .map(pool -> AddressPool.restore(pool.state(), pool.options()))
                .toList());
        return copies.allocate(request).stream().map(Lease::address).toList();
    }
}
