package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// The bitmap against a sorted set of numbers.
class BitsPropertiesTest {
    private final Tally tally = new Tally();

    record Fill(long first, long last) {}

    record Layout(long last, List<Fill> fills) {}

    /// From one place to all 2^64, in pages and in hash tables, with up to three runs that are taken for
    /// good.
    @Provide
    Arbitrary<Layout> layouts() {
        Arbitrary<Long> last = Arbitraries.oneOf(
                Arbitraries.longs().between(0, 300),
                Arbitraries.of(
                        63L, 64L, 4095L, 4096L, (1L << 24) - 1, 1L << 24, Long.MAX_VALUE, Long.MIN_VALUE, -1L, -7L));
        Arbitrary<List<Long>> fractions = Arbitraries.longs().list().ofSize(6);
        return Combinators.combine(last, fractions).as((end, places) -> {
            List<Fill> fills = new ArrayList<>();
            for (int at = 0; at < 6; at += 2) {
                long one = within(places.get(at), end);
                long other = within(places.get(at + 1), end);
                boolean ascending = Long.compareUnsigned(one, other) <= 0;
                fills.add(new Fill(ascending ? one : other, ascending ? other : one));
            }
            return new Layout(end, fills.subList(0, (int) (places.getFirst() & 3)));
        });
    }

    private static long within(long number, long last) {
        return last == -1 ? number : Long.remainderUnsigned(number, last + 1);
    }

    @Property(tries = 600)
    void theLowestClearPlaceIsFound(@ForAll("layouts") Layout layout, @ForAll long seed) {
        Bits bits = new Bits(layout.last);
        layout.fills.forEach(fill -> bits.fill(fill.first, fill.last));
        Set<BigInteger> set = new TreeSet<>();
        Random random = new Random(seed);
        List<Long> mine = new ArrayList<>();
        for (int step = 0; step < 200; step++) {
            long from = random.nextInt(4) == 0
                    ? within(random.nextLong(), layout.last)
                    : within(random.nextInt(700), layout.last);
            OptionalLong lowest = expected(layout, set, from);
            boolean found = bits.findClear(from, tally);
            assertEquals(lowest.isPresent(), found);
            if (found) {
                long expected = lowest.orElseThrow();
                assertEquals(expected, tally.get(Tally.FOUND));
                assertFalse(bits.isSet(expected));
                if (random.nextInt(5) > 0) {
                    bits.set(expected);
                    set.add(unsigned(expected));
                    mine.add(expected);
                    assertTrue(bits.isSet(expected));
                }
            }
            if (!mine.isEmpty() && random.nextInt(3) == 0) {
                long gone = mine.remove(random.nextInt(mine.size()));
                bits.clear(gone);
                set.remove(unsigned(gone));
                assertFalse(bits.isSet(gone));
            }
        }
        assertEquals(runs(layout, set), bits.runs());
        assertEquals(runs(layout, set), bits.copy().runs());
    }

    private static OptionalLong expected(Layout layout, Set<BigInteger> set, long from) {
        BigInteger place = unsigned(from);
        while (true) {
            BigInteger at = place;
            BigInteger behind = layout.fills.stream()
                    .filter(fill -> unsigned(fill.first).compareTo(at) <= 0
                            && unsigned(fill.last).compareTo(at) >= 0)
                    .map(fill -> unsigned(fill.last).add(BigInteger.ONE))
                    .reduce(at, BigInteger::max);
            if (set.contains(behind)) {
                behind = behind.add(BigInteger.ONE);
            }
            if (behind.equals(at)) {
                return at.compareTo(unsigned(layout.last)) > 0 ? OptionalLong.empty() : OptionalLong.of(at.longValue());
            }
            place = behind;
        }
    }

    private static List<Bits.Run> runs(Layout layout, Set<BigInteger> set) {
        List<Fill> all = new ArrayList<>(layout.fills);
        set.forEach(one -> all.add(new Fill(one.longValue(), one.longValue())));
        all.sort((one, other) -> unsigned(one.first).compareTo(unsigned(other.first)));
        List<Bits.Run> runs = new ArrayList<>();
        for (Fill fill : all) {
            Bits.Run last = runs.isEmpty() ? null : runs.getLast();
            if (last != null
                    && unsigned(fill.first).compareTo(unsigned(last.last()).add(BigInteger.ONE)) <= 0) {
                long end = unsigned(last.last()).max(unsigned(fill.last)).longValue();
                runs.set(runs.size() - 1, new Bits.Run(last.first(), end));
            } else {
                runs.add(new Bits.Run(fill.first, fill.last));
            }
        }
        return runs;
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    @Test
    void aFullBitmapHasNoClearPlaceUntilOneIsCleared() {
        for (long size : new long[] {1, 64, 65, 128, 4096, 4097, 1 << 18}) {
            Bits bits = new Bits(size - 1);
            for (long at = 0; at < size; at++) {
                assertTrue(bits.findClear(0, tally));
                assertEquals(at, tally.get(Tally.FOUND));
                bits.set(at);
            }
            assertFalse(bits.findClear(0, tally));
            assertFalse(bits.findClear(size - 1, tally));
            assertFalse(bits.findClear(size, tally), "there is no such place");
            bits.clear(size / 2);
            assertTrue(bits.findClear(0, tally));
            assertEquals(size / 2, tally.get(Tally.FOUND));
            assertFalse(size / 2 + 1 < size && bits.findClear(size / 2 + 1, tally));
        }
    }
}
