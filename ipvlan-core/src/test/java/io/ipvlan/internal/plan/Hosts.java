package io.ipvlan.internal.plan;

import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Hosts as a kernel would show them, put together link by link.
final class Hosts {
    static final int ETH0 = 2;
    static final int ETH1 = 3;

    private final List<NamespaceState.Link> links = new ArrayList<>();
    private final List<NamespaceState.Address> addresses = new ArrayList<>();
    private final List<NamespaceState.Entry> routes = new ArrayList<>();

    /// A host with `lo`, `eth0` (192.168.1.250/24, 2001:db8:1::250/64) and `eth1`.
    Hosts() {
        links.add(new Link(1, "lo").loopback().built());
        links.add(new Link(ETH0, "eth0").mac("02:00:00:00:00:02").built());
        links.add(new Link(ETH1, "eth1").mac("02:00:00:00:00:03").built());
        addresses.add(new NamespaceState.Address(ETH0, IpCidr.parse("192.168.1.250/24")));
        addresses.add(new NamespaceState.Address(ETH0, IpCidr.parse("2001:db8:1::250/64")));
    }

    /// A link, property by property.
    static final class Link {
        private final int index;
        private final String name;
        private List<String> alternativeNames = List.of();
        private String alias = "";
        private String mac = "";
        private boolean loopback;
        private boolean up = true;
        private int mtu = 1500;
        private boolean owned;
        private String kind = "";
        private Optional<NamespaceState.Lower> lower = Optional.empty();
        private OptionalInt master = OptionalInt.empty();
        private Optional<NamespaceState.Tag> tag = Optional.empty();
        private Optional<NamespaceState.Port> port = Optional.empty();

        Link(int index, String name) {
            this.index = index;
            this.name = name;
        }

        Link alsoCalled(String... names) {
            alternativeNames = List.of(names);
            return this;
        }

        Link mac(String address) {
            mac = address;
            return this;
        }

        Link loopback() {
            loopback = true;
            return this;
        }

        Link down() {
            up = false;
            return this;
        }

        Link alias(String text) {
            alias = text;
            return this;
        }

        Link mtu(int bytes) {
            mtu = bytes;
            return this;
        }

        Link owned() {
            owned = true;
            alias = "ipvlan:n";
            return this;
        }

        Link kind(String name) {
            kind = name;
            return this;
        }

        Link on(int other) {
            lower = Optional.of(new NamespaceState.Lower(other, OptionalInt.empty()));
            return this;
        }

        Link partOf(int other) {
            master = OptionalInt.of(other);
            return this;
        }

        Link tag(int id, int protocol) {
            kind = "vlan";
            tag = Optional.of(new NamespaceState.Tag(id, protocol));
            return this;
        }

        Link port(IpvlanMode mode, IpvlanFlag flag) {
            kind = "ipvlan";
            port = Optional.of(new NamespaceState.Port(mode, flag));
            return this;
        }

        NamespaceState.Link built() {
            return new NamespaceState.Link(
                    index,
                    name,
                    alternativeNames,
                    alias,
                    mac,
                    loopback,
                    up,
                    mtu,
                    owned,
                    kind,
                    lower,
                    master,
                    tag,
                    port);
        }
    }

    /// Adds a link, or puts it in the place of the one with its index.
    Hosts with(Link link) {
        NamespaceState.Link built = link.built();
        links.removeIf(other -> other.index() == built.index());
        links.add(built);
        return this;
    }

    Hosts with(int index, String name, String kind, int lower) {
        return with(new Link(index, name).kind(kind).on(lower));
    }

    Hosts withChild(int index, String name, int lower, IpvlanMode mode, IpvlanFlag flag) {
        return with(new Link(index, name).on(lower).port(mode, flag));
    }

    Hosts withDefaultRoute(String gateway, int device, int metric) {
        IpAddress address = IpAddress.parse(gateway);
        IpPrefix everything = IpPrefix.containing(address, 0);
        routes.add(new NamespaceState.Entry(everything, Optional.of(address), device, metric, 254, false));
        return this;
    }

    Hosts withRoute(NamespaceState.Entry route) {
        routes.add(route);
        return this;
    }

    NamespaceState state() {
        return new NamespaceState(links, addresses, routes, List.of());
    }
}
