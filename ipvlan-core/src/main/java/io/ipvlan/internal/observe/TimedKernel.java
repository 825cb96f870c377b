package io.ipvlan.internal.observe;

import io.ipvlan.Netns;
import io.ipvlan.Operation;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.kernel.NamespaceId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A kernel whose calls count as the phase of the operation that makes them.
final class TimedKernel implements Kernel {
    private final Kernel kernel;

    TimedKernel(Kernel kernel) {
        this.kernel = kernel;
    }

    private static <T> T timed(Supplier<T> call) {
        return Timing.timed(Operation.Phase.KERNEL, call);
    }

    @Override
    public Namespace open(Optional<Netns> netns) {
        return timed(() -> new TimedNamespace(kernel.open(netns)));
    }

    @Override
    public Optional<Namespace> find(Netns netns, NamespaceId id) {
        return timed(kernel::find).find(netns, id);
    }

    @Override
    public Finder sweep() {
        return timed(kernel.sweep());
    }

    private static Finder timed(Finder finder) {
        return (netns, id) -> timed(() -> finder.find(netns, id).map(TimedNamespace::new));
    }

    @Override
    public List<Foreign> childrenElsewhere(Namespace parents, int parent) {
        return timed(() -> kernel.childrenElsewhere(TimedNamespace.unwrapped(parents), parent));
    }

    @Override
    public List<Marked> marked() {
        return timed(kernel::marked);
    }

    /// A watch is no operation.
    @Override
    public Changes changes() {
        return new TimedNamespace.Unwrapping(kernel.changes());
    }

    @Override
    public String bootId() {
        return kernel.bootId();
    }

    @Override
    public void close() {
        kernel.close();
    }
}
