package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.EndpointSpec;
import io.ipvlan.InvalidNetworkException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.internal.store.MemoryStore;
import io.ipvlan.ipam.SubnetAllocator;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Names of whatever characters, and stores that others wrote into: refused, or kept exactly.
class HostileTest {
    /// Every character of one byte, alone and between others; some of several bytes; a long one.
    static Stream<String> names() {
        List<String> names =
                new ArrayList<>(List.of("", "é", "\ud800", "\u202e", "a\ud83d\ude00", "x".repeat(100_000)));
        for (char c = 0; c < 256; c++) {
            names.addAll(List.of(Character.toString(c), "a" + c, "a" + c + "b"));
        }
        return names.stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aNameIsRefusedOrKept(String name) {
        try (Bench bench = new Bench()) {
            Bench.Snapshot before = bench.snapshot();
            IpvlanNetwork network = IpvlanNetwork.builder("n")
                    .l3()
                    .subnet("10.1.0.0/24")
                    .label("key", name)
                    .build();
            bench.engine.create(network);
            attempt(() -> EndpointSpec.in(Bench.BLUE).withId("first").withInterfaceName(name), bench);
            attempt(() -> EndpointSpec.in(Bench.BLUE).withId(name), bench);
            attempt(() -> EndpointSpec.in(Netns.ofName(name)).withId("last"), bench);
            bench.reopen();
            assertEquals(network, bench.network("n").description());
            assertEquals(List.of(), bench.network("n").verify());
            bench.network("n").detachAll();
            bench.network("n").delete();
            try {
                bench.engine
                        .create(IpvlanNetwork.builder(name)
                                .l3()
                                .subnet("10.1.0.0/24")
                                .build())
                        .delete();
            } catch (InvalidNetworkException e) {
                assertEquals(Map.of(), bench.remembered());
            }
            assertEquals(before, bench.snapshot());
        }
    }

    private interface Spec {
        EndpointSpec make();
    }

    private static void attempt(Spec spec, Bench bench) {
        try {
            bench.network("n").attach(spec.make().withoutDefaultRoute());
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage() != null, () -> e.toString());
        }
    }

    /// Whatever happened to the texts: an engine opens on them and can remove all it found, or says which it
    /// cannot read.
    @Property(tries = 2000)
    void aStoreThatOthersWroteIntoIsReadOrRefused(@ForAll long seed) {
        Random random = new Random(seed);
        FaultyKernel kernel = new FaultyKernel();
        MemoryStore store = new MemoryStore();
        try (Engine engine = Engine.open(kernel, store, SubnetAllocator.of(List.of()))) {
            engine.create(Bench.DUMMY).attach(EndpointSpec.in(Bench.BLUE).withId("web"));
        }
        List<String> keys = new ArrayList<>(store.load().keySet());
        String key = keys.get(random.nextInt(keys.size()));
        Bench.set(store, key, mutated(String.valueOf(store.load().get(key)), random));
        Engine engine;
        try {
            engine = Engine.open(kernel, store, SubnetAllocator.of(List.of()));
        } catch (UncheckedIOException e) {
            return;
        }
        try (engine) {
            FaultContract.clear(engine);
            assertEquals(List.of(), engine.networks());
        }
    }

    private static String mutated(String text, Random random) {
        StringBuilder mutated = new StringBuilder(text);
        for (int changes = 1 + random.nextInt(3); changes > 0 && !mutated.isEmpty(); changes--) {
            int at = random.nextInt(mutated.length());
            switch (random.nextInt(5)) {
                case 0 -> mutated.setCharAt(at, (char) random.nextInt(128));
                case 1 -> mutated.insert(at, (char) random.nextInt(Character.MIN_SURROGATE));
                case 2 -> mutated.delete(at, Math.min(mutated.length(), at + 1 + random.nextInt(20)));
                case 3 -> mutated.setCharAt(at, (char) ('0' + random.nextInt(10)));
                default -> mutated.setLength(at);
            }
        }
        return mutated.toString();
    }
}
