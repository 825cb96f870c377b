package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.ConflictException;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Parent;
import io.ipvlan.VlanProtocol;
import io.ipvlan.ipam.Subnet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Stories S5 to S8 of the ipvlan manual: networks on VLANs.
class VlanIT {
    private static IpvlanNetwork.Builder network(int vlan, String subnet) {
        return IpvlanNetwork.builder("vlan" + vlan).parent("eth0." + vlan).subnet(subnet);
    }

    private static boolean exists(Lab lab, String link) {
        return lab.host().attempt("ip link show " + link).exit() == 0;
    }

    @Test
    void s5AMissingVlanLinkIsMadeWithTheNetworkAndGoesWithIt() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine router = lab.segment();
            router.run("ip link add link eth0 name eth0.20 type vlan id 20");
            router.run("ip address add 192.168.20.1/24 dev eth0.20");
            router.run("ip link set eth0.20 up");
            Machine a = lab.machine();
            Machine b = lab.machine();
            ActiveNetwork network = ipvlan.create(network(20, "192.168.20.0/24").build());

            String link = lab.host().run("ip -d link show eth0.20");
            assertTrue(link.contains("vlan protocol 802.1Q id 20") && link.contains("UP,LOWER_UP"), link);
            network.attach(a.netns());
            network.attach(b.netns());
            a.reaches("192.168.20.3");
            try (Capture wire = Capture.on(router, "eth0")) {
                a.reaches("192.168.20.1");
                wire.awaits("vlan 20", "192.168.20.2 > 192.168.20.1", "ICMP echo request");
            }
            network.detachAll();
            network.delete();
            assertFalse(exists(lab, "eth0.20"));
            assertTrue(exists(lab, "eth0"));
        }
    }

    @Test
    void s5DifferentVlansDoNotReachEachOther() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            Machine b = lab.machine();
            try (EphemeralNetwork twenty =
                            ipvlan.ephemeral(network(20, "192.168.20.0/24").build());
                    EphemeralNetwork thirty =
                            ipvlan.ephemeral(network(30, "192.168.30.0/24").build())) {
                twenty.attach(a.netns());
                thirty.attach(b.netns());
                a.doesNotReach("192.168.30.2");
                b.doesNotReach("192.168.20.2");
            }
        }
    }

    @Test
    void s6AVlanLinkMadeByHandIsUsedUnderAnyNameAndStays() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            lab.host().run("ip link add link eth0 name eth0.40 type vlan id 40");
            lab.host().run("ip link add link eth0 name foo type vlan id 41");
            for (String link : List.of("eth0.40", "foo")) {
                lab.host().run("ip link set " + link + " addrgenmode none"); // it would come a second later
                lab.host().run("ip link set " + link + " up");
            }
            Machine a = lab.machine();
            Machine b = lab.machine();
            String before = lab.host().picture();
            try (EphemeralNetwork byName =
                            ipvlan.ephemeral(network(40, "192.168.40.0/24").build());
                    EphemeralNetwork byNumber = ipvlan.ephemeral(IpvlanNetwork.builder("foo")
                            .parent(Parent.vlan("eth0", 41))
                            .subnet("192.168.41.0/24")
                            .build())) {
                assertEquals("foo", byNumber.inspect().parent());
                assertFalse(byNumber.inspect().parentOwned());
                byName.attach(a.netns());
                byName.attach(b.netns());
                a.reaches("192.168.40.3");
            }
            assertEquals(before, lab.host().picture());
        }
    }

    @Test
    void s7SeveralNetworksEachOnItsOwnVlan() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            Machine b = lab.machine();
            try (EphemeralNetwork ten =
                            ipvlan.ephemeral(network(10, "172.16.80.0/24").build());
                    EphemeralNetwork twenty =
                            ipvlan.ephemeral(network(20, "172.16.48.0/22").build());
                    EphemeralNetwork thirty =
                            ipvlan.ephemeral(network(30, "10.1.0.0/16").build())) {
                for (EphemeralNetwork network : List.of(ten, twenty, thirty)) {
                    network.attach(EndpointSpec.in(a.netns()).withoutDefaultRoute());
                    network.attach(EndpointSpec.in(b.netns()).withoutDefaultRoute());
                }
                a.reaches("172.16.80.3");
                a.reaches("172.16.48.3");
                a.reaches("10.1.0.3");
                assertTrue(a.run("ip link show eth2").contains("UP"));
            }
            assertFalse(exists(lab, "eth0.10") || exists(lab, "eth0.20") || exists(lab, "eth0.30"));
        }
    }

    @Test
    void s8SubnetsOfOneVlanMeetByARouterOnly() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine router = lab.segment();
            router.run("ip link add link eth0 name eth0.114 type vlan id 114");
            router.run("ip link set eth0.114 up");
            Machine a = lab.machine();
            Machine b = lab.machine();
            Machine c = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("s8")
                    .parent("eth0.114")
                    .subnet(Subnet.of("192.168.114.0/24").withGateway("192.168.114.254"))
                    .subnet(Subnet.of("192.168.116.0/24").withGateway("192.168.116.254"))
                    .build())) {
                network.attach(EndpointSpec.in(a.netns()).withAddress("192.168.114.10"));
                network.attach(EndpointSpec.in(b.netns()).withAddress("192.168.114.11"));
                network.attach(EndpointSpec.in(c.netns()).withAddress("192.168.116.10"));
                a.reaches("192.168.114.11");
                a.doesNotReach("192.168.116.10");

                router.run("ip address add 192.168.114.254/24 dev eth0.114");
                router.run("ip address add 192.168.116.254/24 dev eth0.114");
                router.write("/proc/sys/net/ipv4/ip_forward", "1");
                a.reaches("192.168.116.10");
                c.reaches("192.168.114.11");
            }
        }
    }

    @Test
    void aVlanLinkIsCountedAndGoesWithTheLastNetwork() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            Machine b = lab.machine();
            ActiveNetwork one = ipvlan.create(network(50, "192.168.50.0/24").build());
            ActiveNetwork other = ipvlan.create(IpvlanNetwork.builder("other")
                    .parent(Parent.vlan("eth0", 50))
                    .subnet("192.168.51.0/24")
                    .build());
            one.attach(a.netns());
            other.attach(b.netns());
            one.detachAll();
            one.delete();
            assertTrue(exists(lab, "eth0.50"));
            assertTrue(b.run("ip link show eth0").contains("UP"), "it serves the other network");
            other.detachAll();
            other.delete();
            assertFalse(exists(lab, "eth0.50"));
        }
    }

    @Test
    void aVlanLinkOfOursStaysWhileAStrangersContainerIsOnIt() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                Contained stranger = Contained.start()) {
            lab.segment();
            ActiveNetwork network = ipvlan.create(network(50, "192.168.50.0/24").build());
            lab.host().run("ip link add link eth0.50 name theirs netns " + stranger.pid() + " type ipvlan mode l2");
            network.delete();
            String links = lab.host().run("nsenter --net=/proc/" + stranger.pid() + "/ns/net ip link");
            assertTrue(links.contains("theirs"), "it was not ours");
            lab.host().run("ip link delete eth0.50");
        }
    }

    @Test
    void aVlanMayBeNestedAndItsLinkNamedAtWill() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine other = lab.segment();
            other.run("ip link add link eth0 name outer type vlan protocol 802.1ad id 100");
            other.run("ip link add link outer name inner type vlan id 7");
            other.run("ip link set outer up");
            other.run("ip address add 192.168.7.1/24 dev inner");
            other.run("ip link set inner up");
            Machine a = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("qinq")
                    .parent(Parent.vlan(Parent.vlan("eth0", 100).protocol(VlanProtocol.DOT1AD), 7)
                            .named("customer7"))
                    .subnet("192.168.7.0/24")
                    .build())) {
                network.attach(a.netns());
                try (Capture wire = Capture.on(other, "eth0")) {
                    a.reaches("192.168.7.1");
                    wire.awaits("802.1Q-QinQ", "vlan 100", "vlan 7", "echo request");
                }
            }
            assertFalse(exists(lab, "customer7") || exists(lab, "eth0.100"), "both were ours");
        }
    }

    @Test
    void onALinkThatIsDownNothingIsMade() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.link("down0 type dummy");
            String before = lab.host().picture();
            ConflictException refused = assertThrows(
                    ConflictException.class,
                    () -> ipvlan.create(IpvlanNetwork.builder("n")
                            .parent("down0.30")
                            .subnet("192.168.30.0/24")
                            .build()));
            assertTrue(refused.reason().contains("'down0' is down"), refused.getMessage());
            assertEquals(before, lab.host().picture());
        }
    }

    @Test
    void aLongNameIsReplacedAndKeptAsAnAlternative() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.link("twelve-bytes type dummy");
            lab.host().run("ip link set twelve-bytes up");
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("n")
                    .parent("twelve-bytes.4094")
                    .subnet("192.168.30.0/24")
                    .build())) {
                String link = lab.host().run("ip link show twelve-bytes.4094");
                assertTrue(link.contains("altname twelve-bytes.4094"), link);
                assertTrue(link.contains(network.inspect().parent()), link);
            }
        }
    }
}
