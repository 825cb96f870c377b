package io.ipvlan.internal.engine;

import io.ipvlan.internal.kernel.NamespaceId;
import java.util.HashSet;
import java.util.Set;

/// Locks the links of the library's own while they are made and removed, which is rare: whoever comes to use
/// such a link waits until it is there, or gone. One for the whole program, as [Ports].
final class OwnedLinks {
    private static final Set<Key> HELD = new HashSet<>();

    private record Key(NamespaceId namespace, String name) {}

    private OwnedLinks() {}

    /// A lock held; closing it lets it go.
    interface Held extends AutoCloseable {
        @Override
        void close();
    }

    /// Waits for a lock. Not reentrant.
    ///
    /// @param namespace the namespace the link is in, or is to be in
    /// @param name its name
    static Held lock(NamespaceId namespace, String name) {
        Key key = new Key(namespace, name);
        boolean interrupted = false;
        synchronized (HELD) {
            while (!HELD.add(key)) {
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
        return () -> unlock(key);
    }

    private static void unlock(Key key) {
        synchronized (HELD) {
            HELD.remove(key);
            HELD.notifyAll();
        }
    }
}
