package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ip.Ipv4Address;
import io.ipvlan.ip.Ipv6Address;
import java.util.List;
import java.util.random.RandomGenerator;

/// Addresses at random.
final class Randomly {
    private Randomly() {}

    /// An address of some ranges, each as likely as any other.
    static IpAddress in(List<IpRange> ranges, RandomGenerator random) {
        return in(ranges.size() == 1 ? ranges.getFirst() : range(ranges, random), random);
    }

    private static IpRange range(List<IpRange> ranges, RandomGenerator random) {
        double total = 0;
        for (IpRange range : ranges) {
            total += size(range);
        }
        double place = random.nextDouble() * total;
        for (IpRange range : ranges.subList(0, ranges.size() - 1)) {
            place -= size(range);
            if (place < 0) {
                return range;
            }
        }
        return ranges.getLast();
    }

    private static double size(IpRange range) {
        double high = (double) (Segment.high(range.last()) - Segment.high(range.first()));
        return high * 0x1p64 + unsigned(Segment.low(range.last())) - unsigned(Segment.low(range.first())) + 1;
    }

    private static double unsigned(long value) {
        return (double) (value >>> 1) * 2 + (value & 1);
    }

    private static IpAddress in(IpRange range, RandomGenerator random) {
        return switch (range.first()) {
            case Ipv4Address from -> from.plus(random.nextLong(range.size()));
            case Ipv6Address from -> in(from, (Ipv6Address) range.last(), random);
        };
    }

    private static Ipv6Address in(Ipv6Address from, Ipv6Address to, RandomGenerator random) {
        long mostHigh = to.high() - from.high() - (Long.compareUnsigned(to.low(), from.low()) < 0 ? 1 : 0);
        long mostLow = to.low() - from.low();
        long highMask = mask(mostHigh);
        long lowMask = mostHigh == 0 ? mask(mostLow) : -1;
        while (true) {
            long high = random.nextLong() & highMask;
            long low = random.nextLong() & lowMask;
            int order = Long.compareUnsigned(high, mostHigh);
            if (order < 0 || (order == 0 && Long.compareUnsigned(low, mostLow) <= 0)) {
                long sum = from.low() + low;
                return new Ipv6Address(from.high() + high + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0), sum);
            }
        }
    }

    /// The bits that a number up to this one may have: fewer than half of what they can say is too large.
    private static long mask(long most) {
        return most == 0 ? 0 : -1L >>> Long.numberOfLeadingZeros(most);
    }
}
