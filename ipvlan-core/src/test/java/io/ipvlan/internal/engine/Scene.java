package io.ipvlan.internal.engine;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.InMemoryKernel;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.SubnetAllocator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Where the engine is tried: a host with a link `eth0`, a few namespaces, a store, and an engine whose calls
/// all go over one [Lifeline]. What is done without it never goes wrong.
final class Scene implements AutoCloseable {
    static final int PLACES = 3;
    private static final SubnetAllocator.Pool POOL = new SubnetAllocator.Pool(IpPrefix.parse("10.64.0.0/12"), 24);

    final Lifeline lifeline = new Lifeline();
    final FaultyStore store = new FaultyStore(lifeline);
    private final Host host;
    private final Kernel witness;
    private final List<Netns> places = new CopyOnWriteArrayList<>();
    private final Set<Netns> lost = ConcurrentHashMap.newKeySet();
    private int restarts;
    private FaultyKernel kernel;
    private Engine engine;

    /// What a scene is set up on.
    interface Host extends AutoCloseable {
        /// The kernel as it is.
        Kernel witness();

        /// A kernel for an engine; its own, and closed after it, unless all share one.
        Kernel forEngine();

        /// Lets the kernel of an engine go.
        void release(Kernel engines);

        /// A new namespace.
        Netns newPlace();

        /// Lets a namespace go in which there is nothing any more.
        void bury(Netns place);

        /// What else there is in the kernel, and what this process holds open, in words.
        List<String> more();

        @Override
        void close();
    }

    /// A kernel in memory, which outlives its engines.
    private static final class Memory implements Host {
        private final Kernel kernel = new InMemoryKernel();
        private int places;

        @Override
        public Kernel witness() {
            return kernel;
        }

        @Override
        public Kernel forEngine() {
            return kernel;
        }

        /// It outlives its engines.
        @Override
        public void release(Kernel engines) {}

        @Override
        public synchronized Netns newPlace() {
            return Netns.ofName("place" + places++);
        }

        /// It is not found any more.
        @Override
        public void bury(Netns place) {}

        @Override
        public List<String> more() {
            return List.of();
        }

        @Override
        public void close() {
            kernel.close();
        }
    }

    /// On a kernel in memory.
    Scene() {
        this(new Memory());
    }

    /// On another host.
    ///
    /// @param host closed with the scene
    Scene(Host host) {
        this.host = host;
        witness = host.witness();
        for (int place = 0; place <= PLACES; place++) {
            places.add(host.newPlace());
        }
        kernel = new FaultyKernel(host.forEngine(), lifeline);
        engine = openEngine();
    }

    Kernel witness() {
        return witness;
    }

    List<String> more() {
        return host.more();
    }

    Engine engine() {
        return engine;
    }

    Netns place(int number) {
        return places.get(number);
    }

    /// Where strangers are.
    Netns stranger() {
        return places.get(PLACES);
    }

    ActiveNetwork network(String name) {
        return engine.find(name).orElseThrow();
    }

    private Engine openEngine() {
        lost.forEach(kernel::lose);
        for (int i = 0; i < restarts; i++) {
            kernel.restart();
        }
        return Engine.open(kernel, store, SubnetAllocator.of(List.of(POOL)));
    }

    /// Ends the program, whether it was killed or not, and begins another.
    void reopen() {
        end();
        begin();
    }

    /// Begins another program, which may end while it begins.
    void begin() {
        kernel = new FaultyKernel(host.forEngine(), lifeline);
        try {
            engine = openEngine();
        } catch (RuntimeException | Error e) {
            host.release(kernel.inner());
            throw e;
        }
    }

    /// Ends the program.
    void end() {
        engine.close();
        host.release(kernel.inner());
        lifeline.heal();
    }

    /// Deletes our links in a namespace behind the engine's back.
    void empty(int number) {
        try (Kernel.Namespace place = witness.open(Optional.of(places.get(number)))) {
            place.observe().links().stream()
                    .filter(NamespaceState.Link::owned)
                    .forEach(link -> place.delete(
                            new Step.DeleteLink(link.name(), link.index(), Optional.of(places.get(number)))));
        }
    }

    /// Lets a namespace die, and puts a new one in its place.
    void die(int number) {
        empty(number);
        Netns dead = places.get(number);
        kernel.lose(dead);
        lost.add(dead);
        host.bury(dead);
        places.set(number, host.newPlace());
    }

    /// Restarts the machine: everything is gone but what the store has.
    void reboot() {
        end();
        witness.open(Optional.empty()).observe().links().stream()
                .filter(NamespaceState.Link::owned)
                .forEach(link -> deleteFromHost(link.name()));
        for (int place = 0; place < PLACES; place++) {
            die(place);
        }
        restarts++;
        begin();
    }

    /// Deletes a link of the host behind the engine's back, with all that stands on it.
    void deleteFromHost(String name) {
        Kernel.Namespace host = witness.open(Optional.empty());
        host.observe()
                .link(name)
                .ifPresent(link -> host.delete(new Step.DeleteLink(name, link.index(), Optional.empty())));
    }

    @Override
    public void close() {
        end();
        host.close();
    }
}
