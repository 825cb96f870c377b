package io.ipvlan.internal.plan;

import io.ipvlan.ip.IpPrefix;
import java.util.List;

/// A network's use of a parent.
///
/// @param network the network's name
/// @param port the mode and flag it needs there
/// @param subnets the prefixes it hands addresses out of
public record PortUse(String network, NamespaceState.Port port, List<IpPrefix> subnets) {}
