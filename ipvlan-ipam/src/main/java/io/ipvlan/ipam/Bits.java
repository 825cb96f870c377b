package io.ipvlan.ipam;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/// A bitmap of up to 2^64 places in which the next clear one is found in a step for each factor of 64,
/// however many are set and wherever.
///
/// Above the words of the bitmap proper lie levels of summaries: a bit of a summary is set when the 64 below
/// it all are. So nothing is kept where little is set, and a long run is set at a high level without being
/// written out below: under a set bit the lower levels do not count. Places are unsigned numbers. Not for
/// several threads at once.
final class Bits {
    /// Places that are set, from one to another.
    record Run(long first, long last) {}

    private static final int WORD_BITS = 6;

    private final long last;
    private final Words[] levels;

    /// A bitmap with all places clear.
    ///
    /// @param last the highest place
    Bits(long last) {
        this(last, levelsFor(last));
    }

    private Bits(long last, Words[] levels) {
        this.last = last;
        this.levels = levels;
    }

    private static Words[] levelsFor(long last) {
        Words[] levels = new Words[Math.max(1, (bits(last) + WORD_BITS - 1) / WORD_BITS)];
        Arrays.fill(levels, Words.NONE);
        return levels;
    }

    private static int bits(long last) {
        return Long.SIZE - Long.numberOfLeadingZeros(last);
    }

    private static int shift(int level) {
        return WORD_BITS * level;
    }

    private boolean isSet(int level, long at) {
        return ((levels[level].get(at >>> WORD_BITS) >>> at) & 1) != 0;
    }

    /// Whether there is such a place.
    boolean has(long at) {
        return Long.compareUnsigned(at, last) <= 0;
    }

    /// Whether a place is set.
    boolean isSet(long at) {
        for (int level = 0; level < levels.length; level++) {
            if (isSet(level, at >>> shift(level))) {
                return true;
            }
        }
        return false;
    }

    /// Sets a clear place.
    void set(long at) {
        set(0, at >>> WORD_BITS, 1L << at);
    }

    private void set(int level, long word, long mask) {
        if (levels[level] == Words.NONE) {
            levels[level] = Words.of(Math.max(0, bits(last) - shift(level + 1)));
        }
        long changed = levels[level].get(word) | mask;
        // The summary first: if there is no memory for it, nothing has changed. For the last place of a word there is.
        if (changed == -1 && level + 1 < levels.length) {
            set(level + 1, word >>> WORD_BITS, 1L << word);
        }
        levels[level].set(word, changed);
    }

    /// Clears a place that was set by [#set(long)].
    void clear(long at) {
        long place = at;
        for (Words level : levels) {
            long word = level.get(place >>> WORD_BITS);
            level.set(place >>> WORD_BITS, word & ~(1L << place));
            if (word != -1) {
                return;
            }
            place >>>= WORD_BITS;
        }
    }

    /// Sets all places from one to another for good: none of them may be cleared.
    void fill(long first, long end) {
        long from = first;
        long to = end;
        for (int level = 0; ; level++) {
            long fromWord = from >>> WORD_BITS;
            long toWord = to >>> WORD_BITS;
            if (fromWord == toWord) {
                set(level, fromWord, (-1L << from) & (-1L >>> ~to));
                return;
            }
            // Words that are covered whole are left to the level above.
            if ((from & 63) != 0) {
                set(level, fromWord, -1L << from);
                fromWord++;
            }
            if ((to & 63) != 63) {
                set(level, toWord, -1L >>> ~to);
                toWord--;
            }
            if (fromWord > toWord) {
                return;
            }
            from = fromWord;
            to = toWord;
        }
    }

    /// Looks for the lowest clear place from one on.
    ///
    /// @param tally gets it as [Tally#FOUND]
    /// @return whether there is one
    boolean findClear(long from, Tally tally) {
        if (!has(from)) {
            return false;
        }
        // From the lowest place on all summaries count: a way down is shorter than a way up and down.
        int level = levels.length - 1;
        while (level > 0 && from != 0 && !isSet(level, from >>> shift(level))) {
            level--;
        }
        long at = from >>> shift(level);
        while (true) {
            long clear = ~levels[level].get(at >>> WORD_BITS) & (-1L << at);
            if (clear != 0) {
                return descend(level, (at & -64) | Long.numberOfTrailingZeros(clear), tally);
            }
            if (++level == levels.length) {
                return false;
            }
            at = (at >>> WORD_BITS) + 1;
            if (at > last >>> shift(level)) {
                return false;
            }
        }
    }

    private boolean descend(int from, long place, Tally tally) {
        long at = place;
        for (int level = from; level > 0; level--) {
            if (at > last >>> shift(level)) {
                return false;
            }
            long word = levels[level - 1].get(at);
            at = (at << WORD_BITS) | Long.numberOfTrailingZeros(~word);
        }
        tally.set(Tally.FOUND, at);
        return has(at);
    }

    Bits copy() {
        Words[] copies = new Words[levels.length];
        for (int level = 0; level < copies.length; level++) {
            copies[level] = levels[level].copy();
        }
        return new Bits(last, copies);
    }

    /// All places that are set, as the fewest runs in ascending order. Costs as much as there are words that
    /// are not zero, and sorting them.
    List<Run> runs() {
        List<Run> runs = new ArrayList<>();
        for (int level = 0; level < levels.length; level++) {
            int shift = shift(level);
            levels[level].forEach((at, word) -> addRuns(runs, at, word, shift));
        }
        runs.sort(Comparator.comparingLong(run -> run.first ^ Long.MIN_VALUE));
        List<Run> merged = new ArrayList<>();
        for (Run run : runs) {
            Run before = merged.isEmpty() ? null : merged.getLast();
            if (before == null || (Long.compareUnsigned(run.first, before.last) > 0 && run.first - 1 != before.last)) {
                merged.add(run);
            } else if (Long.compareUnsigned(run.last, before.last) > 0) {
                merged.set(merged.size() - 1, new Run(before.first, run.last));
            }
        }
        return Collections.unmodifiableList(merged);
    }

    private static void addRuns(List<Run> runs, long at, long word, int shift) {
        long left = word;
        while (left != 0) {
            int first = Long.numberOfTrailingZeros(left);
            int count = Long.numberOfTrailingZeros(~(left >>> first));
            long start = (at << WORD_BITS) + first;
            runs.add(new Run(start << shift, ((start + count) << shift) - 1));
            left = first + count == Long.SIZE ? 0 : left & (-1L << (first + count));
        }
    }
}
