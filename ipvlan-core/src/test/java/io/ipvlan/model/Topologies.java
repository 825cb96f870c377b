package io.ipvlan.model;

import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Parent;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import io.ipvlan.model.Topology.Guest;
import io.ipvlan.model.Topology.Knows;
import io.ipvlan.model.Topology.Outside;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Random topologies, all of which the library accepts.
public final class Topologies {
    /// The block of the segment that host and neighbour share.
    private static final int OWN_SEGMENT = 1;

    private Topologies() {}

    /// What a network is made from. Subnets are numbers: 0 to 2 for IPv4, 3 to 5 for IPv6.
    private record Seed(
            boolean onWire,
            Port port,
            List<Integer> subnets,
            List<Gateway> gateways,
            boolean internal,
            boolean segment) {}

    private record Port(IpvlanMode mode, IpvlanFlag flag) {}

    private enum Gateway {
        UNSAID,
        REFUSED,
        NAMED
    }

    /// What an endpoint is made from.
    private record Visitor(int network, List<Integer> subnets, boolean defaultRoute) {}

    /// All of them.
    public static Arbitrary<Topology> any() {
        return Combinators.combine(
                        port(),
                        seed().list().ofMinSize(1).ofMaxSize(3),
                        visitor().list().ofMinSize(2).ofMaxSize(5),
                        outside())
                .as(Topologies::topology);
    }

    private static Arbitrary<Port> port() {
        return Combinators.combine(
                        Arbitraries.of(IpvlanMode.class),
                        Arbitraries.of(IpvlanFlag.BRIDGE, IpvlanFlag.BRIDGE, IpvlanFlag.PRIVATE, IpvlanFlag.VEPA))
                .as(Port::new);
    }

    private static Arbitrary<Seed> seed() {
        Arbitrary<Boolean> maybe = Arbitraries.of(true, false);
        return Combinators.combine(
                        Arbitraries.of(true, true, false),
                        port(),
                        Arbitraries.integers()
                                .between(0, 5)
                                .list()
                                .ofMinSize(1)
                                .ofMaxSize(5)
                                .uniqueElements(),
                        Arbitraries.of(Gateway.class).list().ofSize(6),
                        Arbitraries.of(true, false, false),
                        maybe)
                .as(Seed::new);
    }

    private static Arbitrary<Visitor> visitor() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 5).list().ofMaxSize(2),
                        Arbitraries.of(true, true, false))
                .as(Visitor::new);
    }

    private static Arbitrary<Outside> outside() {
        Arbitrary<Boolean> maybe = Arbitraries.of(true, false);
        return Combinators.combine(
                        Arbitraries.of(true, true, false),
                        Arbitraries.of(Knows.NOTHING, Knows.ON_LINK, Knows.ON_LINK, Knows.BY_HOST),
                        maybe,
                        maybe)
                .as(Outside::new);
    }

    private static Topology topology(Port wire, List<Seed> seeds, List<Visitor> visitors, Outside outside) {
        List<IpvlanNetwork> networks = new ArrayList<>();
        for (int i = 0; i < seeds.size(); i++) {
            networks.add(network(i, wire, seeds.get(i), outside));
        }
        List<Guest> guests = new ArrayList<>();
        for (int i = 0; i < visitors.size(); i++) {
            guests.add(guest(i, visitors.get(i), networks));
        }
        return new Topology(networks, guests, outside);
    }

    /// Networks on the wire share its mode and flag and have subnets of their own. Those on dummy parents all
    /// have the same, which may be those of the first on the wire, too.
    private static IpvlanNetwork network(int number, Port wire, Seed seed, Outside outside) {
        Port port = seed.onWire() ? wire : seed.port();
        IpvlanNetwork.Builder builder = IpvlanNetwork.builder("model" + number)
                .mode(port.mode())
                .flag(port.flag())
                .parent(seed.onWire() ? Parent.link("eth0") : Parent.dummy());
        for (int subnet : new TreeSet<>(seed.subnets())) {
            // On a wire that reflects, the host could reach its guests there, in part: see ipvlan_external_frame.
            boolean segment = seed.segment() && number == 0 && subnet % 3 == 0 && seed.onWire() && !outside.reflects();
            int block = segment && !port.mode().isRouted()
                    ? OWN_SEGMENT
                    : 2 + subnet % 3 + (seed.onWire() ? 3 * number : 0);
            builder.subnet(
                    subnet(block, subnet >= 3, port.mode(), seed.gateways().get(subnet)));
        }
        return (seed.internal() ? builder.internal() : builder).build();
    }

    private static Subnet subnet(int block, boolean ipv6, IpvlanMode mode, Gateway gateway) {
        if (block == OWN_SEGMENT) {
            Subnet subnet = Subnet.of(ipv6 ? "2001:db8:1::/64" : "192.168.1.0/24")
                    .withReserved(ipv6 ? "2001:db8:1::1" : "192.168.1.1");
            return gateway == Gateway.REFUSED ? subnet.noGateway() : subnet;
        }
        Subnet subnet = Subnet.of(ipv6 ? "2001:db8:" + block + "::/64" : "10." + block + ".0.0/24");
        return switch (gateway) {
            case UNSAID -> subnet;
            case REFUSED -> subnet.noGateway();
            case NAMED ->
                mode.isRouted()
                        ? subnet
                        : subnet.withGateway(subnet.firstUsable().plus(0x50));
        };
    }

    private static Guest guest(int number, Visitor visitor, List<IpvlanNetwork> networks) {
        int at = visitor.network() % networks.size();
        List<IpPrefix> prefixes =
                networks.get(at).subnets().stream().map(Subnet::prefix).toList();
        Stream<IpAddress> addresses = visitor.subnets().stream()
                .map(pick -> prefixes.get(pick % prefixes.size()))
                .distinct()
                .map(prefix -> prefix.first().plus(0x20 + number));
        return new Guest(at, addresses.toList(), visitor.defaultRoute());
    }
}
