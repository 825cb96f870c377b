package io.ipvlan.internal.kernel;

import io.ipvlan.KernelError;
import io.ipvlan.Netns;
import io.ipvlan.Route;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// A kernel played in memory, with the rules that matter here: names and indexes are unique in a namespace,
/// an address is unique among the children of a parent, mode and flag belong to the parent, a parent carries
/// children of one kind, eight links stand on each other at most, a deleted link takes those that stand on it
/// along, an address brings a route to its prefix, a route needs a gateway that is on-link and a source that is
/// there, a setting has to exist. No packet flows. Every namespace named comes into being when it is opened.
public final class InMemoryKernel implements Kernel {
    static final KernelError EEXIST = new KernelError(17, "EEXIST", "");
    static final KernelError ENODEV = new KernelError(19, "ENODEV", "");
    static final KernelError EMLINK = new KernelError(31, "EMLINK", "");

    private static final IpCidr ETH0_ADDRESS = IpCidr.parse("192.168.1.250/24");
    private static final IpPrefix EVERYTHING = IpPrefix.parse("0.0.0.0/0");
    private static final int ETH0 = 2;

    private static final AtomicLong NUMBERS = new AtomicLong();

    private final Map<Netns, MemoryNamespace> named = new HashMap<>();
    private final MemoryNamespace home = namespace();
    private final String boot = UUID.randomUUID().toString();
    private boolean closed;
    private long changes;

    /// A host with the links `lo` and `eth0`.
    public InMemoryKernel() {
        MemoryLink eth0 = new MemoryLink(home, ETH0, "eth0", "", null, 1500);
        eth0.mac = "02:00:00:00:00:02";
        eth0.addresses.add(ETH0_ADDRESS);
        home.add(eth0);
        home.connect(eth0, ETH0_ADDRESS);
        home.routes.add(MemoryNamespace.entry(Route.to(EVERYTHING).via("192.168.1.1"), ETH0));
    }

    /// Makes a macvlan link on a link of the host, as another program might.
    synchronized void makeMacvlan(String name, String parent) {
        MemoryLink lower = home.links.values().stream()
                .filter(link -> link.name.equals(parent))
                .findFirst()
                .orElseThrow();
        home.add(new MemoryLink(home, home.links.lastKey() + 1, name, "macvlan", lower, lower.mtu));
    }

    private MemoryNamespace namespace() {
        return new MemoryNamespace(this, new NamespaceId(-1, NUMBERS.incrementAndGet(), 0));
    }

    @Override
    public synchronized Namespace open(Optional<Netns> netns) {
        requireOpen();
        return netns.map(this::find).orElse(home);
    }

    private MemoryNamespace find(Netns netns) {
        return named.computeIfAbsent(netns, _ -> namespace());
    }

    @Override
    public synchronized Optional<Namespace> find(Netns netns, NamespaceId wanted) {
        requireOpen();
        return Optional.<Namespace>of(find(netns)).filter(found -> found.id().matches(wanted));
    }

    @Override
    public Finder sweep() {
        return this::find;
    }

    @Override
    public synchronized List<Foreign> childrenElsewhere(Namespace parents, int parent) {
        requireOpen();
        return links().filter(link -> link.namespace != parents
                        && link.lower != null
                        && link.lower.namespace == parents
                        && link.lower.index == parent
                        && !link.kind.equals("vlan"))
                .map(link -> new Foreign("'" + name(link.namespace) + "'", link.namespace.id(), link.state()))
                .toList();
    }

    private String name(MemoryNamespace namespace) {
        return reference(namespace).map(Netns::toString).orElse("the host");
    }

    private Optional<Netns> reference(MemoryNamespace namespace) {
        return named.entrySet().stream()
                .filter(entry -> entry.getValue() == namespace)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public synchronized List<Marked> marked() {
        requireOpen();
        return links().filter(link -> link.owned)
                .map(link -> new Marked(
                        reference(link.namespace),
                        link.namespace.id(),
                        link.state(),
                        link.alias,
                        List.copyOf(link.addresses)))
                .toList();
    }

    @Override
    public Changes changes() {
        return new MemoryChanges(this);
    }

    /// Something changes, somewhere.
    synchronized void changed() {
        changes++;
        notifyAll();
    }

    /// Waits until there were more changes than that.
    ///
    /// @return how many there were
    synchronized long awaitChange(long known, Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (long left = timeout.toMillis(); changes == known && left > 0; ) {
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return known;
            }
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
        return changes;
    }

    /// The same as long as this kernel lives.
    @Override
    public String bootId() {
        return boot;
    }

    /// The links of all namespaces.
    Stream<MemoryLink> links() {
        return Stream.concat(Stream.of(home), named.values().stream())
                .flatMap(namespace -> namespace.links.values().stream());
    }

    /// Takes a link away, and those that stand on it.
    void remove(MemoryLink link) {
        List.copyOf(link.above).forEach(this::remove);
        if (link.lower != null) {
            link.lower.above.remove(link);
            link.addresses.forEach(address -> link.lower.taken.remove(address.address()));
        }
        link.namespace.links.remove(link.index);
        link.namespace.routes.removeIf(route -> route.device() == link.index);
        changed();
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the kernel in memory is closed");
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
    }
}
