package io.ipvlan.internal.engine;

import io.ipvlan.Drift;
import io.ipvlan.DriftListener;
import io.ipvlan.DriftWatch;
import io.ipvlan.IpvlanException;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.kernel.NamespaceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches an engine's networks on a thread of its own: hears where something changes, looks there, and
/// tells.
final class Watcher implements DriftWatch {
    private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);

    /// How often it looks whether there are new endpoints, and whether it is time to mend.
    private static final Duration PULSE = Duration.ofMillis(500);

    /// How long it goes on listening once something has changed: changes rarely come alone.
    private static final Duration SETTLING = Duration.ofMillis(50);

    private final Engine engine;
    private final DriftListener listener;
    private final boolean repairing;
    private final Kernel.Changes changes;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("ipvlan-watch").unstarted(this::run);
    private final Map<Network, Watched> watched = new HashMap<>();
    private volatile boolean closed;

    Watcher(Engine engine, DriftListener listener, boolean repairing) {
        this.engine = engine;
        this.listener = listener;
        this.repairing = repairing;
        this.changes = engine.kernel().changes();
    }

    Watcher start() {
        thread.start();
        return this;
    }

    private void run() {
        try {
            boolean everything = true;
            while (!closed) {
                Optional<Set<NamespaceId>> where = everything ? Optional.empty() : Optional.of(Set.of());
                everything = false;
                where = merged(where, changes.next(PULSE));
                if (!where.equals(Optional.of(Set.of()))) {
                    where = merged(where, settle());
                }
                Optional<Set<NamespaceId>> looked = where;
                List<Runnable> news = new ArrayList<>();
                engine.inside(() -> look(looked, news));
                news.forEach(Watcher::call); // outside: a listener may do what it likes
            }
        } catch (IllegalStateException e) {
            LOG.debug("the watch has ended: {}", e.getMessage()); // it was closed, or the engine
        } catch (RuntimeException | Error e) {
            LOG.error("the watch has ended", e);
        } finally {
            changes.close();
        }
    }

    private Optional<Set<NamespaceId>> settle() {
        Optional<Set<NamespaceId>> all = Optional.of(Set.of());
        long end = System.nanoTime() + SETTLING.toNanos();
        for (long left = SETTLING.toNanos(); left > 0; left = end - System.nanoTime()) {
            all = merged(all, changes.next(Duration.ofNanos(left)));
        }
        return all;
    }

    /// Empty stands for everywhere.
    private static Optional<Set<NamespaceId>> merged(Optional<Set<NamespaceId>> one, Optional<Set<NamespaceId>> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return Optional.empty();
        }
        Set<NamespaceId> all = new HashSet<>(one.get());
        all.addAll(other.get());
        return Optional.of(all);
    }

    private void look(Optional<Set<NamespaceId>> where, List<Runnable> news) {
        List<Network> networks = engine.known();
        watched.keySet().retainAll(networks);
        for (Network network : networks) {
            if (closed || network.isGone()) {
                continue;
            }
            Watched one = watched.computeIfAbsent(network, _ -> new Watched(network, changes));
            if (one.isResting()) {
                continue; // after a failure, for a while
            }
            try {
                one.look(where);
                tell(one, news);
                if (repairing && one.isDueForRepair()) {
                    one.repair();
                    tell(one, news);
                }
            } catch (IllegalStateException e) {
                LOG.debug("{} is not looked at: {}", network, e.getMessage()); // being deleted
            } catch (RuntimeException e) {
                one.failed();
                news.add(() -> listener.failed(network, e));
            }
        }
    }

    private void tell(Watched one, List<Runnable> news) {
        one.news().ifPresent(drifts -> news.add(() -> listener.changed(one.network(), drifts)));
    }

    private static void call(Runnable listening) {
        try {
            listening.run();
        } catch (RuntimeException | Error e) { // whatever it is, it is the listener's
            LOG.warn("a listener failed", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        engine.ended(this);
        changes.close();
        if (Thread.currentThread() != thread) {
            InFlight.join(thread);
        }
    }

    /// What is known of one network.
    private static final class Watched {
        private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
        private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

        private final Network network;
        private final Kernel.Changes changes;
        private final Map<String, AttachedEndpoint> followed = new HashMap<>();
        private final Map<String, List<Drift>> ofEndpoints = new HashMap<>();
        private List<Drift> ofNetwork = List.of();
        private List<Drift> told = List.of();
        private boolean again = true;
        private boolean resting;
        private Duration pause = FIRST_PAUSE;
        private long repairAt = System.nanoTime();

        Watched(Network network, Kernel.Changes changes) {
            this.network = network;
            this.changes = changes;
        }

        Network network() {
            return network;
        }

        /// Looks where something has changed, and at what is new.
        void look(Optional<Set<NamespaceId>> where) {
            boolean everywhere = where.isEmpty() || again;
            Set<NamespaceId> changed = where.orElse(Set.of());
            again = false;
            NamespaceId parents = network.parent().link().namespace();
            if (everywhere || changed.contains(parents)) {
                List<Drift> before = ofNetwork;
                ofNetwork = new Verification(network).ofNetwork();
                if (!ofNetwork.equals(before)) {
                    repairAt = System.nanoTime(); // a parent may have returned
                }
            }
            Map<String, AttachedEndpoint> attached = new HashMap<>();
            network.attached().forEach(endpoint -> attached.put(endpoint.id(), endpoint));
            followed.entrySet().removeIf(one -> !one.getValue().equals(attached.get(one.getKey())));
            ofEndpoints.keySet().retainAll(followed.keySet());
            if (where.isEmpty()) {
                followed.clear(); // as the contract of the changes says
            }
            for (AttachedEndpoint endpoint : attached.values()) {
                boolean isNew = !followed.containsKey(endpoint.id());
                if (isNew) {
                    follow(endpoint);
                }
                if (everywhere
                        || isNew
                        || changed.stream().anyMatch(endpoint.record().namespace()::matches)
                        || (changed.contains(parents)
                                && endpoint.hasStepsAt(network.parent().netns()))) {
                    look(endpoint);
                }
            }
        }

        private void follow(AttachedEndpoint endpoint) {
            try (Kernel.Namespace namespace = network.find(endpoint).orElse(null)) {
                if (namespace != null) {
                    changes.follow(namespace);
                }
            } catch (IpvlanException e) {
                LOG.debug("{} is not followed: {}", endpoint, e.getMessage());
            }
            followed.put(endpoint.id(), endpoint);
        }

        /// What is found of one that is on its way out does not count.
        private void look(AttachedEndpoint endpoint) {
            List<Drift> found = new Verification(network).of(endpoint);
            if (found.isEmpty() || !network.members().isResting(endpoint)) {
                ofEndpoints.remove(endpoint.id());
            } else {
                ofEndpoints.put(endpoint.id(), found);
            }
        }

        private List<Drift> drifts() {
            List<Drift> all = new ArrayList<>(ofNetwork);
            ofEndpoints.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(one -> all.addAll(one.getValue()));
            return List.copyOf(all);
        }

        /// What differs, if that is news.
        Optional<List<Drift>> news() {
            List<Drift> now = drifts();
            if (now.equals(told)) {
                return Optional.empty();
            }
            told = now;
            return Optional.of(now);
        }

        boolean isDueForRepair() {
            if (drifts().isEmpty()) {
                pause = FIRST_PAUSE;
                repairAt = System.nanoTime();
                return false;
            }
            return System.nanoTime() - repairAt >= 0;
        }

        void repair() {
            later();
            network.repair();
            look(Optional.of(Set.of())); // everywhere, as after a failure
        }

        /// It could not be looked at, or not be mended.
        void failed() {
            later();
            resting = true;
        }

        /// Whether it failed lately, and is not to be looked at.
        boolean isResting() {
            resting = resting && System.nanoTime() - repairAt < 0;
            return resting;
        }

        /// Next time a little later.
        private void later() {
            again = true;
            repairAt = System.nanoTime() + pause.toNanos();
            pause = pause.compareTo(LONGEST_PAUSE.dividedBy(2)) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }
}
