package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ConflictException;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipv6Policy;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.Route;
import io.ipvlan.UnsupportedException;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.Strategy;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What an endpoint may be asked to have.
class EndpointIT {
    private static EphemeralNetwork lan(Ipvlan ipvlan) {
        return ipvlan.ephemeral(IpvlanNetwork.builder("lan")
                .parent("eth0")
                .subnet("192.168.1.0/24")
                .build());
    }

    private static String sysctl(Machine machine, String key) {
        return machine.run("cat /proc/sys/net/" + key).strip();
    }

    @Test
    void aNamespaceIsAttachedSeveralTimesAndEachLinkGetsTheNextName() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            try (EphemeralNetwork network = lan(ipvlan)) {
                EndpointSpec plain = EndpointSpec.in(a.netns()).withoutDefaultRoute();
                network.attach(plain.withInterfaceName("eth1"));
                Endpoint first = network.attach(plain);
                assertEquals("eth0", first.info().interfaceName());
                assertEquals("eth2", network.attach(plain).info().interfaceName());
                first.detach();
                assertEquals("eth0", network.attach(plain).info().interfaceName());
            }
        }
    }

    @Test
    void aNamespaceMayBeNamedByAnOpenDescriptor() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            try (EphemeralNetwork network = lan(ipvlan)) {
                Endpoint endpoint =
                        network.attach(Netns.ofDescriptor(a.namespace().descriptor()));
                a.reaches("192.168.1.1");
                endpoint.detach();
                assertFalse(a.run("ip link").contains("eth0"));
            }
        }
    }

    @Test
    void severalAddressesOfAFamily() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine router = lab.segment();
            Machine a = lab.machine();
            try (EphemeralNetwork network = lan(ipvlan)) {
                Endpoint endpoint = network.attach(
                        EndpointSpec.in(a.netns()).withAddress("192.168.1.20").withAddresses(IpFamily.IPV4, 3));
                assertEquals(3, endpoint.info().addresses().size());
                endpoint.info()
                        .addresses()
                        .forEach(address -> router.reaches(address.address().toString()));
            }
        }
    }

    @Test
    void aStickyAddressComesBackToItsOwner() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("sticky")
                        .l3()
                        .subnet("10.1.0.0/24")
                        .strategy(Strategy.STICKY)
                        .build())) {
            EndpointSpec web = EndpointSpec.in(lab.machine().netns()).withId("web");
            Endpoint first = network.attach(web);
            first.detach();
            network.attach(lab.machine().netns());
            assertEquals(first.info().addresses(), network.attach(web).info().addresses());
        }
    }

    @Test
    void furtherRoutesLeadWhereTheyAreToldAndGoWithTheEndpoint() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine router = lab.segment();
            router.run("ip address add 10.50.0.1/32 dev lo");
            Machine a = lab.machine();
            String before = a.picture();
            try (EphemeralNetwork network = lan(ipvlan)) {
                Endpoint endpoint = network.attach(EndpointSpec.in(a.netns())
                        .withoutDefaultRoute()
                        .withRoute(Route.to("10.50.0.0/16")
                                .via("192.168.1.1")
                                .metric(7)
                                .mtu(1400))
                        .withRoute(Route.to("10.60.0.0/16")
                                .via("172.16.0.1")
                                .gatewayIsOnLink()
                                .table(77))
                        .withRoute(Route.blackhole("10.50.9.0/24")));
                a.reaches("10.50.0.1");
                String routes = a.run("ip route show table all");
                assertTrue(
                        routes.contains("10.50.0.0/16 via 192.168.1.1 dev eth0 proto 105 metric 7 mtu 1400"), routes);
                assertTrue(routes.contains("10.60.0.0/16 via 172.16.0.1 dev eth0 table 77 proto 105 onlink"), routes);
                assertTrue(routes.contains("blackhole 10.50.9.0/24 proto 105"), routes);
                endpoint.detach();
            }
            assertEquals(before, a.picture());
        }
    }

    @Test
    void ofSeveralDefaultRoutesTheLowestMetricWinsAndTheNextTakesOver() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            try (EphemeralNetwork lan = lan(ipvlan);
                    EphemeralNetwork inner = ipvlan.ephemeral(IpvlanNetwork.builder("inner")
                            .l3()
                            .subnet("10.1.0.0/24")
                            .build())) {
                lan.attach(EndpointSpec.in(a.netns()).withDefaultRouteMetric(200));
                Endpoint preferred = inner.attach(EndpointSpec.in(a.netns()).withDefaultRouteMetric(100));
                assertTrue(a.run("ip route get 203.0.113.1").contains("dev eth1"));
                preferred.detach();
                assertTrue(a.run("ip route get 203.0.113.1").contains("via 192.168.1.1 dev eth0"));
            }
        }
    }

    @Test
    void withSourceRulesAnswersLeaveWhereTheQuestionCameIn() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine router = lab.segment();
            router.run("ip address add 10.50.0.1/32 dev lo");
            Machine a = lab.machine();
            String before = a.picture();
            try (EphemeralNetwork lan = lan(ipvlan);
                    EphemeralNetwork inner = ipvlan.ephemeral(IpvlanNetwork.builder("inner")
                            .l3()
                            .subnet("10.1.0.0/24")
                            .build())) {
                inner.attach(EndpointSpec.in(a.netns()));
                Endpoint second = lan.attach(
                        EndpointSpec.in(a.netns()).withAddress("192.168.1.20").withSourceRules());
                assertTrue(a.run("ip route get 10.50.0.1").contains("dev eth0"));
                assertTrue(a.run("ip route get 10.50.0.1 from 192.168.1.20").contains("via 192.168.1.1 dev eth1"));
                assertTrue(a.run("ip rule").contains("from 192.168.1.20 lookup"));
                a.run("ping -n -c 1 -W 5 -I 192.168.1.20 10.50.0.1");
                second.detach();
                assertFalse(a.run("ip rule").contains("192.168.1.20"));
            }
            assertEquals(before, a.picture());
        }
    }

    @Test
    void sysctlsAndMtuAreTheLinksOwn() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            try (EphemeralNetwork network = lan(ipvlan)) {
                network.attach(EndpointSpec.in(a.netns())
                        .withInterfaceName("web.1")
                        .withMtu(1400)
                        .withSysctl("net.ipv6.conf.IFNAME.mtu", "1300")
                        .withSysctl("net.ipv4.conf.IFNAME.arp_notify", "1")
                        .withSysctl("net.ipv4.neigh.IFNAME.retrans_time_ms", "800"));
                assertEquals("1300", sysctl(a, "ipv6/conf/web.1/mtu"));
                assertEquals("1", sysctl(a, "ipv4/conf/web.1/arp_notify"));
                assertEquals("800", sysctl(a, "ipv4/neigh/web.1/retrans_time_ms"));
                assertEquals("0", sysctl(a, "ipv4/conf/default/arp_notify"));
                assertTrue(a.run("ip link show web.1").contains("mtu 1400"));

                EndpointSpec unknown = EndpointSpec.in(a.netns())
                        .withoutDefaultRoute()
                        .withSysctl("net.ipv4.conf.IFNAME.nothing", "1");
                String before = a.picture();
                assertTrue(assertThrows(UnsupportedException.class, () -> network.attach(unknown))
                        .reason()
                        .contains("no such setting"));
                ConflictException tooLarge = assertThrows(
                        ConflictException.class,
                        () -> network.attach(EndpointSpec.in(a.netns()).withMtu(1501)));
                assertTrue(tooLarge.reason().contains("more than that of the parent 'eth0', 1500"), tooLarge.reason());
                assertEquals(before, a.picture());
            }
        }
    }

    @Test
    void ipv6IsOffOnALinkOfANetworkWithoutIt() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            try (EphemeralNetwork network = lan(ipvlan)) {
                network.attach(a.netns());
                assertEquals("1", sysctl(a, "ipv6/conf/eth0/disable_ipv6"));
                assertEquals("0", sysctl(a, "ipv6/conf/default/disable_ipv6"));
                assertFalse(a.run("ip address show eth0").contains("inet6"));
            }
        }
    }

    /// Story S18, with a router that advertises a prefix.
    @Test
    void s18ARouterOfTheSegmentGivesAnAddressOnlyToWhoWantsOne() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine router = lab.segment();
            router.run("ip address add 2001:db8:77::1/64 dev eth0 nodad");
            router.write("/proc/sys/net/ipv6/conf/all/forwarding", "1");
            Machine a = lab.machine();
            Machine b = lab.machine();
            try (EphemeralNetwork lan = lan(ipvlan);
                    EphemeralNetwork dual = ipvlan.ephemeral(IpvlanNetwork.builder("dual")
                            .parent("eth0")
                            .subnet("2001:db8:1::/64")
                            .build());
                    Advertiser _ = Advertiser.on(router, "2001:db8:77::/64")) {
                lan.attach(EndpointSpec.in(a.netns()).withIpv6(Ipv6Policy.ROUTER));
                dual.attach(b.netns());
                a.waitsFor("ip -6 address show dev eth0 -tentative", "2001:db8:77:");
                a.reaches("2001:db8:77::1");
                assertFalse(b.run("ip -6 address show eth0").contains("2001:db8:77:"));
                assertFalse(b.run("ip -6 route").contains("proto ra"));
            }
        }
    }

    @Test
    void anEndpointIsAnnouncedToItsSegment() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine other = lab.segment();
            Machine a = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("dual")
                            .parent("eth0")
                            .subnet("192.168.1.0/24")
                            .subnet("2001:db8:1::/64")
                            .build());
                    Capture wire = Capture.on(other, "eth0")) {
                network.attach(
                        EndpointSpec.in(a.netns()).withAddress("192.168.1.20").withAddress("2001:db8:1::20"));
                wire.awaits("ARP", "Request who-has 192.168.1.20 tell 192.168.1.20");
                wire.awaits("2001:db8:1::20 > ff02::1", "neighbor advertisement");
            }
        }
    }

    @Test
    void inARoutedModeNothingIsAnnounced() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine other = lab.segment();
            other.run("ip route add 192.168.214.0/24 via 192.168.1.250");
            Machine a = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("quiet")
                            .l3()
                            .parent("eth0")
                            .subnet("192.168.214.0/24")
                            .build());
                    Capture wire = Capture.on(other, "eth0")) {
                network.attach(EndpointSpec.in(a.netns()).withAddress("192.168.214.20"));
                a.reaches("192.168.1.1");
                wire.awaits("192.168.214.20 > 192.168.1.1", "echo request");
                assertTrue(wire.rest().stream().noneMatch(line -> line.contains("who-has 192.168.214.20")));
            }
        }
    }

    @Test
    void manyAreAttachedAtOnceOrNone() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            try (EphemeralNetwork network = lan(ipvlan)) {
                List<EndpointSpec> specs = List.of(
                        EndpointSpec.in(lab.machine().netns()).withId("one"),
                        EndpointSpec.in(lab.machine().netns()).withId("two"),
                        EndpointSpec.in(Netns.ofName("no-such-name")).withId("three"));
                assertThrows(NotFoundException.class, () -> network.attachAll(specs));
                assertEquals(List.of(), network.endpoints());
                assertEquals(2, network.attachAll(specs.subList(0, 2)).size());
                network.detachAll();
                assertEquals(List.of(), network.endpoints());
            }
        }
    }
}
