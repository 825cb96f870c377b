package io.ipvlan.internal.engine;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.AddressException;
import io.ipvlan.ConflictException;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.NetworkStore;
import io.ipvlan.NotFoundException;
import io.ipvlan.Plan;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.HostState;
import io.ipvlan.internal.plan.NetworkPlanner;
import io.ipvlan.internal.plan.SubnetPlanner;
import io.ipvlan.internal.store.Records;
import io.ipvlan.internal.store.Records.NetworkRecord;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.IpamException;
import io.ipvlan.ipam.Subnet;
import io.ipvlan.ipam.SubnetAllocator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
    private final PlanExecutor executor;
    private final Ports ports;
    private final AtomicInteger index =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(LOWEST_INDEX, HIGHEST_FIRST_INDEX));

    private final Map<String, Network> networks = new TreeMap<>();
    private final Set<String> creating = new HashSet<>();

    private Engine(Kernel kernel, NetworkStore store, SubnetAllocator allocator) {
        this.kernel = kernel;
        this.store = store;
        this.allocator = allocator;
        this.executor = new PlanExecutor(kernel);
        this.ports = Ports.join(kernel.host());
    }

    /// An engine with the networks its store remembers. Kernel and store are closed with it, and also if this
    /// fails.
    public static Engine open(Kernel kernel, NetworkStore store, SubnetAllocator allocator) {
        Engine engine = new Engine(kernel, store, allocator);
        try {
            new Restoration(engine).run();
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

    PlanExecutor executor() {
        return executor;
    }

    int nextIndex() {
        return index.updateAndGet(last -> last == Integer.MAX_VALUE - 1 ? LOWEST_INDEX : last + 1);
    }

    /// Runs an operation that the engine must outlive.
    <T> T operate(Supplier<T> operation) {
        gate.enter();
        try {
            return operation.get();
        } finally {
            gate.leave();
        }
    }

    void operate(Runnable operation) {
        gate.enter();
        try {
            operation.run();
        } finally {
            gate.leave();
        }
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
        return createNew(description, false);
    }

    private Network createNew(IpvlanNetwork description, boolean remembered) {
        return operate(() -> {
            reserve(description.name());
            return createReserved(description, remembered);
        });
    }

    private Network createReserved(IpvlanNetwork description, boolean remembered) {
        Undo undo = new Undo();
        Ports.Claimant claimant = claimant(description);
        try {
            HostState host = kernel.observe();
            List<IpPrefix> drawn = draw(description, host, (family, avoid) -> {
                IpPrefix prefix = allocator.allocate(family, avoid);
                undo.add(() -> allocator.release(prefix));
                return prefix;
            });
            Addresses addresses = new Addresses(description.name(), SubnetPlanner.effective(description, drawn));
            undo.add(() -> ports.release(claimant));
            NetworkPlanner.Result planned = ports.plan(claimant, description, addresses.subnets(), host);
            executor.execute(planned.plan().steps(), undo);
            Network network = new Network(this, description, addresses, drawn, planned.parent(), remembered);
            if (planned.existing().isEmpty()) {
                ports.claim(claimant, description, addresses.subnets(), requireIndex(network));
            }
            network.withhold(host);
            if (remembered) {
                // A put that failed may have taken effect.
                undo.add(() -> store.remove(description.name()));
                store.put(description.name(), Records.write(new NetworkRecord(description, drawn, planned.parent())));
            }
            publish(network);
            LOG.info("created network '{}' on '{}'", description.name(), planned.parent());
            return network;
        } catch (RuntimeException | Error e) {
            undo.rollBack(e);
            throw e;
        } finally {
            unreserve(description.name());
        }
    }

    private Ports.Claimant claimant(IpvlanNetwork description) {
        return new Ports.Claimant(this, description.name());
    }

    private int requireIndex(Network network) {
        return kernel.indexOf(network.parent())
                .orElseThrow(() -> new NotFoundException(
                        "use network",
                        "'" + network.name() + "'",
                        "its parent '" + network.parent() + "' does not exist any more",
                        null,
                        null));
    }

    /// The index of a network's parent as it is now, after a check that the network can still share it.
    int requireParent(Network network) {
        int parentIndex = requireIndex(network);
        ports.renew(
                claimant(network.description()),
                network.description(),
                network.addresses().subnets(),
                network.parent(),
                parentIndex,
                kernel.childrenOnHost(parentIndex));
        return parentIndex;
    }

    /// Finds a subnet for each family that one is wanted for.
    private List<IpPrefix> draw(
            IpvlanNetwork description, HostState host, BiFunction<IpFamily, List<IpPrefix>, IpPrefix> pools) {
        List<IpPrefix> taken = Stream.of(
                        host.routes().stream(),
                        host.addresses().stream()
                                .map(address -> address.address().prefix()),
                        ports.subnets().stream(),
                        description.subnets().stream().map(Subnet::prefix))
                .flatMap(prefixes -> prefixes)
                .toList();
        List<IpPrefix> drawn = new ArrayList<>();
        for (IpFamily family : description.autoSubnets().stream().sorted().toList()) {
            try {
                drawn.add(pools.apply(family, taken));
            } catch (IpamException e) {
                throw new AddressException(
                        "draw subnet",
                        family + " for network '" + description.name() + "'",
                        String.valueOf(e.getMessage()),
                        null,
                        null,
                        e);
            }
        }
        return drawn;
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

    private synchronized void publish(Network network) {
        networks.put(network.name(), network);
    }

    /// Takes in a network that the store remembers.
    Network restore(NetworkRecord record) {
        IpvlanNetwork description = record.description();
        record.drawn().forEach(allocator::claim);
        Addresses addresses = new Addresses(description.name(), SubnetPlanner.effective(description, record.drawn()));
        Network network = new Network(this, description, addresses, record.drawn(), record.parent(), true);
        kernel.indexOf(record.parent())
                .ifPresentOrElse(
                        parentIndex ->
                                ports.claim(claimant(description), description, addresses.subnets(), parentIndex),
                        () -> LOG.warn("{}: its parent '{}' does not exist at present", network, record.parent()));
        publish(network);
        return network;
    }

    /// Lets go of everything a deleted network held.
    void forget(Network network) {
        synchronized (this) {
            networks.remove(network.name(), network);
        }
        ports.release(claimant(network.description()));
        network.drawn().forEach(allocator::release);
    }

    @Override
    public ActiveNetwork ensure(IpvlanNetwork description) {
        return operate(() -> {
            Optional<Network> found = findOrReserve(description.name());
            if (found.isEmpty()) {
                return createReserved(description, true);
            }
            Network existing = found.get();
            if (!existing.description().equals(description)) {
                throw new ConflictException(
                        "ensure network",
                        "'" + description.name() + "'",
                        "it exists with another description: " + existing.description(),
                        null,
                        null);
            }
            if (existing.ownsParent() && kernel.indexOf(existing.parent()).isEmpty()) {
                LOG.info("made the dummy parent of {} again", existing);
                executor.execute(List.of(new Step.CreateDummy(existing.parent())), new Undo());
            }
            return existing;
        });
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
        return operate(() -> {
            requireUnused(description.name());
            HostState host = kernel.observe();
            List<IpPrefix> drawn = draw(description, host, allocator::preview);
            List<Subnet> subnets = SubnetPlanner.effective(description, drawn);
            return ports.preview(claimant(description), description, subnets, host)
                    .plan();
        });
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
    public void close() {
        if (!gate.close()) {
            return;
        }
        ports.leave(this);
        try (store) {
            kernel.close();
        }
    }
}
