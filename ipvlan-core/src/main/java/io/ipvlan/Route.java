package io.ipvlan;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import java.util.Objects;
import java.util.Optional;

/// A route: where it leads, by which next hop, through which link.
///
/// @param destination the prefix it leads to; length 0 for a default route
/// @param gateway the next hop; empty if the destination is on-link
/// @param device the link's name
public record Route(IpPrefix destination, Optional<IpAddress> gateway, String device) {
    /// Checks for null.
    public Route {
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(gateway, "gateway");
        Objects.requireNonNull(device, "device");
    }

    /// A route to a prefix that is reached on the link itself.
    ///
    /// @param destination the prefix
    /// @param device the link's name
    /// @return the route
    public static Route onLink(IpPrefix destination, String device) {
        return new Route(destination, Optional.empty(), device);
    }

    /// A route by a next hop.
    ///
    /// @param destination the prefix
    /// @param gateway the next hop
    /// @param device the link's name
    /// @return the route
    public static Route via(IpPrefix destination, IpAddress gateway, String device) {
        return new Route(destination, Optional.of(gateway), device);
    }

    /// Whether it is a default route.
    ///
    /// @return true if it leads to every address of its family
    public boolean isDefault() {
        return destination.length() == 0;
    }

    /// The route as `ip route` shows it, such as `default via 192.168.1.1 dev eth0`.
    @Override
    public String toString() {
        return text(device);
    }

    /// The route as a shell takes it.
    String command() {
        return text(Commands.quote(device));
    }

    private String text(String device) {
        return (isDefault() ? "default" : destination.toString())
                + gateway.map(address -> " via " + address).orElse("") + " dev " + device;
    }
}
