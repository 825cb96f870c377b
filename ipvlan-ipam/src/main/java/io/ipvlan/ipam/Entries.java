package io.ipvlan.ipam;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Entries by their place in a segment: a hash table by open addressing.
/// Not for several threads at once.
final class Entries {
    private static final @Nullable Entry[] NONE = {};
    private static final int[] NO_HASHES = {};
    private static final int SMALLEST = 4;

    private @Nullable Entry[] slots = NONE;
    /// The hash of the entry in each slot, so that no other entry need be looked at.
    private int[] hashes = NO_HASHES;

    private int size;

    @Nullable
    Entry get(long index) {
        return size == 0 ? null : slots[slot(index, Hash.of(index))];
    }

    private int slot(long index, int hash) {
        int slot = Hash.home(hash, slots.length);
        while (true) {
            Entry entry = slots[slot];
            if (entry == null || (hashes[slot] == hash && entry.index == index)) {
                return slot;
            }
            slot = Hash.next(slot, slots.length);
        }
    }

    /// Adds an entry, instead of the one there is for the same place.
    void put(Entry entry) {
        if (slots.length == 0) {
            grow();
        }
        int hash = Hash.of(entry.index);
        int slot = slot(entry.index, hash);
        if (slots[slot] == null) {
            if (Hash.isCrowded(size + 1, slots.length)) {
                grow();
                slot = slot(entry.index, hash);
            }
            size++;
        }
        slots[slot] = entry;
        hashes[slot] = hash;
    }

    private void grow() {
        @Nullable Entry[] old = slots;
        int[] oldHashes = hashes;
        slots = new Entry[Math.max(SMALLEST, Hash.larger(old.length))];
        hashes = new int[slots.length];
        for (int at = 0; at < old.length; at++) {
            Entry entry = old[at];
            if (entry != null) {
                int slot = slot(entry.index, oldHashes[at]);
                slots[slot] = entry;
                hashes[slot] = oldHashes[at];
            }
        }
    }

    /// Removes an entry that is there.
    void remove(Entry entry) {
        int gap = slot(entry.index, Hash.of(entry.index));
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

    /// Shows all entries, in no particular order.
    void forEach(Consumer<Entry> visitor) {
        for (Entry entry : slots) {
            if (entry != null) {
                visitor.accept(entry);
            }
        }
    }
}
