package io.ipvlan.internal.observe;

import io.ipvlan.IpvlanException;
import io.ipvlan.Operation;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.kernel.NamespaceId;
import io.ipvlan.internal.plan.NamespaceState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// A namespace whose calls count as the phase of the operation that makes them.
///
/// @param inner the namespace as the kernel gave it, which is what the kernel wants back
record TimedNamespace(Kernel.Namespace inner) implements Kernel.Namespace {
    /// The namespace as the kernel gave it.
    static Kernel.Namespace unwrapped(Kernel.Namespace namespace) {
        return namespace instanceof TimedNamespace(Kernel.Namespace inner) ? inner : namespace;
    }

    /// Changes, for which namespaces are unwrapped.
    record Unwrapping(Kernel.Changes inner) implements Kernel.Changes {
        @Override
        public void follow(Kernel.Namespace namespace) {
            inner.follow(unwrapped(namespace));
        }

        @Override
        public Optional<Set<NamespaceId>> next(Duration timeout) {
            return inner.next(timeout);
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    private static <T> T timed(Supplier<T> call) {
        return Timing.timed(Operation.Phase.KERNEL, call);
    }

    private static void timed(Runnable call) {
        Timing.timed(Operation.Phase.KERNEL, () -> {
            call.run();
            return true;
        });
    }

    @Override
    public NamespaceId id() {
        return timed(inner::id);
    }

    @Override
    public NamespaceState observe() {
        return timed(inner::observe);
    }

    @Override
    public Optional<NamespaceState.Link> link(int index) {
        return timed(() -> inner.link(index));
    }

    @Override
    public Optional<Kernel.ParentView> parent(int index) {
        return timed(() -> inner.parent(index));
    }

    @Override
    public Set<String> linkNames() {
        return timed(inner::linkNames);
    }

    @Override
    public void create(Step.Create step) {
        timed(() -> inner.create(step));
    }

    @Override
    public List<Optional<IpvlanException>> createChildren(List<Kernel.NewChild> children) {
        List<Kernel.NewChild> inners = children.stream()
                .map(child -> new Kernel.NewChild(child.step(), unwrapped(child.target())))
                .toList();
        return timed(() -> inner.createChildren(inners));
    }

    @Override
    public void configure(List<Step> steps) {
        timed(() -> inner.configure(steps));
    }

    @Override
    public Optional<NamespaceState.Link> configure(List<Step> steps, int index) {
        return timed(() -> inner.configure(steps, index));
    }

    @Override
    public void delete(Step.DeleteLink step) {
        timed(() -> inner.delete(step));
    }

    @Override
    public void send(int link, List<byte[]> frames) {
        timed(() -> inner.send(link, frames));
    }

    @Override
    public void close() {
        timed(inner::close);
    }
}
