package io.ipvlan.internal.engine;

import static io.ipvlan.internal.engine.Bench.BLUE;
import static io.ipvlan.internal.engine.Bench.DUMMY;
import static io.ipvlan.internal.engine.Bench.ETH0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.ConflictException;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.NetworkInfo;
import io.ipvlan.NotFoundException;
import io.ipvlan.Plan;
import io.ipvlan.Refusal;
import io.ipvlan.Route;
import io.ipvlan.ipam.Subnet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class EngineTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static String conflict(Executable operation) {
        return assertThrows(ConflictException.class, operation).getMessage();
    }

    @Test
    void aNetworkWithoutAParentGetsADummyLinkOfItsOwn() {
        ActiveNetwork network = bench.engine.create(DUMMY);

        NetworkInfo info = network.inspect();
        assertTrue(info.parentOwned());
        assertTrue(bench.kernel.indexOf(info.parent()).isPresent());
        assertEquals(DUMMY, network.description());
        assertEquals(DUMMY.subnets(), info.subnets());
        assertEquals(List.of(), info.endpoints());
    }

    @Test
    void aParentOfTheHostIsNotChanged() {
        NetworkInfo info = bench.engine.create(ETH0).inspect();

        assertEquals("eth0", info.parent());
        assertFalse(info.parentOwned());
        assertEquals(List.of(Subnet.of("192.168.1.0/24").withGateway("192.168.1.1")), info.subnets());
        assertEquals(List.of(), bench.kernel.applied());
    }

    @Test
    void whatIsTooLongToBeRememberedIsRefusedByNameAndNothingIsLeft() {
        Bench.Snapshot empty = bench.snapshot();
        IpvlanNetwork labelled =
                DUMMY.toBuilder().label("all", "x".repeat(2 << 20)).build();
        String refused = Refusal.of(IllegalArgumentException.class, () -> bench.engine.create(labelled));
        assertTrue(refused.startsWith("'dummy' needs "), refused);
        assertEquals(empty, bench.snapshot());

        ActiveNetwork network = bench.engine.create(DUMMY);
        Bench.Snapshot created = bench.snapshot();
        EndpointSpec routed = EndpointSpec.in(BLUE).withId("web");
        for (int i = 0; i < 15_000; i++) {
            routed = routed.withRoute(Route.blackhole("10.100." + (i >> 8) + "." + (i & 0xff) + "/32"));
        }
        EndpointSpec tooLong = routed;
        refused = Refusal.of(IllegalArgumentException.class, () -> network.attach(tooLong));
        assertTrue(refused.startsWith("'dummy/web' needs "), refused);
        assertEquals(created, bench.snapshot());
    }

    @Test
    void aNetworkIsCreatedOnce() {
        bench.engine.create(DUMMY);

        assertEquals(
                "create network 'dummy': a network of that name exists already",
                conflict(() -> bench.engine.create(DUMMY)));
        assertThrows(ConflictException.class, () -> bench.engine.ephemeral(DUMMY));
        assertThrows(ConflictException.class, () -> bench.engine.plan(DUMMY));
    }

    @Test
    void ensuringFindsWhatIsEqualAndCreatesWhatIsMissing() {
        ActiveNetwork network = bench.engine.ensure(DUMMY);

        assertSame(network, bench.engine.ensure(DUMMY.toBuilder().build()));
        assertEquals(1, bench.engine.networks().size());
    }

    @Test
    void ensuringRefusesWhatDiffersShowingWhatThereIs() {
        bench.engine.create(DUMMY);
        IpvlanNetwork other = DUMMY.toBuilder().internal().build();

        String message = conflict(() -> bench.engine.ensure(other));
        assertTrue(message.startsWith("ensure network 'dummy': it exists with another description"), message);
        assertTrue(message.contains("10.1.214.0/24"), message);
    }

    @Test
    void networksAreFoundByNameAndListedInItsOrder() {
        bench.engine.create(ETH0);
        bench.engine.create(DUMMY);

        assertEquals("dummy", bench.network("dummy").name());
        assertEquals(Optional.empty(), bench.engine.find("nobody"));
        assertEquals(
                List.of("dummy", "lan"),
                bench.engine.networks().stream().map(ActiveNetwork::name).toList());
    }

    @Test
    void aPlanChangesNothingAndIsWhatCreatingDoes() {
        Bench.Snapshot before = bench.snapshot();
        Plan plan = bench.engine.plan(DUMMY);
        assertEquals(before, bench.snapshot());
        assertEquals(plan.toString(), bench.engine.plan(DUMMY).toString());
        assertEquals(List.of(), bench.kernel.applied());

        bench.engine.create(DUMMY);
        assertEquals(plan.toString(), new Plan(bench.kernel.applied()).toString());
        assertEquals(new Plan(List.of()), bench.engine.plan(ETH0));
    }

    @Test
    void aPlanIsRefusedLikeTheNetwork() {
        IpvlanNetwork missing = ETH0.toBuilder().parent("eth7").build();

        assertEquals(
                assertThrows(NotFoundException.class, () -> bench.engine.create(missing))
                        .getMessage(),
                assertThrows(NotFoundException.class, () -> bench.engine.plan(missing))
                        .getMessage());
    }

    /// Whatever closes what can be closed would delete it.
    @Test
    void onlyAnEphemeralNetworkCanBeClosed() {
        assertFalse((Object) bench.engine.create(DUMMY) instanceof AutoCloseable);
    }

    @Test
    void anEphemeralNetworkIsNotOneThatIsEnsured() {
        try (EphemeralNetwork network = bench.engine.ephemeral(DUMMY)) {
            ConflictException refused = assertThrows(ConflictException.class, () -> bench.engine.ensure(DUMMY));
            assertTrue(refused.reason().contains("goes with its handle"), refused::reason);
            assertEquals(DUMMY, network.description());
        }
    }

    @Test
    void anEphemeralNetworkTakesEverythingAlong() {
        Bench.Snapshot before = bench.snapshot();
        EphemeralNetwork network = bench.engine.ephemeral(DUMMY);
        network.attach(BLUE);
        network.attach(Bench.GREEN);
        network.close();

        assertEquals(before, bench.snapshot());
        network.close();
        network.delete();
        assertEquals(before, bench.snapshot());
    }

    @Test
    void twoNetworksShareAParentInOneModeAndFlag() {
        IpvlanNetwork second = IpvlanNetwork.builder("second")
                .parent("eth0")
                .subnet("10.9.0.0/24")
                .build();
        bench.engine.create(ETH0);

        assertEquals("eth0", bench.engine.create(second).inspect().parent());
    }

    @Test
    void anotherModeOrFlagOnAUsedParentIsRefusedNamingTheUser() {
        ActiveNetwork lan = bench.engine.create(ETH0);
        IpvlanNetwork.Builder other =
                IpvlanNetwork.builder("other").parent("eth0").subnet("10.9.0.0/24");

        String message = conflict(() -> bench.engine.create(other.l3().build()));
        assertTrue(message.contains("network 'lan' uses 'eth0' as l2 bridge"), message);
        IpvlanNetwork vepa = other.l2().flag(IpvlanFlag.VEPA).build();
        assertThrows(ConflictException.class, () -> bench.engine.create(vepa));

        lan.delete();
        assertEquals(vepa, bench.engine.create(vepa).description());
    }

    @Test
    void aSubnetIsGivenToOneNetworkOfAParent() {
        bench.engine.create(ETH0);
        IpvlanNetwork overlapping = IpvlanNetwork.builder("other")
                .parent("eth0")
                .subnet("192.168.1.128/25")
                .build();
        IpvlanNetwork elsewhere =
                IpvlanNetwork.builder("elsewhere").subnet("192.168.1.0/24").build();

        assertTrue(conflict(() -> bench.engine.create(overlapping)).contains("'lan'"));
        assertEquals(elsewhere, bench.engine.create(elsewhere).description());
    }

    @Test
    void aRefusedNetworkLeavesItsNameFree() {
        IpvlanNetwork missing = ETH0.toBuilder().parent("eth7").build();
        assertThrows(NotFoundException.class, () -> bench.engine.create(missing));

        assertEquals(ETH0, bench.engine.create(ETH0).description());
    }

    @Test
    void aClosedEngineRefusesEverythingByName() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        Ipvlan closed = bench.engine;
        closed.close();
        closed.close();

        assertTrue(bench.store.closed());
        List<Executable> uses = List.of(
                () -> closed.create(ETH0),
                () -> closed.ensure(DUMMY),
                () -> closed.ephemeral(ETH0),
                () -> closed.plan(ETH0),
                () -> closed.find("dummy"),
                closed::networks,
                () -> network.attach(BLUE),
                () -> network.plan(EndpointSpec.in(BLUE)),
                network::endpoints,
                network::inspect,
                network::delete);
        for (Executable use : uses) {
            assertEquals(
                    "the engine is closed",
                    assertThrows(IllegalStateException.class, use).getMessage());
        }
        assertEquals("dummy", network.name());
        assertEquals(DUMMY, network.description());
    }

    @Test
    void closingChangesNothingInTheKernel() {
        bench.engine.create(DUMMY).attach(BLUE);
        Bench.Snapshot before = bench.snapshot();
        bench.engine.close();

        assertEquals(before.host(), bench.kernel.host().observe());
        assertEquals(before.children(), bench.kernel.children());
        assertEquals(before.store(), bench.remembered());
    }
}
