package io.ipvlan.internal.engine;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.ConflictException;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.NetworkStore;
import io.ipvlan.Operation.Kind;
import io.ipvlan.Plan;
import io.ipvlan.Route;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.observe.Watch;
import io.ipvlan.ipam.SubnetAllocator;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    private final NetworkStore store;
    private final SubnetAllocator allocator;
    private final AtomicInteger index =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(LOWEST_INDEX, HIGHEST_FIRST_INDEX));

    private final Map<String, Network> networks = new TreeMap<>();
    private final Set<String> creating = new HashSet<>();

    private final Watch watch;

    private Engine(Kernel kernel, NetworkStore store, SubnetAllocator allocator, Watch watch) {
        this.kernel = watch.watched(kernel);
        this.store = watch.watched(store);
        this.allocator = allocator;
        this.watch = watch;
    }

    /// An engine that has no listener.
    public static Engine open(Kernel kernel, NetworkStore store, SubnetAllocator allocator) {
        return open(kernel, store, allocator, new Watch(null));
    }

    /// An engine with the networks its store remembers. Kernel and store are closed with it, and also if this
    /// fails.
    public static Engine open(Kernel kernel, NetworkStore store, SubnetAllocator allocator, Watch watch) {
        Engine engine = new Engine(kernel, store, allocator, watch);
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

    NetworkStore store() {
        return store;
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

    InFlight inFlight() {
        return new InFlight(gate);
    }

    void requireOpen() {
        gate.requireOpen();
    }

    @Override
    public ActiveNetwork create(IpvlanNetwork description) {
        return createNew(description, true);
    }

    @Override
    public EphemeralNetwork ephemeral(IpvlanNetwork description) {
        return (Ephemeral) createNew(description, false);
    }

    private Network createNew(IpvlanNetwork description, boolean remembered) {
        return operate(Kind.CREATE, description.name(), () -> {
            reserve(description.name());
            return createReserved(description, remembered);
        });
    }

    private Network createReserved(IpvlanNetwork description, boolean remembered) {
        try {
            Network network = new Creation(this, description).run(remembered);
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
                    return createReserved(description, true);
                }
                requireSame(found.get(), description);
                try {
                    found.get().revive();
                    return found.get();
                } catch (IllegalStateException e) {
                    if (!found.get().isGone()) {
                        throw e;
                    }
                    LOG.debug("{} was deleted at this moment, and is made anew", found.get());
                }
            }
        });
    }

    private static void requireSame(Network existing, IpvlanNetwork description) {
        boolean same = existing.description().equals(description);
        if (!same || !existing.isRemembered()) {
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
        // The networks stay, and are claimed again by whoever opens them.
        List<Network> known;
        synchronized (this) {
            known = List.copyOf(networks.values());
        }
        known.forEach(network -> Ports.release(network.claim()));
        try (store) {
            kernel.close();
        }
    }
}
