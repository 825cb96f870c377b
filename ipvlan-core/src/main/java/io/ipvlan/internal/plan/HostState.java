package io.ipvlan.internal.plan;

import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The host's network namespace as it was seen at one moment.
///
/// @param links its links
/// @param addresses its addresses
/// @param routes the destinations of its routes, without default routes
public record HostState(List<Link> links, List<Address> addresses, List<IpPrefix> routes) {
    public HostState {
        links = List.copyOf(links);
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
    }

    /// A link.
    ///
    /// @param index its index
    /// @param name its name
    /// @param loopback whether it is the loopback link
    /// @param kind the kernel's name of its kind; empty for hardware
    /// @param lower the index of the link it stands on, if that is in the same namespace
    /// @param port mode and flag, if it is an ipvlan child and they are known to the library
    public record Link(int index, String name, boolean loopback, String kind, OptionalInt lower, Optional<Port> port) {
        /// Whether it is of a kind of which a parent serves one.
        public boolean isChild() {
            return kind.startsWith("ipv") || kind.startsWith("macv"); // ipvlan, ipvtap, macvlan, macvtap
        }

        boolean standsOn(Link other) {
            return lower.isPresent() && lower.getAsInt() == other.index();
        }
    }

    /// What all children of a parent share.
    ///
    /// @param mode the mode
    /// @param flag the flag
    public record Port(IpvlanMode mode, IpvlanFlag flag) {
        @Override
        public String toString() {
            return mode.text() + " " + flag.text();
        }
    }

    /// An address.
    ///
    /// @param link the index of the link that has it
    /// @param address the address
    public record Address(int link, IpCidr address) {}

    Optional<Link> link(String name) {
        return links.stream().filter(link -> link.name().equals(name)).findFirst();
    }

    /// The addresses of a link; none if there is no such link.
    public List<IpCidr> addressesOf(String link) {
        return link(link).stream()
                .flatMap(found -> addresses.stream().filter(address -> address.link() == found.index()))
                .map(Address::address)
                .toList();
    }
}
