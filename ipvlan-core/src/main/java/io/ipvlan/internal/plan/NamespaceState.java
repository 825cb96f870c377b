package io.ipvlan.internal.plan;

import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.Route;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/// A network namespace as it was seen at one moment.
///
/// @param links its links
/// @param addresses its addresses
/// @param routes its routes of all tables but the local one
/// @param rules its rules that carry our mark
public record NamespaceState(List<Link> links, List<Address> addresses, List<Entry> routes, List<Rule> rules) {
    private static final int MAIN_TABLE = 254;

    public NamespaceState {
        links = List.copyOf(links);
        addresses = List.copyOf(addresses);
        routes = List.copyOf(routes);
        rules = List.copyOf(rules);
    }

    /// A link.
    ///
    /// @param index its index
    /// @param name its name
    /// @param alternativeNames other names it is found by
    /// @param alias the text it carries; empty if none
    /// @param mac its hardware address as text; empty if it has none
    /// @param loopback whether it is the loopback link
    /// @param up whether it is up
    /// @param mtu the largest packet in bytes
    /// @param owned whether it carries our mark
    /// @param kind the kernel's name of its kind; empty for hardware
    /// @param lower the link it stands on
    /// @param master the index of the link it is a part of
    /// @param tag number and protocol, if it is a VLAN link
    /// @param port mode and flag, if it is an ipvlan child and they are known to the library
    public record Link(
            int index,
            String name,
            List<String> alternativeNames,
            String alias,
            String mac,
            boolean loopback,
            boolean up,
            int mtu,
            boolean owned,
            String kind,
            Optional<Lower> lower,
            OptionalInt master,
            Optional<Tag> tag,
            Optional<Port> port) {
        public Link {
            alternativeNames = List.copyOf(alternativeNames);
        }

        /// Whether it is of a kind of which a parent serves one.
        public boolean isChild() {
            return kind.startsWith("ipv") || kind.startsWith("macv"); // ipvlan, ipvtap, macvlan, macvtap
        }

        public boolean isIpvlan() {
            return kind.equals("ipvlan");
        }

        /// Whether it is an ipvlan link that carries our mark.
        public boolean isOurChild() {
            return isIpvlan() && owned;
        }

        boolean isDummy() {
            return kind.equals("dummy");
        }

        public boolean isCalled(String wanted) {
            return name.equals(wanted) || alternativeNames.contains(wanted);
        }

        /// Whether it stands on a link of the same namespace.
        public boolean standsOn(int other) {
            return lower.isPresent()
                    && lower.get().namespace().isEmpty()
                    && lower.get().index() == other;
        }
    }

    /// The link another one stands on.
    ///
    /// @param index its index
    /// @param namespace the number by which this namespace knows the one it is in; empty if it is the same
    public record Lower(int index, OptionalInt namespace) {}

    /// What marks the frames of a VLAN.
    ///
    /// @param id the number of the VLAN
    /// @param protocol the EtherType
    public record Tag(int id, int protocol) {}

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

    /// A route.
    ///
    /// @param destination where it leads
    /// @param gateway the next hop
    /// @param device the index of the link it leaves by; 0 if it has none, or several
    /// @param metric its priority
    /// @param table its table
    /// @param owned whether it carries our mark
    public record Entry(
            IpPrefix destination, Optional<IpAddress> gateway, int device, int metric, int table, boolean owned) {
        boolean isDefault() {
            return destination.length() == 0;
        }

        /// Whether it is a route of ours, as far as that route says.
        ///
        /// @param wanted the route
        /// @param link the index of its device; 0 if it has none, or does not say
        public boolean realises(Route wanted, int link) {
            return owned
                    && destination.equals(wanted.destination())
                    && gateway.equals(wanted.gateway())
                    && (link == 0 || device == link)
                    && (wanted.metric().isEmpty() || wanted.metric().getAsInt() == metric)
                    && wanted.table().orElse(MAIN_TABLE) == table;
        }

        public boolean isInMainTable() {
            return table == MAIN_TABLE;
        }
    }

    /// A rule: packets from a prefix are routed by a table.
    ///
    /// @param from the source addresses
    /// @param table the table
    public record Rule(IpPrefix from, int table) {}

    public Optional<Link> link(int index) {
        return links.stream().filter(link -> link.index() == index).findFirst();
    }

    /// Finds a link by its name or an alternative name.
    public Optional<Link> link(String name) {
        return links.stream().filter(link -> link.isCalled(name)).findFirst();
    }

    /// The link that one stands on, if that is in this namespace, too.
    public Optional<Link> below(Link link) {
        return link.lower().filter(lower -> lower.namespace().isEmpty()).flatMap(lower -> link(lower.index()));
    }

    /// A link and what it stands on, down to the first that is not the library's own.
    public List<Link> ownFrom(Link top) {
        List<Link> own = new ArrayList<>();
        for (Optional<Link> next = Optional.of(top);
                next.isPresent() && next.get().owned(); ) {
            own.add(next.get());
            next = below(next.get());
        }
        return own;
    }

    /// The ipvlan and macvlan links of this namespace on a link of it.
    public List<Link> childrenOf(int parent) {
        return links.stream()
                .filter(link -> link.isChild() && link.standsOn(parent))
                .toList();
    }

    /// The addresses of a link.
    public List<IpCidr> addressesOf(int link) {
        return addresses.stream()
                .filter(address -> address.link() == link)
                .map(Address::address)
                .toList();
    }

    /// Every prefix in use here: addresses, and where routes lead.
    public Stream<IpPrefix> prefixes() {
        return Stream.concat(
                addresses.stream().map(address -> address.address().prefix()),
                routes.stream().filter(route -> !route.isDefault()).map(Entry::destination));
    }
}
