package io.ipvlan.internal.engine;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.ConflictException;
import io.ipvlan.DriftListener;
import io.ipvlan.DriftWatch;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Garbage;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.NetworkStore;
import io.ipvlan.Operation.Kind;
import io.ipvlan.OwnedLink;
import io.ipvlan.Plan;
import io.ipvlan.Route;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.observe.Watch;
import io.ipvlan.internal.store.Notebook;
import io.ipvlan.ipam.SubnetAllocator;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engine: creates networks and remembers them. Its lock guards which networks there are; it is never
/// held while the kernel or the store works. A network on its way in is in `creating`, so that its name stays
/// taken.
public final class Engine implements Ipvlan {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /// Indexes of child links are chosen from here on: far from the kernel's own, which begin at 1, and at
    /// random, so that two engines rarely choose the same.
    private static final int LOWEST_INDEX = 1 << 20;

    private static final int HIGHEST_FIRST_INDEX = 1 << 30;

    private final Gate gate = new Gate();
    private final Kernel kernel;
    private final Notebook notebook;
    private final SubnetAllocator allocator;
    private final InstantSource clock;
    private final AtomicInteger index =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(LOWEST_INDEX, HIGHEST_FIRST_INDEX));

    private final Map<String, Network> networks = new TreeMap<>();
    private final Set<String> creating = new HashSet<>();
    private final Set<Watcher> watchers = new HashSet<>();

    private final Watch watch;

    private Engine(Kernel kernel, NetworkStore store, SubnetAllocator allocator, Watch watch, InstantSource clock) {
        this.kernel = watch.watched(kernel);
        this.notebook = new Notebook(watch.watched(store));
        this.allocator = allocator;
        this.watch = watch;
        this.clock = clock;
    }

    /// An engine that has no listener.
    public static Engine open(Kernel kernel, NetworkStore store, SubnetAllocator allocator) {
        return open(kernel, store, allocator, new Watch(null));
    }

    /// An engine with the networks its store remembers. Kernel and store are closed with it, and also if this
    /// fails.
    public static Engine open(Kernel kernel, NetworkStore store, SubnetAllocator allocator, Watch watch) {
        return open(kernel, store, allocator, watch, InstantSource.system());
    }

    static Engine open(Kernel kernel, NetworkStore store, SubnetAllocator allocator, Watch watch, InstantSource clock) {
        Engine engine = new Engine(kernel, store, allocator, watch, clock);
        try {
            engine.operate(Kind.RESTORE, () -> new Restoration(engine).run());
            return engine;
        } catch (RuntimeException | Error e) {
            engine.close();
            throw e;
        }
    }

    Kernel kernel() {
        return kernel;
    }

    Notebook notebook() {
        return notebook;
    }

    Instant now() {
        return clock.instant();
    }

    SubnetAllocator allocator() {
        return allocator;
    }

    int nextIndex() {
        return index.updateAndGet(last -> last == Integer.MAX_VALUE - 1 ? LOWEST_INDEX : last + 1);
    }

    /// Runs an operation that the engine must outlive.
    <T> T operate(Kind kind, Optional<String> network, Optional<String> endpoint, Supplier<T> operation) {
        return watch.run(kind, network, endpoint, () -> {
            gate.enter();
            try {
                return operation.get();
            } finally {
                gate.leave();
            }
        });
    }

    private <T> T operate(Kind kind, Supplier<T> operation) {
        return operate(kind, Optional.empty(), Optional.empty(), operation);
    }

    <T> T operate(Kind kind, String network, Supplier<T> operation) {
        return operate(kind, Optional.of(network), Optional.empty(), operation);
    }

    void operate(Kind kind, String network, Runnable operation) {
        operate(kind, Optional.of(network), Optional.empty(), operation);
    }

    private void operate(Kind kind, Runnable operation) {
        operate(kind, Optional.empty(), Optional.empty(), operation);
    }

    void operate(Kind kind, Optional<String> network, Optional<String> endpoint, Runnable operation) {
        operate(kind, network, endpoint, () -> {
            operation.run();
            return true;
        });
    }

    /// Runs a part of something that goes on for longer, and is no operation that anybody is told of.
    void inside(Runnable part) {
        gate.enter();
        try {
            part.run();
        } finally {
            gate.leave();
        }
    }

    InFlight inFlight() {
        return new InFlight(gate);
    }

    void requireOpen() {
        gate.requireOpen();
    }

    @Override
    public ActiveNetwork create(IpvlanNetwork description) {
        return createNew(description, false);
    }

    @Override
    public EphemeralNetwork ephemeral(IpvlanNetwork description) {
        return (Ephemeral) createNew(description, true);
    }

    private Network createNew(IpvlanNetwork description, boolean ephemeral) {
        return operate(Kind.CREATE, description.name(), () -> {
            reserve(description.name());
            return createReserved(description, ephemeral);
        });
    }

    private Network createReserved(IpvlanNetwork description, boolean ephemeral) {
        try {
            Network network = new Creation(this, description).run(ephemeral);
            publish(network);
            LOG.info("created {} on '{}'", network, network.parent().name());
            return network;
        } finally {
            unreserve(description.name());
        }
    }

    private synchronized void requireUnused(String name) {
        if (networks.containsKey(name) || creating.contains(name)) {
            throw new ConflictException(
                    "create network", "'" + name + "'", "a network of that name exists already", null, null);
        }
    }

    private synchronized void reserve(String name) {
        requireUnused(name);
        creating.add(name);
    }

    private synchronized void unreserve(String name) {
        creating.remove(name);
        notifyAll();
    }

    synchronized void publish(Network network) {
        networks.put(network.name(), network);
    }

    /// Lets go of everything a deleted network held.
    void forget(Network network) {
        Ports.release(network.claim());
        network.drawn().forEach(allocator::release);
        synchronized (this) {
            networks.remove(network.name(), network);
        }
    }

    @Override
    public ActiveNetwork ensure(IpvlanNetwork description) {
        return operate(Kind.ENSURE, description.name(), () -> {
            while (true) {
                Optional<Network> found = findOrReserve(description.name());
                if (found.isEmpty()) {
                    return createReserved(description, false);
                }
                Network network = found.get();
                requireSame(network, description);
                network.members().awaitDeletion();
                try {
                    network.revive();
                    return network;
                } catch (ConflictException | IllegalStateException e) {
                    if (!network.members().isLeaving()) {
                        throw e;
                    }
                    LOG.debug("{} is being deleted at this moment, and is looked for again", network);
                }
            }
        });
    }

    private static void requireSame(Network existing, IpvlanNetwork description) {
        boolean same = existing.description().equals(description);
        if (!same || existing.isEphemeral()) {
            throw new ConflictException(
                    "ensure network",
                    "'" + description.name() + "'",
                    same
                            ? "it exists as an ephemeral network, which goes with its handle"
                            : "it exists with another description: " + existing.description(),
                    null,
                    null);
        }
    }

    /// Waits for another thread that is creating the network.
    private synchronized Optional<Network> findOrReserve(String name) {
        while (creating.contains(name)) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while another thread creates network '" + name + "'", e);
            }
        }
        Optional<Network> existing = Optional.ofNullable(networks.get(name));
        if (existing.isEmpty()) {
            creating.add(name);
        }
        return existing;
    }

    @Override
    public Plan plan(IpvlanNetwork description) {
        return operate(Kind.PLAN, description.name(), () -> {
            requireUnused(description.name());
            return new Creation(this, description).preview();
        });
    }

    @Override
    public void installHostRoutes(List<Route> routes) {
        operate(Kind.INSTALL_ROUTES, () -> new HostRoutes(kernel.open(Optional.empty())).install(routes));
    }

    @Override
    public void removeHostRoutes(List<Route> routes) {
        operate(Kind.REMOVE_ROUTES, () -> new HostRoutes(kernel.open(Optional.empty())).remove(routes));
    }

    @Override
    public List<OwnedLink> ownedLinks() {
        return operate(Kind.OWNED_LINKS, () -> GarbageSearch.ownedLinks(kernel));
    }

    @Override
    public Garbage garbage(Set<String> live, Duration grace) {
        return operate(Kind.GARBAGE, () -> new GarbageSearch(this, live, before(grace)).find());
    }

    @Override
    public Garbage collect(Set<String> live, Duration grace) {
        return operate(Kind.COLLECT, () -> new GarbageSearch(this, live, before(grace)).remove());
    }

    /// The time a grace before now; before all others, if it is longer than time.
    private Instant before(Duration grace) {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("a grace is not negative: " + grace);
        }
        Instant now = now();
        return grace.compareTo(Duration.between(Instant.MIN, now)) < 0 ? now.minus(grace) : Instant.MIN;
    }

    @Override
    public DriftWatch watch(DriftListener listener) {
        return watch(listener, false);
    }

    @Override
    public DriftWatch watchAndRepair(DriftListener listener) {
        return watch(listener, true);
    }

    private DriftWatch watch(DriftListener listener, boolean repairing) {
        return operate(Kind.WATCH, () -> {
            Watcher watcher = new Watcher(this, Objects.requireNonNull(listener, "listener"), repairing);
            synchronized (this) {
                watchers.add(watcher);
            }
            return watcher.start();
        });
    }

    /// A watch is over.
    synchronized void ended(Watcher watcher) {
        watchers.remove(watcher);
    }

    synchronized List<Network> known() {
        return List.copyOf(networks.values());
    }

    @Override
    public synchronized Optional<ActiveNetwork> find(String name) {
        requireOpen();
        return Optional.ofNullable(networks.get(name));
    }

    @Override
    public synchronized List<ActiveNetwork> networks() {
        requireOpen();
        return List.copyOf(networks.values());
    }

    @Override
    public void supportBundle(Path file) {
        SupportBundle.write(file, networks());
    }

    @Override
    public void close() {
        if (!gate.close()) {
            return;
        }
        List<Watcher> ending;
        synchronized (this) {
            ending = List.copyOf(watchers);
        }
        ending.forEach(Watcher::close);
        // The networks stay, and are claimed again by whoever opens them.
        known().forEach(network -> Ports.release(network.claim()));
        try (notebook) {
            kernel.close();
        }
    }
}
