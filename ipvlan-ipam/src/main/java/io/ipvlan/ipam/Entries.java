package io.ipvlan.ipam;

import io.ipvlan.ipam.Entry.State;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// What a pool remembers of single addresses, found by address: an entry for each, known by a number from one
/// on. Kept in arrays of numbers, so that millions are small, and coming and going leaves nothing to collect.
/// Not for several threads at once.
final class Entries {
    /// No entry.
    static final int NONE = 0;

    /// The segment above the state; of a number that is not in use, the next such, made negative. Beside the
    /// time, which is read with it.
    private static final int PLACE = 0;

    private static final int SINCE = 1;
    private static final int INDEX = 2;
    private static final int FRONT = 3;
    private static final int BACK = 4;
    private static final int WIDTH = 5;

    private static final State[] STATES = State.values();
    private static final int STATE_BITS = 3;
    private static final @Nullable String[] NO_TEXTS = {};

    private final Rows rows = new Rows(WIDTH);
    private final EntryIndex byAddress = new EntryIndex();
    /// Owners whose text is kept as such, by the number of the entry, as far as there are any.
    private @Nullable String[] texts = NO_TEXTS;

    /// The highest number ever given. The first of those below that are not in use is in the row of [#NONE],
    /// as its index.
    private int highest;

    @SuppressWarnings("EnumOrdinal") // the number lives no longer than the program
    private static long place(long segment, State state) {
        return segment << STATE_BITS | state.ordinal();
    }

    private static State state(long place) {
        return STATES[(int) place & (1 << STATE_BITS) - 1];
    }

    /// Adds an entry for an address that has none. Room for all of it is made first, so that nothing is half
    /// entered should the memory run out.
    int add(int segment, long index, Owner owner, long since, State state) {
        int unused = unused();
        int entry = unused != NONE ? unused : highest + 1;
        if (!rows.has(entry)) {
            rows.make(entry);
        }
        setText(entry, owner.text());
        byAddress.makeRoom();
        if (entry == unused) {
            rows.set(NONE, INDEX, ~rows.get(entry, PLACE));
        } else {
            highest = entry;
        }
        rows.set(entry, INDEX, index);
        rows.set(entry, SINCE, since);
        rows.set(entry, FRONT, owner.front());
        rows.set(entry, BACK, owner.back());
        rows.set(entry, PLACE, place(segment, state));
        byAddress.add(hash(segment, index), entry);
        return entry;
    }

    private int unused() {
        return highest == 0 ? NONE : (int) rows.get(NONE, INDEX);
    }

    private @Nullable String text(int entry) {
        return entry < texts.length ? texts[entry] : null;
    }

    private void setText(int entry, @Nullable String text) {
        if (text != null && entry >= texts.length) {
            texts = Arrays.copyOf(texts, Math.max(entry + 1, Hash.larger(texts.length)));
        }
        if (entry < texts.length) {
            texts[entry] = text;
        }
    }

    private static int hash(int segment, long index) {
        // Segments, if there are several, are told apart by bits that few addresses of one have.
        return Hash.of(index ^ Long.reverse(segment));
    }

    /// The entry of an address, or [#NONE].
    int find(int segment, long index) {
        int hash = hash(segment, index);
        int slot = byAddress.first(hash);
        while (slot != EntryIndex.NOWHERE) {
            int entry = byAddress.entry(slot);
            if (index(entry) == index && segment(entry) == segment) {
                return entry;
            }
            slot = byAddress.next(slot, hash);
        }
        return NONE;
    }

    /// Removes an entry that is there. Its number is given to another later.
    void remove(int entry, int segment, long index) {
        byAddress.remove(hash(segment, index), entry);
        setText(entry, null);
        rows.set(entry, PLACE, ~(long) unused());
        rows.set(NONE, INDEX, entry);
    }

    /// Shows all entries, in no particular order.
    void forEach(IntConsumer visitor) {
        for (int entry = 1; entry <= highest; entry++) {
            if (rows.get(entry, PLACE) >= 0) {
                visitor.accept(entry);
            }
        }
    }

    int segment(int entry) {
        return (int) (rows.get(entry, PLACE) >>> STATE_BITS);
    }

    long index(int entry) {
        return rows.get(entry, INDEX);
    }

    long since(int entry) {
        return rows.get(entry, SINCE);
    }

    State state(int entry) {
        return state(rows.get(entry, PLACE));
    }

    /// Whether an entry, which may have been removed, is that of a lease which began then. No two did.
    boolean isLeaseSince(int entry, long since) {
        long place = rows.get(entry, PLACE);
        return place >= 0 && since(entry) == since && state(place).isLease();
    }

    void become(int entry, State state) {
        rows.set(entry, PLACE, place(segment(entry), state));
    }

    Owner owner(int entry) {
        return new Owner(rows.get(entry, FRONT), rows.get(entry, BACK), text(entry));
    }

    boolean isOwnedBy(int entry, Owner owner) {
        return rows.get(entry, FRONT) == owner.front()
                && rows.get(entry, BACK) == owner.back()
                && Objects.equals(text(entry), owner.text());
    }
}
