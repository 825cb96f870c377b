package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.ConflictException;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Parent;
import io.ipvlan.ipam.PoolUsage;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Networks that have something in common: addresses, a parent, a namespace.
class SharingIT {
    @Test
    void theSameSubnetAndAddressOnTwoParentsDoNotMeet() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            List<Machine> machines = List.of(lab.machine(), lab.machine(), lab.machine(), lab.machine());
            try (EphemeralNetwork ten = ipvlan.ephemeral(onVlan(10));
                    EphemeralNetwork twenty = ipvlan.ephemeral(onVlan(20))) {
                List<String> ids = List.of("10a", "10b", "20a", "20b");
                for (int i = 0; i < 4; i++) {
                    EphemeralNetwork network = i < 2 ? ten : twenty;
                    network.attach(EndpointSpec.in(machines.get(i).netns())
                            .withId(ids.get(i))
                            .withAddress(i % 2 == 0 ? "192.168.9.10" : "192.168.9.11"));
                }
                machines.get(0).reaches("192.168.9.11");
                machines.get(2).reaches("192.168.9.11");
                // Of the two that have 192.168.9.11 each reaches its own: with one gone the other is left.
                twenty.endpoints().getLast().detach();
                machines.get(0).reaches("192.168.9.11");
                machines.get(2).doesNotReach("192.168.9.11");
            }
        }
    }

    private static IpvlanNetwork onVlan(int id) {
        return IpvlanNetwork.builder("vlan" + id)
                .parent(Parent.vlan("eth0", id))
                .subnet("192.168.9.0/24")
                .build();
    }

    /// Docker's test of overlapping networks, with a parent for each.
    @Test
    void d23RangesOfOneSubnetOnDifferentParentsAreCountedApart() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork lower = ipvlan.ephemeral(ranged("lower", "192.168.0.0/25", "2001:db8:abcd::/124"));
                EphemeralNetwork whole = ipvlan.ephemeral(ranged("whole", "192.168.0.0/24", "2001:db8:abcd::/120"));
                EphemeralNetwork upper =
                        ipvlan.ephemeral(ranged("upper", "192.168.0.128/25", "2001:db8:abcd::80/124"))) {
            assertEquals(List.of("127", "15"), free(lower));
            assertEquals(List.of("254", "255"), free(whole));
            assertEquals(List.of("127", "16"), free(upper));

            Machine a = lab.machine();
            Machine b = lab.machine();
            Machine c = lab.machine();
            lower.attach(a.netns());
            whole.attach(b.netns());
            assertEquals("192.168.0.128/24", first(upper.attach(c.netns())));
            assertEquals(List.of("126", "14"), free(lower));
            assertEquals(List.of("253", "254"), free(whole));
            assertEquals(List.of("126", "15"), free(upper));
            // The first two have the same address, each on its own parent.
            assertEquals(
                    first(lower.endpoints().getFirst()), first(whole.endpoints().getFirst()));
            a.doesNotReach("192.168.0.128");
            b.doesNotReach("192.168.0.128");
        }
    }

    private static IpvlanNetwork ranged(String name, String range, String range6) {
        return IpvlanNetwork.builder(name)
                .l3()
                .subnet(Subnet.of("192.168.0.0/24").withRange(range))
                .subnet(Subnet.of("2001:db8:abcd::/64").withRange(range6))
                .build();
    }

    private static List<String> free(ActiveNetwork network) {
        return network.usage().values().stream()
                .map(PoolUsage::free)
                .map(Object::toString)
                .toList();
    }

    private static String first(Endpoint endpoint) {
        return endpoint.info().addresses().getFirst().toString();
    }

    @Test
    void d23OnOneParentAnOverlapIsRefusedWithTheOtherNetworksName() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            IpvlanNetwork first = ranged("first", "192.168.0.0/25", "2001:db8:abcd::/124").toBuilder()
                    .parent("eth0")
                    .build();
            try (EphemeralNetwork _ = ipvlan.ephemeral(first)) {
                ConflictException refused = assertThrows(
                        ConflictException.class,
                        () -> ipvlan.create(ranged("second", "192.168.0.128/25", "2001:db8:abcd::80/124").toBuilder()
                                .parent("eth0")
                                .build()));
                assertTrue(refused.reason().contains("first"), refused.reason());
            }
        }
    }

    @Test
    void twoEnginesUseOneParentAndEachRemovesItsOwn() {
        try (Lab lab = new Lab();
                Ipvlan one = Ipvlan.open();
                Ipvlan other = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            Machine b = lab.machine();
            Machine c = lab.machine();
            ActiveNetwork first = one.create(IpvlanNetwork.builder("n")
                    .l3()
                    .parent("eth0")
                    .subnet("10.1.0.0/24")
                    .build());
            ActiveNetwork second = other.create(IpvlanNetwork.builder("n")
                    .l3()
                    .parent("eth0")
                    .subnet("10.2.0.0/24")
                    .build());
            first.attach(a.netns());
            second.attach(b.netns());
            second.attach(c.netns());
            a.reaches("10.2.0.1");
            ConflictException refused = assertThrows(
                    ConflictException.class,
                    () -> other.create(IpvlanNetwork.builder("l2")
                            .parent("eth0")
                            .subnet("192.168.1.0/24")
                            .build()));
            assertTrue(refused.reason().contains("l3 bridge"), refused.reason());
            first.detachAll();
            first.delete();
            assertFalse(a.run("ip link").contains("eth0"));
            b.reaches("10.2.0.2");
            assertEquals(List.of(), second.verify());
            second.detachAll();
            second.delete();
        }
    }

    @Test
    void anOwnedVlanLinkStaysWhileANetworkOfAnotherEngineHasEndpointsOnIt() {
        try (Lab lab = new Lab();
                Ipvlan one = Ipvlan.open();
                Ipvlan other = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            Machine b = lab.machine();
            ActiveNetwork first = one.create(onVlan(50));
            ActiveNetwork second = other.create(IpvlanNetwork.builder("other")
                    .parent("eth0.50")
                    .subnet("10.2.0.0/24")
                    .build());
            second.attach(a.netns());
            second.attach(b.netns());
            first.delete();
            a.reaches("10.2.0.3");
            second.detachAll();
            second.delete();
            assertFalse(lab.host().run("ip link").contains("eth0.50"), "nobody uses it any more");
        }
    }

    @Test
    void s03TenAttachedToOneNamespaceAtOnceGetTheFirstTenNames() throws InterruptedException, ExecutionException {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork network = ipvlan.ephemeral(
                        IpvlanNetwork.builder("n").subnet("10.1.0.0/24").build());
                ExecutorService threads = Executors.newFixedThreadPool(10)) {
            Machine a = lab.machine();
            Machine b = lab.machine();
            List<Future<Endpoint>> attaching = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                attaching.add(threads.submit(
                        () -> network.attach(EndpointSpec.in(a.netns()).withoutDefaultRoute())));
            }
            Set<String> names = new TreeSet<>();
            for (Future<Endpoint> endpoint : attaching) {
                names.add(endpoint.get().info().interfaceName());
            }
            assertEquals(
                    new TreeSet<>(
                            IntStream.range(0, 10).mapToObj(i -> "eth" + i).toList()),
                    names);
            assertEquals(List.of(), network.verify());
            network.attach(b.netns());
            for (int i = 1; i <= 10; i++) {
                b.reaches("10.1.0." + i);
            }
        }
    }
}
