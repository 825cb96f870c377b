package io.ipvlan.internal.engine;

import io.ipvlan.IpvlanNetwork;
import io.ipvlan.internal.store.Notebook;
import io.ipvlan.internal.store.Records.EndpointRecord;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.Strategy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// What the store keeps of endpoints that have left, so that a later engine treats their addresses as this
/// one would: they rest, or are kept for whoever comes back under the same id. Safe for several threads.
final class Departures {
    /// As many as a pool keeps in mind.
    private static final int MOST_RETURNING = 65_536;

    private final IpvlanNetwork network;
    private final Notebook notebook;

    /// Those whose addresses rest, and those who may come back for theirs, as long as nobody else gets them;
    /// the first first, but for those that a failed attach puts back.
    private final SequencedMap<String, Left> resting = new LinkedHashMap<>();

    private final SequencedMap<String, Left> returning = new LinkedHashMap<>();

    /// Who had an address last.
    private final Map<IpCidr, String> holders = new HashMap<>();

    /// @param text what the store says, by which it is known that nobody has come since
    private record Left(EndpointRecord record, String text) {}

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

    /// Until when its addresses rest.
    Instant end(EndpointRecord record) {
        return record.since().plus(network.coolDown());
    }

    /// Whether it need not be kept any more.
    boolean isOver(EndpointRecord record, Instant now) {
        return !returns(record) && !end(record).isAfter(now);
    }

    /// Notes one that the store keeps.
    ///
    /// @param text what the store says of it
    void note(EndpointRecord record, String text) {
        List<Left> over = new ArrayList<>();
        synchronized (this) {
            drop(record.id());
            (returns(record) ? returning : resting).put(record.id(), new Left(record, text));
            record.addresses().forEach(address -> holders.put(address, record.id()));
            if (returning.size() > MOST_RETURNING) {
                over.add(returning.firstEntry().getValue());
            }
        }
        over.forEach(this::remove);
    }

    /// Somebody has come: itself, or others that got its addresses.
    void forget(EndpointRecord come) {
        Set<Left> over;
        synchronized (this) {
            over = othersOf(come);
            drop(come.id()); // its record is written over
        }
        over.forEach(this::remove);
    }

    /// Others that had the addresses of one that comes.
    private Set<Left> othersOf(EndpointRecord come) {
        Set<Left> others = new LinkedHashSet<>();
        for (IpCidr address : come.addresses()) {
            String holder = holders.get(address);
            if (holder != null && !holder.equals(come.id())) {
                find(holder).ifPresent(others::add);
            }
        }
        return others;
    }

    /// What the store keeps of others and forgets when somebody comes, who gets their addresses.
    synchronized List<EndpointRecord> others(EndpointRecord come) {
        return othersOf(come).stream().map(Left::record).toList();
    }

    /// What the store keeps under an id.
    synchronized Optional<EndpointRecord> kept(String id) {
        return find(id).map(Left::record);
    }

    private Optional<Left> find(String id) {
        return Optional.ofNullable(resting.get(id)).or(() -> Optional.ofNullable(returning.get(id)));
    }

    private void drop(String id) {
        find(id).ifPresent(left -> left.record().addresses().forEach(address -> holders.remove(address, id)));
        resting.remove(id);
        returning.remove(id);
    }

    /// Forgets those whose addresses have rested.
    void expire(Instant now) {
        List<Left> over = new ArrayList<>();
        synchronized (this) {
            for (Left left : resting.values()) {
                if (end(left.record()).isAfter(now)) {
                    break; // most of those behind have left later
                }
                over.add(left);
            }
        }
        over.forEach(this::remove);
    }

    /// Forgets all.
    void clear() {
        List<Left> over;
        synchronized (this) {
            over = new ArrayList<>(resting.values());
            over.addAll(returning.values());
        }
        over.forEach(this::remove);
    }

    /// Only what the store has forgotten is forgotten here, so that it is tried again if the store fails.
    /// Whoever has come again meanwhile under that id stays.
    private void remove(Left left) {
        String id = left.record().id();
        notebook.removeIf(network.name() + "/" + id, left.text());
        synchronized (this) {
            if (find(id).filter(left::equals).isPresent()) {
                drop(id);
            }
        }
    }
}
