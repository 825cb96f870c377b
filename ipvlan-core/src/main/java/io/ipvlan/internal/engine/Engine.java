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
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engine. Its lock guards which networks there are; it is never held while the kernel or the store works. A
/// network
/// on its way in is in `creating`, so that its name stays taken.
public final class Engine implements Ipvlan {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    /// Indexes of child links are chosen from here on: far from the kernel's own, which begin at 1, and at random,
    /// so that two engines rarely choose the same.
    private static final int LOWEST_INDEX = 1 << 20;

    private static final int HIGHEST_FIRST_INDEX = 1 << 30;

    private final Kernel kernel;
    private final NetworkStore store;
    private final SubnetAllocator allocator;
    private final PlanExecutor executor;
    private final Ports ports = new Ports();
    private final AtomicInteger index =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(LOWEST_INDEX, HIGHEST_FIRST_INDEX));

    private final Map<String, Network> networks = new TreeMap<>();
    private final Set<String> creating = new HashSet<>();
    private boolean closed;

    /// Held by those who ensure a network, so that the second of two finds what the first is creating.
    private final Object ensuring = new Object();

    private Engine(Kernel kernel, NetworkStore store, SubnetAllocator allocator) {
        this.kernel = kernel;
        this.store = store;
        this.allocator = allocator;
        this.executor = new PlanExecutor(kernel);
    }

    /// An engine with the networks its store remembers. If that fails the kernel is closed and the store is not.
    public static Engine open(Kernel kernel, NetworkStore store, SubnetAllocator allocator) {
        Engine engine = new Engine(kernel, store, allocator);
        try {
            engine.restore();
            return engine;
        } catch (RuntimeException e) {
            kernel.close();
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

    @Override
    public ActiveNetwork create(IpvlanNetwork network) {
        return create(network, true);
    }

    @Override
    public EphemeralNetwork ephemeral(IpvlanNetwork network) {
        return create(network, false);
    }

    private Network create(IpvlanNetwork description, boolean remembered) {
        reserve(description.name());
        Undo undo = new Undo();
        try {
            HostState host = kernel.observe();
            List<IpPrefix> drawn = draw(description, host, undo);
            Addresses addresses = new Addresses(description.name(), SubnetPlanner.effective(description, drawn));
            NetworkPlanner.Result planned = ports.plan(description, addresses.subnets(), host);
            undo.add(() -> ports.release(description.name()));
            executor.execute(planned.plan().steps(), undo);
            int parentIndex = planned.existing().isPresent()
                    ? planned.existing().get().index()
                    : kernel.indexOf(planned.parent()).orElseThrow(() -> vanished(description, planned.parent()));
            ports.claim(description, addresses.subnets(), parentIndex);
            Network network =
                    new Network(this, description, addresses, drawn, planned.parent(), parentIndex, remembered);
            network.withhold(host);
            if (remembered) {
                // A put that failed may have taken effect.
                undo.add(() -> store.remove(description.name()));
                store.put(description.name(), Records.write(new NetworkRecord(description, drawn, planned.parent())));
            }
            publish(network);
            LOG.info("created network '{}' on '{}'", description.name(), planned.parent());
            return network;
        } catch (RuntimeException e) {
            undo.rollBack(e);
            throw e;
        } finally {
            unreserve(description.name());
        }
    }

    private static NotFoundException vanished(IpvlanNetwork network, String parent) {
        return new NotFoundException(
                "create network",
                "'" + network.name() + "'",
                "its dummy parent '" + parent + "' was deleted while the network was made",
                null,
                null);
    }

    /// Draws a subnet for each family that one is wanted for.
    private List<IpPrefix> draw(IpvlanNetwork description, HostState host, Undo undo) {
        List<IpPrefix> drawn = new ArrayList<>();
        List<IpPrefix> taken = Stream.of(
                        host.routes().stream(),
                        host.addresses().stream()
                                .map(address -> address.address().prefix()),
                        ports.subnets().stream(),
                        description.subnets().stream().map(Subnet::prefix))
                .flatMap(prefixes -> prefixes)
                .toList();
        for (IpFamily family : description.autoSubnets().stream().sorted().toList()) {
            try {
                IpPrefix prefix = allocator.allocate(family, taken);
                undo.add(() -> allocator.release(prefix));
                drawn.add(prefix);
            } catch (IpamException e) {
                throw new AddressException(
                        "draw subnet",
                        family + " for network '" + description.name() + "'",
                        String.valueOf(e.getMessage()),
                        null,
                        e);
            }
        }
        return drawn;
    }

    private synchronized void reserve(String name) {
        requireOpen();
        if (networks.containsKey(name) || !creating.add(name)) {
            throw new ConflictException(
                    "create network", "'" + name + "'", "a network of that name exists already", null, null);
        }
    }

    private synchronized void unreserve(String name) {
        creating.remove(name);
    }

    private synchronized void publish(Network network) {
        networks.put(network.name(), network);
    }

    /// Lets go of everything a deleted network held.
    void forget(Network network) {
        synchronized (this) {
            networks.remove(network.name(), network);
        }
        ports.release(network.name());
        network.drawn().forEach(allocator::release);
    }

    private void restore() {
        Map<String, String> texts = new TreeMap<>(store.load()); // a network sorts before its endpoints
        texts.forEach((key, text) -> {
            int slash = key.indexOf('/');
            if (slash < 0) {
                restore(Records.network(key, text));
            } else {
                Network network = networks.get(key.substring(0, slash));
                if (network == null) {
                    LOG.warn("the store remembers endpoint '{}' of a network it does not remember", key);
                } else {
                    network.restore(Records.endpoint(key, text));
                }
            }
        });
        if (!networks.isEmpty()) {
            HostState host = kernel.observe();
            networks.values().forEach(network -> network.withhold(host));
        }
    }

    private void restore(NetworkRecord record) {
        IpvlanNetwork description = record.description();
        record.drawn().forEach(allocator::claim);
        Addresses addresses = new Addresses(description.name(), SubnetPlanner.effective(description, record.drawn()));
        OptionalInt found = kernel.indexOf(record.parent());
        if (found.isEmpty()) {
            LOG.warn("network '{}': its parent '{}' does not exist at present", description.name(), record.parent());
        }
        int parentIndex = found.orElse(Network.NO_LINK);
        ports.claim(description, addresses.subnets(), parentIndex);
        publish(new Network(this, description, addresses, record.drawn(), record.parent(), parentIndex, true));
    }

    @Override
    public ActiveNetwork ensure(IpvlanNetwork description) {
        synchronized (ensuring) {
            return findOrCreate(description);
        }
    }

    private ActiveNetwork findOrCreate(IpvlanNetwork description) {
        Optional<ActiveNetwork> existing = find(description.name());
        if (existing.isEmpty()) {
            return create(description);
        }
        if (!existing.get().description().equals(description)) {
            throw new ConflictException(
                    "ensure network",
                    "'" + description.name() + "'",
                    "it exists with another description: " + existing.get().description(),
                    null,
                    null);
        }
        return existing.get();
    }

    @Override
    public Plan plan(IpvlanNetwork description) {
        reserve(description.name());
        Undo undo = new Undo();
        try {
            HostState host = kernel.observe();
            List<Subnet> subnets = SubnetPlanner.effective(description, draw(description, host, undo));
            return ports.preview(description, subnets, host).plan();
        } finally {
            undo.rollBack(new IllegalStateException("a plan changes nothing"));
            unreserve(description.name());
        }
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

    synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the engine is closed");
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            kernel.close();
        } finally {
            store.close();
        }
    }
}
