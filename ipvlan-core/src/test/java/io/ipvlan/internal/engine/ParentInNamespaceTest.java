package io.ipvlan.internal.engine;

import static io.ipvlan.internal.engine.Bench.BLUE;
import static io.ipvlan.internal.engine.Bench.GREEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.Parent;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.LinkNames;
import io.ipvlan.internal.plan.NamespaceState;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParentInNamespaceTest {
    private static final Netns ROUTER = Netns.ofName("router");
    private static final IpvlanNetwork DUMMY = IpvlanNetwork.builder("n")
            .l3()
            .parent(Parent.dummy().in(ROUTER))
            .subnet("10.1.0.0/24")
            .hostAccess()
            .build();

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private NamespaceState state(Netns netns) {
        try (Kernel.Namespace namespace = bench.kernel.open(Optional.of(netns))) {
            return namespace.observe();
        }
    }

    private static List<String> names(NamespaceState state) {
        return state.links().stream().map(NamespaceState.Link::name).sorted().toList();
    }

    @Test
    void parentAndHostAccessAreMadeThereAndTheHostStaysAsItIs() {
        NamespaceState host = bench.kernel.host().observe();
        NamespaceState router = state(ROUTER);
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.attach(EndpointSpec.in(BLUE).withId("web"));

        assertEquals(host, bench.kernel.host().observe());
        assertEquals(
                List.of(LinkNames.dummyParent("n"), LinkNames.hostAccess("n"), "lo").stream()
                        .sorted()
                        .toList(),
                names(state(ROUTER)));
        assertEquals(List.of("eth0", "lo"), names(state(BLUE)));
        assertEquals(List.of(), network.verify());
        assertEquals(
                "eth0",
                Objects.requireNonNull(network.observe().endpoints().get("web"))
                        .link()
                        .orElseThrow()
                        .name());

        network.detachAll();
        network.delete();
        assertEquals(router, state(ROUTER));
        assertEquals(Map.of(), Bench.texts(bench.store));
    }

    @Test
    void anEndpointMayBeWhereTheParentIs() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        NamespaceState before = state(ROUTER);
        network.attach(EndpointSpec.in(ROUTER).withoutDefaultRoute().withSourceRules());

        assertEquals(List.of(), network.verify());
        assertEquals(before.links().size() + 1, state(ROUTER).links().size());
        network.detachAll();
        assertEquals(before, state(ROUTER));
    }

    @Test
    void linksOfOneNameAndIndexInTwoNamespacesAreTwoParents() {
        for (Netns where : List.of(ROUTER, GREEN)) {
            try (Kernel.Namespace namespace = bench.kernel.open(Optional.of(where))) {
                namespace.create(new Step.CreateDummy("up0", 50, Optional.of(where)));
            }
        }
        IpvlanNetwork first = IpvlanNetwork.builder("first")
                .l3()
                .parent(Parent.link("up0").in(ROUTER))
                .subnet("10.1.0.0/24")
                .build();
        IpvlanNetwork second = IpvlanNetwork.builder("second")
                .l2()
                .parent(Parent.link("up0").in(GREEN))
                .subnet("10.1.0.0/24")
                .build();
        bench.engine.create(first).attach(BLUE);

        assertEquals("up0", bench.engine.create(second).inspect().parent());
        assertEquals(List.of(), bench.network("first").verify());
    }

    @Test
    void aVlanIsMadeThere() {
        try (Kernel.Namespace namespace = bench.kernel.open(Optional.of(ROUTER))) {
            namespace.create(new Step.CreateDummy("up0", 50, Optional.of(ROUTER)));
        }
        ActiveNetwork network = bench.engine.create(IpvlanNetwork.builder("n")
                .parent(Parent.link("up0.20").in(ROUTER))
                .subnet("10.1.0.0/24")
                .build());
        assertEquals(List.of("lo", "up0", "up0.20"), names(state(ROUTER)));
        assertEquals(
                "ip -n router link add link up0.20 name eth0 index",
                network.plan(EndpointSpec.in(BLUE)).commands().getFirst().replaceFirst("index .*", "index"));
    }

    @Test
    void aLaterEngineFindsItThere() {
        bench.engine.create(DUMMY).attach(BLUE);
        bench.reopen();
        ActiveNetwork network = bench.network("n");
        assertEquals(List.of(), network.verify());
        network.attach(GREEN);

        network.detachAll();
        network.delete();
        assertEquals(List.of("lo"), names(state(ROUTER)));
    }

    @Test
    void aNamespaceThatIsGoneIsNamedAndDoesNotHoldTheNetwork() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.attach(BLUE);
        bench.kernel.lose(ROUTER);
        bench.kernel.empty(BLUE); // with the parent goes what stands on it

        NotFoundException refused = assertThrows(NotFoundException.class, () -> network.attach(GREEN));
        assertTrue(refused.reason().contains("the namespace of its parent, 'router', does not exist"), refused::reason);
        assertEquals(
                List.of("the namespace of its parent is gone", "link 'eth0' is gone"),
                network.repair().stream().map(drift -> drift.reason()).toList());
        network.detachAll();
        network.delete();
        assertEquals(List.of(), bench.engine.networks());
        assertEquals(Map.of(), Bench.texts(bench.store));
    }
}
