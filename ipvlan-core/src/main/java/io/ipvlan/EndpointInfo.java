package io.ipvlan;

import io.ipvlan.ip.IpCidr;
import java.util.List;
import java.util.Objects;

/// What an endpoint is: a snapshot.
///
/// @param id its name within its network
/// @param netns the namespace it was attached in
/// @param interfaceName the child link's name there
/// @param interfaceIndex the child link's index there
/// @param addresses its addresses
public record EndpointInfo(String id, Netns netns, String interfaceName, int interfaceIndex, List<IpCidr> addresses) {
    /// Checks for null and copies the list.
    public EndpointInfo {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(netns, "netns");
        Objects.requireNonNull(interfaceName, "interfaceName");
        addresses = List.copyOf(addresses);
    }
}
