package io.ipvlan.ip;

import java.io.Serializable;

/// All addresses from one to another of the same family, both included; never empty.
///
/// @param first the lowest address
/// @param last the highest address
public record IpRange(IpAddress first, IpAddress last) implements Serializable {
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
        long steps = switch (first) {
            case Ipv4Address from -> from.stepsTo((Ipv4Address) last);
            case Ipv6Address from -> from.stepsTo((Ipv6Address) last);
        };
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
