package io.ipvlan.ip;

import java.io.Serializable;

/// An address together with the length of the prefix it lies in, as an interface carries it (RFC 4632
/// notation).
///
/// Unlike those of an [IpPrefix], the host bits are kept. Ordered by address, and of two with the same address
/// the shorter length comes first.
///
/// @param address the address itself
/// @param length the length of its prefix: 0 to 32 for IPv4, 0 to 128 for IPv6
public record IpCidr(IpAddress address, int length) implements Comparable<IpCidr>, Serializable {
    private static final String KIND = "CIDR address";

    /// Checks the two parts.
    ///
    /// @param address the address itself
    /// @param length the length of its prefix
    /// @throws IllegalArgumentException if the family has no such length
    public IpCidr {
        PrefixLength.check(KIND, address, length);
    }

    /// Reads an address and a length; neither has a default.
    ///
    /// @param text an address with its length like `10.1.214.10/24`
    /// @return the address with its length
    /// @throws IllegalArgumentException if the text is not an address, a slash and a plain number without
    /// sign or leading zeros
    public static IpCidr parse(String text) {
        return PrefixLength.parse(KIND, text);
    }

    /// An address with its length.
    ///
    /// @param address the address itself
    /// @param length the length of its prefix
    /// @return both
    /// @throws IllegalArgumentException if the family has no such length
    public static IpCidr of(IpAddress address, int length) {
        return new IpCidr(address, length);
    }

    /// The prefix the address lies in.
    ///
    /// @return the address with its host bits cleared, and the same length
    public IpPrefix prefix() {
        return IpPrefix.containing(address, length);
    }

    /// The family of the address.
    ///
    /// @return IPv4 or IPv6
    public IpFamily family() {
        return address.family();
    }

    /// Orders by address, then the shorter length first.
    ///
    /// @param other an address with its length, of either family
    /// @return negative, zero or positive as this one comes before, is equal to or comes after the other
    @Override
    public int compareTo(IpCidr other) {
        int order = address.compareTo(other.address);
        return order != 0 ? order : Integer.compare(length, other.length);
    }

    /// Address and length as [#parse] reads them.
    ///
    /// @return address, slash and length
    @Override
    public String toString() {
        return address + "/" + length;
    }
}
