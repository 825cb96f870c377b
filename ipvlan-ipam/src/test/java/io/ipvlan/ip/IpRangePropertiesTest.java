package io.ipvlan.ip;

import static io.ipvlan.ip.IpArbitraries.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.domains.Domain;

/// Ranges and prefixes against sets of single addresses, close together and at both ends of each family.
@Domain(IpArbitraries.class)
class IpRangePropertiesTest {
    private static final List<String> PLACES = List.of(
            "0.0.0.0",
            "10.1.213.224",
            "255.255.255.192",
            "::",
            "2001:db8::ffff:ffff:ffff:ffe0",
            "ffff:ffff:ffff:ffff:" + "ffff:ffff:ffff:ffc0");

    /// Up to 64 addresses from one of the places; all of those at the ends.
    @Provide
    Arbitrary<IpRange> near() {
        Arbitrary<Integer> offset = Arbitraries.integers().between(0, 63);
        return Combinators.combine(Arbitraries.of(PLACES), offset, offset).as((place, one, other) -> {
            IpAddress base = IpAddress.parse(place);
            return IpRange.of(base.plus(Math.min(one, other)), base.plus(Math.max(one, other)));
        });
    }

    @Provide
    Arbitrary<List<IpRange>> several() {
        return near().list().ofMaxSize(6);
    }

    private static Set<IpAddress> all(Collection<IpRange> ranges) {
        Set<IpAddress> all = new TreeSet<>();
        ranges.forEach(range -> range.addresses().forEach(all::add));
        return all;
    }

    private static Set<IpAddress> allOf(Collection<IpPrefix> prefixes) {
        return all(prefixes.stream().map(IpRange::of).toList());
    }

    @Property
    void aRangeListsEachOfItsAddressesOnceInOrder(@ForAll("near") IpRange range) {
        List<IpAddress> listed = new ArrayList<>();
        range.addresses().forEach(listed::add);
        assertEquals(range.size(), listed.size());
        assertEquals(new ArrayList<>(new TreeSet<>(listed)), listed);
        assertEquals(range.first(), listed.getFirst());
        assertEquals(range.last(), listed.getLast());
    }

    @Property
    void aRangeIsCoveredByTheFewestPrefixes(@ForAll("near") IpRange range) {
        List<IpPrefix> cover = range.prefixes();
        assertEquals(all(List.of(range)), allOf(cover));
        assertMinimal(cover);
    }

    /// No prefix of a minimal cover can be doubled: its other half is not covered by one of the same length.
    private static void assertMinimal(List<IpPrefix> cover) {
        assertEquals(new ArrayList<>(new TreeSet<>(cover)), cover);
        Set<IpPrefix> prefixes = new HashSet<>(cover);
        for (IpPrefix prefix : cover) {
            if (prefix.length() > 0) {
                IpPrefix both = IpPrefix.containing(prefix.first(), prefix.length() - 1);
                assertFalse(prefixes.containsAll(List.of(
                        IpPrefix.of(both.first(), prefix.length()),
                        IpPrefix.containing(both.last(), prefix.length()))));
            }
            assertTrue(cover.stream().filter(prefix::overlaps).count() == 1, cover::toString);
        }
    }

    @Property
    void anyTwoAddressesOfAFamilyMakeARangeThatIsCovered(@ForAll IpAddress one, @ForAll IpAddress other) {
        if (one.family() != other.family()) {
            return;
        }
        boolean ascending = one.compareTo(other) <= 0;
        IpRange range = IpRange.of(ascending ? one : other, ascending ? other : one);
        List<IpPrefix> cover = range.prefixes();
        BigInteger next = value(range.first());
        for (IpPrefix prefix : cover) {
            assertEquals(next, value(prefix.first()));
            next = value(prefix.last()).add(BigInteger.ONE);
        }
        assertEquals(value(range.last()).add(BigInteger.ONE), next);
        assertMinimal(cover);
    }

    @Property
    void aPrefixIsItsOwnCover(@ForAll IpPrefix prefix) {
        assertEquals(List.of(prefix), IpRange.of(prefix).prefixes());
    }

    @Property
    void aggregatedRangesHaveTheSameAddressesAndGapsBetween(@ForAll("several") List<IpRange> ranges) {
        List<IpRange> merged = IpRange.aggregate(ranges);
        assertEquals(all(ranges), all(merged));
        for (int at = 1; at < merged.size(); at++) {
            IpRange before = merged.get(at - 1);
            IpRange after = merged.get(at);
            assertTrue(before.compareTo(after) < 0);
            assertTrue(
                    before.family() != after.family() || before.last().plus(1).compareTo(after.first()) < 0,
                    merged::toString);
        }
    }

    @Property
    void aggregatedPrefixesAreTheFewestWithTheSameAddresses(@ForAll("several") List<IpRange> ranges) {
        List<IpPrefix> prefixes =
                ranges.stream().flatMap(range -> range.prefixes().stream()).toList();
        List<IpPrefix> merged = IpPrefix.aggregate(prefixes);
        assertEquals(all(ranges), allOf(merged));
        assertMinimal(merged);
    }

    @Property
    void subtractionAndIntersectionAreThoseOfSets(@ForAll("near") IpRange one, @ForAll("near") IpRange other) {
        Set<IpAddress> left = all(List.of(one));
        Set<IpAddress> common = all(List.of(one));
        left.removeAll(all(List.of(other)));
        common.retainAll(all(List.of(other)));
        assertEquals(left, all(one.minus(other)));
        assertEquals(common, all(one.intersection(other).stream().toList()));
        assertEquals(!common.isEmpty(), one.overlaps(other));
        assertEquals(common.equals(all(List.of(other))), one.contains(other));
    }

    @Property
    void aPrefixMinusAnotherIsCoveredByTheFewestPrefixes(@ForAll("near") IpRange one, @ForAll("near") IpRange other) {
        for (IpPrefix from : one.prefixes()) {
            for (IpPrefix taken : other.prefixes()) {
                Set<IpAddress> left = allOf(List.of(from));
                left.removeAll(allOf(List.of(taken)));
                assertEquals(left, allOf(from.minus(taken)));
                assertMinimal(from.minus(taken));
            }
        }
    }

    @Provide
    Arbitrary<Long> steps() {
        return new IpArbitraries().steps();
    }

    @Provide
    Arbitrary<Integer> powers() {
        return Arbitraries.integers().between(0, 127);
    }

    @Property
    void blocksAreAddedAsNumbersAre(
            @ForAll IpAddress address, @ForAll("steps") long blocks, @ForAll("powers") int power) {
        int shift = Math.floorMod(power, address.family().bits());
        BigInteger sum = value(address).add(BigInteger.valueOf(blocks).shiftLeft(shift));
        if (sum.signum() < 0 || sum.bitLength() > address.family().bits()) {
            assertThrows(ArithmeticException.class, () -> address.plus(blocks, shift));
        } else {
            assertEquals(sum, value(address.plus(blocks, shift)));
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> address.plus(blocks, address.family().bits()));
        assertThrows(IllegalArgumentException.class, () -> address.plus(blocks, -1));
    }

    @Property
    void stepsAreTheDifferenceOfTheNumbers(@ForAll IpAddress one, @ForAll IpAddress other) {
        if (one.family() != other.family() || one.compareTo(other) > 0) {
            assertThrows(IllegalArgumentException.class, () -> one.stepsTo(other));
        } else {
            BigInteger steps = value(other).subtract(value(one));
            assertEquals(steps.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue(), one.stepsTo(other));
        }
    }

    @Property
    void subnetsFollowEachOtherAndFillTheirPrefix(@ForAll IpPrefix prefix) {
        int length = Math.min(prefix.length() + 5, prefix.family().bits());
        List<IpPrefix> subnets = new ArrayList<>();
        prefix.subnets(length).forEach(subnets::add);
        assertEquals(prefix.count(length), subnets.size());
        assertEquals(List.of(prefix), IpPrefix.aggregate(subnets));
        assertEquals(new ArrayList<>(new TreeSet<>(subnets)), subnets);
        assertEquals(subnets.getLast(), prefix.subnet(length, subnets.size() - 1L));
        assertThrows(IndexOutOfBoundsException.class, () -> prefix.subnet(length, subnets.size()));
        assertThrows(IndexOutOfBoundsException.class, () -> prefix.subnet(length, -1));
    }

    @Property
    void rangesAndCidrsAreSortedByTheirParts(@ForAll("near") IpRange one, @ForAll("near") IpRange other) {
        int byFirst = one.first().compareTo(other.first());
        assertEquals(byFirst != 0 ? byFirst : one.last().compareTo(other.last()), one.compareTo(other));
        IpCidr cidr = IpCidr.of(one.first(), 7);
        assertTrue(cidr.compareTo(IpCidr.of(one.first(), 8)) < 0);
        assertTrue(IpCidr.of(one.first(), 8).compareTo(cidr) > 0);
        if (byFirst != 0) {
            assertEquals(byFirst, cidr.compareTo(IpCidr.of(other.first(), 6)));
        }
    }
}
