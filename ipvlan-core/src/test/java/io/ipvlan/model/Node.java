package io.ipvlan.model;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// A network namespace: its addresses, its routes, and what its stack does with a packet. Sources: the
/// kernel's `net/ipv4/route.c` and `net/ipv6/route.c`; what was measured says so.
public final class Node {
    /// No packet of these topologies needs more; one that does goes in a circle.
    private static final int MOST_HOPS = 6;

    private final String name;
    private final boolean forwards;
    private final List<Own> addresses = new ArrayList<>();
    private final List<Hop> routes = new ArrayList<>();

    private record Own(IpCidr address, Device device) {}

    private record Hop(IpPrefix destination, Optional<IpAddress> gateway, Device device) {}

    Node(String name, boolean forwards) {
        this.name = name;
        this.forwards = forwards;
    }

    /// An address comes with a route to its own prefix (`fib_add_ifaddr`, `addrconf_prefix_route`).
    void address(IpCidr address, Device device) {
        addresses.add(new Own(address, device));
        routes.add(new Hop(address.prefix(), Optional.empty(), device));
    }

    void route(IpPrefix destination, Optional<IpAddress> gateway, Device device) {
        routes.add(new Hop(destination, gateway, device));
    }

    /// Whether an address is this node's. A packet for it is taken whichever link it comes in by.
    boolean holds(IpAddress address) {
        return addresses.stream().anyMatch(own -> own.address().address().equals(address));
    }

    boolean holds(IpAddress address, Device device) {
        return addresses.stream()
                .anyMatch(own ->
                        own.device().equals(device) && own.address().address().equals(address));
    }

    /// Whether this node answers a neighbour that asks for the hardware address of an address: with IPv4 for
    /// any of its own (`arp_ignore` 0), with IPv6 for those of the link that is asked.
    boolean answersFor(IpAddress address, Device asked) {
        return address.family() == IpFamily.IPV4 ? holds(address) : holds(address, asked);
    }

    /// Whether a ping is answered, and by whom: the packet has to arrive, and the answer to find back.
    ///
    /// @param address what is pinged
    /// @return the node that answered; empty if no answer came
    public Optional<Node> ping(IpAddress address) {
        if (holds(address)) {
            return Optional.of(this);
        }
        return source(address)
                .flatMap(source -> carry(new Packet(source, address), MOST_HOPS)
                        .filter(there -> there.carry(new Packet(address, source), MOST_HOPS)
                                .filter(this::equals)
                                .isPresent()));
    }

    /// Takes a packet as far as it gets.
    private Optional<Node> carry(Packet packet, int hops) {
        if (holds(packet.to())) {
            return Optional.of(this);
        }
        return hops == 0 ? Optional.empty() : route(packet.to(), _ -> true).flatMap(hop -> follow(hop, packet, hops));
    }

    private static Optional<Node> follow(Hop hop, Packet packet, int hops) {
        return hop.device()
                .send(packet, hop.gateway().orElse(packet.to()))
                .filter(next -> next.forwards || next.holds(packet.to()))
                .flatMap(next -> next.carry(packet, hops - 1));
    }

    /// What the stack of a parent's namespace does with what a routed child gives it: it looks the route up
    /// with the parent as the only way out (`ipvlan_process_outbound`). Its own address on the parent it
    /// takes itself. Without a route IPv4 takes the destination for on link, IPv6 gives up (measured).
    Optional<Node> sendForChild(Packet packet, Device parent) {
        if (holds(packet.to(), parent)) {
            return Optional.of(this);
        }
        return route(packet.to(), parent::equals)
                .map(hop -> hop.gateway().orElse(packet.to()))
                .or(() -> Optional.of(packet.to()).filter(to -> to.family() == IpFamily.IPV4))
                .flatMap(nextHop -> parent.send(packet, nextHop));
    }

    /// The longest prefix wins.
    private Optional<Hop> route(IpAddress to, Predicate<Device> device) {
        return routes.stream()
                .filter(hop -> hop.destination().contains(to) && device.test(hop.device()))
                .max(Comparator.comparingInt(hop -> hop.destination().length()));
    }

    /// The address a packet gets that names none itself: with IPv4 one beside the next hop, otherwise the
    /// first (`inet_select_addr`); with IPv6 the one most like the destination (RFC 6724, rule 8).
    private Optional<IpAddress> source(IpAddress to) {
        return route(to, _ -> true).flatMap(hop -> {
            IpAddress nextHop = hop.gateway().orElse(to);
            List<IpCidr> own = addresses.stream()
                    .filter(candidate -> candidate.device().equals(hop.device()))
                    .map(Own::address)
                    .filter(candidate -> candidate.family() == to.family())
                    .toList();
            return (to.family() == IpFamily.IPV4
                            ? own.stream()
                                    .filter(one -> one.prefix().contains(nextHop))
                                    .findFirst()
                            : own.stream().max(Comparator.comparingInt(one -> commonBits(one.address(), to))))
                    .or(() -> own.stream().findFirst())
                    .map(IpCidr::address);
        });
    }

    static int commonBits(IpAddress one, IpAddress other) {
        int bits = one.family().bits();
        while (bits > 0 && !IpPrefix.containing(one, bits).contains(other)) {
            bits--;
        }
        return bits;
    }

    @Override
    public String toString() {
        return name;
    }
}
