package io.ipvlan.internal.engine;

import static io.ipvlan.internal.engine.Bench.BLUE;
import static io.ipvlan.internal.engine.Bench.DUMMY;
import static io.ipvlan.internal.engine.Bench.GREEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.ConflictException;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanException;
import io.ipvlan.Netns;
import io.ipvlan.internal.engine.Lifeline.Fault;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttachAllTest {
    private static final EndpointSpec WEB = EndpointSpec.in(BLUE).withId("web");
    private static final EndpointSpec DATABASE = EndpointSpec.in(GREEN).withId("database");

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static List<EndpointSpec> many(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> EndpointSpec.in(Netns.ofName("ns" + i)).withId("e" + i))
                .toList();
    }

    @Test
    void theyComeInTheOrderAskedFor() {
        ActiveNetwork network = bench.engine.create(DUMMY);

        assertEquals(
                List.of("web", "database"),
                network.attachAll(List.of(WEB, DATABASE)).stream()
                        .map(Endpoint::id)
                        .toList());
        assertEquals(
                List.of("10.1.214.2 database", "10.1.214.1 web"),
                network.hosts(),
                "and are listed in the order of their ids");
        assertEquals(List.of(), network.attachAll(List.of()));
    }

    @Test
    void ifOneIsRefusedNoneIsLeft() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.attach(EndpointSpec.in(Netns.ofName("old")).withId("old"));
        Bench.Snapshot before = bench.snapshot();
        EndpointSpec taken = EndpointSpec.in(GREEN).withId("old");

        ConflictException refused =
                assertThrows(ConflictException.class, () -> network.attachAll(List.of(WEB, DATABASE, taken)));

        assertEquals(0, refused.getSuppressed().length);
        assertEquals(before, bench.snapshot());
        assertEquals(2, network.attachAll(List.of(WEB, DATABASE)).size());
    }

    @Test
    void whatCannotBeTakenBackStaysKnownAndIsSuppressed() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        List<EndpointSpec> whole = many(64);
        bench.lifeline.heal();
        network.attachAll(whole);
        int points = bench.lifeline.passed();
        network.detachAll();
        List<EndpointSpec> specs = new ArrayList<>(whole); // which are whole when the last is refused
        specs.addAll(List.of(WEB, WEB));
        bench.lifeline.failFrom(points + 5, Fault.REFUSED); // open, look at the parent, enter, remember

        ConflictException refused = assertThrows(ConflictException.class, () -> network.attachAll(specs));

        assertEquals(2, refused.getSuppressed().length, "the record of the last, and those that could not leave");
        assertEquals(64, network.endpoints().size());
        bench.lifeline.heal();
        network.detachAll();
        assertEquals(List.of(), bench.kernel.children());
    }

    /// Of several parts one may be complete, and one half done, when nothing works any more.
    @Test
    void whatCannotBeTakenBackIsKnownToTheNextEngine() {
        bench.engine.create(DUMMY);
        Bench.Snapshot before = bench.snapshot();
        int point = 1;
        boolean failed = true;
        while (failed) {
            bench.lifeline.failFrom(point, Fault.REFUSED);
            failed = isRefused(bench.network("dummy"), many(70));
            assertEquals(failed, bench.lifeline.failed());
            bench.lifeline.heal();
            bench.reopen();

            bench.network("dummy").detachAll();
            assertEquals(before, bench.snapshot(), "after " + point + " calls nothing worked any more");
            point += 61;
        }
        assertTrue(point > 70 * 6, "each is some calls");
    }

    private static boolean isRefused(ActiveNetwork network, List<EndpointSpec> specs) {
        try {
            network.attachAll(specs);
            return false;
        } catch (IpvlanException | UncheckedIOException e) {
            return true;
        }
    }

    @Test
    void severalInOneNamespaceGetNamesOfTheirOwn() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        List<EndpointSpec> specs = IntStream.range(0, 100)
                .mapToObj(i -> EndpointSpec.in(BLUE).withoutDefaultRoute())
                .toList();
        bench.lifeline.heal();

        Set<String> names = network.attachAll(specs).stream()
                .map(endpoint -> endpoint.info().interfaceName())
                .collect(Collectors.toSet());
        assertEquals(IntStream.range(0, 100).mapToObj(i -> "eth" + i).collect(Collectors.toSet()), names);
        assertTrue(
                bench.lifeline.passed() < 100 * 7 + 20, "hardly one had to be begun anew: " + bench.lifeline.passed());
    }

    @Test
    void aNameThatSomebodyHadIsPassedOverInEachPart() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.attach(EndpointSpec.in(BLUE)); // eth0
        List<EndpointSpec> specs = IntStream.range(0, 100)
                .mapToObj(i -> EndpointSpec.in(BLUE).withoutDefaultRoute())
                .toList();
        bench.lifeline.heal();

        network.attachAll(specs);
        assertEquals(101, network.endpoints().size());
        assertTrue(
                bench.lifeline.passed() < 100 * 7 + 20, "hardly one had to be begun anew: " + bench.lifeline.passed());
    }

    @Test
    void aNamespaceMayComeAgainMuchLater() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        List<EndpointSpec> specs = new ArrayList<>(many(80));
        specs.addFirst(EndpointSpec.in(BLUE).withId("first"));
        specs.add(EndpointSpec.in(BLUE).withId("last").withoutDefaultRoute());

        List<Endpoint> endpoints = network.attachAll(specs);
        assertEquals("eth0", endpoints.getFirst().info().interfaceName());
        assertEquals("eth1", endpoints.getLast().info().interfaceName());
    }

    @Test
    void aBatchThatIsInterruptedLeavesNothing() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        Bench.Snapshot before = bench.snapshot();
        Thread.currentThread().interrupt();

        assertThrows(CancellationException.class, () -> network.attachAll(many(3)));
        assertTrue(Thread.interrupted(), "it stays interrupted");
        assertEquals(before, bench.snapshot());
        assertEquals(3, network.attachAll(many(3)).size());
    }

    @Test
    void aSingleAttachGoesOnWhenItIsInterrupted() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        Thread.currentThread().interrupt();

        assertEquals("web", network.attach(WEB).id());
        assertTrue(Thread.interrupted(), "it stays interrupted");
    }

    @Test
    void allAreDetachedAtOnce() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        Bench.Snapshot before = bench.snapshot();
        network.attachAll(many(40));
        assertEquals(40, bench.kernel.children().size());

        network.detachAll();
        assertEquals(before, bench.snapshot());
        network.detachAll();
        assertEquals(before, bench.snapshot());
    }

    @Test
    void oneThatStaysDoesNotKeepTheOthers() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.attachAll(many(40));
        bench.lifeline.fail(1, Fault.REFUSED);

        assertThrows(UncheckedIOException.class, network::detachAll);
        assertEquals(1, network.endpoints().size());
        assertEquals(1, bench.kernel.children().size());

        bench.lifeline.heal();
        network.detachAll();
        assertEquals(List.of(), bench.kernel.children());
    }

    @Test
    void aDeletedNetworkDetachesNothing() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.delete();

        assertThrows(IllegalStateException.class, network::detachAll);
        assertThrows(IllegalStateException.class, () -> network.attachAll(List.of(WEB)));
    }
}
