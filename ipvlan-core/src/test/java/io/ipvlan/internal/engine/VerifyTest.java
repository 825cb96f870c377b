package io.ipvlan.internal.engine;

import static io.ipvlan.internal.engine.Bench.BLUE;
import static io.ipvlan.internal.engine.Bench.DUMMY;
import static io.ipvlan.internal.engine.Bench.ETH0;
import static io.ipvlan.internal.engine.Bench.GREEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Drift;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.ObservedNetwork;
import io.ipvlan.Parent;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.LinkNames;
import io.ipvlan.ip.IpCidr;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VerifyTest {
    private static final EndpointSpec WEB = EndpointSpec.in(BLUE).withId("web");

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static List<String> drifts(ActiveNetwork network) {
        return network.verify().stream().map(Drift::toString).toList();
    }

    private void change(Optional<Netns> netns, Step step) {
        try (Kernel.Namespace namespace = bench.kernel.open(netns)) {
            if (step instanceof Step.DeleteLink delete) {
                namespace.delete(delete);
            } else {
                namespace.configure(List.of(step));
            }
        }
    }

    private static int index(Endpoint endpoint) {
        return endpoint.info().interfaceIndex();
    }

    @Test
    void whatIsAsItShouldBeDiffersInNothingAndLookingChangesNothing() {
        for (IpvlanNetwork description : List.of(
                DUMMY,
                ETH0.toBuilder().hostAccess().build(),
                IpvlanNetwork.builder("tagged")
                        .parent("eth0.20")
                        .subnet("10.5.0.0/24")
                        .build())) {
            ActiveNetwork network = bench.engine.create(description);
            network.attach(WEB.withSourceRules());
            network.attach(EndpointSpec.in(GREEN).withMtu(1400));
            List<Step> applied = bench.kernel.applied();

            assertEquals(List.of(), network.verify());
            assertEquals(List.of(), network.repair());
            assertEquals(applied, bench.kernel.applied());
            network.detachAll();
        }
    }

    @Test
    void aLinkThatIsGoneIsNamedWithItsEndpoint() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        Endpoint web = network.attach(WEB);
        network.attach(GREEN);
        change(Optional.of(BLUE), new Step.DeleteLink("eth0", index(web), Optional.of(BLUE)));

        assertEquals(List.of("endpoint 'web': link 'eth0' is gone"), drifts(network));
    }

    @Test
    void aRouteAndARuleThatAreGoneAreNamed() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        Endpoint web = network.attach(WEB.withSourceRules());
        for (Step step : bench.kernel.applied()) {
            if (step instanceof Step.AddRoute add && add.route().isDefault()) {
                change(add.netns(), new Step.DeleteRoute(add.route(), add.index(), add.netns()));
            } else if (step instanceof Step.AddRule add) {
                change(add.netns(), new Step.DeleteRule(add.from(), add.table(), add.netns()));
            }
        }

        assertEquals(
                List.of(
                        "endpoint 'web': route 'default dev eth0 table " + index(web) + "' is gone",
                        "endpoint 'web': rule from 10.1.214.1/32 is gone"),
                drifts(network));
    }

    @Test
    void aParentThatIsGoneTakesEverythingAlong() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.attach(WEB);
        String parent = network.inspect().parent();
        change(Optional.empty(), new Step.DeleteLink(parent, network.inspect().parentIndex(), Optional.empty()));

        assertEquals(
                List.of("network: its parent '" + parent + "' is gone", "endpoint 'web': link 'eth0' is gone"),
                drifts(network));
    }

    @Test
    void aModeThatAStrangerChangedIsNamed() {
        ActiveNetwork network = bench.engine.create(ETH0);
        Endpoint web = network.attach(WEB);
        change(
                Optional.of(BLUE),
                new Step.SetPort("eth0", index(web), IpvlanMode.L3S, IpvlanFlag.VEPA, Optional.of(BLUE)));

        assertEquals(
                List.of("endpoint 'web': mode and flag of the parent are l3s vepa, not l2 bridge"), drifts(network));
    }

    @Test
    void hostAccessIsLookedAtToo() {
        ActiveNetwork network =
                bench.engine.create(ETH0.toBuilder().hostAccess().build());
        network.attach(WEB.withAddress("192.168.1.9"));
        String link = LinkNames.hostAccess("lan");
        int index = bench.kernel.indexOf(link).orElseThrow();
        change(Optional.empty(), new Step.DeleteLink(link, index, Optional.empty()));

        assertEquals(
                List.of(
                        "network: link '" + link + "' is gone",
                        "endpoint 'web': route '192.168.1.9/32 dev " + link + " src 192.168.1.2' is gone"),
                drifts(network));
    }

    @Test
    void namespacesThatAreNotFoundAreNamed() {
        Netns router = Netns.ofName("router");
        ActiveNetwork network = bench.engine.create(IpvlanNetwork.builder("n")
                .parent(Parent.dummy().in(router))
                .subnet("10.1.0.0/24")
                .build());
        network.attach(WEB);
        bench.kernel.lose(BLUE);
        assertEquals(List.of("endpoint 'web': its namespace is gone"), drifts(network));

        bench.kernel.lose(router);
        assertEquals(
                List.of("network: the namespace of its parent is gone", "endpoint 'web': its namespace is gone"),
                drifts(network));
    }

    private static ObservedNetwork.Endpoint web(ObservedNetwork observed) {
        return Objects.requireNonNull(observed.endpoints().get("web"));
    }

    @Test
    void whatTheKernelHoldsIsShown() {
        ActiveNetwork network =
                bench.engine.create(ETH0.toBuilder().hostAccess().build());
        Endpoint web = network.attach(WEB.withAddress("192.168.1.9").withMtu(1400));
        network.attach(EndpointSpec.in(GREEN).withId("lost"));
        bench.kernel.lose(GREEN);

        ObservedNetwork observed = network.observe();

        assertEquals("eth0", observed.parent().orElseThrow().name());
        assertEquals(
                LinkNames.hostAccess("lan"), observed.hostAccess().orElseThrow().name());
        assertEquals(
                Optional.of(new ObservedNetwork.Link(
                        "eth0",
                        index(web),
                        true,
                        1400,
                        Optional.of(IpvlanMode.L2),
                        Optional.of(IpvlanFlag.BRIDGE),
                        List.of(IpCidr.parse("192.168.1.9/24")))),
                web(observed).link());
        assertEquals(
                List.of("192.168.1.0/24 dev eth0", "default via 192.168.1.1 dev eth0"),
                web(observed).routes().stream().map(route -> route.toString()).toList());
        assertEquals(
                new ObservedNetwork.Endpoint(Optional.empty(), List.of()),
                observed.endpoints().get("lost"));
    }

    @Test
    void aDeletedNetworkIsLookedAtNoMore() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.delete();

        assertThrows(IllegalStateException.class, network::verify);
        assertThrows(IllegalStateException.class, network::repair);
        assertThrows(IllegalStateException.class, network::observe);
        assertThrows(IllegalStateException.class, network::remoteRoutes);
    }
}
