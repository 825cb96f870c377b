package io.ipvlan.internal.observe;

import io.ipvlan.Operation;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.kernel.NamespaceId;
import io.ipvlan.internal.plan.NamespaceState;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A namespace whose calls count as the phase of the operation that makes them.
///
/// @param inner the namespace as the kernel gave it, which is what the kernel wants back
record TimedNamespace(Kernel.Namespace inner) implements Kernel.Namespace {
    /// The namespace as the kernel gave it.
    static Kernel.Namespace unwrapped(Kernel.Namespace namespace) {
        return namespace instanceof TimedNamespace(Kernel.Namespace inner) ? inner : namespace;
    }

    private static void spent(long since) {
        Timing.add(Operation.Phase.KERNEL, since);
    }

    @Override
    public NamespaceId id() {
        return inner.id();
    }

    @Override
    public NamespaceState observe() {
        long began = System.nanoTime();
        try {
            return inner.observe();
        } finally {
            spent(began);
        }
    }

    @Override
    public Optional<NamespaceState.Link> link(int index) {
        long began = System.nanoTime();
        try {
            return inner.link(index);
        } finally {
            spent(began);
        }
    }

    @Override
    public List<NamespaceState.Link> childrenOf(int parent) {
        long began = System.nanoTime();
        try {
            return inner.childrenOf(parent);
        } finally {
            spent(began);
        }
    }

    @Override
    public Set<String> linkNames() {
        long began = System.nanoTime();
        try {
            return inner.linkNames();
        } finally {
            spent(began);
        }
    }

    @Override
    public void create(Step.Create step) {
        long began = System.nanoTime();
        try {
            inner.create(step);
        } finally {
            spent(began);
        }
    }

    @Override
    public void createChild(Step.CreateIpvlan step, Kernel.Namespace target) {
        long began = System.nanoTime();
        try {
            inner.createChild(step, unwrapped(target));
        } finally {
            spent(began);
        }
    }

    @Override
    public void configure(List<Step> steps) {
        long began = System.nanoTime();
        try {
            inner.configure(steps);
        } finally {
            spent(began);
        }
    }

    @Override
    public void delete(Step.DeleteLink step) {
        long began = System.nanoTime();
        try {
            inner.delete(step);
        } finally {
            spent(began);
        }
    }

    @Override
    public void send(int link, List<byte[]> frames) {
        long began = System.nanoTime();
        try {
            inner.send(link, frames);
        } finally {
            spent(began);
        }
    }

    @Override
    public void close() {
        long began = System.nanoTime();
        try {
            inner.close();
        } finally {
            spent(began);
        }
    }
}
