package io.ipvlan.internal.engine;

import static io.ipvlan.internal.engine.Bench.BLUE;
import static io.ipvlan.internal.engine.Bench.DUMMY;
import static io.ipvlan.internal.engine.Bench.ETH0;
import static io.ipvlan.internal.engine.Bench.GREEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Drift;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Parent;
import io.ipvlan.Route;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.NamespaceState;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepairTest {
    private static final Netns STRANGER = Netns.ofName("stranger");
    private static final EndpointSpec WEB = EndpointSpec.in(BLUE).withId("web");
    private static final IpvlanNetwork LAN = ETH0.toBuilder().hostAccess().build();
    private static final IpvlanNetwork TAGGED = IpvlanNetwork.builder("tagged")
            .parent("eth0.20")
            .subnet("10.5.0.0/24")
            .hostAccess()
            .build();

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static NamespaceState state(Bench bench, Netns netns) {
        try (Kernel.Namespace namespace = bench.kernel.open(Optional.of(netns))) {
            return namespace.observe();
        }
    }

    private static void deleteLinkOf(Bench bench, Endpoint endpoint) {
        Optional<Netns> netns = Optional.of(endpoint.info().netns());
        try (Kernel.Namespace namespace = bench.kernel.open(netns)) {
            namespace.delete(new Step.DeleteLink(
                    endpoint.info().interfaceName(), endpoint.info().interfaceIndex(), netns));
        }
    }

    private static void deleteParent(Bench bench, ActiveNetwork network) {
        bench.kernel
                .host()
                .delete(new Step.DeleteLink(
                        network.inspect().parent(), network.inspect().parentIndex(), Optional.empty()));
    }

    private void mendedTwice(ActiveNetwork network) {
        assertFalse(network.verify().isEmpty());
        assertEquals(List.of(), network.repair());
        List<Step> applied = bench.kernel.applied();
        assertEquals(List.of(), network.verify());
        assertEquals(List.of(), network.repair());
        assertEquals(applied, bench.kernel.applied(), "what is mended is left alone");
    }

    @Test
    void aLinkThatIsGoneComesBackAsItWas() {
        for (IpvlanNetwork description : List.of(DUMMY, LAN, TAGGED)) {
            ActiveNetwork network = bench.engine.create(description);
            Endpoint web =
                    network.attach(WEB.withSourceRules().withMtu(1400).withRoute(Route.blackhole("203.0.113.0/24")));
            NamespaceState before = state(bench, BLUE);
            NamespaceState host = bench.kernel.host().observe();
            deleteLinkOf(bench, web);

            mendedTwice(network);

            NamespaceState after = state(bench, BLUE);
            assertEquals(before.links(), after.links());
            assertEquals(before.addresses(), after.addresses());
            assertEquals(List.copyOf(before.rules()), after.rules());
            assertEquals(before.routes().size(), after.routes().size());
            assertTrue(after.routes().containsAll(before.routes()));
            assertEquals(host, bench.kernel.host().observe());
            network.detachAll();
        }
    }

    @Test
    void aParentOfOursComesBackWithAllThatStoodOnIt() {
        for (IpvlanNetwork description : List.of(DUMMY, TAGGED)) {
            ActiveNetwork network = bench.engine.create(description);
            network.attach(WEB);
            network.attach(GREEN);
            List<String> links = bench.kernel.children();
            NamespaceState blue = state(bench, BLUE);
            deleteParent(bench, network);

            mendedTwice(network);

            assertEquals(List.copyOf(links).stream().sorted().toList(), there(links));
            assertEquals(blue.addresses(), state(bench, BLUE).addresses());
            assertTrue(bench.kernel.indexOf(network.inspect().parent()).isPresent());
            bench.reopen();
            ActiveNetwork again = bench.network(description.name());
            assertEquals(List.of(), again.verify(), "it is remembered");
            again.detachAll();
            again.delete();
            assertEquals(2, bench.kernel.host().observe().links().size());
        }
    }

    /// The same link may have been made several times.
    private List<String> there(List<String> links) {
        return bench.kernel.children().stream()
                .distinct()
                .filter(links::contains)
                .sorted()
                .toList();
    }

    @Test
    void addressesAndRoutesThatAreGoneComeBack() {
        ActiveNetwork network = bench.engine.create(ETH0);
        Endpoint web = network.attach(WEB);
        NamespaceState before = state(bench, BLUE);
        // Made again, with nothing on it.
        deleteLinkOf(bench, web);
        stranger(BLUE, web.info().interfaceIndex(), IpvlanMode.L2, IpvlanFlag.BRIDGE);
        assertEquals(
                List.of(
                        "endpoint 'web': link 'eth0' does not say whose it is, and may lack settings",
                        "endpoint 'web': link 'eth0' is down",
                        "endpoint 'web': address 192.168.1.2/24 of 'eth0' is gone",
                        "endpoint 'web': route 'default via 192.168.1.1 dev eth0' is gone"),
                network.verify().stream().map(Drift::toString).toList());

        mendedTwice(network);
        assertEquals(before, state(bench, BLUE));
    }

    private void stranger(Netns netns, int index, IpvlanMode mode, IpvlanFlag flag) {
        try (Kernel.Namespace host = bench.kernel.open(Optional.empty());
                Kernel.Namespace namespace = bench.kernel.open(Optional.of(netns))) {
            host.createChild(
                    new Step.CreateIpvlan(
                            "eth0",
                            index,
                            "eth0",
                            2,
                            Optional.empty(),
                            Optional.of(netns),
                            mode,
                            flag,
                            OptionalInt.empty()),
                    namespace);
        }
    }

    @Test
    void aModeThatAStrangerFlippedIsSetBack() {
        ActiveNetwork network = bench.engine.create(LAN);
        network.attach(WEB);
        NamespaceState before = state(bench, BLUE);
        stranger(STRANGER, 99, IpvlanMode.L3, IpvlanFlag.PRIVATE);
        assertEquals(2, network.verify().size(), "the endpoint's link, and the host's");

        mendedTwice(network);
        assertEquals(before, state(bench, BLUE));
    }

    @Test
    void hostAccessComesBackWithTheRoutesOfTheEndpoints() {
        ActiveNetwork network = bench.engine.create(LAN);
        network.attach(WEB.withAddress("192.168.1.9"));
        NamespaceState before = bench.kernel.host().observe();
        NamespaceState.Link link = before.links().stream()
                .filter(NamespaceState.Link::isIpvlan)
                .findFirst()
                .orElseThrow();
        bench.kernel.host().delete(new Step.DeleteLink(link.name(), link.index(), Optional.empty()));

        mendedTwice(network);
        assertEquals(before, bench.kernel.host().observe());
    }

    @Test
    void whatCannotBeMendedStaysAndIsSaid() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.attach(WEB);
        Endpoint other = network.attach(EndpointSpec.in(GREEN).withId("other"));
        bench.kernel.lose(BLUE);
        deleteLinkOf(bench, other);

        assertEquals(
                List.of("endpoint 'web': its namespace is gone"),
                network.repair().stream().map(Drift::toString).toList());
        assertEquals(
                List.of("other", "web"),
                network.endpoints().stream().map(Endpoint::id).toList());
    }

    @Test
    void aParentOfTheHostThatIsGoneIsNotMadeAgain() {
        bench.kernel.foreignVlan("eth0.30", 50, "eth0", 30);
        ActiveNetwork network = bench.engine.create(IpvlanNetwork.builder("n")
                .parent(Parent.index(50))
                .subnet("10.1.0.0/24")
                .build());
        network.attach(WEB);
        bench.kernel.host().delete(new Step.DeleteLink("eth0.30", 50, Optional.empty()));

        assertEquals(
                List.of("network: its parent 'eth0.30' is gone", "endpoint 'web': link 'eth0' is gone"),
                network.repair().stream().map(Drift::toString).toList());
        assertEquals(2, bench.kernel.host().observe().links().size());
    }

    /// The name of the VLAN link was given to another VLAN by now, so that ours cannot be made.
    @Test
    void whatKeepsTheParentAwayIsSaidAndNotThrown() {
        IpvlanNetwork description = IpvlanNetwork.builder("n")
                .parent(Parent.vlan(Parent.vlan("eth0", 100), 5).named("inner"))
                .subnet("10.1.0.0/24")
                .build();
        ActiveNetwork network = bench.engine.create(description);
        NamespaceState.Link outer =
                bench.kernel.host().observe().link("eth0.100").orElseThrow();
        bench.kernel.host().delete(new Step.DeleteLink("eth0.100", outer.index(), Optional.empty()));
        bench.kernel.host().create(new Step.CreateDummy("eth0.100", 60, Optional.empty()));

        assertEquals(
                List.of("network: its parent 'inner' is gone"),
                network.repair().stream().map(Drift::toString).toList());
    }
}
