package io.ipvlan.internal.engine;

import static io.ipvlan.internal.engine.Bench.BLUE;
import static io.ipvlan.internal.engine.Bench.GREEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.ConflictException;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Parent;
import io.ipvlan.Step;
import io.ipvlan.VlanProtocol;
import io.ipvlan.internal.store.MemoryStore;
import io.ipvlan.ipam.SubnetAllocator;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// VLAN links that are made on demand: for whoever comes first, and gone with whoever goes last.
class SharedParentTest {
    private static final IpvlanNetwork ONE =
            IpvlanNetwork.builder("one").parent("eth0.20").subnet("10.1.0.0/24").build();
    private static final IpvlanNetwork TWO = IpvlanNetwork.builder("two")
            .parent(Parent.vlan("eth0", 20))
            .subnet("10.2.0.0/24")
            .build();
    private static final IpvlanNetwork OUTER = IpvlanNetwork.builder("outer")
            .parent(Parent.vlan("eth0", 100).protocol(VlanProtocol.DOT1AD))
            .subnet("10.3.0.0/24")
            .build();
    private static final IpvlanNetwork INNER = IpvlanNetwork.builder("inner")
            .parent(Parent.vlan(Parent.vlan("eth0", 100).protocol(VlanProtocol.DOT1AD), 5))
            .subnet("10.4.0.0/24")
            .build();

    private final Bench bench = new Bench();
    private final Engine other =
            Engine.open(bench.kernel, new MemoryStore(), SubnetAllocator.of(SubnetAllocator.DOCKER_POOLS));

    @AfterEach
    void close() {
        other.close();
        bench.close();
    }

    private boolean isThere(String link) {
        return bench.kernel.indexOf(link).isPresent();
    }

    private long made() {
        return bench.kernel.applied().stream()
                .filter(Step.CreateVlan.class::isInstance)
                .count();
    }

    private void inEitherOrder(Ipvlan first, Ipvlan second) {
        for (boolean forwards : new boolean[] {true, false}) {
            Bench.Snapshot before = bench.snapshot();
            long madeBefore = made();
            ActiveNetwork one = first.create(ONE);
            ActiveNetwork two = second.create(TWO);
            assertEquals(madeBefore + 1, made());
            assertEquals(one.inspect().parentIndex(), two.inspect().parentIndex());
            assertTrue(one.inspect().parentOwned() && two.inspect().parentOwned());
            one.attach(BLUE).detach();
            ActiveNetwork earlier = forwards ? one : two;
            ActiveNetwork later = forwards ? two : one;

            earlier.delete();
            assertTrue(isThere("eth0.20"));
            assertEquals(List.of(), later.verify());
            later.attach(GREEN).detach();
            later.delete();
            assertFalse(isThere("eth0.20"));
            assertEquals(before, bench.snapshot());
        }
    }

    @Test
    void theLastNetworkTakesItAlong() {
        inEitherOrder(bench.engine, bench.engine);
    }

    @Test
    void networksOfTwoEnginesCountAlike() {
        inEitherOrder(bench.engine, other);
        inEitherOrder(other, bench.engine);
    }

    @Test
    void anEngineThatIsOpenedAgainCountsAgain() {
        bench.engine.create(ONE);
        bench.engine.create(TWO);
        bench.reopen();
        bench.network("one").delete();
        assertTrue(isThere("eth0.20"));
        bench.reopen();
        bench.network("two").delete();
        assertFalse(isThere("eth0.20"));
    }

    /// Its networks are claimed by nobody then, and their endpoints live.
    @Test
    void aLinkStaysWhileEndpointsOfAClosedEngineStandOnIt() {
        other.create(ONE).attach(BLUE);
        other.close();

        bench.engine.create(TWO).delete();
        assertTrue(isThere("eth0.20"));
    }

    @Test
    void whatIsTakenBackIsTakenBackBeforeAnotherCanUseIt() throws Exception {
        Thread[] second = new Thread[1];
        bench.store.meanwhile(() -> {
            second[0] = Thread.ofPlatform().start(() -> other.create(TWO));
            while (second[0].getState() != Thread.State.WAITING) {
                Thread.onSpinWait(); // it waits for the link, or the test for ever
            }
            bench.lifeline.fail(1, Lifeline.Fault.UNANSWERED); // the change itself
        });
        assertThrows(UncheckedIOException.class, () -> bench.engine.create(ONE));
        second[0].join();
        other.find("two").orElseThrow().attach(GREEN);
        assertTrue(isThere("eth0.20"));
    }

    @Test
    void theyShareModeAndFlag() {
        bench.engine.create(ONE);

        ConflictException refused = assertThrows(
                ConflictException.class, () -> other.create(TWO.toBuilder().l3().build()));
        assertTrue(refused.reason().contains("network 'one' uses 'eth0.20' as l2 bridge"), refused::reason);
        assertEquals(1, made());
    }

    /// Whoever made it keeps it, even if the library could have made it.
    @ParameterizedTest
    @ValueSource(strings = {"eth0.20", "foo"})
    void aVlanOfTheHostIsNeverRemoved(String name) {
        bench.kernel.foreignVlan(name, 50, "eth0", 20);
        ActiveNetwork one = bench.engine.create(ONE);
        ActiveNetwork two = bench.engine.create(TWO);
        assertEquals(name, one.inspect().parent());
        assertFalse(two.inspect().parentOwned());
        one.attach(BLUE).detach();

        one.delete();
        two.delete();

        assertEquals(50, bench.kernel.indexOf(name).orElseThrow());
        assertTrue(bench.kernel.applied().stream()
                .noneMatch(step -> step instanceof Step.DeleteLink delete && delete.index() == 50));
    }

    @Test
    void ensuringMakesItAgainForAllWhoUseIt() {
        ActiveNetwork one = bench.engine.create(ONE);
        ActiveNetwork two = bench.engine.create(TWO);
        int old = one.inspect().parentIndex();
        bench.kernel.host().delete(new Step.DeleteLink("eth0.20", old, Optional.empty()));

        bench.engine.ensure(ONE);
        int now = bench.kernel.indexOf("eth0.20").orElseThrow();
        assertTrue(now != old);
        assertEquals(now, one.inspect().parentIndex());
        bench.engine.ensure(TWO);
        assertEquals(now, two.inspect().parentIndex());
        assertEquals(2, made());

        one.attach(BLUE).detach();
        two.attach(GREEN).detach();
        one.delete();
        assertTrue(isThere("eth0.20"));
        two.delete();
        assertFalse(isThere("eth0.20"));
    }

    @Test
    void attachingFindsWhatAnotherNetworkMadeAgain() {
        ActiveNetwork one = bench.engine.create(ONE);
        ActiveNetwork two = bench.engine.create(TWO);
        bench.kernel.host().delete(new Step.DeleteLink("eth0.20", one.inspect().parentIndex(), Optional.empty()));
        bench.engine.ensure(ONE);

        two.attach(GREEN);
        assertEquals(one.inspect().parentIndex(), two.inspect().parentIndex());
        assertEquals(List.of(), two.verify());
    }

    @Test
    void aVlanInAVlanTakesTheLowerOneAlongIfNobodyElseUsesIt() {
        ActiveNetwork inner = bench.engine.create(INNER);
        assertTrue(isThere("eth0.100"));
        assertTrue(isThere("eth0.100.5"));
        inner.delete();
        assertEquals(2, bench.kernel.host().observe().links().size());
    }

    @Test
    void aVlanInAVlanLeavesTheLowerOneToItsNetwork() {
        ActiveNetwork outer = bench.engine.create(OUTER);
        ActiveNetwork inner = bench.engine.create(INNER);
        inner.delete();
        assertFalse(isThere("eth0.100.5"));
        assertEquals(List.of(), outer.verify());
        outer.delete();
        assertFalse(isThere("eth0.100"));
    }

    /// Deleting it would take the inner one along, and the endpoints there.
    @Test
    void aVlanThatCarriesAnotherOutlivesItsOwnNetwork() {
        ActiveNetwork outer = bench.engine.create(OUTER);
        ActiveNetwork inner = bench.engine.create(INNER);
        inner.attach(BLUE);
        outer.delete();
        assertEquals(List.of(), inner.verify());

        inner.detachAll();
        inner.delete();
        assertEquals(2, bench.kernel.host().observe().links().size(), "the inner network takes both along");
    }

    @Test
    void aVlanOfOursThatCarriesAStrangersStays() {
        ActiveNetwork one = bench.engine.create(ONE);
        bench.kernel.foreignVlan("theirs", 60, "eth0.20", 7);
        one.delete();

        assertTrue(isThere("theirs"));
    }
}
