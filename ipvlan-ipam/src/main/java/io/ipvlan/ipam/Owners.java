package io.ipvlan.ipam;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Entries by their owner: an index of the oldest entry of each; those of an owner of several form a ring. So
/// adding, removing and finding cost the same for an owner of one address and for an owner of all. Not for
/// several threads at once.
final class Owners {
    /// Of nobody. All pools that keep no addresses for their owners have it, so nobody may be added: see
    /// [Ledger#isReturning(Entry)].
    static final Owners NONE = new Owners(new Entries());

    private final Entries entries;
    private final EntryIndex oldest = new EntryIndex();
    /// The previous entry of the same owner above the next one; itself, or no row, for one that is alone.
    /// Missing while all are.
    private @Nullable Rows ring;

    Owners(Entries entries) {
        this.entries = entries;
    }

    /// The entries of an owner, oldest first.
    List<Integer> of(Owner owner) {
        List<Integer> all = new ArrayList<>();
        int oldest = oldest(owner);
        int entry = oldest;
        while (entry != Entries.NONE) {
            all.add(entry);
            entry = next(entry) == oldest ? Entries.NONE : next(entry);
        }
        return all;
    }

    /// The oldest entry of an owner, or [Entries#NONE].
    int oldest(Owner owner) {
        int hash = owner.hash();
        int slot = oldest.first(hash);
        while (slot != EntryIndex.NOWHERE) {
            int entry = oldest.entry(slot);
            if (entries.isOwnedBy(entry, owner)) {
                return entry;
            }
            slot = oldest.next(slot, hash);
        }
        return Entries.NONE;
    }

    /// The newest entry of an owner, or [Entries#NONE].
    int newest(Owner owner) {
        int oldest = oldest(owner);
        return oldest == Entries.NONE ? Entries.NONE : previous(oldest);
    }

    private long links(int entry) {
        return ring != null && ring.has(entry) ? ring.get(entry, 0) : 0;
    }

    private int previous(int entry) {
        long links = links(entry);
        return links == 0 ? entry : (int) (links >>> Integer.SIZE);
    }

    private int next(int entry) {
        long links = links(entry);
        return links == 0 ? entry : (int) links;
    }

    /// Before anything is linked, so that nothing is half linked should the memory run out.
    private void makeRoom(int entry) {
        if (ring == null) {
            ring = new Rows(1);
        }
        if (!ring.has(entry)) {
            ring.make(entry);
        }
    }

    private void link(int entry, int previous, int next) {
        Objects.requireNonNull(ring).set(entry, 0, (long) previous << Integer.SIZE | next);
    }

    /// Adds an entry as the newest of its owner.
    void add(int entry, Owner owner) {
        int first = oldest(owner);
        if (first == Entries.NONE) {
            oldest.add(owner.hash(), entry);
            return;
        }
        int last = previous(first);
        makeRoom(first); // the last has some if it is another one
        makeRoom(entry);
        link(last, previous(last), entry);
        link(first, entry, next(first));
        link(entry, last, first);
    }

    /// Removes an entry that is there, by the hash of its owner.
    void remove(int entry, int hash) {
        int next = next(entry);
        if (next == entry) {
            oldest.remove(hash, entry);
            return;
        }
        // If it is the oldest, the next oldest takes its place.
        oldest.replace(hash, entry, next);
        int previous = previous(entry);
        link(previous, previous(previous), next);
        link(next, previous, next(next));
        // Whoever gets its number is alone.
        link(entry, entry, entry);
    }
}
