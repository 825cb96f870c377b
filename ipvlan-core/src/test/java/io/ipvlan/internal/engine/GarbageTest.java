package io.ipvlan.internal.engine;

import static io.ipvlan.internal.engine.Bench.BLUE;
import static io.ipvlan.internal.engine.Bench.DUMMY;
import static io.ipvlan.internal.engine.Bench.ETH0;
import static io.ipvlan.internal.engine.Bench.GREEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Garbage;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.OwnedLink;
import io.ipvlan.Refusal;
import io.ipvlan.internal.engine.Lifeline.Fault;
import io.ipvlan.ip.IpCidr;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What nobody needs any more is found, shown and removed.
class GarbageTest {
    private static final Duration NONE = Duration.ZERO;

    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private ActiveNetwork twoEndpoints() {
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.attach(EndpointSpec.in(BLUE).withId("web"));
        network.attach(EndpointSpec.in(GREEN).withId("database"));
        return network;
    }

    private static Map<String, List<String>> ids(Garbage garbage) {
        return Map.of(
                "dummy",
                garbage.endpoints().getOrDefault("dummy", List.of()).stream()
                        .map(Endpoint::id)
                        .toList());
    }

    @Test
    void endpointsThatDoNotLiveAreShownFirstAndThenRemoved() {
        ActiveNetwork network = twoEndpoints();
        Bench.Snapshot before = bench.snapshot();

        Garbage garbage = bench.engine.garbage(Set.of("web"), NONE);
        assertEquals(Map.of("dummy", List.of("database")), ids(garbage));
        assertEquals(before, bench.snapshot(), "that was only a look");

        assertEquals(garbage, bench.engine.collect(Set.of("web"), NONE));
        assertEquals(
                List.of("web"), network.endpoints().stream().map(Endpoint::id).toList());
        assertEquals(List.of("eth0 in blue"), bench.kernel.children());
        assertTrue(bench.engine.garbage(Set.of("web"), NONE).isEmpty());
    }

    @Test
    void aNetworkThatIsBeingDeletedIsLeftAlone() {
        EphemeralNetwork network = bench.engine.ephemeral(DUMMY);
        network.attach(EndpointSpec.in(BLUE).withId("web"));
        List<Garbage> collected = new ArrayList<>();
        bench.store.meanwhile(() -> collected.add(bench.engine.collect(Set.of(), NONE)));

        network.close();
        assertEquals(List.of(new Garbage(Map.of(), List.of())), collected);
        assertEquals(List.of(), bench.kernel.children());
    }

    @Test
    void whoCameLatelyIsSpared() {
        twoEndpoints();

        assertTrue(bench.engine.garbage(Set.of(), Duration.ofMinutes(1)).isEmpty());
        bench.clock = bench.clock.plusSeconds(60);
        assertEquals(
                Map.of("dummy", List.of("database", "web")),
                ids(bench.engine.garbage(Set.of(), Duration.ofMinutes(1))));
    }

    @Test
    void ofAGraceLongerThanTimeNobodyIsOldEnough() {
        twoEndpoints();

        for (Duration grace : List.of(
                ChronoUnit.FOREVER.getDuration(),
                Duration.between(Instant.MIN, Instant.MAX),
                Duration.between(Instant.MIN, bench.clock),
                Duration.ofDays(1_000_000))) {
            assertTrue(bench.engine.garbage(Set.of(), grace).isEmpty(), grace::toString);
            assertTrue(bench.engine.collect(Set.of(), grace).isEmpty(), grace::toString);
        }
    }

    @Test
    void aNegativeGraceIsRefused() {
        twoEndpoints();

        for (Duration grace : List.of(Duration.ofNanos(-1), Duration.ofSeconds(Long.MIN_VALUE))) {
            String reason = "a grace is not negative: " + grace;
            assertEquals(
                    reason, Refusal.of(IllegalArgumentException.class, () -> bench.engine.garbage(Set.of(), grace)));
            assertEquals(
                    reason, Refusal.of(IllegalArgumentException.class, () -> bench.engine.collect(Set.of(), grace)));
        }
        assertEquals(2, bench.kernel.children().size());
    }

    /// A store that was lost: the network is made again, and knows nothing of the endpoints.
    @Test
    void linksThatNobodyRemembersAreRemovedUnlessTheirEndpointsLive() {
        ActiveNetwork network = bench.engine.create(ETH0);
        network.attach(EndpointSpec.in(BLUE).withId("web"));
        network.attach(EndpointSpec.in(GREEN).withId("database"));
        bench.engine.close();
        bench.store.load().keySet().forEach(key -> Bench.set(bench.store, key, null));
        bench.reopen();
        bench.engine.create(ETH0);

        List<OwnedLink> owned = bench.engine.ownedLinks();
        assertEquals(2, owned.size());
        OwnedLink database = owned.stream()
                .filter(link -> link.netns().equals(Optional.of(GREEN)))
                .findFirst()
                .orElseThrow();
        assertEquals(
                new OwnedLink(
                        Optional.of(GREEN),
                        "eth0",
                        database.index(),
                        "ipvlan",
                        Optional.of("lan"),
                        Optional.of("database"),
                        Optional.of(IpvlanMode.L2),
                        Optional.of(IpvlanFlag.BRIDGE),
                        List.of(IpCidr.parse("192.168.1.3/24"))),
                database);
        assertEquals("ip -n green link delete eth0", database.deletion());

        assertEquals(new Garbage(Map.of(), List.of(database)), bench.engine.collect(Set.of("web"), NONE));
        assertEquals(List.of("eth0 in blue"), bench.kernel.children());
    }

    @Test
    void linksOfOtherNetworksAreNobodysGarbage() {
        bench.engine.create(ETH0).attach(EndpointSpec.in(BLUE).withId("web"));
        bench.engine.close();
        bench.store.load().keySet().forEach(key -> Bench.set(bench.store, key, null));
        bench.reopen();
        bench.engine.create(DUMMY);

        assertTrue(bench.engine.collect(Set.of(), NONE).isEmpty());
        assertEquals(List.of("eth0 in blue"), bench.kernel.children());
    }

    @Test
    void whatCannotBeRemovedStaysAndTheRestGoes() {
        ActiveNetwork network = twoEndpoints();
        bench.lifeline.fail(3, Fault.REFUSED); // of one of them

        assertThrows(RuntimeException.class, () -> bench.engine.collect(Set.of(), NONE));
        assertEquals(1, network.endpoints().size());
        bench.lifeline.heal();
        bench.engine.collect(Set.of(), NONE);
        assertEquals(List.of(), bench.kernel.children());
    }
}
