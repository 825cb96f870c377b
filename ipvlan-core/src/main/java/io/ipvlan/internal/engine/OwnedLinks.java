package io.ipvlan.internal.engine;

import io.ipvlan.internal.kernel.NamespaceId;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Locks links of the library's own while they are made and removed, which is rare: whoever comes to use such
/// a link waits until it is there, or gone. A link goes by its name, and those that stand on one another are
/// locked together; nobody waits for links he has nothing to do with. One for the whole program, as [Ports].
final class OwnedLinks {
    private static final Map<NamespaceId, Set<String>> HELD = new HashMap<>();

    private OwnedLinks() {}

    /// Links that are locked; closing lets them go.
    static final class Held implements AutoCloseable {
        private final NamespaceId namespace;
        private Set<String> names = Set.of();

        private Held(NamespaceId namespace) {
            this.namespace = namespace;
        }

        /// Locks further links, unless they are locked, too. For that all are let go for a moment.
        ///
        /// @return whether all were locked before; otherwise what was looked at has to be looked at again
        boolean lockAlso(Set<String> needed) {
            if (names.containsAll(needed)) {
                return true;
            }
            Set<String> all = new HashSet<>(names);
            all.addAll(needed);
            close();
            await(this, () -> all);
            return false;
        }

        @Override
        public void close() {
            unlock(this);
        }
    }

    /// Waits for links, whether or not the thread is interrupted: who holds them is done soon, and what was
    /// begun must be finished. Not reentrant.
    ///
    /// @param namespace the namespace they are in
    /// @param names their names, which may change while they are waited for
    static Held lock(NamespaceId namespace, Supplier<Set<String>> names) {
        Held held = new Held(namespace);
        await(held, names);
        return held;
    }

    private static void await(Held held, Supplier<Set<String>> names) {
        boolean interrupted = false;
        synchronized (HELD) {
            Set<String> wanted = names.get();
            while (!Collections.disjoint(HELD.getOrDefault(held.namespace, Set.of()), wanted)) {
                try {
                    HELD.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                wanted = names.get();
            }
            HELD.computeIfAbsent(held.namespace, _ -> new HashSet<>()).addAll(wanted);
            held.names = wanted;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void unlock(Held held) {
        synchronized (HELD) {
            HELD.computeIfPresent(held.namespace, (_, names) -> {
                names.removeAll(held.names);
                return names.isEmpty() ? null : names;
            });
            held.names = Set.of();
            HELD.notifyAll();
        }
    }
}
