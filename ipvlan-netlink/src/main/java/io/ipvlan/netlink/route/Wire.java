package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.internal.Uapi;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Addresses as rtnetlink carries them: a family number, and bytes in network order.
final class Wire {
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
        return IpAddress.ofBytes(new byte[family.bits() / 8]);
    }

    /// An unsigned number of 16 bits of the fixed part.
    static int fixed16(NetlinkMessage message, int offset) throws NetlinkException.Malformed {
        // Little-endian, as every processor supported is.
        return message.fixed8(offset) | (message.fixed8(offset + 1) << 8);
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
        return address(attribute.type(), attribute.bytes());
    }

    static IpAddress address(int attribute, byte[] bytes) throws NetlinkException.Malformed {
        if (bytes.length != 4 && bytes.length != 16) {
            throw new NetlinkException.Malformed(
                    "attribute " + attribute + " holds an address of " + bytes.length + " bytes");
        }
        return IpAddress.ofBytes(bytes);
    }

    /// An address with its family in front, `struct rtvia`; null if the family is none of IP's.
    static @Nullable IpAddress via(Struct via) throws NetlinkException.Malformed {
        return isIp(via.u16(0)) ? address(Uapi.RTA_VIA, via.slice(2, via.length())) : null;
    }

    /// The bytes of `struct rtvia`.
    static byte[] via(IpAddress address) {
        byte[] bytes = address.toBytes();
        byte[] family = Struct.ofShorts(number(address.family()));
        byte[] via = Arrays.copyOf(family, family.length + bytes.length);
        System.arraycopy(bytes, 0, via, family.length, bytes.length);
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
