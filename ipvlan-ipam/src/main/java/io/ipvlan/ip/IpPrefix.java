package io.ipvlan.ip;

import java.io.Serializable;
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
