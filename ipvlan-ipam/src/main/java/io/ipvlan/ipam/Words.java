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

    /// For levels too large to fill up: a hash table by open addressing with linear probing, in which a slot with
    /// a zero word is a free one. It is between one half and three quarters full once it has grown.
    private static final class Hashed extends Words {
        private static final long[] NONE = {};
        private long[] keys = NONE;
        private long[] words = NONE;
        private int size;

        @Override
        long get(long at) {
            return size == 0 ? 0 : words[slot(at)];
        }

        /// Where the word is, or where it would be put.
        private int slot(long at) {
            int slot = Hash.home(Hash.of(at), keys.length);
            while (words[slot] != 0 && keys[slot] != at) {
                slot = next(slot);
            }
            return slot;
        }

        @Override
        void set(long at, long word) {
            if (keys.length == 0) {
                grow();
            }
            int slot = slot(at);
            if (word == 0) {
                if (words[slot] != 0) {
                    remove(slot);
                }
                return;
            }
            if (words[slot] == 0) {
                if (size == keys.length - keys.length / 4) {
                    grow();
                    slot = slot(at);
                }
                size++;
            }
            keys[slot] = at;
            words[slot] = word;
        }

        /// Moves those behind that could not have the place they wanted one gap forward, so that no search
        /// stops short.
        private void remove(int slot) {
            int gap = slot;
            int from = next(gap);
            while (words[from] != 0) {
                if (mayMove(Hash.home(Hash.of(keys[from]), keys.length), from, gap)) {
                    keys[gap] = keys[from];
                    words[gap] = words[from];
                    gap = from;
                }
                from = next(from);
            }
            words[gap] = 0;
            size--;
        }

        private int next(int slot) {
            return slot + 1 == keys.length ? 0 : slot + 1;
        }

        /// Whether what sits in one slot may move to a gap before it: whether its home is not between the two.
        private static boolean mayMove(int home, int from, int gap) {
            return gap <= from ? (home <= gap || home > from) : (home <= gap && home > from);
        }

        private void grow() {
            long[] oldKeys = keys;
            long[] oldWords = words;
            keys = new long[Hash.larger(oldKeys.length)];
            words = new long[keys.length];
            for (int slot = 0; slot < oldKeys.length; slot++) {
                if (oldWords[slot] != 0) {
                    int place = slot(oldKeys[slot]);
                    keys[place] = oldKeys[slot];
                    words[place] = oldWords[slot];
                }
            }
        }

        @Override
        void forEach(Visitor visitor) {
            for (int slot = 0; slot < keys.length; slot++) {
                if (words[slot] != 0) {
                    visitor.word(keys[slot], words[slot]);
                }
            }
        }

        @Override
        Words copy() {
            Hashed copy = new Hashed();
            copy.keys = keys.clone();
            copy.words = words.clone();
            copy.size = size;
            return copy;
        }
    }
}
