package io.ipvlan.internal.engine;

import io.ipvlan.Step;
import io.ipvlan.internal.kernel.NamespaceId;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.internal.plan.NetworkPlanner;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Locks links of the library's own while they are made and removed, which is rare: whoever comes to use such
/// a link waits until it is there, or gone. Those that stand on one another are locked together; nobody waits
/// for links he has nothing to do with. One for the whole program, as [Ports].
///
/// Whoever is about the same link has a key of it in common: its name; its index, as a stranger may give it
/// another name; and for a VLAN link to be made the VLAN, as two networks may name it differently.
final class OwnedLinks {
    /// The keys of what is locked.
    private static final Map<NamespaceId, Set<String>> HELD = new HashMap<>();

    private OwnedLinks() {}

    /// The keys of a link.
    static Set<String> keys(String name, int index) {
        return Set.of(name, "/" + index); // no name has a slash
    }

    static Set<String> keys(NamespaceState.Link link) {
        return keys(link.name(), link.index());
    }

    /// The keys of a parent, and of all that it stands on, as far as it is the library's own, or will be. Planned
    /// again for the same state they are the same, unlike the indexes of what is to be made.
    static Set<String> keys(NetworkPlanner.Result planned, NamespaceState state) {
        Set<String> keys = new HashSet<>(Set.of(planned.parent()));
        for (Step step : planned.steps()) {
            if (step instanceof Step.Create create) {
                keys.add(create.name());
            }
            if (step instanceof Step.CreateVlan vlan
                    && state.link(vlan.lowerIndex()).isPresent()) {
                keys.add(vlan.lowerIndex() + "/" + vlan.id() + "/" + vlan.protocol());
            }
        }
        planned.ownLinks(state).forEach(link -> keys.addAll(keys(link)));
        return keys;
    }

    /// Links that are locked; closing lets them go.
    static final class Held implements AutoCloseable {
        private final NamespaceId namespace;
        private Set<String> keys = Set.of();

        private Held(NamespaceId namespace) {
            this.namespace = namespace;
        }

        /// Locks further links, unless they are locked, too. For that all are let go for a moment.
        ///
        /// @return whether all were locked before; otherwise what was looked at has to be looked at again
        boolean lockAlso(Set<String> needed) {
            if (keys.containsAll(needed)) {
                return true;
            }
            Set<String> all = new HashSet<>(keys);
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
    /// @param keys their keys, which may change while they are waited for
    static Held lock(NamespaceId namespace, Supplier<Set<String>> keys) {
        Held held = new Held(namespace);
        await(held, keys);
        return held;
    }

    private static void await(Held held, Supplier<Set<String>> keys) {
        boolean interrupted = false;
        synchronized (HELD) {
            Set<String> wanted = keys.get();
            while (!Collections.disjoint(HELD.getOrDefault(held.namespace, Set.of()), wanted)) {
                try {
                    HELD.wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                wanted = keys.get();
            }
            HELD.computeIfAbsent(held.namespace, _ -> new HashSet<>()).addAll(wanted);
            held.keys = wanted;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void unlock(Held held) {
        synchronized (HELD) {
            HELD.computeIfPresent(held.namespace, (_, keys) -> {
                keys.removeAll(held.keys);
                return keys.isEmpty() ? null : keys;
            });
            held.keys = Set.of();
            HELD.notifyAll();
        }
    }
}
