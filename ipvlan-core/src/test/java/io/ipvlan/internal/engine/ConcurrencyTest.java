package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.ConflictException;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NetworkStore;
import io.ipvlan.internal.kernel.InMemoryKernel;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.SubnetAllocator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConcurrencyTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 50;

    private final InMemoryKernel kernel = new InMemoryKernel();
    private final NetworkStore store = NetworkStore.inMemory();
    private final Ipvlan ipvlan = Engine.open(kernel, store, SubnetAllocator.of(SubnetAllocator.DOCKER_POOLS));

    @AfterEach
    void close() {
        ipvlan.close();
    }

    /// Runs a task on every thread at once, and hands back what each answered.
    private static <T> List<T> onAllThreads(IntFunction<T> task) throws InterruptedException, ExecutionException {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Future<T>> running = new ArrayList<>();
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                running.add(threads.submit(() -> {
                    start.await();
                    return task.apply(thread);
                }));
            }
            for (Future<T> one : running) {
                results.add(one.get());
            }
        }
        return results;
    }

    /// Each takes the lowest name that is free, which others take and give up meanwhile.
    @Test
    void aNameThatTheLibraryChoosesIsNeverAReasonToRefuse() throws InterruptedException, ExecutionException {
        ActiveNetwork network = ipvlan.create(
                IpvlanNetwork.builder("n").l3().subnet("10.1.0.0/24").build());

        onAllThreads(_ -> {
            for (int round = 0; round < 200 * ROUNDS; round++) {
                network.attach(EndpointSpec.in(Netns.ofName("shared")).withoutDefaultRoute())
                        .detach();
            }
            return true;
        });
        assertEquals(List.of(), network.endpoints());
    }

    @Test
    void noAddressAndNoIdIsGivenOutTwice() throws InterruptedException, ExecutionException {
        ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("n")
                .l3()
                .subnet("10.1.0.0/24")
                .subnet("2001:db8::/64")
                .build());
        Map<String, String> holders = new ConcurrentHashMap<>();

        onAllThreads(thread -> {
            Netns netns = Netns.ofName("ns" + thread);
            for (int round = 0; round < ROUNDS; round++) {
                Endpoint endpoint = network.attach(netns);
                List<String> held = new ArrayList<>(Bench.addresses(endpoint));
                held.add(endpoint.id());
                for (String one : held) {
                    assertEquals(null, holders.putIfAbsent(one, "thread " + thread), one);
                }
                held.forEach(holders::remove);
                endpoint.detach();
            }
            return thread;
        });

        assertEquals(List.of(), network.endpoints());
        assertEquals(Set.of("n"), Bench.texts(store).keySet());
        assertEquals(List.of("10.1.0.1/24", "2001:db8::1/64"), Bench.next(network));
        network.delete();
        assertEquals(Map.of(), Bench.texts(store));
        assertEquals(2, kernel.open(Optional.empty()).observe().links().size());
    }

    @Test
    void anIdAskedForByManyGoesToOne() throws InterruptedException, ExecutionException {
        ActiveNetwork network =
                ipvlan.create(IpvlanNetwork.builder("n").subnet("10.1.0.0/24").build());

        List<Boolean> won = onAllThreads(thread -> {
            try {
                network.attach(EndpointSpec.in(Netns.ofName("ns" + thread)).withId("web"));
                return true;
            } catch (ConflictException e) {
                return false;
            }
        });

        assertEquals(1, won.stream().filter(one -> one).count());
        assertEquals(1, network.endpoints().size());
    }

    @Test
    void ofTwoModesOnOneParentExactlyOneWins() throws InterruptedException, ExecutionException {
        for (int round = 0; round < ROUNDS; round++) {
            List<Boolean> won = onAllThreads(thread -> {
                IpvlanMode mode = thread % 2 == 0 ? IpvlanMode.L2 : IpvlanMode.L3;
                try {
                    ipvlan.create(IpvlanNetwork.builder("n" + thread)
                            .mode(mode)
                            .parent("eth0")
                            .subnet("10." + thread + ".0.0/16")
                            .build());
                    return true;
                } catch (ConflictException e) {
                    return false;
                }
            });

            Set<IpvlanMode> modes = new HashSet<>();
            ipvlan.networks().forEach(network -> modes.add(network.description().mode()));
            assertEquals(1, modes.size());
            assertEquals(THREADS / 2, won.stream().filter(one -> one).count(), "those of one mode do not conflict");
            ipvlan.networks().forEach(ActiveNetwork::delete);
        }
    }

    @Test
    void networksComeAndGoOnOneParent() throws InterruptedException, ExecutionException {
        onAllThreads(thread -> {
            IpvlanNetwork description = IpvlanNetwork.builder("n" + thread)
                    .parent("eth0")
                    .autoSubnet(IpFamily.IPV4)
                    .build();
            for (int round = 0; round < ROUNDS; round++) {
                ActiveNetwork network = ipvlan.create(description);
                network.attach(Netns.ofName("ns" + thread)).detach();
                network.delete();
            }
            return thread;
        });

        assertEquals(List.of(), ipvlan.networks());
        assertEquals(Map.of(), Bench.texts(store));
        ActiveNetwork next = ipvlan.create(
                IpvlanNetwork.builder("next").autoSubnet(IpFamily.IPV4).build());
        assertEquals(List.of("172.17.0.1/16"), Bench.next(next));
    }

    @Test
    void whatIsBeingDeletedIsEnsuredAnew() throws InterruptedException, ExecutionException {
        IpvlanNetwork description =
                IpvlanNetwork.builder("n").l3().subnet("10.1.0.0/24").build();

        onAllThreads(thread -> {
            for (int round = 0; round < 200 * ROUNDS; round++) {
                if (thread % 2 == 0) {
                    ipvlan.ensure(description);
                } else {
                    ipvlan.find("n").ifPresent(ConcurrencyTest::deleteUnlessAnotherDoes);
                }
            }
            return true;
        });
        assertEquals(List.of(), ipvlan.ensure(description).verify());
    }

    private static void deleteUnlessAnotherDoes(ActiveNetwork network) {
        try {
            network.delete();
        } catch (ConflictException e) {
            assertEquals("it is being deleted by another call", e.reason());
        }
    }

    @Test
    void allWhoEnsureANetworkGetTheSame() throws InterruptedException, ExecutionException {
        IpvlanNetwork description =
                IpvlanNetwork.builder("n").subnet("10.1.0.0/24").build();
        for (int round = 0; round < ROUNDS; round++) {
            List<ActiveNetwork> ensured = onAllThreads(_ -> ipvlan.ensure(description));

            ensured.forEach(one -> assertSame(ensured.getFirst(), one));
            ensured.getFirst().delete();
        }
    }

    /// Either the endpoint was there first and the network stays, or the network went first and nothing is
    /// attached.
    @Test
    void aNetworkIsNotDeletedUnderAnEndpoint() throws InterruptedException, ExecutionException {
        for (int round = 0; round < ROUNDS; round++) {
            ActiveNetwork network = ipvlan.create(
                    IpvlanNetwork.builder("n").subnet("10.1.0.0/24").build());
            List<Boolean> done = onAllThreads(thread -> {
                try {
                    if (thread == 0) {
                        network.delete();
                    } else {
                        network.attach(Netns.ofName("ns" + thread));
                    }
                    return true;
                } catch (ConflictException | IllegalStateException e) {
                    return false;
                }
            });

            if (done.getFirst()) {
                assertFalse(done.subList(1, THREADS).contains(true));
                assertThrows(IllegalStateException.class, network::endpoints);
            } else {
                assertTrue(done.subList(1, THREADS).contains(true));
                network.endpoints().forEach(Endpoint::detach);
                network.delete();
            }
        }
    }
}
