package io.ipvlan.internal.kernel;

import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.internal.plan.Marks;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.route.HardwareAddress;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkMessage;
import io.ipvlan.netlink.route.RouteMessage;
import io.ipvlan.netlink.route.RouteSocket;
import io.ipvlan.netlink.route.RouteTable;
import java.util.List;
import java.util.Optional;

/// What netlink says about a namespace, in the words of the planner.
final class Observation {
    private Observation() {}

    static NamespaceState everything(RouteSocket socket) throws NetlinkException {
        return new NamespaceState(
                links(socket),
                socket.addresses().stream()
                        .map(address -> new NamespaceState.Address(address.index(), address.address()))
                        .toList(),
                socket.routes().stream()
                        .filter(route -> route.table() != RouteTable.LOCAL)
                        .map(Observation::route)
                        .toList(),
                socket.rules().stream()
                        .filter(rule -> rule.protocol() == Marks.PROTOCOL)
                        .flatMap(
                                rule -> rule.source().stream().map(from -> new NamespaceState.Rule(from, rule.table())))
                        .toList());
    }

    private static List<NamespaceState.Link> links(RouteSocket socket) throws NetlinkException {
        return socket.links().stream().map(Observation::link).toList();
    }

    static NamespaceState.Link link(LinkMessage message) {
        return new NamespaceState.Link(
                message.index(),
                message.name(),
                message.alternativeNames(),
                message.alias().orElse(""),
                message.address().equals(HardwareAddress.NONE)
                        ? ""
                        : message.address().toString(),
                message.isLoopback(),
                message.isUp(),
                message.mtu(),
                message.group() == Marks.GROUP,
                message.info().map(LinkInfo::kind).orElse(""),
                lower(message),
                message.master(),
                message.info().flatMap(Observation::tag),
                message.info().flatMap(Observation::port));
    }

    private static Optional<NamespaceState.Lower> lower(LinkMessage message) {
        return message.link().isPresent()
                ? Optional.of(new NamespaceState.Lower(message.link().getAsInt(), message.linkNamespace()))
                : Optional.empty();
    }

    private static Optional<NamespaceState.Tag> tag(LinkInfo info) {
        return info instanceof LinkInfo.Vlan vlan
                ? Optional.of(new NamespaceState.Tag(vlan.id(), vlan.protocol()))
                : Optional.empty();
    }

    /// The port behind a child link; empty for other kinds, and for modes and flags of a newer kernel.
    private static Optional<NamespaceState.Port> port(LinkInfo info) {
        if (info instanceof LinkInfo.Ipvlan(int mode, int flags)) {
            for (IpvlanMode known : IpvlanMode.values()) {
                for (IpvlanFlag flag : IpvlanFlag.values()) {
                    if (Requests.number(known) == mode && Requests.number(flag) == flags) {
                        return Optional.of(new NamespaceState.Port(known, flag));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static NamespaceState.Entry route(RouteMessage route) {
        return new NamespaceState.Entry(
                route.destination(),
                route.gateway(),
                route.device().orElse(0),
                route.metric(),
                route.table(),
                route.protocol() == Marks.PROTOCOL);
    }
}
