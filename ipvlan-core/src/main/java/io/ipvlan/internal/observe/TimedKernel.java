package io.ipvlan.internal.observe;

import io.ipvlan.Netns;
import io.ipvlan.Operation;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.kernel.NamespaceId;
import java.util.List;
import java.util.Optional;

/// A kernel whose calls count as the phase of the operation that makes them.
final class TimedKernel implements Kernel {
    private final Kernel kernel;

    TimedKernel(Kernel kernel) {
        this.kernel = kernel;
    }

    private static void spent(long since) {
        Timing.add(Operation.Phase.KERNEL, since);
    }

    @Override
    public Namespace open(Optional<Netns> netns) {
        long began = System.nanoTime();
        try {
            return new TimedNamespace(kernel.open(netns));
        } finally {
            spent(began);
        }
    }

    @Override
    public Optional<Namespace> find(Netns netns, NamespaceId id) {
        long began = System.nanoTime();
        try {
            return kernel.find(netns, id).map(TimedNamespace::new);
        } finally {
            spent(began);
        }
    }

    @Override
    public List<Foreign> childrenElsewhere(Namespace parents, int parent) {
        long began = System.nanoTime();
        try {
            return kernel.childrenElsewhere(TimedNamespace.unwrapped(parents), parent);
        } finally {
            spent(began);
        }
    }

    @Override
    public void close() {
        kernel.close();
    }
}
