package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ConflictException;
import io.ipvlan.Drift;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Parent;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What happens to a parent behind the library's back: other programs, other modes, links that go.
class GuardIT {
    private static final IpvlanNetwork L3 = IpvlanNetwork.builder("guard")
            .l3()
            .parent("eth0")
            .subnet("192.168.214.0/24")
            .build();

    private static List<String> reasons(List<Drift> drifts) {
        return drifts.stream().map(Drift::toString).toList();
    }

    @Test
    void aStrangersChildOfAnotherModeIsFoundInANamespaceWithAName() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            lab.host().run("ip netns add strangers");
            try {
                lab.host().run("ip link add link eth0 name theirs netns strangers type ipvlan mode l2");
                ConflictException refused = assertThrows(ConflictException.class, () -> ipvlan.create(L3));
                assertTrue(
                        refused.reason()
                                .contains("child link 'theirs' in '/run/netns/strangers' uses 'eth0' as l2 bridge"),
                        refused.getMessage());
                ipvlan.create(L3.toBuilder().l2().build()).delete();
            } finally {
                lab.host().run("ip netns delete strangers");
            }
        }
    }

    @Test
    void aParentIsTheSameUnderAnotherName() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            lab.host().run("ip link property add dev eth0 altname uplink");
            try (EphemeralNetwork network = ipvlan.ephemeral(L3)) {
                IpvlanNetwork other = IpvlanNetwork.builder("other")
                        .parent("uplink")
                        .subnet("192.168.1.0/24")
                        .build();
                ConflictException refused = assertThrows(ConflictException.class, () -> ipvlan.create(other));
                assertTrue(refused.reason().contains("network 'guard' uses 'eth0' as l3 bridge"), refused.getMessage());
                assertEquals("eth0", network.inspect().parent());
            }
        }
    }

    @Test
    void aParentIsFoundByItsIndexItsAddressAndTheDefaultRoute() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            lab.host().run("ip route add default via 192.168.1.1");
            String link = lab.host().run("ip -o link show eth0");
            int index = Integer.parseInt(link.substring(0, link.indexOf(':')));
            String mac = link.replaceAll("(?s).*link/ether ([0-9a-f:]+).*", "$1");
            for (Parent parent : List.of(Parent.index(index), Parent.mac(mac), Parent.defaultRoute())) {
                Machine a = lab.machine();
                try (EphemeralNetwork network =
                        ipvlan.ephemeral(L3.toBuilder().parent(parent).build())) {
                    assertEquals("eth0", network.inspect().parent(), parent::toString);
                    network.attach(a.netns());
                    assertEquals(List.of(), network.verify());
                }
            }
        }
    }

    @Test
    void aParentMayBeInAnotherNamespace() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine home = lab.machine();
            Machine a = lab.machine();
            Machine b = lab.machine();
            String before = home.picture();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("elsewhere")
                    .l3()
                    .parent(Parent.dummy().in(home.netns()))
                    .subnet("10.1.0.0/24")
                    .hostAccess()
                    .build())) {
                assertTrue(
                        home.run("ip link show " + network.inspect().parent()).contains("UP"));
                network.attach(EndpointSpec.in(a.netns()).withAddress("10.1.0.10"));
                network.attach(EndpointSpec.in(b.netns()).withAddress("10.1.0.11"));
                a.reaches("10.1.0.11");
                home.reaches("10.1.0.10");
                assertEquals(List.of(), network.verify());
            }
            assertEquals(before, home.picture());
        }
    }

    @Test
    void aModeFlippedByAStrangerIsFoundAndSetBack() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            Machine b = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(L3)) {
                network.attach(EndpointSpec.in(a.netns()).withId("a"));
                network.attach(EndpointSpec.in(b.netns()).withId("b"));
                b.run("ip link set eth0 type ipvlan mode l2 private");
                a.doesNotReach("192.168.214.2");
                assertEquals(
                        List.of(
                                "endpoint 'a': mode and flag of the parent are l2 private, not l3 bridge",
                                "endpoint 'b': mode and flag of the parent are l2 private, not l3 bridge"),
                        reasons(network.verify()));
                assertEquals(List.of(), network.repair());
                a.reaches("192.168.214.2");
            }
        }
    }

    @Test
    void whatIsLostIsFoundAndMadeAgain() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine a = lab.machine();
            Machine b = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("lost")
                    .l3()
                    .subnet("10.1.0.0/24")
                    .subnet("2001:db8:1::/64")
                    .hostAccess()
                    .build())) {
                network.attach(EndpointSpec.in(a.netns()).withId("a").withAddress("10.1.0.10"));
                network.attach(EndpointSpec.in(b.netns()).withId("b").withAddress("10.1.0.11"));
                a.run("ip route delete default");
                a.run("ip address delete 10.1.0.10/24 dev eth0");
                b.run("ip link delete eth0");
                assertEquals(
                        List.of(
                                "endpoint 'a': address 10.1.0.10/24 of 'eth0' is gone",
                                "endpoint 'a': route 'default dev eth0' is gone",
                                "endpoint 'b': link 'eth0' is gone"),
                        reasons(network.verify()));
                assertEquals(List.of(), network.repair());
                a.reaches("10.1.0.11");

                lab.host().run("ip link delete " + network.inspect().parent());
                assertTrue(reasons(network.verify()).contains("endpoint 'a': link 'eth0' is gone"));
                assertEquals(List.of(), network.repair());
                a.reaches("10.1.0.11");
                lab.host().reaches("10.1.0.10");
                b.reaches("2001:db8:1::2");
            }
        }
    }

    @Test
    void whatIsThereCanBeLookedAt() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork network = ipvlan.ephemeral(
                        L3.toBuilder().parent(Parent.dummy()).mtu(1400).build())) {
            Machine a = lab.machine();
            network.attach(EndpointSpec.in(a.netns()).withId("a"));
            var seen = network.observe();
            assertEquals(
                    network.inspect().parentIndex(), seen.parent().orElseThrow().index());
            var link = Objects.requireNonNull(seen.endpoints().get("a")).link().orElseThrow();
            assertEquals(1400, link.mtu());
            assertEquals("192.168.214.1/24", link.addresses().getFirst().toString());
            assertTrue(Objects.requireNonNull(seen.endpoints().get("a")).routes().stream()
                    .anyMatch(route -> route.isDefault()));
            assertEquals(List.of("192.168.214.1 a"), network.hosts());
        }
    }
}
