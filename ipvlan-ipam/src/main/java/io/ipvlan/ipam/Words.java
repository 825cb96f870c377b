package io.ipvlan.ipam;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The 64-bit words of one level of [Bits]; each is zero until it is set. Not for several threads at once.
abstract sealed class Words {
    /// Words that are all zero and cannot be set.
    static final Words NONE = new None();

    /// Receives words.
    interface Visitor {
        void word(long at, long word);
    }

    /// Up to this many words are kept in pages: the lowest level of an IPv4 /8.
    private static final int PAGED_BITS = 18;

    /// Words that all are zero.
    ///
    /// @param bits how many there are, as a power of two
    static Words of(int bits) {
        return bits <= PAGED_BITS ? new Paged(bits) : new Hashed();
    }

    abstract long get(long at);

    abstract void set(long at, long word);

    /// Shows every word that is not zero, in no particular order.
    abstract void forEach(Visitor visitor);

    abstract Words copy();

    private static final class None extends Words {
        @Override
        long get(long at) {
            return 0;
        }

        @Override
        void set(long at, long word) {
            throw new IllegalStateException("words that cannot be set");
        }

        @Override
        void forEach(Visitor visitor) {
            // There are none.
        }

        @Override
        Words copy() {
            return this;
        }
    }

    /// For levels that may fill up: arrays made when something is set in them.
    private static final class Paged extends Words {
        private static final int PAGE_BITS = 9;
        private static final int PAGE = 1 << PAGE_BITS;

        private final int pageSize;
        private long[] @Nullable [] pages = new long[0][];

        Paged(int bits) {
            pageSize = 1 << Math.min(bits, PAGE_BITS);
        }

        @Override
        long get(long at) {
            int number = (int) (at >>> PAGE_BITS);
            long[] page = number < pages.length ? pages[number] : null;
            return page == null ? 0 : page[(int) at & (PAGE - 1)];
        }

        @Override
        void set(long at, long word) {
            int number = (int) (at >>> PAGE_BITS);
            if (number >= pages.length) {
                pages = Arrays.copyOf(pages, number + 1 + number / 2);
            }
            long[] page = pages[number];
            if (page == null) {
                page = new long[pageSize];
                pages[number] = page;
            }
            page[(int) at & (PAGE - 1)] = word;
        }

        @Override
        void forEach(Visitor visitor) {
            for (int number = 0; number < pages.length; number++) {
                long[] page = pages[number];
                for (int at = 0; page != null && at < page.length; at++) {
                    if (page[at] != 0) {
                        visitor.word(((long) number << PAGE_BITS) + at, page[at]);
                    }
                }
            }
        }

        @Override
        Words copy() {
            Paged copy = new Paged(Integer.numberOfTrailingZeros(pageSize));
            forEach(copy::set);
            return copy;
        }
    }

    /// For levels too large to fill up: a hash table by open addressing with linear probing, in which a slot
    /// with a zero word is a free one. It is never more than five sixths full.
    private static final class Hashed extends Words {
        private static final long[] NO_SLOTS = {};

        /// A key and its word, each two numbers.
        private long[] slots = NO_SLOTS;

        private int size;

        private int slots() {
            return slots.length / 2;
        }

        private long key(int slot) {
            return slots[2 * slot];
        }

        private long word(int slot) {
            return slots[2 * slot + 1];
        }

        private void fill(int slot, long key, long word) {
            slots[2 * slot] = key;
            slots[2 * slot + 1] = word;
        }

        @Override
        long get(long at) {
            return size == 0 ? 0 : word(slot(at));
        }

        /// Where the word is, or where it would be put.
        private int slot(long at) {
            int slot = home(at);
            while (word(slot) != 0 && key(slot) != at) {
                slot = next(slot);
            }
            return slot;
        }

        private int home(long at) {
            return Hash.home(Hash.of(at), slots());
        }

        private int next(int slot) {
            return slot + 1 == slots() ? 0 : slot + 1;
        }

        @Override
        void set(long at, long word) {
            if (slots.length == 0) {
                grow();
            }
            int slot = slot(at);
            if (word == 0) {
                if (word(slot) != 0) {
                    remove(slot);
                }
                return;
            }
            if (word(slot) == 0) {
                if (size == slots() - slots() / 4) {
                    grow();
                    slot = slot(at);
                }
                size++;
            }
            fill(slot, at, word);
        }

        /// Moves those behind that could not have the place they wanted one gap forward, so that no search
        /// stops short.
        private void remove(int slot) {
            int gap = slot;
            int from = next(gap);
            while (word(from) != 0) {
                if (Hash.mayMove(home(key(from)), from, gap)) {
                    fill(gap, key(from), word(from));
                    gap = from;
                }
                from = next(from);
            }
            fill(gap, 0, 0);
            size--;
        }

        private void grow() {
            long[] old = slots;
            slots = new long[2 * Hash.larger(old.length / 2)];
            for (int at = 0; at < old.length; at += 2) {
                if (old[at + 1] != 0) {
                    fill(slot(old[at]), old[at], old[at + 1]);
                }
            }
        }

        @Override
        void forEach(Visitor visitor) {
            for (int slot = 0; slot < slots(); slot++) {
                if (word(slot) != 0) {
                    visitor.word(key(slot), word(slot));
                }
            }
        }

        @Override
        Words copy() {
            Hashed copy = new Hashed();
            copy.slots = slots.clone();
            copy.size = size;
            return copy;
        }
    }
}
