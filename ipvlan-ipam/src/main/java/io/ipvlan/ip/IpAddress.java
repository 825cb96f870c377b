package io.ipvlan.ip;

import java.io.Serializable;

/// An address of either IP family.
///
/// Addresses are ordered: every IPv4 address before every IPv6 address, and within a family by unsigned
/// value. An IPv4 address and the IPv6 address that maps it (`::ffff:0:0/96`) are different values. No
/// address carries a zone.
public sealed interface IpAddress extends Comparable<IpAddress>, Serializable permits Ipv4Address, Ipv6Address {
    /// Reads an address of either family: a text with a colon as IPv6, any other as IPv4.
    ///
    /// @param text an address as [Ipv4Address#parse] or [Ipv6Address#parse] accepts it
    /// @return the address
    /// @throws IllegalArgumentException if the text is not exactly one address; no name is resolved
    static IpAddress parse(String text) {
        if (text.indexOf(':') >= 0) {
            return Ipv6Address.parse(text);
        }
        if (text.indexOf('.') >= 0) {
            return Ipv4Address.parse(text);
        }
        throw BadText.of(
                "address",
                text,
                text.isEmpty() ? "is empty" : "is neither IPv4 nor IPv6",
                "write an address like 192.0.2.1 or 2001:db8::1");
    }

    /// Makes an address of its bytes in network order, as [#toBytes()] returns them.
    ///
    /// @param bytes 4 bytes for IPv4, 16 for IPv6; not kept
    /// @return the address
    /// @throws IllegalArgumentException if there are neither 4 nor 16 bytes
    static IpAddress ofBytes(byte[] bytes) {
        return switch (bytes.length) {
            case Ipv4Address.BYTES -> new Ipv4Address((int) bigEndian(bytes, 0, Integer.BYTES));
            case Ipv6Address.BYTES ->
                new Ipv6Address(bigEndian(bytes, 0, Long.BYTES), bigEndian(bytes, Long.BYTES, Long.BYTES));
            default ->
                throw new IllegalArgumentException(
                        "an address of " + bytes.length + " bytes: give 4 bytes for IPv4 or 16 for IPv6");
        };
    }

    private static long bigEndian(byte[] bytes, int from, int count) {
        long value = 0;
        for (int at = from; at < from + count; at++) {
            value = value << Byte.SIZE | (bytes[at] & 0xff);
        }
        return value;
    }

    /// The family of this address.
    ///
    /// @return IPv4 or IPv6
    IpFamily family();

    /// The address in network byte order.
    ///
    /// @return a new array of 4 or 16 bytes
    byte[] toBytes();

    /// The address a number of steps further up, or down for a negative number.
    ///
    /// @param steps the distance to the result
    /// @return an address of the same family
    /// @throws ArithmeticException if the result would lie below the first or above the last address of the
    /// family
    IpAddress plus(long steps);

    /// The address a number of blocks further up, or down for a negative number; a block is a power of two of
    /// addresses.
    ///
    /// @param blocks the distance to the result, in blocks
    /// @param shift the power: a block has two to the power `shift` addresses; from 0 to the bits of the
    /// family less one
    /// @return an address of the same family
    /// @throws ArithmeticException if the result would lie below the first or above the last address of the
    /// family
    /// @throws IllegalArgumentException if the family has no such power
    IpAddress plus(long blocks, int shift);

    /// The number of steps up to an address of the same family that is not lower.
    ///
    /// @param other the same address or a higher one
    /// @return at least 0; [Long#MAX_VALUE] also for every larger number
    /// @throws IllegalArgumentException if the other address is lower or of the other family
    default long stepsTo(IpAddress other) {
        if (other.family() != family() || compareTo(other) > 0) {
            throw new IllegalArgumentException("no number of steps up leads from " + this + " to " + other
                    + ": give an address of the same family that is not lower");
        }
        return switch (this) {
            case Ipv4Address from -> from.stepsUp((Ipv4Address) other);
            case Ipv6Address from -> from.stepsUp((Ipv6Address) other);
        };
    }

    /// Whether this is a multicast address: `224.0.0.0/4` (RFC 5771) or `ff00::/8` (RFC 4291, 2.7).
    ///
    /// @return true for a multicast address
    boolean isMulticast();

    /// Whether this is a loopback address: `127.0.0.0/8` (RFC 1122, 3.2.1.3) or `::1` (RFC 4291, 2.5.3). An
    /// IPv4-mapped IPv6 address is none.
    ///
    /// @return true for a loopback address
    boolean isLoopback();

    /// Whether this is the address that stands for the absence of one: `0.0.0.0` or `::` (RFC 4291, 2.5.2).
    ///
    /// @return true for the address whose bits are all zero
    boolean isUnspecified();

    /// Whether this is a link-local address: `169.254.0.0/16` (RFC 3927) or `fe80::/10` (RFC 4291, 2.5.6).
    ///
    /// @return true for a link-local unicast address
    boolean isLinkLocal();

    /// Whether this is the limited broadcast address `255.255.255.255` (RFC 919); IPv6 has none.
    ///
    /// @return true for the IPv4 address whose bits are all one
    boolean isBroadcast();

    /// Whether the address can be that of one host: neither unspecified, nor multicast, nor the limited
    /// broadcast.
    ///
    /// A loopback address is unicast. The answer knows no subnet, so the broadcast address of one counts as
    /// unicast.
    ///
    /// @return true if an interface may carry the address
    default boolean isUnicast() {
        return !isUnspecified() && !isMulticast() && !isBroadcast();
    }
}
