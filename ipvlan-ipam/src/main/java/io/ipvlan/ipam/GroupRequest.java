package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What somebody wants of several pools at once. Immutable; each `with` method returns a changed copy.
///
/// @param owner who is to hold the addresses, in the caller's own words
/// @param addresses the addresses wanted in particular, each of which counts as one of its family
/// @param counts how many addresses of a family are wanted in all; for a family that is not named one, if
///     there is a pool of it
/// @param labels what else the caller wants to know of each lease; empty unless given
public record GroupRequest(
        String owner, List<IpAddress> addresses, Map<IpFamily, Integer> counts, Map<String, String> labels) {
    /// Checks that the owner is named and no number is negative.
    ///
    /// @param owner who is to hold the addresses
    /// @param addresses the addresses wanted in particular; copied
    /// @param counts how many addresses of a family are wanted in all; copied
    /// @param labels what else is known; copied
    /// @throws IllegalArgumentException if the owner is blank, a label has half a surrogate pair, a number is
    ///     negative or an address there twice
    public GroupRequest {
        AddressRequest.checkOwner(owner);
        addresses = List.copyOf(addresses);
        counts = Map.copyOf(counts);
        labels = Map.copyOf(labels);
        SnapshotFormat.check(labels);
        counts.forEach((family, count) -> {
            if (count < 0) {
                throw new IllegalArgumentException(count + " addresses of " + family + ": ask for none or more");
            }
        });
        if (new HashSet<>(addresses).size() < addresses.size()) {
            throw new IllegalArgumentException("addresses " + addresses + ": name each once");
        }
    }

    /// A request for one address of each family.
    ///
    /// @param owner who is to hold them
    /// @return the request
    /// @throws IllegalArgumentException if the owner is blank
    public static GroupRequest by(String owner) {
        return new GroupRequest(owner, List.of(), Map.of(), Map.of());
    }

    /// A copy that wants one more certain address.
    ///
    /// @param address the address
    /// @return the changed copy
    /// @throws IllegalArgumentException if it is wanted already
    public GroupRequest withAddress(IpAddress address) {
        List<IpAddress> more = new ArrayList<>(addresses);
        more.add(Objects.requireNonNull(address, "address"));
        return new GroupRequest(owner, more, counts, labels);
    }

    /// A copy that wants so many addresses of a family.
    ///
    /// @param family the family
    /// @param count how many in all, those named included; 0 for none but those named
    /// @return the changed copy
    /// @throws IllegalArgumentException if the number is negative
    public GroupRequest withCount(IpFamily family, int count) {
        Map<IpFamily, Integer> more = new TreeMap<>(counts);
        more.put(family, count);
        return new GroupRequest(owner, addresses, more, labels);
    }

    /// A copy with exactly these labels.
    ///
    /// @param all the labels; copied
    /// @return the changed copy
    /// @throws IllegalArgumentException if one of them has half a surrogate pair
    public GroupRequest withLabels(Map<String, String> all) {
        return new GroupRequest(owner, addresses, counts, all);
    }

    /// How many are named.
    int named(IpFamily family) {
        int named = 0;
        for (IpAddress address : addresses) {
            named += address.family() == family ? 1 : 0;
        }
        return named;
    }

    /// How many more are wanted than those named.
    int unnamed(IpFamily family) {
        return Math.max(0, count(family).orElse(1) - named(family));
    }

    private Optional<Integer> count(IpFamily family) {
        @Nullable Integer count = counts.get(family);
        return Optional.ofNullable(count);
    }
}
