package io.ipvlan.internal.engine;

import io.ipvlan.KernelError;
import io.ipvlan.KernelException;
import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.InMemoryKernel;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.kernel.NamespaceId;
import io.ipvlan.internal.plan.HostState;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
    private final List<HostState.Address> addresses = new ArrayList<>();
    private final List<IpPrefix> routes = new ArrayList<>();

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
                found.add(create.name() + " in " + create.netns());
            }
        }
        return found;
    }

    private boolean exists(Step.CreateIpvlan create) {
        try (Namespace namespace = kernel.open(create.netns())) {
            return namespace.hasChild(create.index());
        }
    }

    /// Deletes the child links of a namespace behind the engine's back.
    void empty(Netns netns) {
        try (Namespace namespace = kernel.open(netns)) {
            for (Step step : applied) {
                if (step instanceof Step.CreateIpvlan create && create.netns().equals(netns)) {
                    namespace.deleteChild(new Step.DeleteLink(create.name(), create.index(), Optional.of(netns)));
                }
            }
        }
    }

    /// Gives a link of the host another address.
    void addAddress(String link, String address) {
        addresses.add(new HostState.Address(kernel.indexOf(link).orElseThrow(), IpCidr.parse(address)));
    }

    /// Gives the host another route.
    void addRoute(String destination) {
        routes.add(IpPrefix.parse(destination));
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
    public HostState observe() {
        HostState host = call("observe", kernel::observe);
        return new HostState(
                host.links(),
                Stream.concat(host.addresses().stream(), addresses.stream()).toList(),
                Stream.concat(host.routes().stream(), routes.stream()).toList());
    }

    @Override
    public OptionalInt indexOf(String link) {
        return call("indexOf", () -> kernel.indexOf(link));
    }

    @Override
    public NamespaceId host() {
        return kernel.host();
    }

    @Override
    public List<HostState.Link> childrenOnHost(int parentIndex) {
        return call("childrenOnHost", () -> kernel.childrenOnHost(parentIndex));
    }

    @Override
    public Optional<Namespace> find(Netns netns, NamespaceId id) {
        return call("find", () -> kernel.find(netns, id).map(FaultyNamespace::new));
    }

    @Override
    public void createDummy(Step.CreateDummy step) {
        apply(step, () -> kernel.createDummy(step));
    }

    @Override
    public void deleteDummy(Step.DeleteLink step) {
        apply(step, () -> kernel.deleteDummy(step));
    }

    @Override
    public Namespace open(Netns netns) {
        return call("open", () -> new FaultyNamespace(kernel.open(netns)));
    }

    @Override
    public void close() {}

    private final class FaultyNamespace implements Namespace {
        private final Namespace namespace;

        FaultyNamespace(Namespace namespace) {
            this.namespace = namespace;
        }

        @Override
        public NamespaceId id() {
            return namespace.id();
        }

        @Override
        public void createChild(Step.CreateIpvlan step) {
            apply(step, () -> namespace.createChild(step));
        }

        @Override
        public void configure(int index, List<Step> steps) {
            call("configure", () -> {
                List<Step> some = steps.subList(0, Math.min(configured, steps.size()));
                namespace.configure(index, some);
                applied.addAll(some);
                if (configured < steps.size()) {
                    failed = true;
                    throw new KernelException("configure", "on purpose", "no answer", null, null);
                }
                return true;
            });
        }

        @Override
        public boolean hasChild(int index) {
            return call("hasChild", () -> namespace.hasChild(index));
        }

        @Override
        public void deleteChild(Step.DeleteLink step) {
            apply(step, () -> namespace.deleteChild(step));
        }

        @Override
        public void close() {
            namespace.close();
        }
    }
}
