package io.ipvlan.ip;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// All addresses from one to another of the same family, both included; never empty.
///
/// Ranges are ordered by their first address, and of two with the same the shorter one comes first.
///
/// @param first the lowest address
/// @param last the highest address
public record IpRange(IpAddress first, IpAddress last) implements Comparable<IpRange>, Serializable {
    private static final String KIND = "range";

    /// Checks that the two ends make a range.
    ///
    /// @param first the lowest address
    /// @param last the highest address
    /// @throws IllegalArgumentException if the families differ or the last address is below the first
    public IpRange {
        checkEnds(first, last, first + "-" + last);
    }

    /// Reads two addresses with a hyphen between, without spaces.
    ///
    /// @param text a range like `10.1.214.100-10.1.214.199`
    /// @return the range
    /// @throws IllegalArgumentException if the text is not two addresses of one family in ascending order
    public static IpRange parse(String text) {
        int hyphen = text.indexOf('-');
        if (hyphen < 0) {
            throw BadText.of(
                    KIND, text, "has no hyphen", "write its first and last address like 192.0.2.10-192.0.2.19");
        }
        IpAddress first;
        IpAddress last;
        try {
            first = IpAddress.parse(text.substring(0, hyphen));
            last = IpAddress.parse(text.substring(hyphen + 1));
        } catch (IllegalArgumentException e) {
            throw BadText.within(KIND, text, e);
        }
        checkEnds(first, last, text);
        return new IpRange(first, last);
    }

    /// The range between two addresses.
    ///
    /// @param first the lowest address
    /// @param last the highest address
    /// @return the range
    /// @throws IllegalArgumentException if the families differ or the last address is below the first
    public static IpRange of(IpAddress first, IpAddress last) {
        return new IpRange(first, last);
    }

    /// All addresses of a prefix.
    ///
    /// @param prefix any prefix
    /// @return the range from its first to its last address
    public static IpRange of(IpPrefix prefix) {
        return new IpRange(prefix.first(), prefix.last());
    }

    /// The family of the addresses.
    ///
    /// @return IPv4 or IPv6
    public IpFamily family() {
        return first.family();
    }

    /// How many addresses the range has.
    ///
    /// @return at least 1; [Long#MAX_VALUE] also for every larger number
    public long size() {
        long steps = first.stepsTo(last);
        return steps == Long.MAX_VALUE ? steps : steps + 1;
    }

    /// Whether an address lies in this range; one of the other family never does.
    ///
    /// @param candidate any address
    /// @return true if it does
    public boolean contains(IpAddress candidate) {
        // The order puts a whole family before the other, so no address of one lies between two of the other.
        return first.compareTo(candidate) <= 0 && candidate.compareTo(last) <= 0;
    }

    /// Whether the two have an address in common.
    ///
    /// @param other any range
    /// @return true if they overlap
    public boolean overlaps(IpRange other) {
        return first.compareTo(other.last) <= 0 && other.first.compareTo(last) <= 0;
    }

    /// Whether every address of another range lies in this one; a range contains itself.
    ///
    /// @param other any range
    /// @return true if it is contained
    public boolean contains(IpRange other) {
        return contains(other.first) && contains(other.last);
    }

    /// The addresses the two have in common.
    ///
    /// @param other any range
    /// @return one range; empty if they have none in common
    public Optional<IpRange> intersection(IpRange other) {
        return overlaps(other)
                ? Optional.of(new IpRange(higher(first, other.first), lower(last, other.last)))
                : Optional.empty();
    }

    /// The addresses of this range that are not in another.
    ///
    /// @param other any range
    /// @return what is left below and above it, in ascending order: up to two ranges
    public List<IpRange> minus(IpRange other) {
        if (!overlaps(other)) {
            return List.of(this);
        }
        List<IpRange> left = new ArrayList<>(2);
        if (first.compareTo(other.first) < 0) {
            left.add(new IpRange(first, other.first.plus(-1)));
        }
        if (other.last.compareTo(last) < 0) {
            left.add(new IpRange(other.last.plus(1), last));
        }
        return List.copyOf(left);
    }

    /// The fewest ranges that have exactly the addresses of some ranges.
    ///
    /// @param ranges ranges of both families in any order; they may overlap
    /// @return ranges in ascending order, none of which overlaps or touches another
    public static List<IpRange> aggregate(Collection<IpRange> ranges) {
        List<IpRange> merged = new ArrayList<>();
        for (IpRange range : ranges.stream().sorted().toList()) {
            IpRange before = merged.isEmpty() ? null : merged.getLast();
            if (before != null && before.reaches(range.first)) {
                merged.set(merged.size() - 1, new IpRange(before.first, higher(before.last, range.last)));
            } else {
                merged.add(range);
            }
        }
        return List.copyOf(merged);
    }

    // The last address of a family has no next one: step only towards an address known to be higher.
    private boolean reaches(IpAddress address) {
        return address.compareTo(last) <= 0
                || (address.family() == family() && last.plus(1).equals(address));
    }

    /// The fewest prefixes that have exactly the addresses of this range.
    ///
    /// @return prefixes in ascending order: one if the range is a prefix, and never more than two for each bit
    /// of an address
    public List<IpPrefix> prefixes() {
        List<IpPrefix> cover = new ArrayList<>();
        IpAddress from = first;
        while (true) {
            IpPrefix largest = largestPrefixAt(from);
            cover.add(largest);
            if (largest.last().equals(last)) {
                return List.copyOf(cover);
            }
            from = largest.last().plus(1);
        }
    }

    private IpPrefix largestPrefixAt(IpAddress from) {
        int zeros = switch (from) {
            case Ipv4Address v4 -> v4.trailingZeros();
            case Ipv6Address v6 -> v6.trailingZeros();
        };
        IpPrefix prefix = new IpPrefix(from, family().bits() - zeros);
        while (prefix.last().compareTo(last) > 0) {
            prefix = new IpPrefix(from, prefix.length() + 1);
        }
        return prefix;
    }

    /// All addresses of this range, in ascending order, made one by one.
    ///
    /// @return the addresses; iterating over more than one can count never ends
    public Iterable<IpAddress> addresses() {
        return () -> Stream.iterate(
                        Optional.of(first),
                        Optional::isPresent,
                        address -> address.filter(one -> !one.equals(last)).map(one -> one.plus(1)))
                .map(Optional::orElseThrow)
                .iterator();
    }

    private static IpAddress higher(IpAddress one, IpAddress other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static IpAddress lower(IpAddress one, IpAddress other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /// Orders by first address, then the shorter range first.
    ///
    /// @param other a range of either family
    /// @return negative, zero or positive as this range comes before, is equal to or comes after the other
    @Override
    public int compareTo(IpRange other) {
        int order = first.compareTo(other.first);
        return order != 0 ? order : last.compareTo(other.last);
    }

    /// The range as [#parse] reads it.
    ///
    /// @return first address, hyphen and last address
    @Override
    public String toString() {
        return first + "-" + last;
    }

    private static void checkEnds(IpAddress first, IpAddress last, String text) {
        if (first.family() != last.family()) {
            throw BadText.of(KIND, text, "mixes IPv4 and IPv6", "give two addresses of one family");
        }
        if (first.compareTo(last) > 0) {
            throw BadText.of(KIND, text, "ends below its start", "did you mean " + last + "-" + first + "?");
        }
    }
}
