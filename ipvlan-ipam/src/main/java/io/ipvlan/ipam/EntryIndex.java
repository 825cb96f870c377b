package io.ipvlan.ipam;

/// Numbers of entries by a hash of what they are looked up by: a hash table by open addressing with linear
/// probing. The hash lies beside the number, so that neither looking nor removing reads an entry that is not
/// the one. It is never more than five sixths full. Not for several threads at once.
final class EntryIndex {
    /// No slot.
    static final int NOWHERE = 0;

    private static final int SIZE = 0;
    private static final long[] NO_SLOTS = {0};

    /// How many are filled, and then the slots: the hash above the number; zero for a free slot, since no
    /// entry has the number zero.
    private long[] slots = NO_SLOTS;

    private static int hash(long slot) {
        return (int) (slot >>> Integer.SIZE);
    }

    private static long filled(int hash, int entry) {
        return (long) hash << Integer.SIZE | entry;
    }

    /// The first slot of this hash, or [#NOWHERE].
    int first(int hash) {
        return slots[SIZE] == 0 ? NOWHERE : from(home(hash), hash);
    }

    private int home(int hash) {
        return 1 + Hash.home(hash, count());
    }

    private int count() {
        return slots.length - 1;
    }

    /// The next slot of this hash, or [#NOWHERE].
    int next(int slot, int hash) {
        return from(following(slot), hash);
    }

    private int from(int start, int hash) {
        int slot = start;
        while (slots[slot] != 0 && hash(slots[slot]) != hash) {
            slot = following(slot);
        }
        return slots[slot] == 0 ? NOWHERE : slot;
    }

    private int following(int slot) {
        return slot + 1 == slots.length ? 1 : slot + 1;
    }

    /// The entry in a slot.
    int entry(int slot) {
        return (int) slots[slot];
    }

    /// Sees to it that the next entry fits.
    void makeRoom() {
        if (slots[SIZE] == count() - count() / 4) {
            grow();
        }
    }

    void add(int hash, int entry) {
        makeRoom();
        slots[SIZE]++;
        put(filled(hash, entry));
    }

    private void put(long filled) {
        int slot = home(hash(filled));
        while (slots[slot] != 0) {
            slot = following(slot);
        }
        slots[slot] = filled;
    }

    private void grow() {
        long[] old = slots;
        slots = new long[1 + Hash.larger(count())];
        slots[SIZE] = old[SIZE];
        for (int slot = 1; slot < old.length; slot++) {
            if (old[slot] != 0) {
                put(old[slot]);
            }
        }
    }

    /// Puts another entry of the same hash in the place of one, if that is there.
    void replace(int hash, int entry, int other) {
        int slot = slot(filled(hash, entry));
        if (slot != NOWHERE) {
            slots[slot] = filled(hash, other);
        }
    }

    private int slot(long filled) {
        int slot = home(hash(filled));
        while (slots[slot] != filled && slots[slot] != 0) {
            slot = following(slot);
        }
        return slots[slot] == 0 ? NOWHERE : slot;
    }

    /// Removes an entry that is there. Those behind that could not have the place they wanted move one gap
    /// forward, so that no search stops short.
    void remove(int hash, int entry) {
        int gap = slot(filled(hash, entry));
        if (gap == NOWHERE) {
            throw new IllegalStateException("no entry " + entry);
        }
        int from = following(gap);
        while (slots[from] != 0) {
            if (Hash.mayMove(home(hash(slots[from])), from, gap)) {
                slots[gap] = slots[from];
                gap = from;
            }
            from = following(from);
        }
        slots[gap] = 0;
        slots[SIZE]--;
    }
}
