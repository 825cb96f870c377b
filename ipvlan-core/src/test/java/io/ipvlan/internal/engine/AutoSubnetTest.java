package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.AddressException;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.IpamException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Subnets drawn from default pools.
class AutoSubnetTest {
    private static IpvlanNetwork auto(String name) {
        return IpvlanNetwork.builder(name).autoSubnet(IpFamily.IPV4).build();
    }

    private static List<String> subnets(ActiveNetwork network) {
        return network.inspect().subnets().stream().map(Object::toString).toList();
    }

    @Test
    void dockersPoolsAreTheDefaultInTheirOrder() {
        try (Ipvlan ipvlan = Ipvlan.inMemory()) {
            assertEquals(List.of("172.17.0.0/16"), subnets(ipvlan.create(auto("a"))));
            assertEquals(List.of("172.18.0.0/16"), subnets(ipvlan.create(auto("b"))));
        }
    }

    /// The host of the kernel in memory has a route to 192.168.1.0/24, in the first /20 of 192.168.0.0/16.
    @Test
    void theRoutesOfTheHostAreAvoidedAndTheEndIsReported() {
        try (Ipvlan ipvlan = Ipvlan.inMemory()) {
            List<String> drawn = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                drawn.addAll(subnets(ipvlan.create(auto("n" + i))));
            }

            assertEquals("172.31.0.0/16", drawn.get(14));
            assertEquals("192.168.16.0/20", drawn.get(15));
            assertEquals("192.168.240.0/20", drawn.getLast());
            AddressException exhausted = assertThrows(AddressException.class, () -> ipvlan.create(auto("one-more")));
            assertInstanceOf(IpamException.PoolExhausted.class, exhausted.getCause());
            assertTrue(exhausted.getMessage().startsWith("draw subnet IPV4 for network 'one-more'"));
            assertEquals(30, ipvlan.networks().size());

            ipvlan.find("n3").orElseThrow().delete();
            assertEquals(List.of("172.20.0.0/16"), subnets(ipvlan.create(auto("one-more"))));
        }
    }

    @Test
    void aRouteAndAnAddressOfTheHostAreEachAvoided() {
        try (Bench bench = new Bench()) {
            bench.kernel.addRoute("172.17.3.0/24");
            bench.kernel.addAddress("lo", "172.18.0.1/32");

            assertEquals(List.of("172.19.0.0/16"), subnets(bench.engine.create(auto("a"))));
        }
    }

    @Test
    void theSubnetsOfOtherNetworksAreAvoided() {
        try (Ipvlan ipvlan = Ipvlan.inMemory()) {
            ipvlan.create(IpvlanNetwork.builder("named").subnet("172.17.5.0/24").build());
            IpvlanNetwork both = IpvlanNetwork.builder("both")
                    .subnet("172.18.0.0/24")
                    .autoSubnet(IpFamily.IPV4)
                    .build();

            assertEquals(List.of("172.18.0.0/24", "172.19.0.0/16"), subnets(ipvlan.create(both)));
            assertEquals(List.of("172.20.0.0/16"), subnets(ipvlan.create(auto("next"))));
        }
    }

    @Test
    void aPlanDrawsNothing() {
        try (Ipvlan ipvlan = Ipvlan.inMemory()) {
            ipvlan.plan(auto("a"));

            assertEquals(List.of("172.17.0.0/16"), subnets(ipvlan.create(auto("b"))));
        }
    }

    @Test
    void aDrawnSubnetHasNoGatewayEvenOnAParentOfTheHost() {
        try (Ipvlan ipvlan = Ipvlan.inMemory()) {
            ActiveNetwork network =
                    ipvlan.create(auto("a").toBuilder().parent("eth0").build());

            assertEquals(List.of("172.17.0.0/16"), subnets(network));
            assertEquals(List.of("172.17.0.1/16"), Bench.next(network));
        }
    }

    @Test
    void poolsOfTheUserReplaceTheDefault() {
        try (Bench bench = new Bench("172.30.0.0/23", "fd00:1::/63")) {
            IpvlanNetwork both = auto("a").toBuilder().autoSubnet(IpFamily.IPV6).build();

            assertEquals(List.of("172.30.0.0/24", "fd00:1::/64"), subnets(bench.engine.create(both)));
            assertEquals(List.of("172.30.1.0/24"), subnets(bench.engine.create(auto("b"))));
            assertThrows(AddressException.class, () -> bench.engine.create(auto("c")));
        }
    }

    @Test
    void whatOneFamilyDrewIsGivenBackIfTheOtherCannot() {
        try (Bench bench = new Bench("172.30.0.0/24")) {
            IpvlanNetwork both = auto("a").toBuilder().autoSubnet(IpFamily.IPV6).build();
            AddressException refused = assertThrows(AddressException.class, () -> bench.engine.create(both));

            assertTrue(refused.reason().contains("there is no default pool of that family"), refused::reason);
            assertEquals(List.of("172.30.0.0/24"), subnets(bench.engine.create(auto("b"))));
        }
    }
}
