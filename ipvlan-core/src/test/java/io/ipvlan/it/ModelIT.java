package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Parent;
import io.ipvlan.model.Expectation;
import io.ipvlan.model.Expectation.Ping;
import io.ipvlan.model.Topologies;
import io.ipvlan.model.Topology;
import io.ipvlan.model.Topology.Knows;
import io.ipvlan.model.Topology.Outside;
import io.ipvlan.model.World;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The model of packet forwarding, by which the planner is judged, says what the kernel does: some of the
/// random topologies are made on it, and everybody pings everybody.
class ModelIT {
    /// One whose topologies hold the host's own segment, and siblings that are kept apart and meet by a
    /// router.
    private static final long SEED = 4;

    /// Milliseconds. A ping that the model answers ends with the answer; one that it does not waits them out.
    private static final int PATIENCE = 5000;

    private static final int IMPATIENCE = 1000;

    @ParameterizedTest
    @CsvSource({
        "L2,  BRIDGE,  true",
        "L2,  BRIDGE,  false",
        "L2,  PRIVATE, true",
        "L2,  PRIVATE, false",
        "L2,  VEPA,    true",
        "L2,  VEPA,    false",
        "L3,  BRIDGE,  true",
        "L3,  BRIDGE,  false",
        "L3,  PRIVATE, true",
        "L3,  PRIVATE, false",
        "L3,  VEPA,    true",
        "L3,  VEPA,    false",
        "L3S, BRIDGE,  true",
        "L3S, BRIDGE,  false",
        "L3S, PRIVATE, true",
        "L3S, PRIVATE, false",
        "L3S, VEPA,    true",
        "L3S, VEPA,    false",
    })
    void theKernelDoesWhatTheModelSays(IpvlanMode mode, IpvlanFlag flag, boolean onWire) throws Exception {
        check(first(topology -> begins(topology, mode, flag, onWire)));
        if (onWire) {
            // Chance alone seldom makes all that is needed for an answer to come by the wire.
            check(first(topology -> begins(topology, mode, flag, true) && helps(topology.outside(), mode, flag)));
        }
    }

    private static void check(Topology topology) throws Exception {
        try (Surroundings machines = new Surroundings(topology);
                Ipvlan ipvlan = Ipvlan.open();
                World world = World.make(
                        topology,
                        ipvlan,
                        guest -> Netns.ofPath(machines.of(World.guest(guest)).path()))) {
            Map<Ping, Boolean> model = model(topology, world);
            Map<Ping, Boolean> wrong = new LinkedHashMap<>(model);
            wrong.entrySet().removeAll(kernel(model, machines).entrySet());
            assertEquals(Map.of(), wrong, () -> "the kernel does otherwise; " + topology);
        }
    }

    private static Topology first(Predicate<Topology> wanted) {
        List<Topology> found = new ArrayList<>();
        JqwikSession.run(() -> {
            RandomGenerator<Topology> generator = Topologies.any().generator(1000);
            Random random = new Random(SEED);
            found.add(Stream.generate(() -> generator.next(random).value())
                    .filter(wanted)
                    .findFirst()
                    .orElseThrow());
        });
        return found.getFirst();
    }

    /// Whether the first network is such a one, and has several guests.
    private static boolean begins(Topology topology, IpvlanMode mode, IpvlanFlag flag, boolean onWire) {
        IpvlanNetwork first = topology.networks().getFirst();
        return first.mode() == mode
                && first.flag() == flag
                && first.parent() instanceof Parent.Link == onWire
                && topology.guests().stream()
                                .filter(guest -> guest.network() == 0)
                                .count()
                        > 1;
    }

    /// Whether the machines at the other end of the wire do all they can.
    private static boolean helps(Outside outside, IpvlanMode mode, IpvlanFlag flag) {
        return outside.forwards()
                && outside.hostDefault()
                && outside.reflects() == (flag == IpvlanFlag.VEPA)
                && outside.knows() == (mode.isRouted() ? Knows.BY_HOST : Knows.ON_LINK);
    }

    private static Map<Ping, Boolean> model(Topology topology, World world) {
        Map<Ping, Boolean> model = new LinkedHashMap<>();
        for (Ping ping : new Expectation(topology, world.attached()).pings().keySet()) {
            model.put(ping, world.answers(ping.from(), ping.to()).isPresent());
        }
        return model;
    }

    /// Sends all pings at once, each from inside its namespace.
    private static Map<Ping, Boolean> kernel(Map<Ping, Boolean> model, Surroundings machines) throws Exception {
        Map<Ping, Future<Boolean>> pings = new LinkedHashMap<>();
        Map<Ping, Boolean> answers = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            model.forEach((ping, expected) -> pings.put(
                    ping, threads.submit(() -> machines.of(ping.from()).call(() -> answers(ping, expected)))));
            for (Map.Entry<Ping, Future<Boolean>> ping : pings.entrySet()) {
                answers.put(ping.getKey(), ping.getValue().get());
            }
        }
        return answers;
    }

    /// Pings by ICMP, for which root is needed.
    private static boolean answers(Ping ping, boolean expected) throws UnknownHostException {
        InetAddress to = InetAddress.getByAddress(ping.to().toBytes());
        try {
            return to.isReachable(expected ? PATIENCE : IMPATIENCE);
        } catch (IOException e) {
            return false; // it could not even be sent, for want of a route
        }
    }
}
