package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Parent;
import io.ipvlan.Step;
import io.ipvlan.internal.engine.Lifeline.Fault;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.kernel.NamespaceId;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.PoolUsage;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Walks at random through what programs, strangers and accidents do to networks. Every walker has a network
/// and a namespace of its own, and an address range in a network that all share; now and then all stop, and
/// what the walkers know is compared with what the engine, the store and the kernel have.
final class Walk {
    private static final IpvlanNetwork SHARED = IpvlanNetwork.builder("shared")
            .parent("eth0")
            .subnet("10.20.0.0/16")
            .build();
    private static final int STRANGE = 77;
    private static final List<Fault> FAULTS = List.of(Fault.values());

    private final Scene scene;
    private final Random random;
    private final List<Walker> walkers = new ArrayList<>();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private int accidents;

    Walk(Scene scene, long seed, int threads) {
        this.scene = scene;
        random = new Random(seed);
        for (int number = 0; number < threads; number++) {
            walkers.add(new Walker(number, new Random(seed + number + 1)));
        }
        scene.engine().create(SHARED);
    }

    /// Walks.
    ///
    /// @param rounds how often all stop
    /// @param steps how many steps each takes between
    /// @param disturbed whether accidents happen while they walk, and not only between two steps of one
    void run(int rounds, int steps, boolean disturbed) throws ExecutionException, InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(walkers.size())) {
            for (int round = 0; round < rounds; round++) {
                if (random.nextInt(4) == 0) {
                    Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
                    scene.lifeline.fail(1 + random.nextInt(8 * steps * walkers.size()), fault);
                }
                List<Future<?>> running = new ArrayList<>();
                for (Walker walker : walkers) {
                    running.add(threads.submit(() -> walker.walk(steps)));
                }
                while (disturbed && !running.stream().allMatch(Future::isDone)) {
                    disturb();
                }
                for (Future<?> one : running) {
                    one.get();
                }
                settle();
                check("round " + round);
            }
        }
        clear(disturbed);
    }

    /// Something happens to one that walks. What becomes of what it does is not sure then.
    private void disturb() {
        Walker walker = walkers.get(random.nextInt(walkers.size()));
        walker.disturbed = true;
        try {
            walker.accident();
            accidents++;
        } catch (IpvlanException | IllegalStateException e) {
            refused.incrementAndGet(); // what was to be hit went first
        }
        LockSupport.parkNanos(random.nextInt(2_000_000));
    }

    /// What happens while all have stopped.
    private void settle() {
        if (scene.lifeline.failed()) {
            accidents++;
        }
        int accident = random.nextInt(10);
        if (accident == 0) {
            scene.reboot();
            accidents++;
            walkers.forEach(Walker::doubt);
            scene.engine().networks().forEach(network -> scene.engine().ensure(network.description()));
        } else if (accident == 1 || scene.lifeline.failed()) { // what could not be undone is found at the start
            scene.reopen();
        }
        scene.lifeline.heal();
        walkers.forEach(Walker::mend);
        scene.network("shared").repair();
    }

    /// What the walkers know is what the engine, the store and the kernel have.
    private void check(String round) {
        Set<String> expected = new TreeSet<>(Set.of("shared"));
        walkers.forEach(walker -> expected.addAll(walker.known()));
        Set<String> known = new TreeSet<>();
        Set<String> addresses = new HashSet<>();
        List<Integer> links = new ArrayList<>();
        for (ActiveNetwork network : scene.engine().networks()) {
            assertEquals(List.of(), network.verify(), () -> round + ": " + network);
            known.add(network.name());
            for (Endpoint endpoint : network.endpoints()) {
                known.add(network.name() + "/" + endpoint.id());
                links.add(endpoint.info().interfaceIndex());
                endpoint.info()
                        .addresses()
                        .forEach(one -> assertTrue(addresses.add(one.toString()), () -> round + one));
            }
            long held = network.inspect().usage().values().stream()
                    .mapToLong(PoolUsage::held)
                    .sum();
            int host = network.inspect().hostAddresses().size();
            assertEquals(network.endpoints().size() + host, held, () -> round + ": leases of " + network);
        }
        assertEquals(expected, known, round);
        assertEquals(expected, new TreeSet<>(Bench.texts(scene.store.texts()).keySet()), round);
        scene.store
                .texts()
                .load()
                .values()
                .forEach(text ->
                        assertTrue(!text.contains("stage=") || text.contains("stage=PRESENT"), () -> round + text));
        List<Integer> there = marked().filter(
                        marked -> marked.netns().isPresent() && marked.link().index() != STRANGE)
                .map(marked -> marked.link().index())
                .sorted()
                .toList();
        assertEquals(links.stream().sorted().toList(), there, round);
    }

    /// Our links; in memory, those that came into a namespace while it died are there for ever.
    private Stream<Kernel.Marked> marked() {
        Set<NamespaceId> living = new HashSet<>();
        for (int place = 0; place <= Scene.PLACES; place++) {
            Netns where = place < Scene.PLACES ? scene.place(place) : scene.stranger();
            try (Kernel.Namespace open = scene.witness().open(Optional.of(where))) {
                living.add(open.id());
            }
        }
        return scene.witness().marked().stream()
                .filter(marked -> marked.netns().isEmpty() || living.contains(marked.namespace()));
    }

    /// In the end nothing is left.
    ///
    /// @param strangers whether strangers' links may have stood on a parent when its network was deleted,
    ///     which keep it
    private void clear(boolean strangers) {
        FaultContract.clear(scene);
        try (Kernel.Namespace place = scene.witness().open(Optional.of(scene.stranger()))) {
            place.delete(new Step.DeleteLink("strange", STRANGE, Optional.of(scene.stranger())));
        }
        assertEquals(Set.of(), Bench.texts(scene.store.texts()).keySet());
        assertEquals(
                List.of(),
                marked().filter(marked -> !strangers || marked.link().isIpvlan())
                        .toList());
    }

    @Override
    public String toString() {
        return done + " operations, " + refused + " of them refused, " + accidents + " accidents";
    }

    /// One that walks, and knows what there is of its own.
    private final class Walker {
        private final int number;
        private final Random random;
        private final IpvlanNetwork own;

        /// Networks and endpoints, as the store calls them.
        private final Set<String> known = new TreeSet<>();

        /// Those of which it does not know whether they are there.
        private final Set<String> uncertain = new TreeSet<>();

        private int named;

        /// Whether something happened to it that makes all uncertain.
        private volatile boolean disturbed;

        Walker(int number, Random random) {
            this.number = number;
            this.random = random;
            Parent.Vlan vlan = Parent.vlan("eth0", 30);
            Parent parent = switch (number) {
                case 0 -> Parent.dummy();
                case 1 -> vlan;
                default -> Parent.vlan(vlan, number);
            };
            IpvlanNetwork.Builder builder =
                    IpvlanNetwork.builder("own" + number).parent(parent).subnet("10." + (100 + number) + ".0.0/24");
            own = (number == 1 ? builder : builder.hostAccess()).build();
        }

        Set<String> known() {
            return known;
        }

        void walk(int steps) {
            for (int step = 0; step < steps && !scene.lifeline.dead(); step++) {
                done.incrementAndGet();
                try {
                    step();
                } catch (IpvlanException | IllegalStateException | UncheckedIOException e) {
                    refused.incrementAndGet();
                } catch (Lifeline.Killed e) {
                    return;
                }
            }
        }

        private void step() {
            switch (random.nextInt(16)) {
                case 0, 1 -> create();
                case 2 -> remove(List.of(own.name()), network -> network.delete());
                case 3, 4, 5 -> attach(own.name(), 1);
                case 6, 7 -> attach(SHARED.name(), 1);
                case 8 -> attach(own.name(), 3);
                case 9, 10 -> detach();
                case 11 -> remove(mine(own.name()), ActiveNetwork::detachAll);
                case 12 -> {
                    uncertain.add(own.name());
                    scene.engine().ensure(own).verify();
                    uncertain.remove(own.name());
                }
                case 13 -> scene.engine().find(own.name()).ifPresent(ActiveNetwork::repair);
                default -> accident();
            }
            if (scene.engine().find(own.name()).isPresent()) {
                known.add(own.name()); // which ensuring may have made
            }
        }

        private void create() {
            uncertain.add(own.name());
            scene.engine().create(own);
            known.add(own.name());
            uncertain.remove(own.name());
        }

        /// Does something that removes several, of which some may be gone if it fails.
        private void remove(List<String> keys, Consumer<ActiveNetwork> removal) {
            scene.engine().find(own.name()).ifPresent(network -> {
                uncertain.addAll(keys);
                uncertain.addAll(mine(own.name()));
                removal.accept(network);
                uncertain.removeAll(keys);
                known.removeAll(keys);
                uncertain.removeAll(mine(own.name()));
                known.removeAll(mine(own.name()));
            });
        }

        private List<String> mine(String network) {
            return known.stream().filter(key -> key.startsWith(network + "/")).toList();
        }

        private void attach(String network, int count) {
            List<String> keys = IntStream.range(0, count)
                    .mapToObj(_ -> network + "/w" + number + "-" + named++)
                    .toList();
            List<EndpointSpec> specs = keys.stream()
                    .map(key -> EndpointSpec.in(scene.place(number))
                            .withId(key.substring(key.indexOf('/') + 1))
                            .withInterfaceName(key.substring(key.lastIndexOf('/') + 1)) // else another takes it
                            .withSourceRules())
                    .toList();
            scene.engine().find(network).ifPresent(found -> {
                uncertain.addAll(keys);
                try {
                    if (count == 1) {
                        found.attach(specs.getFirst());
                    } else {
                        found.attachAll(specs);
                    }
                    known.addAll(keys);
                    uncertain.removeAll(keys);
                } catch (IpvlanException | IllegalStateException | UncheckedIOException e) {
                    uncertain.removeAll(keys); // none is there
                    throw e;
                }
            });
        }

        private void detach() {
            List<String> all =
                    known.stream().filter(key -> key.indexOf('/') > 0).toList();
            if (!all.isEmpty()) {
                String key = all.get(random.nextInt(all.size()));
                find(key).ifPresent(endpoint -> {
                    uncertain.add(key);
                    endpoint.detach();
                    uncertain.remove(key);
                    known.remove(key);
                });
            }
        }

        private Optional<Endpoint> find(String key) {
            int slash = key.indexOf('/');
            return scene.engine().find(key.substring(0, slash)).stream()
                    .flatMap(network -> network.endpoints().stream())
                    .filter(endpoint -> endpoint.id().equals(key.substring(slash + 1)))
                    .findFirst();
        }

        private void accident() {
            switch (random.nextInt(4)) {
                case 0 -> {
                    disturbed = true;
                    scene.die(number);
                }
                case 1 ->
                    scene.engine()
                            .find(own.name())
                            .ifPresent(network ->
                                    scene.deleteFromHost(network.inspect().parent()));
                case 2 -> flip();
                default -> {
                    if (number == 0) {
                        squat();
                    }
                }
            }
        }

        /// A stranger gives the parent of a network another mode.
        private void flip() {
            Optional<Netns> where = Optional.of(scene.place(number));
            try (Kernel.Namespace place = scene.witness().open(where)) {
                place.observe().links().stream()
                        .filter(NamespaceState.Link::isOurChild)
                        .findFirst()
                        .ifPresent(link -> place.configure(List.of(new Step.SetPort(
                                link.name(), link.index(), IpvlanMode.L3, IpvlanFlag.PRIVATE, where))));
            }
        }

        /// A stranger takes an address that comes next.
        private void squat() {
            Optional<Netns> where = Optional.of(scene.stranger());
            try (Kernel.Namespace place = scene.witness().open(where);
                    Kernel.Namespace host = scene.witness().open(Optional.empty())) {
                place.delete(new Step.DeleteLink("strange", STRANGE, where));
                int eth0 = host.observe().link("eth0").orElseThrow().index();
                host.createChild(
                        new Step.CreateIpvlan(
                                "strange",
                                STRANGE,
                                "eth0",
                                eth0,
                                Optional.empty(),
                                where,
                                IpvlanMode.L2,
                                IpvlanFlag.BRIDGE,
                                OptionalInt.empty()),
                        place);
                IpCidr address = IpCidr.parse("10.20.0." + (2 + random.nextInt(20)) + "/16");
                place.configure(List.of(new Step.AddAddress(address, "strange", STRANGE, where)));
            }
        }

        /// Nothing is sure any more.
        void doubt() {
            uncertain.addAll(known);
        }

        /// Finds out what it does not know, and mends what is broken.
        void mend() {
            if (disturbed) {
                doubt();
                disturbed = false;
            }
            if (scene.engine().find(own.name()).isPresent()) {
                scene.engine().ensure(own).repair();
            }
            for (String key : List.copyOf(uncertain)) {
                boolean there = key.indexOf('/') < 0
                        ? scene.engine().find(key).isPresent()
                        : find(key).filter(endpoint -> !isDead(endpoint)).isPresent();
                if (there) {
                    known.add(key);
                } else {
                    known.remove(key);
                }
            }
            uncertain.clear();
        }

        /// Whether its namespace is gone; it is detached then.
        private boolean isDead(Endpoint endpoint) {
            boolean dead = !((AttachedEndpoint) endpoint).netns().equals(scene.place(number));
            if (dead) {
                endpoint.detach();
            }
            return dead;
        }
    }
}
