package io.ipvlan.internal.engine;

import io.ipvlan.ConflictException;
import io.ipvlan.internal.kernel.NamespaceId;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;

/// Which endpoints a network has, and whether it takes any more. Never locked while the kernel or the store
/// works: an endpoint on its way in or out is in `busy` instead, so that its id stays taken.
final class Members {
    private final String network;
    private final Map<String, AttachedEndpoint> endpoints = new TreeMap<>();
    private final Set<String> busy = new HashSet<>();
    private State state = State.ACTIVE;

    private enum State {
        ACTIVE,
        GOING,
        GONE
    }

    Members(String network) {
        this.network = network;
    }

    /// Takes an id, the wanted one or a new one, until [#arrive] or [#free].
    synchronized String reserve(Optional<String> wanted) {
        String id = unused(wanted);
        busy.add(id);
        return id;
    }

    /// An id that could be taken: the wanted one, or a new one.
    synchronized String unused(Optional<String> wanted) {
        requireActive();
        String id = wanted.orElseGet(Members::random);
        if (endpoints.containsKey(id) || busy.contains(id)) {
            throw new ConflictException(
                    "attach endpoint",
                    "'" + id + "' to network '" + network + "'",
                    "the network has an endpoint of that id already",
                    null,
                    null);
        }
        return id;
    }

    private static String random() {
        byte[] random = new byte[6];
        ThreadLocalRandom.current().nextBytes(random);
        return "ep-" + HexFormat.of().formatHex(random);
    }

    /// Lets an id go that nobody got.
    synchronized void free(String id) {
        busy.remove(id);
    }

    /// Takes an endpoint in. From here on others may take it out again.
    synchronized void arrive(AttachedEndpoint endpoint) {
        endpoints.put(endpoint.id(), endpoint);
        busy.remove(endpoint.id());
    }

    /// Keeps an endpoint from being taken out, until [#free].
    ///
    /// @return false if it is not here any more, or held already
    synchronized boolean hold(AttachedEndpoint endpoint) {
        return endpoint.equals(endpoints.get(endpoint.id())) && busy.add(endpoint.id());
    }

    /// Takes an endpoint out; its id stays taken until [#free], or [#arrive] if it stays after all.
    ///
    /// @return false if it is not here any more
    /// @throws ConflictException if it is held, or the network is being deleted
    synchronized boolean leave(AttachedEndpoint endpoint) {
        if (endpoint.equals(endpoints.get(endpoint.id())) && busy.contains(endpoint.id())) {
            throw new ConflictException(
                    "detach endpoint",
                    "'" + endpoint.id() + "' of network '" + network + "'",
                    "it is being repaired by another call, try again",
                    null,
                    null);
        }
        requireNotGoing();
        return take(endpoint);
    }

    /// Takes an endpoint out of a network that is being deleted.
    synchronized boolean leaveDeleted(AttachedEndpoint endpoint) {
        return take(endpoint);
    }

    private boolean take(AttachedEndpoint endpoint) {
        boolean here = endpoints.remove(endpoint.id(), endpoint);
        if (here) {
            busy.add(endpoint.id());
        }
        return here;
    }

    synchronized List<AttachedEndpoint> all() {
        return List.copyOf(endpoints.values());
    }

    synchronized Optional<AttachedEndpoint> find(String id) {
        return Optional.ofNullable(endpoints.get(id));
    }

    /// Whether it is here, and neither on its way nor held.
    synchronized boolean isResting(AttachedEndpoint endpoint) {
        return endpoint.equals(endpoints.get(endpoint.id())) && !busy.contains(endpoint.id());
    }

    /// Whether a link that says it belongs to an endpoint is none of it. One that is on its way may have any.
    synchronized boolean isUnknown(String id, NamespaceId namespace, int index) {
        AttachedEndpoint known = endpoints.get(id);
        return !busy.contains(id)
                && (known == null
                        || known.record().index() != index
                        || !known.record().namespace().matches(namespace));
    }

    synchronized boolean isGone() {
        return state == State.GONE;
    }

    /// Whether it is being deleted, or has been.
    synchronized boolean isLeaving() {
        return state != State.ACTIVE;
    }

    synchronized void requireActive() {
        if (state != State.ACTIVE) {
            throw new IllegalStateException(
                    "network '" + network + "' is " + (state == State.GONE ? "deleted" : "being deleted"));
        }
    }

    /// Endpoints leave a network that is being deleted by that deletion only.
    synchronized void requireNotGoing() {
        if (state == State.GOING) {
            throw conflict("it is being deleted by another call");
        }
    }

    /// Lets nobody in any more.
    ///
    /// @return false if there is nothing left to delete
    /// @throws ConflictException if endpoints are on their way, or the network is being deleted already
    synchronized boolean beginDeletion() {
        if (state == State.GONE) {
            return false;
        }
        requireNotGoing();
        if (!busy.isEmpty()) {
            throw conflict("endpoints are being attached or detached: " + busy);
        }
        state = State.GOING;
        return true;
    }

    synchronized void endDeletion(boolean done) {
        state = done ? State.GONE : State.ACTIVE;
        notifyAll();
    }

    /// Waits while the network is being deleted.
    synchronized void awaitDeletion() {
        while (state == State.GOING) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(
                        "interrupted while another thread deletes network '" + network + "'", e);
            }
        }
    }

    ConflictException conflict(String reason) {
        return new ConflictException("delete network", "'" + network + "'", reason, null, null);
    }
}
