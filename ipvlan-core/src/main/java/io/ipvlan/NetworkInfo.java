package io.ipvlan;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.PoolUsage;
import io.ipvlan.ipam.Subnet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What a network is: a snapshot.
///
/// @param description what was asked for
/// @param parent the name of its parent when it was last seen
/// @param parentIndex the parent's index, which is what it is known by
/// @param parentOwned whether the parent is the library's own, and goes with the last network that uses it
/// @param subnets the subnets as they are used: those named, with their gateways, and those drawn from the
///     default pools
/// @param hostAddresses with host access, the addresses by which endpoints reach the parent's namespace
/// @param usage how the addresses of each subnet are used
/// @param endpoints the endpoints, in the order of their ids
public record NetworkInfo(
        IpvlanNetwork description,
        String parent,
        int parentIndex,
        boolean parentOwned,
        List<Subnet> subnets,
        List<IpAddress> hostAddresses,
        Map<IpPrefix, PoolUsage> usage,
        List<EndpointInfo> endpoints) {
    /// Checks for null and copies the collections, in their order.
    public NetworkInfo {
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(parent, "parent");
        subnets = List.copyOf(subnets);
        hostAddresses = List.copyOf(hostAddresses);
        usage = Collections.unmodifiableMap(new LinkedHashMap<>(usage));
        endpoints = List.copyOf(endpoints);
    }
}
