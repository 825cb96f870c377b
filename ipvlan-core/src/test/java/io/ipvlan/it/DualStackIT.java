package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Parent;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.Subnet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Stories S14 to S17 of the ipvlan manual: IPv6, alone and beside IPv4.
class DualStackIT {
    @Test
    void s14Ipv6WithItsGatewayAndIpv4FromTheDefaultPools() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine router = lab.segment();
            router.run("ip link add link eth0 name eth0.139 type vlan id 139");
            router.run("ip address add 2001:db8:abc2::22/64 dev eth0.139 nodad");
            router.run("ip address add 2001:db8:ffff::1/128 dev lo");
            router.run("ip link set eth0.139 up");
            Machine a = lab.machine();
            Machine b = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("v6ipvlan139")
                    .parent(Parent.vlan("eth0", 139))
                    .subnet(Subnet.of("2001:db8:abc2::/64").withGateway("2001:db8:abc2::22"))
                    .autoSubnet(IpFamily.IPV4)
                    .build())) {
                Endpoint first = network.attach(a.netns());
                network.attach(b.netns());
                assertEquals(
                        List.of("172.17.0.1/16", "2001:db8:abc2::1/64"),
                        first.info().addresses().stream().map(Object::toString).toList());
                String address = a.run("ip -6 address show dev eth0");
                assertTrue(address.contains("2001:db8:abc2::1/64 scope global nodad"), address);
                assertTrue(a.routes6().stream()
                        .anyMatch(route -> route.startsWith("default via 2001:db8:abc2::22 dev eth0")));
                a.reaches("2001:db8:abc2::2"); // at once: no duplicate address detection
                a.reaches("172.17.0.2");
                a.reaches("2001:db8:ffff::1");
            }
        }
    }

    @Test
    void s15TwoIpv4SubnetsAndOneOfIpv6EachWithItsGateway() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            Machine b = lab.machine();
            Machine c = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("ipvlan140")
                    .parent("eth0.140")
                    .subnet(Subnet.of("192.168.140.0/24").withGateway("192.168.140.1"))
                    .subnet(Subnet.of("192.168.142.0/24").withGateway("192.168.142.1"))
                    .subnet(Subnet.of("2001:db8:abc9::/64").withGateway("2001:db8:abc9::22"))
                    .build())) {
                network.attach(EndpointSpec.in(a.netns()).withAddress("192.168.140.10"));
                network.attach(EndpointSpec.in(b.netns()).withAddress("192.168.142.10"));
                network.attach(EndpointSpec.in(c.netns()).withAddress("2001:db8:abc9::51"));
                assertTrue(a.routes().getFirst().startsWith("default via 192.168.140.1 dev eth0"));
                assertTrue(b.routes().getFirst().startsWith("default via 192.168.142.1 dev eth0"));
                for (Machine each : List.of(a, b, c)) {
                    assertTrue(each.routes6().stream()
                            .anyMatch(route -> route.startsWith("default via 2001:db8:abc9::22 dev eth0")));
                }
                a.reaches("2001:db8:abc9::51");
                b.reaches("2001:db8:abc9::51");
                c.reaches("192.168.140.10");
                a.doesNotReach("192.168.142.10");
            }
        }
    }

    @Test
    void s16InModeL3AllPairsReachEachOtherInBothFamilies() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            List<Machine> machines = List.of(lab.machine(), lab.machine(), lab.machine(), lab.machine());
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("ipnet110")
                    .l3()
                    .parent("eth0")
                    .subnet("192.168.110.0/24")
                    .subnet("192.168.112.0/24")
                    .subnet("2001:db8:abc6::/64")
                    .build())) {
                network.attach(machines.get(0).netns());
                network.attach(EndpointSpec.in(machines.get(1).netns()).withAddress("2001:db8:abc6::10"));
                network.attach(EndpointSpec.in(machines.get(2).netns()).withAddress("192.168.112.30"));
                network.attach(EndpointSpec.in(machines.get(3).netns())
                        .withAddress("2001:db8:abc6::50")
                        .withAddress("192.168.112.50"));
                for (Machine each : machines) {
                    assertTrue(each.run("ip link show eth0").contains("NOARP"));
                    assertEquals(
                            "default dev eth0 proto 105 scope link",
                            each.routes().getFirst());
                    assertTrue(each.routes6().stream().anyMatch(route -> route.startsWith("default dev eth0")));
                    network.endpoints().stream()
                            .flatMap(endpoint -> endpoint.info().addresses().stream())
                            .forEach(address -> each.reaches(address.address().toString()));
                }
            }
        }
    }

    @Test
    void s17AnIpv6AddressThatWasFreedCanBeTakenAgainEveryTime() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("s17")
                        .l3()
                        .subnet("2001:db8:abc6::/64")
                        .build())) {
            Machine peer = lab.machine();
            network.attach(EndpointSpec.in(peer.netns()).withAddress("2001:db8:abc6::1"));
            for (int round = 0; round < 5; round++) {
                Machine a = lab.machine();
                Endpoint endpoint = network.attach(EndpointSpec.in(a.netns()).withAddress("2001:db8:abc6::50"));
                peer.reaches("2001:db8:abc6::50");
                endpoint.detach();
            }
        }
    }
}
