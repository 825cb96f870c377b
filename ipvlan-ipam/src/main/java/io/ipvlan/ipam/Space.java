package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ip.Ipv6Address;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// All addresses of a subnet: which of them are handed out without being asked for, and which of those are
/// taken. Made of segments, one of them in almost every pool. Not for several threads at once.
final class Space {
    private final List<IpRange> automatic;
    /// The segments by their numbers, and by their first bits unless there is but one for all addresses.
    private final List<Segment> segments;

    private final Map<Long, Segment> segmentOf;
    private final @Nullable Segment only;

    private final Tally tally;

    private @Nullable Segment foundIn;

    /// @param tally gets what is found as [Tally#FOUND]
    Space(IpPrefix prefix, List<IpRange> automatic, Tally tally) {
        this.automatic = automatic;
        this.tally = tally;
        boolean single = prefix.family() == IpFamily.IPV4 || prefix.length() >= Long.SIZE;
        this.only = single ? make(0, prefix.first()) : null;
        this.segments = only != null ? List.of(only) : new ArrayList<>();
        this.segmentOf = single ? Map.of() : new HashMap<>();
    }

    /// How many automatic addresses there are.
    BigInteger automaticSize() {
        return automatic.stream().map(Sizes::of).reduce(BigInteger.ZERO, BigInteger::add);
    }

    /// The addresses that are handed out without being asked for: ranges in ascending order with gaps
    /// between.
    List<IpRange> automatic() {
        return automatic;
    }

    boolean isAutomatic(IpAddress address) {
        return isAutomatic(Segment.high(address), Segment.low(address));
    }

    boolean isAutomatic(long high, long low) {
        int at = rangeAt(high, low);
        return at < automatic.size() && compare(automatic.get(at).first(), high, low) <= 0;
    }

    private static int compare(IpAddress address, long high, long low) {
        int order = Long.compareUnsigned(Segment.high(address), high);
        return order != 0 ? order : Long.compareUnsigned(Segment.low(address), low);
    }

    /// Whether an address of the subnet lies in a segment in which anything was ever taken or looked for.
    boolean reaches(IpAddress address) {
        return only != null || segmentOf.containsKey(Segment.high(address));
    }

    /// The segment of an address of the subnet, which is made if there is none.
    Segment segmentOf(IpAddress address) {
        return only != null ? only : segment(Segment.high(address));
    }

    private Segment segment(long high) {
        return segmentOf.computeIfAbsent(high, absent -> {
            Segment made = make(segments.size(), new Ipv6Address(absent, 0));
            segments.add(made);
            return made;
        });
    }

    /// The segment of a number.
    Segment segment(int number) {
        return only != null ? only : segments.get(number);
    }

    /// The segments in which anything was ever taken or looked for.
    List<Segment> segments() {
        return Collections.unmodifiableList(segments);
    }

    /// A segment in which everything is taken that is not automatic.
    ///
    /// @param number its number
    /// @param address an address of the segment
    private Segment make(int number, IpAddress address) {
        long high = Segment.high(address);
        List<IpRange> inside = new ArrayList<>();
        for (int at = rangeAt(high, 0); at < automatic.size(); at++) {
            IpRange range = automatic.get(at);
            if (Long.compareUnsigned(Segment.high(range.first()), high) > 0) {
                break;
            }
            inside.add(range);
        }
        if (inside.isEmpty()) {
            return Segment.withoutAutomatic(number, address);
        }
        IpAddress base = within(inside.getFirst().first(), high, 0);
        Segment segment = new Segment(number, base, within(inside.getLast().last(), high, -1));
        for (int at = 1; at < inside.size(); at++) {
            segment.exclude(
                    Segment.low(inside.get(at - 1).last()) + 1,
                    Segment.low(inside.get(at).first()) - 1);
        }
        return segment;
    }

    /// An address, or the end of the segment that lies on its side.
    private static IpAddress within(IpAddress address, long high, long end) {
        return Segment.high(address) == high ? address : new Ipv6Address(high, end);
    }

    /// The first range that does not end before a place.
    private int rangeAt(long high, long low) {
        int from = 0;
        int to = automatic.size();
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (compare(automatic.get(middle).last(), high, low) < 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    /// Looks for the lowest automatic address that is not taken; [#foundIn()] and [#found()] are it.
    boolean findFirst() {
        return !automatic.isEmpty() && findFrom(automatic.getFirst().first());
    }

    private boolean findFrom(IpAddress address) {
        return find(Segment.high(address), Segment.low(address));
    }

    /// The same behind an address; behind the last of all it begins anew.
    boolean findBehind(Segment segment, long index) {
        long next = index + 1;
        return find(next == 0 ? segment.high + 1 : segment.high, next);
    }

    private boolean find(long high, long low) {
        if (only != null) {
            if (foundIn == null) {
                foundIn = only;
            }
            return !automatic.isEmpty() && only.find(low, tally);
        }
        long from = high;
        long index = low;
        for (int at = rangeAt(from, index); at < automatic.size(); at = rangeAt(from, index)) {
            long first = Segment.high(automatic.get(at).first());
            long here = Long.compareUnsigned(first, from) > 0 ? first : from;
            Segment segment = segment(here);
            foundIn = segment;
            if (segment.find(here == from ? index : 0, tally)) {
                return true;
            }
            if (here == -1) {
                return false;
            }
            from = here + 1;
            index = 0;
        }
        return false;
    }

    /// Looks for an automatic address that is not taken, at random: a few are tried, and then the next one
    /// that is free.
    boolean findAny(RandomGenerator random) {
        if (automatic.isEmpty()) {
            return false;
        }
        for (int tries = 0; tries < 4; tries++) {
            IpAddress address = Randomly.in(automatic, random);
            long low = Segment.low(address);
            if (findFrom(address) && (found() == low || tries == 3)) {
                return true;
            }
        }
        return findFirst();
    }

    /// The segment of what was found last.
    Segment foundIn() {
        if (foundIn == null) {
            throw new IllegalStateException("nothing was looked for");
        }
        return foundIn;
    }

    /// What was found last.
    long found() {
        return tally.get(Tally.FOUND);
    }
}
