package io.ipvlan.ipam;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Entries by their place in a segment: a hash table by open addressing that keeps nothing beside the entries.
/// Not for several threads at once.
final class Entries {
    private static final @Nullable Entry[] NONE = {};
    private static final int SMALLEST = 4;

    private @Nullable Entry[] slots = NONE;
    private int size;

    @Nullable
    Entry get(long index) {
        return size == 0 ? null : slots[slot(index)];
    }

    private int slot(long index) {
        int slot = Hash.home(index, slots.length);
        while (true) {
            Entry entry = slots[slot];
            if (entry == null || entry.index == index) {
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
        int slot = slot(entry.index);
        if (slots[slot] == null) {
            if (Hash.isCrowded(size + 1, slots.length)) {
                grow();
                slot = slot(entry.index);
            }
            size++;
        }
        slots[slot] = entry;
    }

    private void grow() {
        @Nullable Entry[] old = slots;
        slots = new Entry[Math.max(SMALLEST, Hash.larger(old.length))];
        for (Entry entry : old) {
            if (entry != null) {
                slots[slot(entry.index)] = entry;
            }
        }
    }

    /// Removes an entry that is there.
    void remove(Entry entry) {
        int gap = slot(entry.index);
        int from = Hash.next(gap, slots.length);
        for (Entry behind = slots[from]; behind != null; behind = slots[from]) {
            if (Hash.mayMove(Hash.home(behind.index, slots.length), from, gap)) {
                slots[gap] = behind;
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
