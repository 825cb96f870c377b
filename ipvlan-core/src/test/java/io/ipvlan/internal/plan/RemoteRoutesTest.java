package io.ipvlan.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Route;
import io.ipvlan.ip.IpCidr;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RemoteRoutesTest {
    private static IpvlanNetwork.Builder network(IpvlanMode mode, String... subnets) {
        IpvlanNetwork.Builder builder = IpvlanNetwork.builder("n").mode(mode).parent("eth0");
        List.of(subnets).forEach(builder::subnet);
        return builder;
    }

    private static List<String> routes(IpvlanNetwork network, String... parents) {
        return RemoteRoutes.of(
                        network,
                        network.subnets(),
                        List.of(parents).stream().map(IpCidr::parse).toList())
                .stream()
                .map(Route::toString)
                .toList();
    }

    @ParameterizedTest
    @EnumSource(names = {"L3", "L3S"})
    void theSubnetsAreReachedByTheParentsAddressOfTheFamily(IpvlanMode mode) {
        IpvlanNetwork network = network(mode, "2001:db8:abc6::/64", "192.168.214.0/24", "10.1.214.0/24")
                .build();

        assertEquals(
                List.of(
                        "10.1.214.0/24 via 192.168.1.250",
                        "192.168.214.0/24 via 192.168.1.250",
                        "2001:db8:abc6::/64 via 2001:db8:1::250"),
                routes(network, "2001:db8:1::250/64", "192.168.1.250/24", "192.168.1.251/24"));
    }

    @Test
    void prefixesThatLieSideBySideTravelTogether() {
        assertEquals(
                List.of("10.1.0.0/23 via 192.168.1.250", "10.1.3.0/24 via 192.168.1.250"),
                routes(
                        network(IpvlanMode.L3, "10.1.3.0/24", "10.1.1.0/24", "10.1.0.0/24")
                                .build(),
                        "192.168.1.250/24"));
    }

    @Test
    void aLinkLocalAddressIsNoNextHopForOtherHosts() {
        IpvlanNetwork network = network(IpvlanMode.L3, "2001:db8:abc6::/64").build();

        assertEquals(List.of(), routes(network, "fe80::1/64"));
        assertEquals(
                List.of("2001:db8:abc6::/64 via 2001:db8:1::250"),
                routes(network, "fe80::1/64", "febf::1/64", "2001:db8:1::250/64"));
    }

    @Test
    void aFamilyTheParentHasNoAddressOfHasNone() {
        assertEquals(
                List.of("10.1.0.0/24 via 192.168.1.250"),
                routes(network(IpvlanMode.L3, "10.1.0.0/24", "2001:db8::/64").build(), "192.168.1.250/24"));
        assertEquals(List.of(), routes(network(IpvlanMode.L3, "10.1.0.0/24").build()));
    }

    @Test
    void whereEndpointsAnswerThemselvesOrHaveNoWayBackThereAreNone() {
        assertEquals(List.of(), routes(network(IpvlanMode.L2, "10.1.0.0/24").build(), "192.168.1.250/24"));
        assertEquals(
                List.of(),
                routes(network(IpvlanMode.L3, "10.1.0.0/24").internal().build(), "192.168.1.250/24"));
    }
}
