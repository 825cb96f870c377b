package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpRange;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// How a pool is used, in numbers.
final class Usages {
    /// What was taken in a segment at one moment.
    record Taken(Segment segment, Bits bits) {
        private void addTo(List<IpRange> ranges) {
            for (Bits.Run run : bits.runs()) {
                ranges.add(IpRange.of(
                        segment.address(segment.base() + run.first()), segment.address(segment.base() + run.last())));
            }
        }
    }

    private Usages() {}

    /// All but the largest hole: what was counted all along.
    static PoolUsage counted(Ledger ledger) {
        BigInteger size = Sizes.of(IpRange.of(ledger.subnet.prefix()));
        long reserved = reserved(ledger);
        BigInteger known = ledger.freeSize()
                .add(BigInteger.valueOf(ledger.held()))
                .add(BigInteger.valueOf(ledger.notes().cooling.size()))
                .add(BigInteger.valueOf(ledger.quarantined()))
                .add(BigInteger.valueOf(reserved));
        return new PoolUsage(
                size,
                ledger.held(),
                ledger.pending(),
                ledger.notes().cooling.size(),
                ledger.quarantined(),
                reserved,
                size.subtract(known),
                ledger.freeSize(),
                Optional.empty());
    }

    private static long reserved(Ledger ledger) {
        Set<IpAddress> reserved = new TreeSet<>(ledger.subnet.reserved().keySet());
        ledger.subnet.gateway().ifPresent(reserved::add);
        // Nothing else is known of a withheld address.
        reserved.addAll(ledger.notes().withheld);
        return reserved.stream()
                .filter(address -> ledger.find(address) == Entries.NONE)
                .count();
    }

    static List<Taken> taken(Space space) {
        return space.segments().stream()
                .map(segment -> new Taken(segment, segment.copyOfTaken()))
                .toList();
    }

    static PoolUsage withHole(PoolUsage counted, Space space, List<Taken> taken) {
        Optional<IpRange> largest = Optional.empty();
        BigInteger most = BigInteger.ZERO;
        for (IpRange hole : holes(space.automatic(), taken)) {
            BigInteger size = Sizes.of(hole);
            if (size.compareTo(most) > 0) {
                most = size;
                largest = Optional.of(hole);
            }
        }
        return new PoolUsage(
                counted.size(),
                counted.held(),
                counted.pending(),
                counted.cooling(),
                counted.quarantined(),
                counted.reserved(),
                counted.excluded(),
                counted.free(),
                largest);
    }

    /// All runs of free addresses, in ascending order.
    static List<IpRange> holes(List<IpRange> automatic, List<Taken> taken) {
        List<IpRange> ranges = new ArrayList<>();
        taken.forEach(segment -> segment.addTo(ranges));
        return Ranges.minus(automatic, IpRange.aggregate(ranges));
    }
}
