package io.ipvlan.internal.engine;

import io.ipvlan.KernelError;
import io.ipvlan.KernelException;
import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.InMemoryKernel;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.kernel.NamespaceId;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A kernel in memory that fails when told to, remembers what it was asked for, and outlives the engines that
/// use it.
final class FaultyKernel implements Kernel {
    /// When a call fails: before it takes effect with a definite refusal, or after it with no answer.
    enum When {
        BEFORE,
        AFTER
    }

    private final Kernel kernel;
    private final List<Step> applied = new ArrayList<>();
    private int calls;
    private int firstFault = Integer.MAX_VALUE;
    private int lastFault = Integer.MAX_VALUE;
    private When when = When.BEFORE;
    private int configured = Integer.MAX_VALUE;
    private boolean failed;
    private final List<NamespaceState.Address> addresses = new ArrayList<>();
    private final List<NamespaceState.Entry> routes = new ArrayList<>();

    FaultyKernel() {
        this(new InMemoryKernel());
    }

    /// @param kernel what does the work; not closed with this one
    FaultyKernel(Kernel kernel) {
        this.kernel = kernel;
    }

    /// Lets one call from now on fail, the first being 1.
    void fail(int call, When when) {
        this.when = when;
        calls = 0;
        firstFault = call;
        lastFault = call;
    }

    /// Lets that call and all after it fail.
    void failFrom(int call, When when) {
        fail(call, when);
        lastFault = Integer.MAX_VALUE;
    }

    /// Lets every configuration end, without an answer, after some of its steps.
    void configureOnly(int steps) {
        configured = steps;
    }

    void heal() {
        firstFault = Integer.MAX_VALUE;
        configured = Integer.MAX_VALUE;
    }

    boolean failed() {
        return failed;
    }

    /// The steps that took effect, or may have.
    List<Step> applied() {
        return List.copyOf(applied);
    }

    /// The child links there are, in words.
    List<String> children() {
        List<String> found = new ArrayList<>();
        for (Step step : applied) {
            if (step instanceof Step.CreateIpvlan create && exists(create)) {
                found.add(create.name() + " in " + create.netns().orElseThrow());
            }
        }
        return found;
    }

    private boolean exists(Step.CreateIpvlan create) {
        try (Namespace namespace = kernel.open(create.netns())) {
            return namespace.link(create.index()).isPresent();
        }
    }

    /// The host's namespace, without faults.
    Namespace host() {
        return kernel.open(Optional.empty());
    }

    /// Looks up a link of the host, without faults.
    OptionalInt indexOf(String link) {
        return host().observe().link(link).stream()
                .mapToInt(NamespaceState.Link::index)
                .findFirst();
    }

    /// Deletes the child links of a namespace behind the engine's back.
    void empty(Netns netns) {
        Optional<Netns> where = Optional.of(netns);
        try (Namespace namespace = kernel.open(where)) {
            for (Step step : applied) {
                if (step instanceof Step.CreateIpvlan create && create.netns().equals(where)) {
                    namespace.delete(create.reverse());
                }
            }
        }
    }

    /// Gives a link of the host another address.
    void addAddress(String link, String address) {
        addresses.add(new NamespaceState.Address(indexOf(link).orElseThrow(), IpCidr.parse(address)));
    }

    /// Gives the host another route.
    void addRoute(String destination) {
        routes.add(new NamespaceState.Entry(IpPrefix.parse(destination), Optional.empty(), 2, 0, 254, false));
    }

    private <T> T call(String what, Supplier<T> action) {
        calls++;
        boolean now = calls >= firstFault && calls <= lastFault;
        failed |= now;
        if (now && when == When.BEFORE) {
            throw new KernelException(what, "on purpose", "refused", new KernelError(5, "EIO", ""), null);
        }
        T result = action.get();
        if (now) {
            throw new KernelException(what, "on purpose", "no answer", null, null);
        }
        return result;
    }

    private void apply(Step step, Runnable action) {
        call(step.toString(), () -> {
            action.run();
            return applied.add(step);
        });
    }

    @Override
    public Namespace open(Optional<Netns> netns) {
        return netns.isEmpty()
                ? new FaultyNamespace(kernel.open(netns), true)
                : call("open", () -> new FaultyNamespace(kernel.open(netns), false));
    }

    @Override
    public Optional<Namespace> find(Netns netns, NamespaceId id) {
        return call("find", () -> kernel.find(netns, id).map(found -> new FaultyNamespace(found, false)));
    }

    @Override
    public List<Foreign> childrenElsewhere(Namespace parents, int parent) {
        return call("childrenElsewhere", () -> kernel.childrenElsewhere(unwrapped(parents), parent));
    }

    private static Namespace unwrapped(Namespace namespace) {
        return ((FaultyNamespace) namespace).namespace;
    }

    @Override
    public void close() {}

    private final class FaultyNamespace implements Namespace {
        private final Namespace namespace;
        private final boolean home;

        FaultyNamespace(Namespace namespace, boolean home) {
            this.namespace = namespace;
            this.home = home;
        }

        @Override
        public NamespaceId id() {
            return namespace.id();
        }

        @Override
        public NamespaceState observe() {
            NamespaceState state = call("observe", namespace::observe);
            return home
                    ? new NamespaceState(
                            state.links(),
                            Stream.concat(state.addresses().stream(), addresses.stream())
                                    .toList(),
                            Stream.concat(state.routes().stream(), routes.stream())
                                    .toList(),
                            state.rules())
                    : state;
        }

        @Override
        public Optional<NamespaceState.Link> link(int index) {
            return call("link", () -> namespace.link(index));
        }

        @Override
        public List<NamespaceState.Link> childrenOf(int parent) {
            return call("childrenOf", () -> namespace.childrenOf(parent));
        }

        @Override
        public Set<String> linkNames() {
            return call("linkNames", namespace::linkNames);
        }

        @Override
        public void create(Step.Create step) {
            apply(step, () -> namespace.create(step));
        }

        @Override
        public void createChild(Step.CreateIpvlan step, Namespace target) {
            apply(step, () -> namespace.createChild(step, unwrapped(target)));
        }

        @Override
        public void configure(List<Step> steps) {
            call("configure", () -> {
                List<Step> some = steps.subList(0, Math.min(configured, steps.size()));
                namespace.configure(some);
                applied.addAll(some);
                if (configured < steps.size()) {
                    failed = true;
                    throw new KernelException("configure", "on purpose", "no answer", null, null);
                }
                return true;
            });
        }

        @Override
        public void delete(Step.DeleteLink step) {
            apply(step, () -> namespace.delete(step));
        }

        @Override
        public void close() {
            namespace.close();
        }
    }
}
