package io.ipvlan.internal.kernel;

import io.ipvlan.IpvlanException;
import io.ipvlan.KernelError;
import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.HostState;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A kernel played in memory, with the rules that matter here: names and indexes are unique in a namespace,
/// an address is unique among the children of a parent, mode and flag belong to the parent, a deleted parent
/// takes its children along, a route needs a gateway that is on-link. No packet flows. Every namespace named
/// comes into being when it is opened.
public final class InMemoryKernel implements Kernel {
    private static final IpCidr ETH0_ADDRESS = IpCidr.parse("192.168.1.250/24");
    private static final int ETH0 = 2;

    private static final AtomicLong HOSTS = new AtomicLong();

    private final NamespaceId id = new NamespaceId(-1, HOSTS.incrementAndGet());
    private final Map<Netns, NamespaceId> names = new HashMap<>();
    private final Map<NamespaceId, TreeMap<Integer, Child>> namespaces = new HashMap<>();
    private final TreeMap<Integer, HostState.Link> host = new TreeMap<>();
    private final Map<Integer, HostState.Port> ports = new HashMap<>();
    private int lastIndex = ETH0;
    private boolean closed;

    /// A child link with what it was given.
    private record Child(String name, int parent, Set<IpCidr> addresses, Set<IpPrefix> routes) {}

    /// A host with the links `lo` and `eth0`.
    public InMemoryKernel() {
        host.put(1, new HostState.Link(1, "lo", true, "", OptionalInt.empty(), Optional.empty()));
        host.put(ETH0, new HostState.Link(ETH0, "eth0", false, "", OptionalInt.empty(), Optional.empty()));
    }

    @Override
    public synchronized HostState observe() {
        requireOpen();
        return new HostState(
                List.copyOf(host.values()),
                List.of(new HostState.Address(ETH0, ETH0_ADDRESS)),
                List.of(ETH0_ADDRESS.prefix()));
    }

    @Override
    public synchronized OptionalInt indexOf(String link) {
        requireOpen();
        return host.values().stream()
                .filter(candidate -> candidate.name().equals(link))
                .mapToInt(HostState.Link::index)
                .findFirst();
    }

    @Override
    public NamespaceId host() {
        return id;
    }

    /// Children are made in namespaces of their own only, never on the host.
    @Override
    public synchronized List<HostState.Link> childrenOnHost(int parentIndex) {
        requireOpen();
        return List.of();
    }

    @Override
    public synchronized void createDummy(Step.CreateDummy step) {
        if (indexOf(step.name()).isPresent()) {
            throw KernelErrors.creatingDummy(step, error(17, "EEXIST", ""), null);
        }
        lastIndex++;
        host.put(
                lastIndex,
                new HostState.Link(lastIndex, step.name(), false, "dummy", OptionalInt.empty(), Optional.empty()));
    }

    @Override
    public synchronized void deleteDummy(Step.DeleteLink step) {
        requireOpen();
        HostState.Link link = host.get(step.index());
        if (link != null && link.kind().equals("dummy")) {
            host.remove(step.index());
            ports.remove(step.index());
            namespaces
                    .values()
                    .forEach(children -> children.values().removeIf(child -> child.parent() == step.index()));
        }
    }

    @Override
    public synchronized Namespace open(Netns netns) {
        requireOpen();
        NamespaceId id = names.computeIfAbsent(netns, _ -> new NamespaceId(0, names.size() + 1L));
        namespaces.computeIfAbsent(id, _ -> new TreeMap<>());
        return new InMemoryNamespace(id);
    }

    @Override
    public Optional<Namespace> find(Netns netns, NamespaceId wanted) {
        Namespace found = open(netns);
        return found.id().equals(wanted) ? Optional.of(found) : Optional.empty();
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the kernel in memory is closed");
        }
    }

    private static KernelError error(int number, String name, String message) {
        return new KernelError(number, name, message);
    }

    private final class InMemoryNamespace implements Namespace {
        private final NamespaceId id;
        private final TreeMap<Integer, Child> children;

        InMemoryNamespace(NamespaceId id) {
            this.id = id;
            this.children = namespaces.getOrDefault(id, new TreeMap<>());
        }

        @Override
        public NamespaceId id() {
            return id;
        }

        @Override
        public void createChild(Step.CreateIpvlan step) {
            synchronized (InMemoryKernel.this) {
                requireOpen();
                HostState.Link parent = host.get(step.parentIndex());
                boolean nameTaken = step.name().equals("lo")
                        || children.values().stream()
                                .anyMatch(child -> child.name().equals(step.name()));
                if (parent == null) {
                    throw KernelErrors.creatingChild(step, error(19, "ENODEV", ""), false, Optional.empty(), null);
                }
                if (parent.loopback()) {
                    throw KernelErrors.creatingChild(step, error(22, "EINVAL", ""), false, Optional.empty(), null);
                }
                if (nameTaken || children.containsKey(step.index())) {
                    throw KernelErrors.creatingChild(step, error(17, "EEXIST", ""), nameTaken, Optional.empty(), null);
                }
                ports.put(step.parentIndex(), new HostState.Port(step.mode(), step.flag()));
                children.put(
                        step.index(), new Child(step.name(), step.parentIndex(), new HashSet<>(), new HashSet<>()));
            }
        }

        @Override
        public void configure(int index, List<Step> steps) {
            synchronized (InMemoryKernel.this) {
                requireOpen();
                IpvlanException first = null;
                for (Step step : steps) {
                    KernelError refusal = switch (step) {
                        case Step.AddAddress add -> add(children.get(index), add.address());
                        case Step.AddRoute add -> add(children.get(index), add);
                        default -> throw new IllegalArgumentException("not a step inside a namespace: " + step);
                    };
                    if (refusal != null && first == null) {
                        first = KernelErrors.configuring(step, refusal, null);
                    }
                }
                if (first != null) {
                    throw first;
                }
            }
        }

        private @Nullable KernelError add(@Nullable Child child, IpCidr address) {
            if (child == null) {
                return error(19, "ENODEV", "ipv4: Device not found");
            }
            IpAddress wanted = address.address();
            if (child.addresses().contains(address)) {
                return error(17, "EEXIST", "ipv4: Address already assigned");
            }
            boolean taken = namespaces.values().stream()
                    .flatMap(all -> all.values().stream())
                    .filter(other -> other.parent() == child.parent())
                    .flatMap(other -> other.addresses().stream())
                    .anyMatch(other -> other.address().equals(wanted));
            if (taken) {
                return error(98, "EADDRINUSE", "Address already assigned to an ipvlan device");
            }
            child.addresses().add(address);
            return null;
        }

        private @Nullable KernelError add(@Nullable Child child, Step.AddRoute step) {
            if (child == null) {
                return error(19, "ENODEV", "");
            }
            boolean unreachable = step.route().gateway().stream()
                    .anyMatch(gateway -> child.addresses().stream()
                            .noneMatch(address -> address.prefix().contains(gateway)));
            if (unreachable) {
                return error(101, "ENETUNREACH", "Nexthop has invalid gateway");
            }
            boolean taken = children.values().stream()
                    .anyMatch(other -> other.routes().contains(step.route().destination()));
            if (taken) {
                return error(17, "EEXIST", "");
            }
            child.routes().add(step.route().destination());
            return null;
        }

        @Override
        public boolean hasChild(int index) {
            synchronized (InMemoryKernel.this) {
                return children.containsKey(index);
            }
        }

        @Override
        public void deleteChild(Step.DeleteLink step) {
            synchronized (InMemoryKernel.this) {
                requireOpen();
                children.remove(step.index());
            }
        }

        @Override
        public void close() {}
    }
}
