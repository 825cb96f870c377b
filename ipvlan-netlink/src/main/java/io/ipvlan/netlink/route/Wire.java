package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.Ipv4Address;
import io.ipvlan.ip.Ipv6Address;
import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.internal.Uapi;
import org.jspecify.annotations.Nullable;

/// Numbers and addresses as rtnetlink carries them: numbers in the machine's byte order, addresses as a
/// family number, and bytes in network order.
final class Wire {
    private static final IpAddress UNSPECIFIED_IPV4 = new Ipv4Address(0);
    private static final IpAddress UNSPECIFIED_IPV6 = new Ipv6Address(0, 0);

    private Wire() {}

    static boolean isIp(int family) {
        return family == Uapi.AF_INET || family == Uapi.AF_INET6;
    }

    static int number(IpFamily family) {
        return switch (family) {
            case IPV4 -> Uapi.AF_INET;
            case IPV6 -> Uapi.AF_INET6;
        };
    }

    static IpAddress unspecified(IpFamily family) {
        return switch (family) {
            case IPV4 -> UNSPECIFIED_IPV4;
            case IPV6 -> UNSPECIFIED_IPV6;
        };
    }

    // Numbers in byte arrays: little-endian, as every processor supported is. By hand, because in a program that
    // has just begun, and is interpreted, a VarHandle takes many times as long.

    static int get16(byte[] bytes, int at) {
        return Byte.toUnsignedInt(bytes[at]) | Byte.toUnsignedInt(bytes[at + 1]) << 8;
    }

    static int get32(byte[] bytes, int at) {
        return get16(bytes, at) | get16(bytes, at + 2) << 16;
    }

    static void put16(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >> 8);
    }

    static void put32(byte[] bytes, int at, int value) {
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >> 8);
        bytes[at + 2] = (byte) (value >> 16);
        bytes[at + 3] = (byte) (value >> 24);
    }

    /// A number that the message has so many bits for.
    ///
    /// @throws IllegalArgumentException if they do not hold it: cut to them it would be another number
    static int require(int value, int bits) {
        if (value >>> bits != 0) {
            throw new IllegalArgumentException(
                    "netlink has " + bits + " bits for this number, for 0 to " + ((1 << bits) - 1) + ", not " + value);
        }
        return value;
    }

    /// A C struct of numbers of 32 bits.
    static byte[] numbers(int... numbers) {
        byte[] bytes = new byte[4 * numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            put32(bytes, 4 * i, numbers[i]);
        }
        return bytes;
    }

    /// A C struct of numbers of 16 bits.
    static byte[] shorts(int... numbers) {
        byte[] bytes = new byte[2 * numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            put16(bytes, 2 * i, require(numbers[i], 16));
        }
        return bytes;
    }

    static HardwareAddress hardwareAddress(AttributeReader attribute) throws NetlinkException.Malformed {
        byte[] bytes = attribute.bytes();
        if (bytes.length > HardwareAddress.LENGTH_LIMIT) {
            throw new NetlinkException.Malformed(
                    "attribute " + attribute.type() + " holds a hardware address of " + bytes.length + " bytes");
        }
        return HardwareAddress.of(bytes);
    }

    static IpAddress address(AttributeReader attribute) throws NetlinkException.Malformed {
        return address(attribute, 0);
    }

    /// The address that an attribute holds from an offset on.
    private static IpAddress address(AttributeReader attribute, int offset) throws NetlinkException.Malformed {
        int length = attribute.length() - offset;
        return switch (length) {
            case 4 -> new Ipv4Address(Integer.reverseBytes(attribute.u32(offset)));
            case 16 ->
                new Ipv6Address(Long.reverseBytes(attribute.u64(offset)), Long.reverseBytes(attribute.u64(offset + 8)));
            default ->
                throw new NetlinkException.Malformed(
                        "attribute " + attribute.type() + " holds an address of " + length + " bytes");
        };
    }

    /// An address with its family in front, `struct rtvia`; null if the family is none of IP's.
    static @Nullable IpAddress via(AttributeReader via) throws NetlinkException.Malformed {
        return isIp(via.u16()) ? address(via, 2) : null;
    }

    /// The bytes of `struct rtvia`.
    static byte[] via(IpAddress address) {
        byte[] bytes = address.toBytes();
        byte[] via = new byte[2 + bytes.length];
        put16(via, 0, number(address.family()));
        System.arraycopy(bytes, 0, via, 2, bytes.length);
        return via;
    }

    static IpFamily family(int number) {
        return number == Uapi.AF_INET ? IpFamily.IPV4 : IpFamily.IPV6;
    }

    static IpCidr cidr(IpAddress address, int length) throws NetlinkException.Malformed {
        requireLength(address, length);
        return IpCidr.of(address, length);
    }

    static IpPrefix prefix(IpAddress address, int length) throws NetlinkException.Malformed {
        requireLength(address, length);
        return IpPrefix.containing(address, length);
    }

    private static void requireLength(IpAddress address, int length) throws NetlinkException.Malformed {
        if (length > address.family().bits()) {
            throw new NetlinkException.Malformed("prefix length " + length + " with address " + address);
        }
    }
}
