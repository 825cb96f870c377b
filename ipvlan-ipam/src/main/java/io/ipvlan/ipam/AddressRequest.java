package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What somebody wants of a pool. Immutable; each `with` method returns a changed copy.
///
/// @param owner who is to hold the address, in the caller's own words; one owner may hold several
/// @param address the address wanted; empty for one that the pool's strategy chooses
/// @param labels what else the caller wants to know of the lease; empty unless given
/// @param hold how long the address is kept without being committed; empty for a lease that needs no commit
public record AddressRequest(
        String owner, Optional<IpAddress> address, Map<String, String> labels, Optional<Duration> hold) {
    /// Checks that the owner is named and the time can be counted.
    ///
    /// @param owner who is to hold the address
    /// @param address the address wanted
    /// @param labels what else is known; copied
    /// @param hold how long the address is kept without being committed
    /// @throws IllegalArgumentException if the owner is blank, a label has half a surrogate pair, or the time
    ///     is negative or longer than 146 years
    public AddressRequest {
        Objects.requireNonNull(address, "address");
        checkOwner(owner);
        labels = Map.copyOf(labels);
        SnapshotFormat.check(labels);
        hold.ifPresent(duration -> PoolOptions.check("hold", duration));
    }

    /// A request for any address, without labels, that needs no commit.
    ///
    /// @param owner who is to hold it
    /// @return the request
    /// @throws IllegalArgumentException if the owner is blank
    public static AddressRequest by(String owner) {
        return new AddressRequest(owner, Optional.empty(), Map.of(), Optional.empty());
    }

    /// A copy that wants one certain address.
    ///
    /// @param wanted the address
    /// @return the changed copy
    public AddressRequest withAddress(IpAddress wanted) {
        return new AddressRequest(owner, Optional.of(wanted), labels, hold);
    }

    /// A copy with exactly these labels.
    ///
    /// @param all the labels; copied
    /// @return the changed copy
    /// @throws IllegalArgumentException if one of them has half a surrogate pair
    public AddressRequest withLabels(Map<String, String> all) {
        return new AddressRequest(owner, address, all, hold);
    }

    /// A copy that only reserves: the lease lapses unless [AddressPool#commit(Lease)] is called in time.
    ///
    /// @param duration the time from the pool's answer on
    /// @return the changed copy
    /// @throws IllegalArgumentException if it is negative or longer than 146 years
    public AddressRequest withHold(Duration duration) {
        return new AddressRequest(owner, address, labels, Optional.of(duration));
    }

    static void checkOwner(String owner) {
        if (owner.isBlank()) {
            throw new IllegalArgumentException("a lease needs an owner that is not blank: name its holder");
        }
    }
}
