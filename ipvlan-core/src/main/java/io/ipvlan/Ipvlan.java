package io.ipvlan;

import io.ipvlan.internal.engine.Engine;
import io.ipvlan.internal.kernel.InMemoryKernel;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.kernel.KernelProbe;
import io.ipvlan.internal.kernel.NetlinkKernel;
import io.ipvlan.internal.observe.Watch;
import io.ipvlan.internal.plan.NetworkValidator;
import io.ipvlan.internal.preflight.Preflight;
import io.ipvlan.ipam.SubnetAllocator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The engine: makes networks real. Works in the network namespace of the thread that opens it, called the
/// host's.
///
/// Safe for use by several threads, which do not wait for one another, but in the kernel, where their parents
/// have no link of the library's own in common. Holds a netlink socket and a handle of its namespace (two
/// descriptors), its store, and from the second attach on a listener for what happens to links (three more),
/// until it is closed; and while several threads ask the kernel at once a socket for each, up to 16, which are
/// closed one by one as the engine is used after five idle seconds. Closing changes nothing in the kernel:
/// networks and endpoints stay. With a store that lasts, a later engine finds them again.
///
/// Not meant to be implemented by others; methods may be added.
public interface Ipvlan extends AutoCloseable {
    /// Opens an engine that forgets its networks when it is closed.
    ///
    /// @return the engine
    /// @throws UnsupportedException if the JVM refuses native access, or the kernel is older than Linux 4.20
    static Ipvlan open() {
        return builder().open();
    }

    /// Begins an engine with other settings.
    ///
    /// @return a builder
    static Builder builder() {
        return new Builder();
    }

    /// Opens an engine on a kernel that is played in memory, for tests without root. Its host has the links
    /// `lo` and `eth0` (192.168.1.250/24, the host of the ipvlan manual), every namespace named comes into
    /// being when it is used, and it refuses what the real one refuses, with the same errors. No packet flows in
    /// it.
    ///
    /// It is not the real one: it knows no capabilities, limits and timeouts. Of the routes that the kernel makes
    /// by itself it has those to the prefixes of addresses only. Of settings it knows those of Linux 7.2 by their
    /// names, but for MPLS, and takes any number of 32 bits for each, also where the real one wants a smaller or
    /// takes a larger one; what is set has no effect.
    ///
    /// @return the engine
    static Ipvlan inMemory() {
        return builder().inMemory();
    }

    /// Looks whether this machine can do the job: the JVM, the kernel and its modules, the capabilities of
    /// the process, its limits. Changes nothing, loads no module, and needs no privilege: what is missing is
    /// a finding. Takes some milliseconds.
    ///
    /// Looks at the network namespace, the files of `/proc` and `/lib/modules` that the calling thread sees.
    ///
    /// @return what was looked at, also what is in order
    static List<Finding> preflight() {
        return Preflight.ofThisMachine(Optional.empty());
    }

    /// Looks as [#preflight()], and at the parent of a network, in whichever namespace it is: whether it is
    /// there, is Ethernet and up, can carry children, is not shared in another mode, is large enough for IPv6
    /// and no wireless link. Children of strangers in other namespaces than the parent's are not looked for,
    /// and neither are the networks of this program: [#create] does both.
    ///
    /// @param network what should be made
    /// @return what was looked at, also what is in order
    static List<Finding> preflight(IpvlanNetwork network) {
        return Preflight.ofThisMachine(Optional.of(network));
    }

    /// Creates a network. A dummy parent, and a VLAN link that is missing, are made; with host access, a
    /// child link in the parent's namespace, its addresses and routes. Otherwise nothing changes in the
    /// kernel until a namespace is attached.
    ///
    /// A parent that is there already is looked for in every namespace that has a name or a process: a child
    /// link on it of another kind, mode or flag, whoever made it, is a conflict. That takes about 0.2 ms for
    /// each namespace.
    ///
    /// Needs `CAP_NET_ADMIN` if something is made. If anything fails, nothing is left.
    ///
    /// @param network what shall be
    /// @return the network
    /// @throws ConflictException if a network of that name exists; if the parent is used in another mode or
    ///     flag or cannot be one; if a subnet overlaps another network's on the same parent, or in a routed
    ///     mode the parent's own
    /// @throws NotFoundException if the parent, or the namespace it is in, does not exist
    /// @throws AddressException if no default pool has a free subnet, or none of a subnet's addresses is left
    ///     for host access
    /// @throws PermissionException if a capability is missing
    /// @throws UnsupportedException if the kernel has no dummy, VLAN or ipvlan links
    /// @throws KernelException if the kernel refuses otherwise, or does not answer
    /// @throws java.io.UncheckedIOException if the store fails
    /// @throws IllegalArgumentException if the description is longer than the store takes, for its labels
    ///     mostly: see [NetworkStore]
    /// @throws IllegalStateException if the engine is closed
    ActiveNetwork create(IpvlanNetwork network);

    /// Finds a network or creates it. If it exists and its dummy parent does not any more, for example after
    /// a reboot, that is made again. Waits for another thread that is creating or deleting it.
    ///
    /// @param network what shall be
    /// @return the network
    /// @throws ConflictException if a network of that name has another description; also as [#create]
    /// @throws IpvlanException as [#create]
    /// @throws IllegalArgumentException as [#create]
    /// @throws IllegalStateException if the engine is closed, or the thread interrupted while it waits
    ActiveNetwork ensure(IpvlanNetwork network);

    /// Creates a network that goes when its handle is closed.
    ///
    /// @param network what shall be
    /// @return the network, to be closed
    /// @throws IpvlanException as [#create]
    /// @throws IllegalStateException if the engine is closed
    EphemeralNetwork ephemeral(IpvlanNetwork network);

    /// What [#create] would do now. Changes nothing.
    ///
    /// @param network what should be
    /// @return the plan
    /// @throws IpvlanException as [#create]
    /// @throws IllegalStateException if the engine is closed
    Plan plan(IpvlanNetwork network);

    /// Adds routes to the namespace the engine works in: those to the endpoints of other hosts, as
    /// [ActiveNetwork#remoteRoutes] gives them. A route that is there already, made by this call before, is
    /// left as it is, and one that is listed twice is added once. They stay when the engine is closed, until
    /// [#removeHostRoutes], or the link they leave by goes.
    ///
    /// Needs `CAP_NET_ADMIN`. If one cannot be added, none is.
    ///
    /// @param routes the routes; a device is looked up by its name, and found by the gateway if none is named
    /// @throws IllegalArgumentException if a route by which packets are sent on names neither gateway nor
    ///     device, or an address that is none as its gateway
    /// @throws ConflictException if there is another route to one of the destinations, or a gateway is not on
    ///     link
    /// @throws NotFoundException if there is no link of that name
    /// @throws PermissionException if `CAP_NET_ADMIN` is missing
    /// @throws KernelException if the kernel refuses otherwise, or does not answer
    /// @throws IllegalStateException if the engine is closed
    void installHostRoutes(List<Route> routes);

    /// Removes routes that [#installHostRoutes] added. One that is not there, or was made by somebody else,
    /// is passed over.
    ///
    /// @param routes the routes
    /// @throws PermissionException if `CAP_NET_ADMIN` is missing
    /// @throws KernelException if the kernel refuses otherwise, or does not answer
    /// @throws IllegalStateException if the engine is closed
    void removeHostRoutes(List<Route> routes);

    /// The links that carry the library's mark, in every namespace that has a name or a process, whichever
    /// engine or program made them: what the kernel alone knows of networks and endpoints, when a store is
    /// lost. Changes nothing. Takes about 0.2 ms for each namespace; those that may not be looked into are
    /// left out.
    ///
    /// @return the links
    /// @throws KernelException if the kernel does not answer
    /// @throws IllegalStateException if the engine is closed
    List<OwnedLink> ownedLinks();

    /// What [#collect] would remove now. Changes nothing.
    ///
    /// @param live the ids of the endpoints that are alive, of all networks of this engine
    /// @param grace how long an endpoint has to be attached before it can be garbage, so that one is not
    ///     taken for dead whose owner is about to tell; not negative, and as long as you like
    /// @return the garbage
    /// @throws KernelException if the kernel does not answer
    /// @throws IllegalArgumentException if the grace is negative
    /// @throws IllegalStateException if the engine is closed
    Garbage garbage(Set<String> live, Duration grace);

    /// Removes what does not live any more: endpoints of this engine whose ids are not among the living, and
    /// child links left over from them. What is on its way in or out is left alone, and so is everything of
    /// other engines, unless they have networks of the same name.
    ///
    /// @param live as of [#garbage]
    /// @param grace as of [#garbage]
    /// @return what was removed
    /// @throws IpvlanException if something could not be removed; the rest is, and further failures are
    ///     suppressed in it
    /// @throws java.io.UncheckedIOException if the store fails
    /// @throws IllegalArgumentException as of [#garbage]
    /// @throws IllegalStateException if the engine is closed
    Garbage collect(Set<String> live, Duration grace);

    /// Watches all networks of this engine, those to come included, and tells what differs from what the
    /// kernel has: within a second after it came to be so, for it listens to the kernel. What differs at the
    /// beginning is told, too.
    ///
    /// Gives each endpoint's namespace a number in the engine's own, which stays, so that the kernel tells of
    /// it. Takes a thread, and two file descriptors. Without `CAP_NET_BROADCAST` it hears of the engine's own
    /// namespace only, looks into the others every ten seconds, and tells of changes there that late.
    ///
    /// @param listener who is told
    /// @return the watch
    /// @throws KernelException if the kernel gives no listener
    /// @throws IllegalStateException if the engine is closed
    DriftWatch watch(DriftListener listener);

    /// Watches as [#watch], and mends what can be mended, as [ActiveNetwork#repair] does: at once, and if
    /// that does not help again after a second, two, four and so on, up to a minute. So a parent that was
    /// missing is used again when it returns.
    ///
    /// @param listener who is told, of what is found and of what is left
    /// @return the watch
    /// @throws KernelException if the kernel gives no listener
    /// @throws IllegalStateException if the engine is closed
    DriftWatch watchAndRepair(DriftListener listener);

    /// Finds a network by its name.
    ///
    /// @param name the name
    /// @return the network; empty if this engine knows none of that name
    /// @throws IllegalStateException if the engine is closed
    Optional<ActiveNetwork> find(String name);

    /// The networks this engine knows.
    ///
    /// @return a snapshot, in the order of their names
    /// @throws IllegalStateException if the engine is closed
    List<ActiveNetwork> networks();

    /// Writes a text for those who are to find out what is wrong: the version, the findings of
    /// [#preflight()], the kernel's version and settings, and of each network its description, what was done
    /// for it, what differs, what the kernel holds and how its addresses are used; at last the exchanges with
    /// the kernel that [Builder#recentExchanges] keeps. **It names links, namespaces and addresses**; of
    /// labels the keys only. What cannot be found out says why, and does not keep the rest.
    ///
    /// Opens every endpoint's namespace. Changes nothing.
    ///
    /// @param file a file that does not exist; it can be read and written by its owner only
    /// @throws java.io.UncheckedIOException if it exists, or cannot be written
    /// @throws IllegalStateException if the engine is closed
    void supportBundle(Path file);

    /// Waits for operations that are running, then closes its sockets and the store. Changes nothing in the
    /// kernel. Closing twice does nothing.
    ///
    /// @throws IllegalStateException if called from inside an operation, by a store for example
    @Override
    void close();

    /// Collects the settings of an engine. Not for several threads.
    final class Builder {
        private @Nullable NetworkStore store;
        private List<SubnetAllocator.Pool> pools = SubnetAllocator.DOCKER_POOLS;
        private Duration timeout = Duration.ofSeconds(10);
        private @Nullable OperationListener listener;
        private OptionalInt exchanges = OptionalInt.empty();

        private Builder() {}

        /// Sets where networks and endpoints are remembered: in memory unless set.
        ///
        /// @param store the store; the engine closes it, also if opening fails. It serves one engine
        /// @return this builder
        public Builder store(NetworkStore store) {
            this.store = Objects.requireNonNull(store, "store");
            return this;
        }

        /// Sets the pools that automatic subnets are drawn from, in this order: Docker's (172.17.0.0/16 and
        /// following) unless set.
        ///
        /// @param prefixes prefixes with host bits zero; IPv4 ones are cut into /24 subnets, IPv6 ones into
        ///     /64
        /// @return this builder
        /// @throws IllegalArgumentException if a text is no prefix, or one of which no endpoint can have an
        ///     address
        public Builder defaultPools(String... prefixes) {
            List<SubnetAllocator.Pool> parsed =
                    Arrays.stream(prefixes).map(SubnetAllocator.Pool::parse).toList();
            parsed.forEach(pool -> NetworkValidator.requireForHosts(pool.base()));
            pools = parsed;
            return this;
        }

        /// Sets how long the kernel may take to answer: ten seconds unless set. It answers at once, but while
        /// it does something for others. An operation for which time is over is undone, as after any other
        /// failure.
        ///
        /// @param timeout how long each exchange may take, positive
        /// @return this builder
        /// @throws IllegalArgumentException if it is not positive
        public Builder timeout(Duration timeout) {
            if (!timeout.isPositive()) {
                throw new IllegalArgumentException("the kernel needs some time, and not " + timeout);
            }
            this.timeout = timeout;
            return this;
        }

        /// Sets who is told of every operation when it is over: nobody unless set, which costs nothing.
        ///
        /// @param listener the listener
        /// @return this builder
        public Builder listener(OperationListener listener) {
            this.listener = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /// Keeps the last exchanges with the kernel for [Ipvlan#supportBundle]: what was asked for first, how
        /// much was sent and received, what came of it and how long it took. None are kept unless set, which
        /// costs nothing. Counts for all engines of the program, from when this one is opened until another
        /// is opened that sets it.
        ///
        /// @param count how many, about 200 bytes each; 0 for none
        /// @return this builder
        /// @throws IllegalArgumentException if it is negative
        public Builder recentExchanges(int count) {
            if (count < 0) {
                throw new IllegalArgumentException("a negative number of exchanges: " + count);
            }
            exchanges = OptionalInt.of(count);
            return this;
        }

        /// Opens the engine on the kernel, in the network namespace of the calling thread, with the networks
        /// its store remembers.
        ///
        /// @return the engine
        /// @throws UnsupportedException if the JVM refuses native access, or the kernel is older than Linux
        ///     4.20
        /// @throws KernelException if the kernel gives no socket
        /// @throws java.io.UncheckedIOException if the store cannot be read, or holds what this version
        ///     cannot read
        public Ipvlan open() {
            NetworkStore chosen = takeStore();
            Kernel kernel;
            exchanges.ifPresent(KernelProbe::keepExchanges);
            try {
                kernel = NetlinkKernel.open(timeout);
            } catch (RuntimeException | Error e) {
                chosen.close();
                throw e;
            }
            return Engine.open(kernel, chosen, SubnetAllocator.of(pools), new Watch(listener));
        }

        private Ipvlan inMemory() {
            return Engine.open(new InMemoryKernel(), takeStore(), SubnetAllocator.of(pools), new Watch(listener));
        }

        /// A store serves one engine, and is closed with it.
        private NetworkStore takeStore() {
            NetworkStore chosen = store == null ? NetworkStore.inMemory() : store;
            store = null;
            return chosen;
        }
    }
}
