package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomlyTest {
    /// A random source that has these numbers and no more.
    private static final class Numbers implements RandomGenerator {
        private final List<Long> left = new ArrayList<>();

        Numbers(Long... numbers) {
            left.addAll(Arrays.asList(numbers));
        }

        @Override
        public long nextLong() {
            return left.removeFirst();
        }
    }

    private static List<IpRange> ranges(String... texts) {
        return Arrays.stream(texts).map(IpRange::parse).toList();
    }

    private static String in(String range, Long... numbers) {
        return Randomly.in(ranges(range), new Numbers(numbers)).toString();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.254-10.0.1.3",
        "255.255.255.250-255.255.255.255",
        "::-::5",
        "2001:db8::ffff:ffff:ffff:fffe-2001:db8:0:1::3",
        "2001:db8::7fff:ffff:ffff:fffe-2001:db8::8000:0:0:3"
    })
    void everyAddressOfARangeComesUpAndNoOther(String text) {
        IpRange range = IpRange.parse(text);
        Set<IpAddress> all = new TreeSet<>();
        range.addresses().forEach(all::add);
        RandomGenerator random = new SplittableRandom(1);
        Set<IpAddress> seen = new TreeSet<>();
        for (int count = 0; count < 200; count++) {
            seen.add(Randomly.in(List.of(range), random));
        }
        assertEquals(all, seen);
    }

    @Test
    void aLargeRangeIsUsedFromItsFirstToItsLast() {
        String range = "2001:db8:0:1::5-2001:db8:0:4::7";
        assertEquals("2001:db8:0:1::5", in(range, 0L, 0L));
        assertEquals("2001:db8:0:4::7", in(range, 3L, 2L));
        assertEquals("2001:db8:0:4::4", in(range, 2L, -1L), "the low half is carried over");
        assertEquals("2001:db8:0:1::6", in(range, 3L, 3L, 0L, 1L), "behind the last it is tried anew");
        assertEquals("2001:db8:0:1::8", in(range, 3L, -1L, -4L, 3L), "low numbers are unsigned, high ones cut to size");
        String shorter = "2001:db8:0:1::5-2001:db8:0:4::4";
        assertEquals("2001:db8:0:4::4", in(shorter, 2L, -1L));
        assertEquals("2001:db8:0:1::5", in(shorter, 3L, 0L, 0L, 0L));
        assertEquals("2001:db8:0:4::5", in("2001:db8:0:1::5-2001:db8:0:4::5", 3L, 0L));
        assertEquals("2001:db8::3", in("2001:db8::-2001:db8::3", -1L, -1L), "numbers are cut to size");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1-10.0.0.3, 10.0.0.5-10.0.0.5, 0.75",
        "10.0.0.1-10.0.0.1, 10.0.0.5-10.0.0.5, 0.5",
        "::6-::7, ::9-::a, 0.5",
        "::8000:0:0:0-::ffff:ffff:ffff:ffff, 0:0:0:1::-0:0:0:1:7fff:ffff:ffff:ffff, 0.5",
        "0:0:0:1::-0:0:0:3:ffff:ffff:ffff:ffff, 0:0:0:8::-0:0:0:8:ffff:ffff:ffff:ffff, 0.75",
        "0:0:0:1:8000::-0:0:0:2:ffff:ffff:ffff:ffff, 0:0:0:8::-0:0:0:8:7fff:ffff:ffff:ffff, 0.75"
    })
    void aRangeIsChosenAsOftenAsItIsLong(String first, String second, double share) {
        assertEquals(IpRange.parse(first).first(), firstAt(share - 0x1p-20, first, second));
        assertEquals(IpRange.parse(second).first(), firstAt(share, first, second));
        assertEquals(IpRange.parse(second).first(), firstAt(1 - 0x1p-53, first, second));
    }

    private static IpAddress firstAt(double place, String... ranges) {
        return Randomly.in(ranges(ranges), new Numbers((long) (place * 0x1p53) << 11, 0L, 0L));
    }

    @Test
    void theLastOfThreeRangesIsReachedToo() {
        String[] three = {"10.0.0.1-10.0.0.2", "10.0.0.5-10.0.0.5", "10.0.0.9-10.0.0.9"};
        assertEquals("10.0.0.1", firstAt(0.25, three).toString());
        assertEquals("10.0.0.5", firstAt(0.5, three).toString());
        assertEquals("10.0.0.9", firstAt(0.75, three).toString());
    }

    private static String next(AddressPool pool) {
        return pool.allocate("web").address().address().toString();
    }

    @Test
    void fourPlacesAreTriedBeforeTheNextFreeOneIsTaken() {
        Numbers numbers = new Numbers(0L, 0L, 5L, 0L, 0L, 0L, 0L, 7L, 7L, 7L, 7L, 7L, 7L, 3L);
        AddressPool pool = AddressPool.of(
                Subnet.of("10.0.0.0/27").withRange("10.0.0.8/29"),
                PoolOptions.of(Strategy.RANDOM).withRandom(numbers));
        assertEquals("10.0.0.8", next(pool));
        assertEquals("10.0.0.13", next(pool), "the first try finds another than was drawn");
        assertEquals("10.0.0.9", next(pool), "after four tries the next one will do");
        assertEquals("10.0.0.15", next(pool));
        assertEquals("10.0.0.10", next(pool), "behind the last one it begins anew");
        assertEquals("10.0.0.11", next(pool), "unless a later try finds what was drawn");
        assertEquals(List.of(), numbers.left);
    }

    @Test
    void aFullPoolIsTriedFourTimes() {
        Numbers numbers = new Numbers(0L, 0L, 0L, 0L, 0L, 0L, 0L);
        AddressPool pool = AddressPool.of(
                Subnet.of("10.0.0.0/30"), PoolOptions.of(Strategy.RANDOM).withRandom(numbers));
        pool.allocate(IpAddress.parse("10.0.0.1"), "web");
        pool.allocate(IpAddress.parse("10.0.0.2"), "web");
        assertThrows(PoolExhausted.class, () -> next(pool));
        assertEquals(3, numbers.left.size());
    }
}
