package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.ConflictException;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.Parent;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.InMemoryKernel;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.internal.store.MemoryStore;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.SubnetAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Several threads make, use, mend and remove networks that share their parents, while a stranger deletes
/// links. Whatever is refused on the way: in the end nothing is left.
class ContentionTest {
    private static final int THREADS = 6;
    private static final int ROUNDS = 300;
    private static final List<IpvlanNetwork> NETWORKS = List.of(
            IpvlanNetwork.builder("a")
                    .parent("eth0.20")
                    .subnet("10.20.1.0/24")
                    .hostAccess()
                    .build(),
            IpvlanNetwork.builder("b").parent("eth0.20").subnet("10.20.2.0/24").build(),
            IpvlanNetwork.builder("c")
                    .parent(Parent.vlan(Parent.vlan("eth0", 100), 5))
                    .subnet("10.20.3.0/24")
                    .build(),
            IpvlanNetwork.builder("d").l3().subnet("10.20.4.0/24").hostAccess().build());

    private final InMemoryKernel kernel = new InMemoryKernel();
    private final MemoryStore store = new MemoryStore();
    private final Engine engine = Engine.open(kernel, store, SubnetAllocator.of(SubnetAllocator.DOCKER_POOLS));
    private final AtomicInteger attached = new AtomicInteger();
    private final AtomicInteger mended = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void inTheEndNothingIsLeft(long seed) throws InterruptedException, ExecutionException {
        NamespaceState host = kernel.open(Optional.empty()).observe();
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int i = 0; i < THREADS; i++) {
                Random random = new Random(seed * THREADS + i);
                Netns netns = Netns.ofName("ns" + i);
                running.add(threads.submit(() -> {
                    start.await();
                    for (int round = 0; round < ROUNDS; round++) {
                        act(random, netns);
                    }
                    return netns;
                }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
        assertTrue(attached.get() > 0 && mended.get() > 0, "something happened");

        for (ActiveNetwork network : engine.networks()) {
            network.repair(); // what it cannot make, because another endpoint has its name by now, goes too
            network.detachAll();
            network.delete();
        }
        assertEquals(host, kernel.open(Optional.empty()).observe());
        for (int i = 0; i < THREADS; i++) {
            NamespaceState state = namespace(Netns.ofName("ns" + i));
            assertEquals(1, state.links().size(), state::toString);
            assertEquals(List.of(), state.routes());
            assertEquals(List.of(), state.rules());
        }
        assertEquals(Map.of(), Bench.texts(store));
        assertEquals(
                List.of(),
                Ports.subnets().stream()
                        .filter(IpPrefix.parse("10.20.0.0/16")::overlaps)
                        .toList(),
                "no claim");
        for (IpvlanNetwork description : NETWORKS) {
            ActiveNetwork again = engine.create(description);
            assertEquals(again.inspect().hostAddresses().size(), used(again), "no address");
            again.delete();
        }
        engine.close();
    }

    private static long used(ActiveNetwork network) {
        return network.usage().values().stream()
                .mapToLong(usage -> usage.held())
                .sum();
    }

    private NamespaceState namespace(Netns netns) {
        try (Kernel.Namespace namespace = kernel.open(Optional.of(netns))) {
            return namespace.observe();
        }
    }

    private void act(Random random, Netns netns) {
        IpvlanNetwork description = NETWORKS.get(random.nextInt(NETWORKS.size()));
        try {
            switch (random.nextInt(10)) {
                case 0 -> engine.find(description.name()).ifPresent(ActiveNetwork::delete);
                case 1 -> strangerDeletesALink(random, netns);
                case 2 -> engine.find(description.name()).ifPresent(ActiveNetwork::detachAll);
                case 3, 4 -> {
                    engine.ensure(description).repair();
                    mended.incrementAndGet();
                }
                case 5 -> engine.ensure(description).verify();
                default -> {
                    EndpointSpec spec = EndpointSpec.in(netns).withId("id" + random.nextInt(3));
                    spec = random.nextBoolean() ? spec.withoutDefaultRoute() : spec.withSourceRules();
                    Endpoint endpoint = engine.ensure(description).attach(spec);
                    attached.incrementAndGet();
                    if (random.nextBoolean()) {
                        endpoint.detach();
                    }
                }
            }
        } catch (ConflictException | NotFoundException | IllegalStateException e) {
            // Another thread was faster, or a link is gone that another thread deleted.
            assertTrue(
                    !(e instanceof IpvlanException known) || known.leftovers().isEmpty(), e::toString);
        }
    }

    private void strangerDeletesALink(Random random, Netns netns) {
        Optional<Netns> where = random.nextBoolean() ? Optional.of(netns) : Optional.empty();
        try (Kernel.Namespace namespace = kernel.open(where)) {
            List<NamespaceState.Link> links = namespace.observe().links();
            NamespaceState.Link link = links.get(random.nextInt(links.size()));
            namespace.delete(new Step.DeleteLink(link.name(), link.index(), where));
        }
    }
}
