package io.ipvlan.internal.engine;

import io.ipvlan.internal.kernel.NamespaceId;
import java.util.HashSet;
import java.util.Set;

/// Locks the links of the library's own in a namespace while some of them are made and removed, which is
/// rare: whoever comes to use such a link waits until it is there, or gone. All of a namespace, because one
/// may stand on another. One for the whole program, as [Ports].
final class OwnedLinks {
    private static final Set<NamespaceId> HELD = new HashSet<>();

    private OwnedLinks() {}

    /// A lock held; closing it lets it go.
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /// Waits for a lock. Not reentrant.
    ///
    /// @param namespace the namespace the links are in
    static Held lock(NamespaceId namespace) {
        boolean interrupted = false;
        synchronized (HELD) {
            while (!HELD.add(namespace)) {
                try {
                    HELD.wait();
                } catch (InterruptedException e) {
                    interrupted = true; // who holds it is done soon, and what was begun must be finished
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return () -> unlock(namespace);
    }

    private static void unlock(NamespaceId namespace) {
        synchronized (HELD) {
            HELD.remove(namespace);
            HELD.notifyAll();
        }
    }
}
