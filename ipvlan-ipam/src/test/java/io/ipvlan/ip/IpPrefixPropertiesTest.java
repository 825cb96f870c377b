package io.ipvlan.ip;

import static io.ipvlan.ip.IpArbitraries.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;

@Domain(IpArbitraries.class)
class IpPrefixPropertiesTest {
    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    @Property
    void aFormattedPrefixParsesToItself(@ForAll IpPrefix prefix) {
        assertEquals(prefix, IpPrefix.parse(prefix.toString()));
        assertEquals(prefix, IpCidr.parse(prefix.toString()).prefix());
    }

    @Property
    void aPrefixHasAPowerOfTwoOfAddresses(@ForAll IpPrefix prefix) {
        assertEquals(
                size(prefix),
                value(prefix.last()).subtract(value(prefix.first())).add(BigInteger.ONE));
        assertEquals(
                size(prefix).min(LARGEST).longValueExact(), IpRange.of(prefix).size());
    }

    @Property
    void aPrefixContainsWhatLiesBetweenItsEnds(@ForAll IpPrefix prefix, @ForAll IpAddress address) {
        for (IpAddress near : new IpAddress[] {address, prefix.first(), prefix.last()}) {
            boolean expected = near.family() == prefix.family()
                    && value(near).compareTo(value(prefix.first())) >= 0
                    && value(near).compareTo(value(prefix.last())) <= 0;
            assertEquals(expected, prefix.contains(near));
            assertEquals(expected, IpRange.of(prefix).contains(near));
        }
    }

    @Property
    void prefixesRelateAsTheirIntervalsDo(@ForAll IpPrefix one, @ForAll IpPrefix any, @ForAll IpAddress address) {
        // Two prefixes at random hardly ever meet: also take one around, and one inside.
        IpPrefix around = IpPrefix.containing(one.first(), one.length() / 2);
        IpPrefix inside = IpPrefix.containing(one.last(), Math.min(one.family().bits(), one.length() + 3));
        for (IpPrefix other : new IpPrefix[] {any, around, inside, one}) {
            boolean family = one.family() == other.family();
            boolean starts = value(one.first()).compareTo(value(other.first())) <= 0;
            boolean ends = value(other.last()).compareTo(value(one.last())) <= 0;
            boolean meets = value(one.first()).compareTo(value(other.last())) <= 0
                    && value(other.first()).compareTo(value(one.last())) <= 0;
            assertEquals(family && starts && ends, one.contains(other));
            assertEquals(family && meets, one.overlaps(other));
            assertEquals(family && meets, IpRange.of(one).overlaps(IpRange.of(other)));
        }
    }

    @Property
    void everyAddressLiesInItsPrefixOfEveryLength(@ForAll IpAddress address) {
        for (int length = 0; length <= address.family().bits(); length++) {
            IpPrefix prefix = IpPrefix.containing(address, length);
            int hostBits = address.family().bits() - length;
            assertTrue(prefix.contains(address));
            assertEquals(value(address).shiftRight(hostBits).shiftLeft(hostBits), value(prefix.first()));
            assertEquals(
                    value(prefix.first()).add(size(prefix)),
                    value(prefix.last()).add(BigInteger.ONE));
        }
    }

    @Property
    void aRangeHasAsManyAddressesAsTheNumbersBetween(@ForAll IpAddress one, @ForAll IpAddress other) {
        if (one.family() == other.family()) {
            IpRange range = one.compareTo(other) < 0 ? IpRange.of(one, other) : IpRange.of(other, one);
            BigInteger size = value(range.last()).subtract(value(range.first())).add(BigInteger.ONE);
            assertEquals(size.min(LARGEST).longValueExact(), range.size());
            assertEquals(range, IpRange.parse(range.toString()));
        }
    }

    private static BigInteger size(IpPrefix prefix) {
        return BigInteger.ONE.shiftLeft(prefix.family().bits() - prefix.length());
    }
}
