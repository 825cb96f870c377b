package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.internal.Uapi;

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

    static IpAddress address(AttributeReader attribute) throws NetlinkException.Malformed {
        byte[] bytes = attribute.bytes();
        if (bytes.length != 4 && bytes.length != 16) {
            throw new NetlinkException.Malformed(
                    "attribute " + attribute.type() + " holds an address of " + bytes.length + " bytes");
        }
        return IpAddress.ofBytes(bytes);
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
