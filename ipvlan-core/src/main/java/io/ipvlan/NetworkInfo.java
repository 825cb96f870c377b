package io.ipvlan;

import io.ipvlan.ipam.Subnet;
import java.util.List;
import java.util.Objects;

/// What a network is: a snapshot.
///
/// @param description what was asked for
/// @param parent the parent link's name in the host's namespace
/// @param parentOwned whether the parent was made for this network and goes with it
/// @param subnets the subnets as they are used: those named, with their gateways, and those drawn from the
///     default pools
/// @param endpoints the endpoints, in the order of their ids
public record NetworkInfo(
        IpvlanNetwork description,
        String parent,
        boolean parentOwned,
        List<Subnet> subnets,
        List<EndpointInfo> endpoints) {
    /// Checks for null and copies the lists.
    public NetworkInfo {
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(parent, "parent");
        subnets = List.copyOf(subnets);
        endpoints = List.copyOf(endpoints);
    }
}
