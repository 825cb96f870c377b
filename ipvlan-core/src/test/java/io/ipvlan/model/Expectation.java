package io.ipvlan.model;

import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Parent;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.Subnet;
import io.ipvlan.model.Topology.Knows;
import io.ipvlan.model.World.Attached;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Who is to reach whom, as the documentation promises it: said of networks, subnets, modes and flags,
/// without a look at any route of the plan.
public final class Expectation {
    /// An address that is in no subnet of anybody.
    private static final IpAddress ELSEWHERE = IpAddress.parse("203.0.113.1");

    private final Topology.Outside outside;
    private final Map<String, List<IpCidr>> addresses = new LinkedHashMap<>();
    private final Map<String, Attached> guests = new LinkedHashMap<>();

    public Expectation(Topology topology, List<Attached> attached) {
        outside = topology.outside();
        attached.forEach(guest -> {
            guests.put(guest.name(), guest);
            addresses.put(guest.name(), guest.addresses());
        });
        addresses.put(Topology.HOST, Topology.HOST_ADDRESSES);
        addresses.put(Topology.NEIGHBOUR, topology.neighbourAddresses());
        addresses.put(Topology.BEYOND, Topology.BEYOND_ADDRESSES);
    }

    /// A ping.
    public record Ping(String from, IpAddress to) {}

    /// All pings from or to a guest, with who is to answer each: nobody, if empty. What a node has itself it
    /// does not ping.
    public Map<Ping, Optional<String>> pings() {
        Map<Ping, Optional<String>> pings = new LinkedHashMap<>();
        for (String from : addresses.keySet()) {
            addresses.forEach((to, all) -> all.stream()
                    .map(IpCidr::address)
                    .filter(address -> isAsked(from, address))
                    .forEach(address -> pings.merge(
                            new Ping(from, address),
                            reaches(from, to, address) ? Optional.of(to) : Optional.empty(),
                            (one, other) -> one.or(() -> other))));
        }
        return pings;
    }

    private boolean isAsked(String from, IpAddress address) {
        return guests.containsKey(from)
                ? !holds(from, address)
                : addresses.keySet().stream().noneMatch(node -> !guests.containsKey(node) && holds(node, address));
    }

    private boolean holds(String node, IpAddress address) {
        return all(node).stream().anyMatch(own -> own.address().equals(address));
    }

    private List<IpCidr> all(String node) {
        return Objects.requireNonNull(addresses.get(node), node);
    }

    /// There and back again.
    private boolean reaches(String from, String to, IpAddress address) {
        return source(from, address)
                .filter(source -> arrives(from, to, address) && arrives(to, from, source))
                .isPresent();
    }

    /// One beside the destination; with IPv4 one beside the gateway, with IPv6 the one most like the
    /// destination.
    private Optional<IpAddress> source(String node, IpAddress destination) {
        List<IpCidr> own = all(node).stream()
                .filter(candidate -> candidate.family() == destination.family())
                .toList();
        return own.stream()
                .filter(candidate -> candidate.prefix().contains(destination))
                .findFirst()
                .or(() -> destination.family() == IpFamily.IPV4
                        ? besideGateway(node)
                        : own.stream().max(Comparator.comparingInt(one -> Node.commonBits(one.address(), destination))))
                .or(() -> own.stream().findFirst())
                .map(IpCidr::address);
    }

    private Optional<IpCidr> besideGateway(String node) {
        return Optional.ofNullable(guests.get(node))
                .filter(guest -> way(guest, ELSEWHERE) == Way.ROUTER)
                .flatMap(guest -> guest.addresses().stream()
                        .filter(own -> guest.network().subnets().stream()
                                .anyMatch(subnet -> subnet.prefix().equals(own.prefix())
                                        && gateway(guest.network(), subnet)
                                                .findFirst()
                                                .isPresent()))
                        .filter(own -> own.family() == IpFamily.IPV4)
                        .findFirst());
    }

    private boolean arrives(String from, String to, IpAddress address) {
        Attached sender = guests.get(from);
        Attached receiver = guests.get(to);
        if (sender == null) {
            return receiver != null && Topology.onWire(receiver.network()) && enters(from, receiver, address);
        }
        if (receiver != null && !sameParent(sender.network(), receiver.network())) {
            return false;
        }
        if (receiver == null && !Topology.onWire(sender.network())) {
            return false;
        }
        return switch (way(sender, address)) {
            case NONE -> false;
            case SEGMENT -> receiver != null ? siblingsMeet(sender.network()) : to.equals(Topology.NEIGHBOUR);
            case HOST -> receiver != null ? siblingsMeet(sender.network()) : leavesByHost(to, address);
            case ROUTER ->
                neighbourIsGateway(sender, address.family())
                        && (to.equals(Topology.NEIGHBOUR)
                                || (outside.forwards()
                                        && (receiver == null || neighbourKnows(receiver.network(), address))));
        };
    }

    /// A network on a dummy parent is alone there; networks on a parent of the host share it.
    private static boolean sameParent(IpvlanNetwork one, IpvlanNetwork other) {
        return one.equals(other) || (Topology.onWire(one) && one.parent().equals(other.parent()));
    }

    /// How a guest sends to an address.
    private enum Way {
        NONE,
        SEGMENT,
        HOST,
        ROUTER
    }

    /// Routed, everything is the business of the parent's namespace, and without a default route still the
    /// network's own subnets. Switched, the own subnets are the segment, and where nothing else can be
    /// reached the network's other subnets, too; all else is a router's business.
    private static Way way(Attached guest, IpAddress address) {
        IpvlanNetwork network = guest.network();
        List<IpCidr> own = guest.addresses().stream()
                .filter(candidate -> candidate.family() == address.family())
                .toList();
        boolean ownSubnet = own.stream().anyMatch(one -> one.prefix().contains(address));
        boolean ownNetwork = !own.isEmpty()
                && network.subnets().stream().anyMatch(subnet -> subnet.prefix().contains(address));
        boolean elsewhere = !own.isEmpty() && guest.defaultRoute() && !network.internal();
        if (network.mode().isRouted()) {
            return ownNetwork || elsewhere ? Way.HOST : Way.NONE;
        }
        boolean leadsNowhere = network.parent() instanceof Parent.Dummy || network.internal();
        if (ownSubnet || (ownNetwork && leadsNowhere)) {
            return Way.SEGMENT;
        }
        return elsewhere && Topology.onWire(network) ? Way.ROUTER : Way.NONE;
    }

    /// Bridge: directly. Private: not. VEPA: if what leaves comes back, from the switch in L2, from a router
    /// that sends it to the host again in the routed modes.
    private boolean siblingsMeet(IpvlanNetwork network) {
        boolean comesBack = Topology.onWire(network)
                && (network.mode().isRouted()
                        ? outside.hostDefault() && outside.forwards() && outside.knows() == Knows.BY_HOST
                        : outside.reflects());
        return network.flag() == IpvlanFlag.BRIDGE || (network.flag() == IpvlanFlag.VEPA && comesBack);
    }

    /// Whether what a routed guest gives to the host's stack gets to a machine on the wire. An IPv4 address
    /// for which the host has no route is taken for on link, and the neighbour answers for all its own.
    private boolean leavesByHost(String to, IpAddress address) {
        return switch (to) {
            case Topology.HOST -> true;
            case Topology.NEIGHBOUR ->
                Topology.isOwnSegment(address) || outside.hostDefault() || address.family() == IpFamily.IPV4;
            default -> outside.hostDefault() && outside.forwards();
        };
    }

    /// Whether what a machine on the wire sends gets to a guest. Host and guests do not reach each other
    /// through the parent, so from the host too all goes by the router.
    private boolean enters(String from, Attached guest, IpAddress address) {
        return neighbourKnows(guest.network(), address)
                && switch (from) {
                    case Topology.HOST ->
                        outside.hostDefault() && outside.forwards() && !Topology.isOwnSegment(address);
                    case Topology.NEIGHBOUR -> true;
                    default -> outside.forwards();
                };
    }

    /// Whether the neighbour gets a packet to a guest: switched guests answer for their addresses, and take
    /// what is sent to the host for them; routed ones only the latter.
    private boolean neighbourKnows(IpvlanNetwork network, IpAddress address) {
        return network.mode().isRouted()
                ? outside.knows() == Knows.BY_HOST
                : Topology.isOwnSegment(address) || outside.knows() != Knows.NOTHING;
    }

    /// Whether the gateway of a guest exists: that of the first of its subnets which has one.
    private boolean neighbourIsGateway(Attached guest, IpFamily family) {
        return guest.addresses().stream()
                .filter(own -> own.family() == family)
                .flatMap(own -> guest.network().subnets().stream()
                        .filter(subnet -> subnet.prefix().equals(own.prefix()))
                        .flatMap(subnet -> gateway(guest.network(), subnet)))
                .findFirst()
                .filter(gateway -> holds(Topology.NEIGHBOUR, gateway))
                .isPresent();
    }

    private static Stream<IpAddress> gateway(IpvlanNetwork network, Subnet subnet) {
        return Topology.gateway(network, subnet).stream();
    }
}
