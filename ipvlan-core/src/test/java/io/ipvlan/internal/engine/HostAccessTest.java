package io.ipvlan.internal.engine;

import static io.ipvlan.internal.engine.Bench.BLUE;
import static io.ipvlan.internal.engine.Bench.GREEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.AddressException;
import io.ipvlan.ConflictException;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Plan;
import io.ipvlan.Refusal;
import io.ipvlan.Route;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.LinkNames;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostAccessTest {
    private static final IpvlanNetwork ROUTED = IpvlanNetwork.builder("routed")
            .l3()
            .parent("eth0")
            .subnet("10.1.0.0/24")
            .subnet("2001:db8:1::/64")
            .hostAccess()
            .build();
    /// On the segment of the host's own addresses.
    private static final IpvlanNetwork LAN = IpvlanNetwork.builder("lan")
            .parent("eth0")
            .subnet("192.168.1.0/24")
            .subnet("10.1.0.0/24")
            .hostAccess()
            .build();

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private NamespaceState host() {
        return bench.kernel.host().observe();
    }

    private List<String> routesBy(String link) {
        int index = bench.kernel.indexOf(link).orElseThrow();
        return host().routes().stream()
                .filter(route -> route.device() == index)
                .map(route -> route.destination().toString())
                .toList();
    }

    @Test
    void theHostGetsALinkWithAnAddressInEachSubnetAndRoutesThroughIt() {
        ActiveNetwork network = bench.engine.create(ROUTED);
        String link = LinkNames.hostAccess("routed");

        assertEquals(List.of(link + " in the host"), bench.kernel.children());
        assertEquals(
                List.of("10.1.0.1", "2001:db8:1::1"),
                network.inspect().hostAddresses().stream()
                        .map(address -> address.toString())
                        .toList());
        assertEquals(
                List.of(IpCidr.parse("10.1.0.1/32"), IpCidr.parse("2001:db8:1::1/128")),
                host().addressesOf(bench.kernel.indexOf(link).orElseThrow()));
        assertEquals(List.of("2001:db8:1::1/128", "10.1.0.0/24", "2001:db8:1::/64"), routesBy(link));
    }

    @Test
    void itsAddressesAreNobodyElses() {
        ActiveNetwork network = bench.engine.create(ROUTED);

        assertEquals(List.of("10.1.0.2/24", "2001:db8:1::2/64"), Bench.next(network));
        assertThrows(
                AddressException.class,
                () -> network.attach(EndpointSpec.in(BLUE).withAddress("10.1.0.1")));
    }

    @Test
    void onTheHostsOwnSegmentEachEndpointGetsARouteForAsLongAsItIsThere() {
        ActiveNetwork network = bench.engine.create(LAN);
        String link = LinkNames.hostAccess("lan");
        List<String> before = routesBy(link);
        assertEquals(List.of("10.1.0.0/24"), before);

        Endpoint web = network.attach(EndpointSpec.in(BLUE).withAddress("192.168.1.9"));
        Endpoint other = network.attach(EndpointSpec.in(GREEN).withAddress("192.168.1.10"));
        assertEquals(List.of("10.1.0.0/24", "192.168.1.9/32", "192.168.1.10/32"), routesBy(link));

        web.detach();
        assertEquals(List.of("10.1.0.0/24", "192.168.1.10/32"), routesBy(link));
        other.detach();
        assertEquals(before, routesBy(link));
    }

    @Test
    void aPlanSaysWhatIsDone() {
        Plan creating = bench.engine.plan(LAN);
        ActiveNetwork network = bench.engine.create(LAN);
        List<Step> made = bench.kernel.applied();
        assertEquals(creating.toString(), new Plan(made).toString());

        EndpointSpec spec = EndpointSpec.in(BLUE).withId("web").withAddress("192.168.1.9");
        Plan attaching = network.plan(spec);
        network.attach(spec);
        List<Step> all = bench.kernel.applied();
        assertEquals(attaching.toString(), new Plan(all.subList(made.size(), all.size())).toString());
        assertTrue(attaching.toString().contains("add route 192.168.1.9/32"), attaching::toString);
    }

    @Test
    void whatWasMadeGoesWithTheNetwork() {
        Bench.Snapshot before = bench.snapshot();
        for (IpvlanNetwork description : List.of(ROUTED, LAN)) {
            ActiveNetwork network = bench.engine.create(description);
            network.attach(BLUE).detach();
            network.delete();
            assertEquals(before, bench.snapshot());

            EphemeralNetwork ephemeral = bench.engine.ephemeral(description);
            ephemeral.attach(BLUE);
            ephemeral.close();
            assertEquals(before, bench.snapshot());
        }
    }

    @Test
    void aLaterEngineKnowsItAgain() {
        ActiveNetwork network = bench.engine.create(LAN);
        network.attach(EndpointSpec.in(BLUE).withAddress("192.168.1.9").withId("web"));
        List<Object> before = List.of(network.inspect(), host(), Bench.next(network));
        bench.reopen();
        ActiveNetwork again = bench.network("lan");

        assertEquals(before, List.of(again.inspect(), host(), Bench.next(again)));
        assertEquals(List.of(), again.verify());
        again.attach(EndpointSpec.in(GREEN).withAddress("192.168.1.10"));
        assertEquals(
                List.of("10.1.0.0/24", "192.168.1.9/32", "192.168.1.10/32"), routesBy(LinkNames.hostAccess("lan")));
        again.detachAll();
        again.delete();
        assertEquals(2, host().links().size());
        assertEquals(2, host().routes().size());
    }

    @Test
    void aSubnetWithoutAnAddressForItIsRefusedAndNothingIsLeft() {
        Bench.Snapshot before = bench.snapshot();
        IpvlanNetwork full = IpvlanNetwork.builder("full")
                .l3()
                .subnet("10.1.0.0/24")
                .subnet(Subnet.of("10.2.0.0/30").withReserved("10.2.0.1", "10.2.0.2"))
                .hostAccess()
                .build();

        assertThrows(AddressException.class, () -> bench.engine.create(full));
        assertEquals(before, bench.snapshot());
    }

    @Test
    void othersReachARoutedNetworkByTheParentsAddress() {
        bench.kernel.addAddress("eth0", "2001:db8:9::250/64");
        List<String> routes = new ArrayList<>();
        bench.engine.create(ROUTED).remoteRoutes().forEach(route -> routes.add(route.toString()));

        assertEquals(List.of("10.1.0.0/24 via 192.168.1.250", "2001:db8:1::/64 via 2001:db8:9::250"), routes);
    }

    @Test
    void routesToOtherHostsAreAddedOnceAndRemovedIfOurs() {
        NamespaceState before = host();
        List<Route> routes = List.of(
                Route.to("10.1.0.0/24").via("192.168.1.9"),
                Route.to("10.2.0.0/24").via("192.168.1.9").metric(7));
        bench.engine.installHostRoutes(routes);
        assertEquals(2 + before.routes().size(), host().routes().size());
        bench.engine.installHostRoutes(routes);
        assertEquals(2 + before.routes().size(), host().routes().size());

        bench.kernel.addRoute("10.3.0.0/24");
        List<Step> applied = bench.kernel.applied();
        bench.engine.removeHostRoutes(List.of(Route.to("10.3.0.0/24")));
        assertEquals(applied, bench.kernel.applied(), "it is somebody else's");

        bench.engine.removeHostRoutes(routes);
        bench.engine.removeHostRoutes(routes);
        assertEquals(before, host());
    }

    @Test
    void aRouteToOtherHostsThatIsListedTwiceIsAddedOnceAndRemovedOnce() {
        NamespaceState before = host();
        Route route = Route.to("10.1.0.0/24").via("192.168.1.9");
        bench.engine.installHostRoutes(List.of(route, route));
        assertEquals(1 + before.routes().size(), host().routes().size());

        bench.engine.removeHostRoutes(List.of(route, route));
        assertEquals(before, host());
    }

    @Test
    void anotherRouteToTheSameDestinationIsAConflictThatSaysWhatHelps() {
        bench.engine.installHostRoutes(List.of(Route.to("10.1.0.0/24").via("192.168.1.9")));

        String refused = Refusal.of(
                ConflictException.class,
                () -> bench.engine.installHostRoutes(
                        List.of(Route.to("10.1.0.0/24").via("192.168.1.10"))));
        assertTrue(
                refused.startsWith(
                        "add route '10.1.0.0/24 via 192.168.1.10': there is another route to this destination"
                                + " already; remove that, or give this one another metric"),
                refused);
    }

    @Test
    void aRouteToOtherHostsThatNamesNoWayThereIsRefusedBeforehand() {
        NamespaceState before = host();
        Route good = Route.to("10.1.0.0/24").via("192.168.1.9");
        String noWay = "it names neither a gateway nor a device";
        Map.of(
                        Route.to("10.2.0.0/24"), noWay,
                        Route.to("10.2.0.0/24").metric(7), noWay,
                        Route.to("10.2.0.0/24").via("0.0.0.0"), "0.0.0.0 is no gateway",
                        Route.to("10.2.0.0/24").via("0.0.0.0").by("eth0"), "0.0.0.0 is no gateway",
                        Route.to("2001:db8:2::/64").via("::").by("eth0"), ":: is no gateway")
                .forEach((route, reason) -> assertEquals(
                        "host route '" + route + "': " + reason,
                        Refusal.of(
                                IllegalArgumentException.class,
                                () -> bench.engine.installHostRoutes(List.of(good, route)))));
        assertEquals(before, host());

        Route end = Route.blackhole("10.2.0.0/24");
        bench.engine.installHostRoutes(List.of(end));
        bench.engine.removeHostRoutes(List.of(end));
        assertEquals(before, host());
    }

    @Test
    void ofSeveralRoutesToOtherHostsAllAreAddedOrNone() {
        NamespaceState before = host();
        List<Route> routes = List.of(
                Route.to("10.1.0.0/24").via("192.168.1.9"),
                Route.to("10.2.0.0/24").via("203.0.113.1"));

        assertThrows(IpvlanException.class, () -> bench.engine.installHostRoutes(routes));
        assertEquals(before, host());
    }
}
