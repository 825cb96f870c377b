package io.ipvlan;

import java.util.List;
import java.util.Map;

/// What nobody needs any more: see [Ipvlan#garbage].
///
/// @param endpoints endpoints that the caller does not count among the living, by network
/// @param links child links that say they belong to one of the engine's networks, and to no endpoint it knows
public record Garbage(Map<String, List<Endpoint>> endpoints, List<OwnedLink> links) {
    /// Copies the collections.
    public Garbage {
        endpoints = Map.copyOf(endpoints);
        links = List.copyOf(links);
    }

    /// Whether there is nothing.
    ///
    /// @return whether it is so
    public boolean isEmpty() {
        return endpoints.isEmpty() && links.isEmpty();
    }
}
