package io.ipvlan.ip;

import java.io.Serializable;

/// An address together with the length of the prefix it lies in, as an interface carries it (RFC 4632
/// notation).
///
/// Unlike those of an [IpPrefix], the host bits are kept.
///
/// @param address the address itself
/// @param length the length of its prefix: 0 to 32 for IPv4, 0 to 128 for IPv6
public record IpCidr(IpAddress address, int length) implements Serializable {
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

    /// Address and length as [#parse] reads them.
    ///
    /// @return address, slash and length
    @Override
    public String toString() {
        return address + "/" + length;
    }
}
