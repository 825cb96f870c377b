package io.ipvlan.model;

import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Plan;
import io.ipvlan.Step;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.model.Topology.Guest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/// A topology made by an engine, on whatever kernel that has, and beside it the model of it, made of the
/// engine's own plans. Closing it removes the networks.
public final class World implements AutoCloseable {
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<Attached> attached = new ArrayList<>();
    private final List<EphemeralNetwork> networks = new ArrayList<>();
    private final Map<String, Port> ports = new HashMap<>();
    private final List<String> dummies = new ArrayList<>();
    private final Node host;
    private final Wire wire;

    /// A guest that became an endpoint.
    ///
    /// @param name its node
    /// @param network its network
    /// @param addresses the addresses it got
    /// @param defaultRoute whether it wanted a default route
    public record Attached(String name, IpvlanNetwork network, List<IpCidr> addresses, boolean defaultRoute) {}

    private World(Topology topology) {
        host = node(Topology.HOST, false);
        Node neighbour = node(Topology.NEIGHBOUR, topology.outside().forwards());
        Node beyond = node(Topology.BEYOND, false);
        wire = new Wire(host, neighbour, topology.outside().reflects());
        Wire uplink = new Wire(neighbour, beyond, false);
        Topology.HOST_ADDRESSES.forEach(address -> host.address(address, wire.near()));
        topology.neighbourAddresses().forEach(address -> neighbour.address(address, wire.far()));
        Topology.UPLINK_ADDRESSES.forEach(address -> neighbour.address(address, uplink.near()));
        Topology.BEYOND_ADDRESSES.forEach(address -> beyond.address(address, uplink.far()));
        topology.neighbourRoutes()
                .forEach(prefix -> neighbour.route(
                        prefix, Optional.of(Topology.of(prefix.family(), Topology.HOST_ADDRESSES)), wire.far()));
        for (IpFamily family : IpFamily.values()) {
            IpPrefix everything = IpPrefix.parse(family == IpFamily.IPV4 ? "0.0.0.0/0" : "::/0");
            beyond.route(everything, Optional.of(Topology.of(family, Topology.UPLINK_ADDRESSES)), uplink.far());
            if (topology.outside().hostDefault()) {
                host.route(everything, Optional.of(Topology.of(family, Topology.NEIGHBOUR_ADDRESSES)), wire.near());
            }
        }
    }

    /// Creates the networks and attaches the guests.
    ///
    /// @param places the namespaces of the guests
    public static World make(Topology topology, Ipvlan ipvlan, IntFunction<Netns> places) {
        World world = new World(topology);
        for (IpvlanNetwork description : topology.networks()) {
            Plan plan = ipvlan.plan(description);
            world.networks.add(ipvlan.ephemeral(description));
            world.apply(plan, world.host);
        }
        for (int i = 0; i < topology.guests().size(); i++) {
            Guest guest = topology.guests().get(i);
            world.attach(guest(i), topology.networks().get(guest.network()), guest, places.apply(i));
        }
        return world;
    }

    /// The name of a guest's node.
    ///
    /// @param number its place in the topology
    public static String guest(int number) {
        return "guest" + number;
    }

    private void attach(String name, IpvlanNetwork description, Guest guest, Netns netns) {
        EphemeralNetwork network = networks.stream()
                .filter(candidate -> candidate.name().equals(description.name()))
                .findFirst()
                .orElseThrow();
        Plan plan = network.plan(guest.in(netns));
        List<IpCidr> addresses = network.attach(guest.in(netns)).info().addresses();
        apply(plan, node(name, false));
        attached.add(new Attached(name, description, addresses, guest.defaultRoute()));
    }

    private Node node(String name, boolean forwards) {
        Node node = new Node(name, forwards);
        nodes.put(name, node);
        return node;
    }

    private void apply(Plan plan, Node node) {
        Map<String, Device> devices = new HashMap<>();
        Set<String> down = new HashSet<>();
        for (Step step : plan.steps()) {
            switch (step) {
                case Step.CreateDummy dummy -> dummies.add(dummy.name());
                case Step.CreateIpvlan child -> {
                    devices.put(child.name(), port(child).child(node));
                    down.add(child.name());
                }
                case Step.SetUp up -> down.remove(up.link());
                case Step.AddAddress add -> node.address(add.address(), device(devices, add.link()));
                case Step.AddRoute add ->
                    node.route(
                            add.route().destination(),
                            add.route().gateway(),
                            device(devices, add.route().device().orElseThrow()));
                case Step.AddAlternativeName _, Step.SetAlias _, Step.SetSysctl _ -> {} // no packet depends on them
                default -> throw new AssertionError("the model does not know this step: " + step);
            }
        }
        if (!down.isEmpty()) {
            throw new AssertionError("nothing flows through links that are down: " + down);
        }
    }

    private static Device device(Map<String, Device> devices, String name) {
        return Objects.requireNonNull(devices.get(name), () -> "no link " + name + " was made");
    }

    private Port port(Step.CreateIpvlan child) {
        Port port = ports.computeIfAbsent(
                child.parent(),
                parent -> dummies.contains(parent)
                        ? Port.onDummy(child.mode(), child.flag(), host)
                        : Port.onWire(child.mode(), child.flag(), host, wire.near()));
        if (!port.serves(child.mode(), child.flag())) {
            throw new AssertionError("another mode or flag would change every child of " + child.parent());
        }
        return port;
    }

    /// The guests as they were attached.
    public List<Attached> attached() {
        return List.copyOf(attached);
    }

    /// Who answers a ping, in the model.
    ///
    /// @param from the node that pings
    /// @return the name of the node that answers; empty if none does
    public Optional<String> answers(String from, IpAddress address) {
        return Objects.requireNonNull(nodes.get(from), from).ping(address).map(Node::toString);
    }

    @Override
    public void close() {
        networks.forEach(EphemeralNetwork::close);
    }
}
