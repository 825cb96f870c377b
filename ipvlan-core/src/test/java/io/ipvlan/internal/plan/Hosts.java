package io.ipvlan.internal.plan;

import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.ip.IpCidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Hosts as a kernel would show them, put together link by link.
final class Hosts {
    static final int ETH0 = 2;
    static final int ETH1 = 3;

    private final List<HostState.Link> links = new ArrayList<>();
    private final List<HostState.Address> addresses = new ArrayList<>();

    /// A host with `lo`, `eth0` (192.168.1.250/24, 2001:db8:1::250/64) and `eth1`.
    Hosts() {
        links.add(new HostState.Link(1, "lo", true, "", OptionalInt.empty(), Optional.empty()));
        link(ETH0, "eth0", "", OptionalInt.empty(), Optional.empty());
        link(ETH1, "eth1", "", OptionalInt.empty(), Optional.empty());
        addresses.add(new HostState.Address(ETH0, IpCidr.parse("192.168.1.250/24")));
        addresses.add(new HostState.Address(ETH0, IpCidr.parse("2001:db8:1::250/64")));
    }

    private Hosts link(int index, String name, String kind, OptionalInt lower, Optional<HostState.Port> port) {
        links.add(new HostState.Link(index, name, false, kind, lower, port));
        return this;
    }

    Hosts with(int index, String name, String kind, int lower) {
        return link(index, name, kind, OptionalInt.of(lower), Optional.empty());
    }

    Hosts withChild(int index, String name, int lower, IpvlanMode mode, IpvlanFlag flag) {
        return link(index, name, "ipvlan", OptionalInt.of(lower), Optional.of(new HostState.Port(mode, flag)));
    }

    HostState state() {
        return new HostState(
                links,
                addresses,
                addresses.stream().map(address -> address.address().prefix()).toList());
    }
}
