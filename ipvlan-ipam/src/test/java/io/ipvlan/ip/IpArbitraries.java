package io.ipvlan.ip;

import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/// Addresses and prefixes of both families, with many zero groups and many neighbours.
class IpArbitraries extends DomainContextBase {
    @Provide
    Arbitrary<Ipv4Address> ipv4() {
        return Arbitraries.oneOf(
                        Arbitraries.integers(),
                        Arbitraries.integers().between(-300, 300),
                        Arbitraries.of(0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE))
                .map(Ipv4Address::new);
    }

    @Provide
    Arbitrary<Ipv6Address> ipv6() {
        Arbitrary<Integer> group = Arbitraries.frequencyOf(
                Tuple.of(3, Arbitraries.just(0)),
                Tuple.of(1, Arbitraries.just(0xffff)),
                Tuple.of(2, Arbitraries.integers().between(0, 0xffff)));
        Arbitrary<Ipv6Address> grouped = group.list()
                .ofSize(8)
                .map(groups -> ofValue(groups.stream()
                        .reduce(
                                BigInteger.ZERO,
                                (sum, next) -> sum.shiftLeft(16).add(BigInteger.valueOf(next)),
                                BigInteger::add)));
        Arbitrary<Ipv6Address> mapped =
                ipv4().map(v4 -> new Ipv6Address(0, 0xffff_0000_0000L | Integer.toUnsignedLong(v4.bits())));
        return Arbitraries.frequencyOf(Tuple.of(8, grouped), Tuple.of(1, mapped));
    }

    @Provide
    Arbitrary<IpAddress> addresses() {
        return Arbitraries.oneOf(ipv4(), ipv6());
    }

    @Provide
    Arbitrary<IpPrefix> prefixes() {
        return addresses()
                .flatMap(address -> Arbitraries.integers()
                        .between(0, address.family().bits())
                        .map(length -> IpPrefix.containing(address, length)));
    }

    @Provide
    Arbitrary<Long> steps() {
        return Arbitraries.oneOf(
                Arbitraries.longs(),
                Arbitraries.longs().between(-300, 300),
                Arbitraries.of(0L, 1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    static BigInteger value(IpAddress address) {
        return new BigInteger(1, address.toBytes());
    }

    private static Ipv6Address ofValue(BigInteger value) {
        return new Ipv6Address(value.shiftRight(64).longValue(), value.longValue());
    }
}
