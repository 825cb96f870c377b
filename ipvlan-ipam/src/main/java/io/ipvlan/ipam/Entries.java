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

    /// Entries that lie together. All but the first page have their full size at once.
    private static final class Page {
        private static final int BITS = 12;
        private static final int SMALLEST = 16;

        private static final int LONGS = 4;
        private static final int INDEX = 0;
        private static final int SINCE = 1;
        private static final int FRONT = 2;
        private static final int BACK = 3;

        private static final int INTS = 6;
        private static final int SEGMENT = 0;
        private static final int STATE = 1;
        /// The next entry with the same hash of its address, and with the same hash of its owner.
        private static final int ADDRESS_CHAIN = 2;

        private static final int OWNER_CHAIN = 3;
        /// Neighbours among the entries of one owner, in a ring: see [Owners].
        private static final int PREVIOUS = 4;

        private static final int NEXT = 5;

        private long[] longs;
        private int[] ints;
        /// Owners whose text is kept as such; missing while there are none.
        private @Nullable String @Nullable [] texts;

        Page(int size) {
            longs = new long[size * LONGS];
            ints = new int[size * INTS];
        }

        void grow() {
            longs = Arrays.copyOf(longs, 2 * longs.length);
            ints = Arrays.copyOf(ints, 2 * ints.length);
            texts = texts == null ? null : Arrays.copyOf(texts, 2 * texts.length);
        }

        boolean isFull(int at) {
            return at * LONGS == longs.length;
        }

        @Nullable
        String text(int at) {
            return texts == null ? null : texts[at];
        }

        void setText(int at, @Nullable String text) {
            if (texts == null && text != null) {
                texts = new String[longs.length / LONGS];
            }
            if (texts != null) {
                texts[at] = text;
            }
        }
    }

    private static final State[] STATES = State.values();
    private static final int PAGE = 1 << Page.BITS;
    private static final Page[] NO_PAGES = {};

    private Page[] pages = NO_PAGES;
    /// The highest number ever given, and the first of those below that are not in use; the next follows in
    /// the chain of addresses.
    private int highest;

    private int unused = NONE;
    /// The first entry of each hash.
    private int[] heads = Hash.NO_HEADS;

    private int size;

    private Page page(int entry) {
        return pages[entry >>> Page.BITS];
    }

    @SuppressWarnings("EnumOrdinal") // the number lives no longer than the program
    private static int number(State state) {
        return state.ordinal();
    }

    private static int at(int entry) {
        return entry & (PAGE - 1);
    }

    private long number(int entry, int field) {
        return page(entry).longs[at(entry) * Page.LONGS + field];
    }

    private int value(int entry, int field) {
        return page(entry).ints[at(entry) * Page.INTS + field];
    }

    private void set(int entry, int field, int value) {
        page(entry).ints[at(entry) * Page.INTS + field] = value;
    }

    /// Adds an entry for an address that has none.
    int add(int segment, long index, Owner owner, long since, State state) {
        if (size == heads.length) {
            heads = new int[Hash.larger(size)];
            forEach(this::chain);
        }
        size++;
        int entry = newNumber();
        Page page = page(entry);
        int at = at(entry);
        page.longs[at * Page.LONGS + Page.INDEX] = index;
        page.longs[at * Page.LONGS + Page.SINCE] = since;
        page.longs[at * Page.LONGS + Page.FRONT] = owner.front();
        page.longs[at * Page.LONGS + Page.BACK] = owner.back();
        page.setText(at, owner.text());
        page.ints[at * Page.INTS + Page.SEGMENT] = segment;
        page.ints[at * Page.INTS + Page.STATE] = number(state);
        chain(entry);
        return entry;
    }

    private int newNumber() {
        int entry = unused;
        if (entry != NONE) {
            unused = value(entry, Page.ADDRESS_CHAIN);
            return entry;
        }
        entry = ++highest;
        int number = entry >>> Page.BITS;
        if (number == pages.length) {
            pages = Arrays.copyOf(pages, number + 1);
            pages[number] = new Page(number == 0 ? Page.SMALLEST : PAGE);
        } else if (pages[number].isFull(at(entry))) {
            pages[number].grow();
        }
        return entry;
    }

    private int head(int segment, long index) {
        // Segments, if there are several, are told apart by bits that few addresses of one have.
        return Hash.home(Hash.of(index ^ Long.reverse(segment)), heads.length);
    }

    private void chain(int entry) {
        int head = head(segment(entry), index(entry));
        set(entry, Page.ADDRESS_CHAIN, heads[head]);
        heads[head] = entry;
    }

    /// The entry of an address, or [#NONE].
    int find(int segment, long index) {
        if (size == 0) {
            return NONE;
        }
        int entry = heads[head(segment, index)];
        while (entry != NONE && (index(entry) != index || segment(entry) != segment)) {
            entry = value(entry, Page.ADDRESS_CHAIN);
        }
        return entry;
    }

    /// Removes an entry that is there. Its number is given to another later.
    void remove(int entry) {
        int head = head(segment(entry), index(entry));
        int behind = value(entry, Page.ADDRESS_CHAIN);
        int before = heads[head];
        if (before == entry) {
            heads[head] = behind;
        } else {
            while (value(before, Page.ADDRESS_CHAIN) != entry) {
                before = value(before, Page.ADDRESS_CHAIN);
            }
            set(before, Page.ADDRESS_CHAIN, behind);
        }
        size--;
        page(entry).setText(at(entry), null);
        set(entry, Page.STATE, -1);
        set(entry, Page.ADDRESS_CHAIN, unused);
        unused = entry;
    }

    /// Shows all entries, in no particular order.
    void forEach(IntConsumer visitor) {
        for (int entry = 1; entry <= highest; entry++) {
            if (value(entry, Page.STATE) >= 0) {
                visitor.accept(entry);
            }
        }
    }

    int segment(int entry) {
        return value(entry, Page.SEGMENT);
    }

    long index(int entry) {
        return number(entry, Page.INDEX);
    }

    long since(int entry) {
        return number(entry, Page.SINCE);
    }

    State state(int entry) {
        return STATES[value(entry, Page.STATE)];
    }

    /// Whether an entry, which may have been removed, is that of a lease which began then. No two did.
    boolean isLeaseSince(int entry, long since) {
        int state = value(entry, Page.STATE);
        return number(entry, Page.SINCE) == since && state >= 0 && STATES[state].isLease();
    }

    void become(int entry, State state) {
        set(entry, Page.STATE, number(state));
    }

    Owner owner(int entry) {
        return new Owner(
                number(entry, Page.FRONT), number(entry, Page.BACK), page(entry).text(at(entry)));
    }

    boolean isOwnedBy(int entry, Owner owner) {
        return number(entry, Page.FRONT) == owner.front()
                && number(entry, Page.BACK) == owner.back()
                && Objects.equals(page(entry).text(at(entry)), owner.text());
    }

    int ownerHash(int entry) {
        return Owner.hash(number(entry, Page.FRONT), number(entry, Page.BACK));
    }

    int ownerChain(int entry) {
        return value(entry, Page.OWNER_CHAIN);
    }

    void setOwnerChain(int entry, int behind) {
        set(entry, Page.OWNER_CHAIN, behind);
    }

    int previous(int entry) {
        return value(entry, Page.PREVIOUS);
    }

    int next(int entry) {
        return value(entry, Page.NEXT);
    }

    /// Makes two entries neighbours among those of their owner.
    void link(int one, int other) {
        set(one, Page.NEXT, other);
        set(other, Page.PREVIOUS, one);
    }
}
