package io.ipvlan;

import io.ipvlan.internal.plan.LinkNames;
import io.ipvlan.internal.plan.ObjectNames;
import io.ipvlan.ip.IpAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Where and how to attach a network namespace: an immutable value. Everything but the namespace has a
/// default.
///
/// Use [#in(Netns)] and what follows it: the constructor gets another parameter with every setting that is
/// added.
///
/// @param netns the namespace
/// @param id the endpoint's name, unique within its network; made up at random if empty
/// @param addresses the addresses it shall have. For a family of the network that none of them belongs to,
///     the lowest free address is taken from the first subnet that has one
/// @param interfaceName the child link's name inside the namespace; `eth0` if empty
/// @param defaultRoute whether it gets the default route that its network provides
public record EndpointSpec(
        Netns netns,
        Optional<String> id,
        List<IpAddress> addresses,
        Optional<String> interfaceName,
        boolean defaultRoute) {
    /// Checks the names.
    ///
    /// @throws IllegalArgumentException if a name cannot be one, or an address is given twice
    public EndpointSpec {
        Objects.requireNonNull(netns, "netns");
        id.ifPresent(ObjectNames::requireId);
        interfaceName.ifPresent(LinkNames::require);
        addresses = List.copyOf(addresses);
        if (addresses.stream().distinct().count() < addresses.size()) {
            throw new IllegalArgumentException("an address is asked for twice: " + addresses);
        }
    }

    /// An endpoint in a namespace, with automatic addresses, named `eth0`.
    ///
    /// @param netns the namespace
    /// @return the specification
    public static EndpointSpec in(Netns netns) {
        return new EndpointSpec(netns, Optional.empty(), List.of(), Optional.empty(), true);
    }

    /// Names the endpoint.
    ///
    /// @param id 1 to 128 letters, digits, `.`, `_` and `-`, the first a letter or digit
    /// @return the changed specification
    /// @throws IllegalArgumentException if it is none
    public EndpointSpec withId(String id) {
        return new EndpointSpec(netns, Optional.of(id), addresses, interfaceName, defaultRoute);
    }

    /// Asks for an address.
    ///
    /// @param address the address as text, without prefix length, such as `192.168.214.10`
    /// @return the changed specification
    /// @throws IllegalArgumentException if the text is no address, or asked for already
    public EndpointSpec withAddress(String address) {
        return withAddress(IpAddress.parse(address));
    }

    /// Asks for an address.
    ///
    /// @param address an address of one of the network's subnets
    /// @return the changed specification
    /// @throws IllegalArgumentException if it is asked for already
    public EndpointSpec withAddress(IpAddress address) {
        List<IpAddress> more =
                Stream.concat(addresses.stream(), Stream.of(address)).toList();
        return new EndpointSpec(netns, id, more, interfaceName, defaultRoute);
    }

    /// Names the child link.
    ///
    /// @param name its name inside the namespace, at most 15 bytes
    /// @return the changed specification
    /// @throws IllegalArgumentException if it cannot name a link
    public EndpointSpec withInterfaceName(String name) {
        return new EndpointSpec(netns, id, addresses, Optional.of(name), defaultRoute);
    }

    /// Leaves the namespace's default route alone, for a namespace that has one already. The endpoint then
    /// reaches its own subnet, and the other subnets of its network where they are on link: in the routed
    /// modes, on a dummy parent, and in an internal network.
    ///
    /// @return the changed specification
    public EndpointSpec withoutDefaultRoute() {
        return new EndpointSpec(netns, id, addresses, interfaceName, false);
    }
}
