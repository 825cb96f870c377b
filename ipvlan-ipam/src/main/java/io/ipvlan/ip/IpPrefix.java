package io.ipvlan.ip;

import java.io.Serializable;
import java.util.Collection;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// A block of addresses that share their leading bits: an address whose host bits are zero, and a length (RFC
/// 4632).
///
/// For an address with its length as an interface carries it, host bits kept, there is [IpCidr]. Prefixes are
/// ordered by address, and of two with the same address the shorter (larger) one comes first.
///
/// @param address the first address of the prefix
/// @param length the number of leading bits shared: 0 to 32 for IPv4, 0 to 128 for IPv6
public record IpPrefix(IpAddress address, int length) implements Comparable<IpPrefix>, Serializable {
    private static final String KIND = "prefix";

    /// Checks the two parts; nothing is corrected.
    ///
    /// @param address the first address of the prefix
    /// @param length the number of leading bits shared
    /// @throws IllegalArgumentException if the family has no such length, or the address has host bits set
    public IpPrefix {
        PrefixLength.check(KIND, address, length);
        checkHostBits(address, length, null);
    }

    /// Reads a prefix; host bits must be zero and the length a plain number without sign or leading zeros.
    ///
    /// @param text a prefix like `10.1.214.0/24` or `2001:db8::/64`
    /// @return the prefix
    /// @throws IllegalArgumentException if the text is not a prefix; if only host bits are set, the message
    /// shows the prefix that was probably meant
    public static IpPrefix parse(String text) {
        IpCidr cidr = PrefixLength.parse(KIND, text);
        checkHostBits(cidr.address(), cidr.length(), text);
        return new IpPrefix(cidr.address(), cidr.length());
    }

    /// The prefix of exactly these two parts.
    ///
    /// @param address the first address of the prefix
    /// @param length the number of leading bits shared
    /// @return the prefix
    /// @throws IllegalArgumentException if the family has no such length, or the address has host bits set
    public static IpPrefix of(IpAddress address, int length) {
        return new IpPrefix(address, length);
    }

    /// The prefix of a length that an address lies in.
    ///
    /// @param address any address
    /// @param length the number of leading bits kept
    /// @return the prefix that contains the address
    /// @throws IllegalArgumentException if the family has no such length
    public static IpPrefix containing(IpAddress address, int length) {
        PrefixLength.check(KIND, address, length);
        return new IpPrefix(withHostBitsCleared(address, length), length);
    }

    /// The family of the addresses.
    ///
    /// @return IPv4 or IPv6
    public IpFamily family() {
        return address.family();
    }

    /// The lowest address: the network address of an IPv4 subnet, the subnet-router anycast address of an
    /// IPv6 one.
    ///
    /// @return the same as [#address()]
    public IpAddress first() {
        return address;
    }

    /// The highest address: the broadcast address of an IPv4 subnet.
    ///
    /// @return the address with all host bits one
    public IpAddress last() {
        return switch (address) {
            case Ipv4Address v4 -> v4.withHostBitsSet(length);
            case Ipv6Address v6 -> v6.withHostBitsSet(length);
        };
    }

    /// Whether an address lies in this prefix; one of the other family never does.
    ///
    /// @param candidate any address
    /// @return true if it does
    public boolean contains(IpAddress candidate) {
        return candidate.family() == family()
                && withHostBitsCleared(candidate, length).equals(address);
    }

    /// Whether every address of another prefix lies in this one; a prefix contains itself.
    ///
    /// @param other any prefix
    /// @return true if it is contained
    public boolean contains(IpPrefix other) {
        return other.length >= length && contains(other.address);
    }

    /// Whether the two have an address in common. Prefixes nest or are apart, so one of them then contains
    /// the other.
    ///
    /// @param other any prefix
    /// @return true if they overlap
    public boolean overlaps(IpPrefix other) {
        return contains(other) || other.contains(this);
    }

    /// How many prefixes of a length there are in this one.
    ///
    /// @param longer a length from that of this prefix to that of an address
    /// @return a power of two; [Long#MAX_VALUE] also for every larger number
    /// @throws IllegalArgumentException if the length is not in that range
    public long count(int longer) {
        checkLonger(longer);
        return longer - length >= Long.SIZE - 1 ? Long.MAX_VALUE : 1L << (longer - length);
    }

    /// The prefix of a length at a place in this one.
    ///
    /// @param longer a length from that of this prefix to that of an address
    /// @param index the place, 0 for the lowest; less than [#count(int)]
    /// @return a prefix inside this one
    /// @throws IllegalArgumentException if the length is not in that range
    /// @throws IndexOutOfBoundsException if there are not so many
    public IpPrefix subnet(int longer, long index) {
        long count = count(longer);
        if (index < 0 || index >= count) {
            throw new IndexOutOfBoundsException(
                    "subnet " + index + " of " + this + " in /" + longer + "s: there are " + count);
        }
        return index == 0
                ? new IpPrefix(address, longer)
                : new IpPrefix(address.plus(index, family().bits() - longer), longer);
    }

    /// All prefixes of a length in this one, in ascending order, made one by one.
    ///
    /// @param longer a length from that of this prefix to that of an address
    /// @return the prefixes; of more than [Long#MAX_VALUE] only that many
    /// @throws IllegalArgumentException if the length is not in that range
    public Iterable<IpPrefix> subnets(int longer) {
        long count = count(longer);
        return () -> LongStream.range(0, count)
                .mapToObj(index -> subnet(longer, index))
                .iterator();
    }

    /// The addresses of this prefix that are not in another.
    ///
    /// @param other any prefix
    /// @return the fewest prefixes that have exactly those addresses, in ascending order; this prefix alone if
    /// the two have none in common, nothing if the other contains this one
    public List<IpPrefix> minus(IpPrefix other) {
        return IpRange.of(this).minus(IpRange.of(other)).stream()
                .flatMap(range -> range.prefixes().stream())
                .toList();
    }

    /// The fewest prefixes that have exactly the addresses of some prefixes.
    ///
    /// @param prefixes prefixes of both families in any order; they may overlap
    /// @return prefixes in ascending order, none of which overlaps another
    public static List<IpPrefix> aggregate(Collection<IpPrefix> prefixes) {
        return IpRange.aggregate(prefixes.stream().map(IpRange::of).toList()).stream()
                .flatMap(range -> range.prefixes().stream())
                .toList();
    }

    /// Orders by address, then the shorter length first.
    ///
    /// @param other a prefix of either family
    /// @return negative, zero or positive as this prefix comes before, is equal to or comes after the other
    @Override
    public int compareTo(IpPrefix other) {
        int order = address.compareTo(other.address);
        return order != 0 ? order : Integer.compare(length, other.length);
    }

    /// The prefix as [#parse] reads it.
    ///
    /// @return address, slash and length
    @Override
    public String toString() {
        return address + "/" + length;
    }

    private void checkLonger(int longer) {
        if (longer < length || longer > family().bits()) {
            throw new IllegalArgumentException("prefix " + this + " has no /" + longer + "s: choose a length from "
                    + length + " to " + family().bits());
        }
    }

    /// @param text what was read; null if nothing was
    private static void checkHostBits(IpAddress address, int length, @Nullable String text) {
        IpAddress cleared = withHostBitsCleared(address, length);
        if (!cleared.equals(address)) {
            String shown = text == null ? address + "/" + length : text;
            throw BadText.of(KIND, shown, "has host bits set", "did you mean " + cleared + "/" + length + "?");
        }
    }

    private static IpAddress withHostBitsCleared(IpAddress address, int length) {
        return switch (address) {
            case Ipv4Address v4 -> v4.withHostBitsCleared(length);
            case Ipv6Address v6 -> v6.withHostBitsCleared(length);
        };
    }
}
