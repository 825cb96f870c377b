package io.ipvlan.internal.engine;

import io.ipvlan.IpvlanNetwork;
import io.ipvlan.internal.store.Notebook;
import io.ipvlan.internal.store.Records.EndpointRecord;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.Strategy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the store keeps of endpoints that have left, so that a later engine treats their addresses as this
/// one would: they rest, or are kept for whoever comes back under the same id. Safe for several threads.
final class Departures {
    private final IpvlanNetwork network;
    private final Notebook notebook;

    /// Those whose addresses rest, the first first, with the time until which they do.
    private final Map<String, Instant> resting = new LinkedHashMap<>();

    /// Those who may come back for their addresses, as long as nobody else gets them.
    private final Set<String> returning = new HashSet<>();

    /// Who had an address last.
    private final Map<IpCidr, String> holders = new HashMap<>();

    Departures(IpvlanNetwork network, Notebook notebook) {
        this.network = network;
        this.notebook = notebook;
    }

    boolean isSticky() {
        return network.strategy() == Strategy.STICKY;
    }

    /// An id that the library made up does not come back.
    private boolean returns(EndpointRecord record) {
        return isSticky() && record.spec().id().isPresent();
    }

    /// Whether the store keeps it.
    boolean isKept(EndpointRecord record) {
        return network.coolDown().isPositive() || returns(record);
    }

    /// Notes one that the store keeps.
    synchronized void note(EndpointRecord record) {
        if (returns(record)) {
            returning.add(record.id());
        } else {
            resting.put(record.id(), record.since().plus(network.coolDown()));
        }
        record.addresses().forEach(address -> holders.put(address, record.id()));
    }

    /// Somebody has come: itself, or others that got its addresses.
    void forget(EndpointRecord come) {
        List<String> over = new ArrayList<>();
        synchronized (this) {
            drop(come.id()); // its record is written over
            for (IpCidr address : come.addresses()) {
                String holder = holders.get(address);
                if (holder != null && !holder.equals(come.id()) && isNoted(holder)) {
                    over.add(holder);
                }
            }
        }
        over.forEach(this::remove);
        synchronized (this) {
            come.addresses().forEach(holders::remove);
        }
    }

    /// Whether the store keeps one of that id.
    synchronized boolean isNoted(String id) {
        return resting.containsKey(id) || returning.contains(id);
    }

    private synchronized void drop(String id) {
        resting.remove(id);
        returning.remove(id);
    }

    /// Forgets those whose addresses have rested.
    void expire(Instant now) {
        List<String> over = new ArrayList<>();
        synchronized (this) {
            for (Map.Entry<String, Instant> one : resting.entrySet()) {
                if (one.getValue().isAfter(now)) {
                    break; // those behind have left later
                }
                over.add(one.getKey());
            }
        }
        over.forEach(this::remove);
    }

    /// Forgets all.
    void clear() {
        List<String> over;
        synchronized (this) {
            over = new ArrayList<>(resting.keySet());
            over.addAll(returning);
        }
        over.forEach(this::remove);
    }

    /// Only what the store has forgotten is forgotten here, so that it is tried again if the store fails.
    private void remove(String id) {
        notebook.remove(network.name() + "/" + id);
        drop(id);
    }
}
