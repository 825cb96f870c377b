package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.Subnet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Stories S1 to S3 of the ipvlan manual: switched networks.
class L2NetworkIT {
    /// Story S1, and with another description of the same network S2.
    private static void behavesAsTheManualSays(IpvlanNetwork description) {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine router = lab.segment();
            Machine a = lab.machine();
            Machine b = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(description)) {
                List<IpCidr> first = network.attach(a.netns()).info().addresses();
                List<IpCidr> second = network.attach(b.netns()).info().addresses();

                assertEquals(List.of(IpCidr.parse("192.168.1.2/24")), first);
                assertEquals(List.of(IpCidr.parse("192.168.1.3/24")), second);
                String link = a.run("ip -d link show eth0");
                assertTrue(link.contains("ipvlan") && link.contains("mode l2 bridge"), link);
                assertTrue(a.run("ip address show eth0").contains("inet 192.168.1.2/24"));
                assertEquals(
                        List.of(
                                "default via 192.168.1.1 dev eth0 proto 105",
                                "192.168.1.0/24 dev eth0 proto kernel scope link src 192.168.1.2"),
                        a.routes());
                a.reaches("192.168.1.3");
                b.reaches("192.168.1.2");
                a.reaches("192.168.1.1");
                router.reaches("192.168.1.2");
                router.reaches("192.168.1.3");
                // The kernel keeps a parent and its children apart.
                lab.host().doesNotReach("192.168.1.2");
                a.doesNotReach("192.168.1.250");
            }
        }
    }

    @Test
    void s1AnL2NetworkOnEth0IsPartOfItsSegment() {
        behavesAsTheManualSays(IpvlanNetwork.builder("s1")
                .l2()
                .parent("eth0")
                .subnet(Subnet.of("192.168.1.0/24").withGateway("192.168.1.1"))
                .build());
    }

    @Test
    void s2ModeL2AndTheFirstAddressAsGatewayAreTheDefaults() {
        behavesAsTheManualSays(IpvlanNetwork.builder("s2")
                .parent("eth0")
                .subnet("192.168.1.0/24")
                .build());
    }

    @Test
    void s2NoGatewayMeansNoDefaultRoute() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("s2-no-gateway")
                    .parent("eth0")
                    .subnet(Subnet.of("192.168.1.0/24").noGateway())
                    .build())) {
                // Without a gateway the first address is an endpoint's; but here the machine at the other end has it.
                network.attach(EndpointSpec.in(a.netns()).withAddress("192.168.1.20"));
                assertEquals(List.of("192.168.1.0/24 dev eth0 proto kernel scope link src 192.168.1.20"), a.routes());
                a.reaches("192.168.1.1");
            }
        }
    }

    @Test
    void s3WithoutAParentEndpointsReachEachOtherAndNothingElse() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            Machine b = lab.machine();
            ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("s3")
                    .subnet("192.168.10.0/24")
                    .subnet("192.168.20.0/24")
                    .subnet("2001:db8:10::/64")
                    .build());
            String parent = network.inspect().parent();
            assertTrue(lab.host().run("ip -d link show " + parent).contains("dummy"));
            assertTrue(lab.host().run("ip link show " + parent).contains("UP,LOWER_UP"));

            network.attach(EndpointSpec.in(a.netns()).withAddress("192.168.10.5"));
            network.attach(EndpointSpec.in(b.netns()).withAddress("192.168.20.5"));
            a.reaches("192.168.20.5");
            b.reaches("192.168.10.5");
            a.reaches("2001:db8:10::2");
            assertEquals(
                    List.of(
                            "192.168.10.0/24 dev eth0 proto kernel scope link src 192.168.10.5",
                            "192.168.20.0/24 dev eth0 proto 105 scope link"),
                    a.routes());
            assertEquals(List.of("2001:db8:10::/64 dev eth0 proto kernel metric 256 pref medium"), a.routes6());
            a.doesNotReach("192.168.1.1");
            a.doesNotReach("192.168.1.250");

            network.endpoints().forEach(endpoint -> endpoint.detach());
            network.delete();
            assertTrue(lab.host().attempt("ip link show " + parent).exit() != 0, "the dummy parent is left");
        }
    }

    @Test
    void s3AnInternalNetworkOnAParentHasNoDefaultRouteButTheSegmentStaysReachable() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine router = lab.segment();
            router.run("ip address add 10.99.0.1/24 dev lo");
            Machine a = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("s3-internal")
                    .parent("eth0")
                    .subnet("192.168.1.0/24")
                    .internal()
                    .build())) {
                network.attach(EndpointSpec.in(a.netns()).withAddress("192.168.1.20"));
                assertEquals(List.of("192.168.1.0/24 dev eth0 proto kernel scope link src 192.168.1.20"), a.routes());
                a.doesNotReach("10.99.0.1");
                a.reaches("192.168.1.1"); // what the documentation of internal() says
            }
        }
    }
}
