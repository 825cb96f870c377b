package io.ipvlan;

import io.ipvlan.ip.IpCidr;
import java.util.List;

/// What an endpoint is: a snapshot.
///
/// @param id its name within its network
/// @param netns the namespace it was attached in
/// @param interfaceName the child link's name there
/// @param interfaceIndex the child link's index there
/// @param addresses its addresses
public record EndpointInfo(String id, Netns netns, String interfaceName, int interfaceIndex, List<IpCidr> addresses) {
    /// Copies the list.
    public EndpointInfo {
        addresses = List.copyOf(addresses);
    }
}
