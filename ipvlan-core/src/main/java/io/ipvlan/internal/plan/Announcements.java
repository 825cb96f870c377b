package io.ipvlan.internal.plan;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/// The frames that tell a segment which hardware address an IP address has from now on, so that machines
/// which remember another do not send there until they forget: a gratuitous ARP request (RFC 5227, section
/// 2.3), an unsolicited neighbour advertisement (RFC 4861, section 7.2.6). Pure.
public final class Announcements {
    private static final HexFormat COLONS = HexFormat.ofDelimiter(":");
    private static final int MAC_SIZE = 6;

    private static final byte[] EVERYBODY = {-1, -1, -1, -1, -1, -1};
    private static final short ARP = 0x0806;
    private static final short ETHERNET = 1;
    private static final short IPV4 = 0x0800;
    private static final short REQUEST = 1;
    private static final int ARP_SIZE = 28;

    private static final byte[] ALL_NODES_MAC = {0x33, 0x33, 0, 0, 0, 1};
    private static final IpAddress ALL_NODES = IpAddress.parse("ff02::1");
    private static final short IPV6 = (short) 0x86dd;
    private static final int VERSION_6 = 0x6000_0000;
    private static final byte ICMPV6 = 58;
    private static final byte FARTHEST = (byte) 255;
    private static final byte NEIGHBOUR_ADVERTISEMENT = (byte) 136;
    private static final int OVERRIDE = 0x2000_0000;
    private static final byte TARGET_LINK_LAYER_ADDRESS = 2;
    private static final int IPV6_HEADER = 40;
    private static final int ADVERTISEMENT_SIZE = 32;

    private Announcements() {}

    /// An Ethernet frame that announces an address.
    ///
    /// @param address the address
    /// @param mac the hardware address that has it, six pairs of hexadecimal digits with colons
    public static byte[] frame(IpAddress address, String mac) {
        byte[] own = COLONS.parseHex(mac);
        return address.family() == IpFamily.IPV4 ? arp(address, own) : advertisement(address, own);
    }

    private static ByteBuffer begun(byte[] to, byte[] from, short type, int size) {
        return ByteBuffer.allocate(2 * MAC_SIZE + Short.BYTES + size)
                .put(to)
                .put(from)
                .putShort(type);
    }

    private static byte[] arp(IpAddress address, byte[] mac) {
        byte[] ip = address.toBytes();
        return begun(EVERYBODY, mac, ARP, ARP_SIZE)
                .putShort(ETHERNET)
                .putShort(IPV4)
                .put((byte) MAC_SIZE)
                .put((byte) ip.length)
                .putShort(REQUEST)
                .put(mac)
                .put(ip)
                .put(new byte[MAC_SIZE])
                .put(ip)
                .array();
    }

    private static byte[] advertisement(IpAddress address, byte[] mac) {
        byte[] message = ByteBuffer.allocate(ADVERTISEMENT_SIZE)
                .put(NEIGHBOUR_ADVERTISEMENT)
                .put((byte) 0)
                .putShort((short) 0)
                .putInt(OVERRIDE)
                .put(address.toBytes())
                .put(TARGET_LINK_LAYER_ADDRESS)
                .put((byte) 1)
                .put(mac)
                .array();
        ByteBuffer.wrap(message).putShort(2, checksum(address, message));
        return begun(ALL_NODES_MAC, mac, IPV6, IPV6_HEADER + ADVERTISEMENT_SIZE)
                .putInt(VERSION_6)
                .putShort((short) ADVERTISEMENT_SIZE)
                .put(ICMPV6)
                .put(FARTHEST)
                .put(address.toBytes())
                .put(ALL_NODES.toBytes())
                .put(message)
                .array();
    }

    /// Over the message and a header made up of what surrounds it (RFC 8200, section 8.1).
    private static short checksum(IpAddress source, byte[] message) {
        ByteBuffer all = ByteBuffer.allocate(IPV6_HEADER + ADVERTISEMENT_SIZE)
                .put(source.toBytes())
                .put(ALL_NODES.toBytes())
                .putInt(ADVERTISEMENT_SIZE)
                .putInt(ICMPV6)
                .put(message)
                .flip();
        int sum = 0;
        while (all.hasRemaining()) {
            sum += all.getShort() & 0xffff;
        }
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >>> Short.SIZE);
        }
        return (short) ~sum;
    }
}
