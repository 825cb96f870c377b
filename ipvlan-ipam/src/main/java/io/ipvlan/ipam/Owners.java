package io.ipvlan.ipam;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Entries by their owner: a hash table of the oldest entry of each, whose entries form a ring. So adding,
/// removing and finding cost the same for an owner of one address and for an owner of all. Not for several
/// threads at once.
final class Owners {
    private static final @Nullable Entry[] NONE = {};
    private static final int[] NO_HASHES = {};
    private static final int SMALLEST = 4;

    private @Nullable Entry[] slots = NONE;
    /// The hash of the owner in each slot, so that no other entry need be looked at.
    private int[] hashes = NO_HASHES;

    private int size;

    private static int hash(String owner) {
        return Hash.of(owner.hashCode());
    }

    private int slot(String owner) {
        return slot(owner, hash(owner));
    }

    private int slot(String owner, int hash) {
        int slot = Hash.home(hash, slots.length);
        while (true) {
            Entry entry = slots[slot];
            if (entry == null || (hashes[slot] == hash && entry.owner.equals(owner))) {
                return slot;
            }
            slot = Hash.next(slot, slots.length);
        }
    }

    /// The entries of an owner, oldest first.
    List<Entry> of(String owner) {
        List<Entry> entries = new ArrayList<>();
        Entry oldest = oldest(owner);
        for (Entry entry = oldest; entry != null; entry = entry.next == oldest ? null : entry.next) {
            entries.add(entry);
        }
        return entries;
    }

    /// The oldest entry of an owner.
    @Nullable
    Entry oldest(String owner) {
        return size == 0 ? null : slots[slot(owner)];
    }

    /// The newest entry of an owner.
    @Nullable
    Entry newest(String owner) {
        Entry oldest = oldest(owner);
        return oldest == null ? null : oldest.previous;
    }

    /// Adds an entry as the newest of its owner.
    void add(Entry entry) {
        if (slots.length == 0) {
            grow();
        }
        int hash = hash(entry.owner);
        int slot = slot(entry.owner, hash);
        Entry oldest = slots[slot];
        if (oldest == null) {
            if (Hash.isCrowded(size + 1, slots.length)) {
                grow();
                slot = slot(entry.owner, hash);
            }
            size++;
            slots[slot] = entry;
            hashes[slot] = hash;
            link(entry, entry);
        } else {
            Entry newest = previous(oldest);
            link(newest, entry);
            link(entry, oldest);
        }
    }

    /// Removes an entry that is there.
    void remove(Entry entry) {
        int slot = slot(entry.owner);
        Entry next = next(entry);
        if (next == entry) {
            removeSlot(slot);
        } else {
            link(previous(entry), next);
            if (slots[slot] == entry) {
                slots[slot] = next;
            }
        }
        entry.previous = null;
        entry.next = null;
    }

    private void removeSlot(int slot) {
        int gap = slot;
        int from = Hash.next(gap, slots.length);
        for (Entry behind = slots[from]; behind != null; behind = slots[from]) {
            if (Hash.mayMove(Hash.home(hashes[from], slots.length), from, gap)) {
                slots[gap] = behind;
                hashes[gap] = hashes[from];
                gap = from;
            }
            from = Hash.next(from, slots.length);
        }
        slots[gap] = null;
        size--;
    }

    private void grow() {
        @Nullable Entry[] old = slots;
        int[] oldHashes = hashes;
        slots = new Entry[Math.max(SMALLEST, Hash.larger(old.length))];
        hashes = new int[slots.length];
        for (int at = 0; at < old.length; at++) {
            Entry entry = old[at];
            if (entry != null) {
                int slot = slot(entry.owner, oldHashes[at]);
                slots[slot] = entry;
                hashes[slot] = oldHashes[at];
            }
        }
    }

    private static void link(Entry one, Entry other) {
        one.next = other;
        other.previous = one;
    }

    private static Entry next(Entry entry) {
        return linked(entry.next);
    }

    private static Entry previous(Entry entry) {
        return linked(entry.previous);
    }

    private static Entry linked(@Nullable Entry neighbour) {
        if (neighbour == null) {
            throw new IllegalStateException("an entry that is not in its owner's ring");
        }
        return neighbour;
    }
}
