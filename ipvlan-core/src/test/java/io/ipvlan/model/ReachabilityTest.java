package io.ipvlan.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.Ipvlan;
import io.ipvlan.Netns;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What the planner plans lets exactly those reach each other who shall. The model that says who does is held
/// against a real kernel by `ModelIT`.
class ReachabilityTest {
    @Property(tries = 500)
    void exactlyThoseReachEachOtherWhoShall(@ForAll("topologies") Topology topology) {
        try (Ipvlan ipvlan = Ipvlan.inMemory();
                World world = World.make(topology, ipvlan, number -> Netns.ofName(World.guest(number)))) {
            Map<Expectation.Ping, Optional<String>> expected = new Expectation(topology, world.attached()).pings();
            Map<Expectation.Ping, Optional<String>> found = new LinkedHashMap<>();
            expected.keySet().forEach(ping -> found.put(ping, world.answers(ping.from(), ping.to())));
            found.entrySet().removeAll(expected.entrySet());
            assertEquals(Map.of(), found, () -> "expected otherwise; " + world.attached());
        }
    }

    @Provide
    Arbitrary<Topology> topologies() {
        return Topologies.any();
    }
}
