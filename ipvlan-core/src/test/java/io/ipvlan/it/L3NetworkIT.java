package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.ConflictException;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.InvalidNetworkException;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.ipam.Subnet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Stories S9 to S11 of the ipvlan manual: routed networks.
class L3NetworkIT {
    @Test
    void s9TwoSubnetsWithoutAParentReachEachOther() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            Machine b = lab.machine();
            Machine c = lab.machine();
            Machine d = lab.machine();
            ActiveNetwork ipnet210 = ipvlan.create(IpvlanNetwork.builder("ipnet210")
                    .l3()
                    .subnet("192.168.214.0/24")
                    .subnet("10.1.214.0/24")
                    .build());
            ipnet210.attach(EndpointSpec.in(a.netns()).withAddress("192.168.214.10"));
            ipnet210.attach(EndpointSpec.in(b.netns()).withAddress("10.1.214.10"));
            ipnet210.attach(EndpointSpec.in(c.netns()).withAddress("192.168.214.9"));
            ipnet210.attach(EndpointSpec.in(d.netns()).withAddress("10.1.214.9"));

            // The manual's two pings, and the other pairs.
            c.reaches("10.1.214.10");
            d.reaches("192.168.214.10");
            a.reaches("192.168.214.9");
            b.reaches("10.1.214.9");
            a.reaches("10.1.214.10");
            assertTrue(a.run("ip -d link show eth0").contains("mode l3 bridge"));
            assertEquals(
                    List.of(
                            "default dev eth0 proto 105 scope link",
                            "192.168.214.0/24 dev eth0 proto kernel scope link src 192.168.214.10"),
                    a.routes());
            // The default route leads nowhere outside this host.
            a.doesNotReach("192.168.1.1");

            ipnet210.endpoints().forEach(endpoint -> endpoint.detach());
            ipnet210.delete();
        }
    }

    @Test
    void s9BothFamiliesReachAllSubnets() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine a = lab.machine();
            Machine b = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("s9-dual")
                    .l3()
                    .subnet("192.168.214.0/24")
                    .subnet("2001:db8:1::/64")
                    .subnet("2001:db8:2::/64")
                    .build())) {
                network.attach(EndpointSpec.in(a.netns()).withAddress("2001:db8:1::10"));
                network.attach(EndpointSpec.in(b.netns()).withAddress("2001:db8:2::10"));
                // At once: no address waits for duplicate address detection.
                a.reaches("2001:db8:2::10");
                b.reaches("2001:db8:1::10");
                a.reaches("192.168.214.2");
                assertTrue(a.routes6().stream().anyMatch(route -> route.startsWith("default dev eth0")));
            }
        }
    }

    @Test
    void s10SubnetsOnOneParentReachEachOther() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            Machine b = lab.machine();
            try (EphemeralNetwork one = ipvlan.ephemeral(onEth0("s10-one", "192.168.110.0/24"));
                    EphemeralNetwork other = ipvlan.ephemeral(onEth0("s10-other", "192.168.112.0/24"))) {
                one.attach(EndpointSpec.in(a.netns()).withAddress("192.168.110.10"));
                other.attach(EndpointSpec.in(b.netns()).withAddress("192.168.112.10"));
                a.reaches("192.168.112.10");
                b.reaches("192.168.110.10");
                assertEquals("default dev eth0 proto 105 scope link", a.routes().getFirst());
            }
        }
    }

    @Test
    void s10AnOutsideHostWithARouteReachesAnEndpoint() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine outside = lab.segment();
            Machine a = lab.machine();
            outside.run("ip route add 192.168.110.0/24 via 192.168.1.250");
            try (EphemeralNetwork network = ipvlan.ephemeral(onEth0("s10-outside", "192.168.110.0/24"))) {
                network.attach(EndpointSpec.in(a.netns()).withAddress("192.168.110.10"));
                outside.reaches("192.168.110.10");
                a.reaches("192.168.1.1");
            }
        }
    }

    @Test
    void s10TheParentsOwnSubnetIsRefused() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            for (String subnet : List.of("192.168.1.0/24", "192.168.0.0/16", "192.168.1.128/25")) {
                ConflictException refused =
                        assertThrows(ConflictException.class, () -> ipvlan.create(onEth0("s10-own", subnet)));
                assertTrue(refused.reason().contains("192.168.1.250/24"), refused.getMessage());
                assertTrue(ipvlan.networks().isEmpty());
            }
        }
    }

    @Test
    void s10AnotherModeOnTheSameParentIsRefusedBeforeItBreaksTheFirst() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(onEth0("s10-first", "192.168.110.0/24"))) {
                network.attach(a.netns());
                ConflictException refused = assertThrows(
                        ConflictException.class,
                        () -> ipvlan.create(IpvlanNetwork.builder("s10-second")
                                .l2()
                                .parent("eth0")
                                .subnet("192.168.112.0/24")
                                .build()));
                assertTrue(refused.reason().contains("s10-first"), refused.getMessage());
                assertTrue(a.run("ip -d link show eth0").contains("mode l3 bridge"));
            }
        }
    }

    @Test
    void s11AGatewayInL3IsRefusedByName() {
        InvalidNetworkException refused = assertThrows(
                InvalidNetworkException.class,
                () -> IpvlanNetwork.builder("s11")
                        .l3()
                        .subnet(Subnet.of("192.168.214.0/24").withGateway("192.168.214.1"))
                        .build());
        assertTrue(refused.getMessage().contains("192.168.214.1"), refused.getMessage());
    }

    private static IpvlanNetwork onEth0(String name, String subnet) {
        return IpvlanNetwork.builder(name).l3().parent("eth0").subnet(subnet).build();
    }
}
