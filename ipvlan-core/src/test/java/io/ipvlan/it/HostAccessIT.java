package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Parent;
import io.ipvlan.Route;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Stories S12 and S13 of the ipvlan manual: how the host and other hosts reach the endpoints.
class HostAccessIT {
    @ParameterizedTest
    @CsvSource({"L2, true", "L3, true", "L3S, true", "L2, false", "L3, false", "L3S, false"})
    void s12TheHostAndTheEndpointsReachEachOther(IpvlanMode mode, boolean onDummy) {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            String before = lab.host().picture();
            Machine a = lab.machine();
            Machine b = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("s12")
                    .mode(mode)
                    .parent(onDummy ? Parent.dummy() : Parent.link("eth0"))
                    .subnet("192.168.110.0/24")
                    .subnet("192.168.112.0/24")
                    .subnet("2001:db8:abc6::/64")
                    .hostAccess()
                    .build())) {
                network.attach(EndpointSpec.in(a.netns()).withAddress("192.168.110.10"));
                network.attach(
                        EndpointSpec.in(b.netns()).withAddress("192.168.112.10").withAddress("2001:db8:abc6::10"));
                lab.host().reaches("192.168.110.10");
                lab.host().reaches("192.168.112.10");
                lab.host().reaches("2001:db8:abc6::10");
                for (IpAddress host : network.inspect().hostAddresses()) {
                    if (host.family() == IpFamily.IPV6) {
                        b.reaches(host.toString());
                    } else if (host.toString().startsWith("192.168.110.")) {
                        a.reaches(host.toString());
                    }
                }
            }
            assertEquals(before, lab.host().picture());
        }
    }

    /// The subnet is the parent's own: what the host reaches there by the parent stays as it was.
    @Test
    void s12OnTheHostsOwnSegmentOnlyTheEndpointsGetRoutes() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            String before = lab.host().picture();
            Machine a = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("s12-lan")
                    .parent("eth0")
                    .subnet("192.168.1.0/24")
                    .hostAccess()
                    .build())) {
                network.attach(EndpointSpec.in(a.netns()).withAddress("192.168.1.20"));
                lab.host().reaches("192.168.1.20");
                lab.host().reaches("192.168.1.1");
                a.reaches(network.inspect().hostAddresses().getFirst().toString());
                a.reaches("192.168.1.1");
                assertTrue(lab.host().routes().stream().anyMatch(route -> route.startsWith("192.168.1.20 dev ipvl-")));
                network.detachAll();
                assertTrue(lab.host().routes().stream().noneMatch(route -> route.startsWith("192.168.1.20 ")));
            }
            assertEquals(before, lab.host().picture());
        }
    }

    @Test
    void s13AnotherHostWithTheRemoteRoutesReachesTheEndpoints() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine other = lab.segment();
            lab.host().run("ip address add 2001:db8:1::250/64 dev eth0 nodad");
            other.run("ip address add 2001:db8:1::1/64 dev eth0 nodad");
            Machine a = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("s13")
                    .l3()
                    .parent("eth0")
                    .subnet("192.168.214.0/24")
                    .subnet("192.168.215.0/24")
                    .subnet("2001:db8:abc6::/64")
                    .build())) {
                network.attach(EndpointSpec.in(a.netns()).withAddress("192.168.215.10"));
                List<Route> routes = network.remoteRoutes();
                assertEquals(
                        List.of("192.168.214.0/23 via 192.168.1.250", "2001:db8:abc6::/64 via 2001:db8:1::250"),
                        routes.stream().map(Route::toString).toList());

                try (Ipvlan there = other.inside(Ipvlan::open)) {
                    there.installHostRoutes(routes);
                    there.installHostRoutes(routes);
                    other.reaches("192.168.215.10");
                    other.reaches("2001:db8:abc6::1");
                    a.reaches("192.168.1.1");
                    a.reaches("2001:db8:1::1");
                    there.removeHostRoutes(routes);
                    there.removeHostRoutes(routes);
                }
                other.doesNotReach("192.168.215.10");
                assertTrue(other.routes().stream().noneMatch(route -> route.contains("proto 105")));
            }
        }
    }
}
