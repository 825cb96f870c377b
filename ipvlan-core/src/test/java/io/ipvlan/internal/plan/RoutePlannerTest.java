package io.ipvlan.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Parent;
import io.ipvlan.RandomNetworks;
import io.ipvlan.Route;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutePlannerTest {
    private static final Map<IpFamily, IpPrefix> DRAWN =
            Map.of(IpFamily.IPV4, IpPrefix.parse("172.17.0.0/16"), IpFamily.IPV6, IpPrefix.parse("fd00::/64"));

    private static EndpointSpec endpoint(boolean defaultRoute) {
        EndpointSpec endpoint = EndpointSpec.in(Netns.ofName("blue"));
        return defaultRoute ? endpoint : endpoint.withoutDefaultRoute();
    }

    private static List<String> routes(IpvlanNetwork network, boolean defaultRoute, String... addresses) {
        List<Subnet> subnets = SubnetPlanner.effective(network, List.of());
        List<IpCidr> own = Stream.of(addresses).map(IpCidr::parse).toList();
        return new RoutePlanner(network, subnets, endpoint(defaultRoute))
                .routes(own, "eth0").stream().map(Route::toString).toList();
    }

    /// Two subnets of each family, an address in the first of each; the words of the last column stand for
    /// routes.
    @ParameterizedTest
    @CsvSource({
        "L2,  link,  false, true,  gateways",
        "L2,  link,  false, false, nothing",
        "L2,  link,  true,  true,  siblings",
        "L2,  link,  true,  false, siblings",
        "L2,  dummy, false, true,  siblings",
        "L2,  dummy, false, false, siblings",
        "L2,  dummy, true,  true,  siblings",
        "L3,  link,  false, true,  everything",
        "L3,  link,  false, false, siblings",
        "L3,  link,  true,  true,  siblings",
        "L3,  dummy, false, true,  everything",
        "L3,  dummy, true,  true,  siblings",
        "L3S, link,  false, true,  everything",
        "L3S, dummy, true,  false, siblings",
    })
    void theRoutesOfEachKindOfNetwork(
            IpvlanMode mode, String parent, boolean internal, boolean defaultRoute, String words) {
        IpvlanNetwork.Builder builder = IpvlanNetwork.builder("n")
                .mode(mode)
                .parent(parent.equals("link") ? Parent.link("eth0") : Parent.dummy())
                .subnet("10.1.0.0/24")
                .subnet("10.2.0.0/24")
                .subnet("2001:db8:1::/64")
                .subnet("2001:db8:2::/64");
        IpvlanNetwork network = (internal ? builder.internal() : builder).build();
        List<String> ipv4 = switch (words) {
            case "gateways" -> List.of("default via 10.1.0.1 dev eth0");
            case "siblings" -> List.of("10.2.0.0/24 dev eth0");
            case "everything" -> List.of("default dev eth0");
            default -> List.of();
        };
        List<String> ipv6 = switch (words) {
            case "gateways" -> List.of("default via 2001:db8:1::1 dev eth0");
            case "siblings" -> List.of("2001:db8:2::/64 dev eth0");
            case "everything" -> List.of("default dev eth0");
            default -> List.of();
        };

        assertEquals(ipv4, routes(network, defaultRoute, "10.1.0.5/24"));
        assertEquals(ipv6, routes(network, defaultRoute, "2001:db8:1::5/64"));
        assertEquals(
                Stream.concat(ipv4.stream(), ipv6.stream()).toList(),
                routes(network, defaultRoute, "2001:db8:1::5/64", "10.1.0.5/24"));
        assertEquals(List.of(), routes(network, defaultRoute));
    }

    @Test
    void theGatewayIsThatOfTheAddresssOwnSubnet() {
        IpvlanNetwork network = IpvlanNetwork.builder("n")
                .parent("eth0")
                .subnet("10.1.0.0/24")
                .subnet(Subnet.of("10.2.0.0/24").withGateway("10.2.0.254"))
                .build();

        assertEquals(List.of("default via 10.2.0.254 dev eth0"), routes(network, true, "10.2.0.5/24"));
    }

    @Test
    void ofSeveralAddressesTheFirstWithAGatewayDecides() {
        IpvlanNetwork network = IpvlanNetwork.builder("n")
                .parent("eth0")
                .subnet(Subnet.of("10.1.0.0/24").noGateway())
                .subnet("10.2.0.0/24")
                .subnet("10.3.0.0/24")
                .build();

        assertEquals(
                List.of("default via 10.3.0.1 dev eth0"),
                routes(network, true, "10.1.0.5/24", "10.3.0.5/24", "10.2.0.5/24"));
        assertEquals(List.of(), routes(network, true, "10.1.0.5/24"));
    }

    @Test
    void aGatewayNamedOnADummyParentIsUsed() {
        IpvlanNetwork network = IpvlanNetwork.builder("n")
                .subnet(Subnet.of("10.1.0.0/24").withGateway("10.1.0.254"))
                .subnet("10.2.0.0/24")
                .build();

        assertEquals(
                List.of("10.2.0.0/24 dev eth0", "default via 10.1.0.254 dev eth0"),
                routes(network, true, "10.1.0.5/24"));
    }

    record Planned(IpvlanNetwork network, List<Subnet> subnets, List<IpCidr> own, List<Route> routes) {}

    @Provide
    Arbitrary<Planned> planned() {
        return Combinators.combine(
                        RandomNetworks.any(), Arbitraries.integers().list().ofMaxSize(3), Arbitraries.of(true, false))
                .as((network, picks, defaultRoute) -> {
                    List<IpPrefix> drawn = network.autoSubnets().stream()
                            .sorted()
                            .map(DRAWN::get)
                            .toList();
                    List<Subnet> subnets = SubnetPlanner.effective(network, drawn);
                    List<IpCidr> own = new ArrayList<>();
                    for (int pick : picks) {
                        Subnet subnet = subnets.get(Math.floorMod(pick, subnets.size()));
                        own.add(IpCidr.of(subnet.lastUsable(), subnet.prefix().length()));
                    }
                    List<IpCidr> distinct = own.stream().distinct().toList();
                    List<Route> routes =
                            new RoutePlanner(network, subnets, endpoint(defaultRoute)).routes(distinct, "eth0");
                    return new Planned(network, subnets, distinct, routes);
                });
    }

    @Property
    void noTwoRoutesHaveOneDestination(@ForAll("planned") Planned planned) {
        List<IpPrefix> destinations =
                planned.routes().stream().map(Route::destination).toList();

        assertEquals(destinations.size(), new HashSet<>(destinations).size(), planned::toString);
    }

    @Property
    void anInternalNetworkHasNoDefaultRoute(@ForAll("planned") Planned planned) {
        if (planned.network().internal()) {
            assertTrue(planned.routes().stream().noneMatch(Route::isDefault), planned::toString);
        }
    }

    /// The kernel adds that one with the address; a second would be refused.
    @Property
    void noRouteLeadsToASubnetOfItsOwn(@ForAll("planned") Planned planned) {
        for (IpCidr own : planned.own()) {
            assertTrue(
                    planned.routes().stream()
                            .noneMatch(route -> route.destination().equals(own.prefix())),
                    planned::toString);
        }
    }

    @Property
    void everyRouteIsOfAFamilyItHasAnAddressOf(@ForAll("planned") Planned planned) {
        for (Route route : planned.routes()) {
            IpFamily family = route.destination().family();
            assertTrue(planned.own().stream().anyMatch(own -> own.family() == family), planned::toString);
            assertTrue(route.gateway().stream().allMatch(gateway -> gateway.family() == family), planned::toString);
        }
    }

    @Property
    void everyNextHopIsOnTheLink(@ForAll("planned") Planned planned) {
        for (Route route : planned.routes()) {
            assertTrue(
                    route.gateway().stream()
                            .allMatch(gateway -> planned.own().stream()
                                    .anyMatch(own -> own.prefix().contains(gateway))),
                    planned::toString);
        }
    }

    @Property
    void inARoutedModeTheWholeNetworkIsReached(@ForAll("planned") Planned planned) {
        if (!planned.network().mode().isRouted()) {
            return;
        }
        List<IpPrefix> reached = Stream.concat(
                        planned.own().stream().map(IpCidr::prefix),
                        planned.routes().stream().map(Route::destination))
                .toList();
        for (Subnet subnet : planned.subnets()) {
            if (planned.own().stream().anyMatch(own -> own.family() == subnet.family())) {
                assertTrue(reached.stream().anyMatch(prefix -> prefix.contains(subnet.prefix())), planned::toString);
            }
        }
    }
}
