package io.ipvlan.internal.engine;

import io.ipvlan.IpvlanException;
import io.ipvlan.KernelError;
import io.ipvlan.KernelException;
import io.ipvlan.Netns;
import io.ipvlan.PermissionException;
import io.ipvlan.Step;
import io.ipvlan.VlanProtocol;
import io.ipvlan.internal.kernel.InMemoryKernel;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.kernel.NamespaceId;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A kernel, in memory unless another is given, that fails when its lifeline says so, remembers what it was
/// asked for, and outlives the engines that use it.
final class FaultyKernel implements Kernel {
    private final Kernel kernel;
    private final Lifeline lifeline;
    private final List<Step> applied = new ArrayList<>();
    private final Map<String, Integer> asked = new ConcurrentHashMap<>();
    private String boot = "";
    private final Set<Integer> foreign = new HashSet<>();
    private final Set<Netns> lost = ConcurrentHashMap.newKeySet();
    private final Set<Netns> hidden = new HashSet<>();
    private final List<NamespaceState.Address> addresses = new ArrayList<>();
    private final List<NamespaceState.Entry> routes = new ArrayList<>();

    FaultyKernel() {
        this(new Lifeline());
    }

    FaultyKernel(Lifeline lifeline) {
        this(new InMemoryKernel(), lifeline);
    }

    /// On another kernel.
    ///
    /// @param kernel what does the work; not closed with this one
    FaultyKernel(Kernel kernel, Lifeline lifeline) {
        this.kernel = kernel;
        this.lifeline = lifeline;
    }

    /// What does the work.
    Kernel inner() {
        return kernel;
    }

    /// The steps that took effect, or may have.
    synchronized List<Step> applied() {
        return List.copyOf(applied);
    }

    private synchronized void note(List<? extends Step> steps) {
        applied.addAll(steps);
    }

    /// The child links there are, in words.
    List<String> children() {
        List<String> found = new ArrayList<>();
        for (Step step : applied()) {
            if (step instanceof Step.CreateIpvlan create && exists(create)) {
                found.add(create.name() + " in "
                        + create.netns().map(Netns::toString).orElse("the host"));
            }
        }
        return found.stream().distinct().toList(); // one that was made again counts once
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
            for (Step step : applied()) {
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

    /// Makes a VLAN link of the host that does not carry the mark.
    void foreignVlan(String name, int index, String lower, int id) {
        int lowerIndex = indexOf(lower).orElseThrow();
        host().create(new Step.CreateVlan(name, index, lower, lowerIndex, id, VlanProtocol.DOT1Q, Optional.empty()));
        foreign.add(index);
    }

    /// Lets a namespace be where this process may not look.
    void hide(Netns netns) {
        hidden.add(netns);
    }

    void show(Netns netns) {
        hidden.remove(netns);
    }

    private void requireSeen(Netns netns) {
        if (hidden.contains(netns)) {
            throw new PermissionException(
                    "look for network namespace", "'" + netns + "'", "CAP_SYS_PTRACE", null, null);
        }
    }

    /// Lets a namespace be found no more.
    void lose(Netns netns) {
        lost.add(netns);
    }

    private NamespaceState.Link seen(NamespaceState.Link link) {
        return foreign.contains(link.index())
                ? new NamespaceState.Link(
                        link.index(),
                        link.name(),
                        link.alternativeNames(),
                        link.alias(),
                        link.mac(),
                        link.loopback(),
                        link.up(),
                        link.mtu(),
                        false,
                        link.kind(),
                        link.lower(),
                        link.master(),
                        link.tag(),
                        link.port())
                : link;
    }

    private static Lifeline.Failures failures(String what) {
        return answered -> answered
                ? new KernelException(what, "on purpose", "refused", new KernelError(5, "EIO", ""), null)
                : new KernelException(what, "on purpose", "no answer", null, null);
    }

    /// How often it was asked for what. May be cleared.
    Map<String, Integer> asked() {
        return asked;
    }

    private <T> T call(String what, Supplier<T> action) {
        asked.merge(what, 1, Integer::sum);
        return lifeline.call(action, failures(what));
    }

    private void apply(Step step, Runnable action) {
        call(step.toString(), () -> {
            action.run();
            note(List.of(step));
            return step;
        });
    }

    @Override
    public Namespace open(Optional<Netns> netns) {
        return netns.isEmpty()
                ? new FaultyNamespace(kernel.open(netns), true)
                : new FaultyNamespace(kernel.open(call("open", () -> netns)), false).toBeEntered();
    }

    @Override
    public Optional<Namespace> find(Netns netns, NamespaceId id) {
        return find(netns, id, "find", kernel::find);
    }

    @Override
    public Finder sweep() {
        Finder sweep = call("sweep", kernel::sweep);
        return (netns, id) -> find(netns, id, "find in sweep", sweep);
    }

    private Optional<Namespace> find(Netns netns, NamespaceId id, String what, Finder finder) {
        requireSeen(netns);
        boolean there = !lost.contains(call(what, () -> netns)); // first: what is found has to be closed by somebody
        return there ? finder.find(netns, id).map(found -> new FaultyNamespace(found, false)) : Optional.empty();
    }

    @Override
    public List<Foreign> childrenElsewhere(Namespace parents, int parent) {
        return call("childrenElsewhere", () -> kernel.childrenElsewhere(unwrapped(parents), parent));
    }

    @Override
    public List<Marked> marked() {
        return call("marked", kernel::marked);
    }

    @Override
    public Changes changes() {
        Changes changes = kernel.changes();
        return new Changes() {
            @Override
            public void follow(Namespace namespace) {
                changes.follow(unwrapped(namespace));
            }

            @Override
            public Optional<Set<NamespaceId>> next(Duration timeout) {
                return changes.next(timeout);
            }

            @Override
            public void close() {
                changes.close();
            }
        };
    }

    @Override
    public String bootId() {
        return call("bootId", () -> kernel.bootId() + boot);
    }

    /// The machine was restarted, as far as anybody is told.
    void restart() {
        boot += " again";
    }

    private static Namespace unwrapped(Namespace namespace) {
        return ((FaultyNamespace) namespace).namespace;
    }

    @Override
    public void close() {}

    private final class FaultyNamespace implements Namespace {
        private final Namespace namespace;
        private final boolean home;
        private boolean entered = true;

        FaultyNamespace(Namespace namespace, boolean home) {
            this.namespace = namespace;
            this.home = home;
        }

        /// It turns out later whether that is possible.
        FaultyNamespace toBeEntered() {
            entered = false;
            return this;
        }

        @Override
        public NamespaceId id() {
            if (!entered) {
                entered = call("enter", () -> true);
            }
            return namespace.id();
        }

        @Override
        public NamespaceState observe() {
            NamespaceState state = call("observe", namespace::observe);
            List<NamespaceState.Link> links =
                    state.links().stream().map(FaultyKernel.this::seen).toList();
            return home
                    ? new NamespaceState(
                            links,
                            Stream.concat(state.addresses().stream(), addresses.stream())
                                    .toList(),
                            Stream.concat(state.routes().stream(), routes.stream())
                                    .toList(),
                            state.rules())
                    : new NamespaceState(links, state.addresses(), state.routes(), state.rules());
        }

        @Override
        public Optional<NamespaceState.Link> link(int index) {
            return call("link", () -> namespace.link(index).map(FaultyKernel.this::seen));
        }

        @Override
        public Optional<ParentView> parent(int index) {
            return call("parent", () -> namespace.parent(index))
                    .map(view -> new ParentView(seen(view.link()), view.children()));
        }

        @Override
        public Set<String> linkNames() {
            return call("linkNames", namespace::linkNames);
        }

        @Override
        public void create(Step.Create step) {
            apply(step, () -> namespace.create(step));
        }

        /// Without an answer to one there is none to those behind it.
        @Override
        public List<Optional<IpvlanException>> createChildren(List<NewChild> children) {
            Lifeline.Several<NewChild> several = lifeline.several(children);
            List<NewChild> done = several.done().stream()
                    .map(child -> new NewChild(child.step(), unwrapped(child.target())))
                    .toList();
            List<Optional<IpvlanException>> outcomes =
                    done.isEmpty() ? new ArrayList<>() : new ArrayList<>(namespace.createChildren(done));
            for (int i = 0; i < done.size(); i++) {
                if (outcomes.get(i).isEmpty()) {
                    note(List.of(done.get(i).step()));
                }
            }
            several.wrong().ifPresent(wrong -> {
                Optional<IpvlanException> failure =
                        Optional.of((IpvlanException) lifeline.failure(failures("create child link")));
                if (failure.get().kernelError().isEmpty()) {
                    outcomes.subList(wrong, outcomes.size()).clear();
                    outcomes.addAll(Collections.nCopies(children.size() - wrong, failure));
                } else {
                    outcomes.add(wrong, failure);
                }
            });
            return outcomes;
        }

        @Override
        public Optional<NamespaceState.Link> configure(List<Step> steps, int index) {
            configure(steps);
            return namespace.link(index).map(FaultyKernel.this::seen);
        }

        @Override
        public void configure(List<Step> steps) {
            Lifeline.Several<Step> several = lifeline.several(steps);
            if (!several.done().isEmpty()) {
                namespace.configure(several.done());
                note(several.done());
            }
            if (several.wrong().isPresent()) {
                throw lifeline.failure(failures("configure"));
            }
        }

        @Override
        public void delete(Step.DeleteLink step) {
            apply(step, () -> namespace.delete(step));
        }

        @Override
        public void send(int link, List<byte[]> frames) {
            call("send", () -> {
                namespace.send(link, frames);
                return frames;
            });
        }

        @Override
        public void close() {
            namespace.close();
        }
    }
}
