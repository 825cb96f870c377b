package io.ipvlan;

import io.ipvlan.ip.IpCidr;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What the kernel holds of a network: a snapshot. What it should hold says [NetworkInfo]; what differs says
/// [ActiveNetwork#verify].
///
/// @param parent the parent; empty if it is gone
/// @param hostAccess the child link in the parent's namespace; empty if it is gone, or was not asked for
/// @param endpoints what is in the namespaces of the endpoints, by id
public record ObservedNetwork(Optional<Link> parent, Optional<Link> hostAccess, Map<String, Endpoint> endpoints) {
    /// Checks for null and copies the map, in its order.
    public ObservedNetwork {
        Objects.requireNonNull(parent, "parent");
        Objects.requireNonNull(hostAccess, "hostAccess");
        endpoints = Collections.unmodifiableMap(new LinkedHashMap<>(endpoints));
    }

    /// A link.
    ///
    /// @param name its name
    /// @param index its index
    /// @param up whether it is up
    /// @param mtu its largest packet in bytes
    /// @param mode the mode of its parent, if it is a child link
    /// @param flag the flag of its parent, if it is a child link
    /// @param addresses its addresses
    public record Link(
            String name,
            int index,
            boolean up,
            int mtu,
            Optional<IpvlanMode> mode,
            Optional<IpvlanFlag> flag,
            List<IpCidr> addresses) {
        /// Checks for null and copies the list.
        public Link {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(mode, "mode");
            Objects.requireNonNull(flag, "flag");
            addresses = List.copyOf(addresses);
        }
    }

    /// What is in the namespace of an endpoint.
    ///
    /// @param link its link; empty if it is gone, or its namespace is
    /// @param routes the routes that leave by it, those of the kernel included
    public record Endpoint(Optional<Link> link, List<Route> routes) {
        /// Checks for null and copies the list.
        public Endpoint {
            Objects.requireNonNull(link, "link");
            routes = List.copyOf(routes);
        }
    }
}
