package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.Ipv4Address;
import io.ipvlan.ip.Ipv6Address;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.internal.Uapi;
import org.jspecify.annotations.Nullable;

/// Reads the routes of one listing. In large tables most rows differ from the one before in nothing but their
/// destinations: such a row is compared, word by word, and not decoded, and shares the details of the one
/// before. Half of the time of a large listing goes into memory that the JVM uses for the first time.
final class RouteRows {
    private static final int TYPE_OFFSET = 2; // in struct rtattr
    private static final int DESTINATION_LENGTH = 0xff00; // of the first word of struct rtmsg

    /// The last row that was decoded: its words, and which of them are the destination's address.
    private int[] last = {};

    private int from;
    private int to;
    private @Nullable RouteDetails details;

    /// The route; null for what is no row of a table.
    @Nullable
    RouteMessage decode(NetlinkMessage message) throws NetlinkException.Malformed {
        if (!RouteMessage.isRow(message)) {
            return null;
        }
        if (details != null && differsInDestinationOnly(message)) {
            return new RouteMessage(Wire.prefix(destination(message), message.fixed8(1)), details);
        }
        RouteMessage route = RouteMessage.read(message);
        if (route != null) {
            remember(message, route.details());
        }
        return route;
    }

    private boolean differsInDestinationOnly(NetlinkMessage message) throws NetlinkException.Malformed {
        if (message.length() != last.length * Integer.BYTES
                || ((message.fixed32(0) ^ last[0]) & ~DESTINATION_LENGTH) != 0) {
            return false;
        }
        for (int i = 1; i < last.length; i++) {
            if (message.fixed32(i * Integer.BYTES) != last[i] && (i < from || i >= to)) {
                return false;
            }
        }
        return true;
    }

    private IpAddress destination(NetlinkMessage message) throws NetlinkException.Malformed {
        return switch (to - from) {
            case 1 -> new Ipv4Address(bigEndian(message, from));
            case 4 -> new Ipv6Address(twoBigEndian(message, from), twoBigEndian(message, from + 2));
            default -> Wire.unspecified(Wire.family(message.fixed8(0)));
        };
    }

    private static long twoBigEndian(NetlinkMessage message, int word) throws NetlinkException.Malformed {
        return (long) bigEndian(message, word) << Integer.SIZE | Integer.toUnsignedLong(bigEndian(message, word + 1));
    }

    private static int bigEndian(NetlinkMessage message, int word) throws NetlinkException.Malformed {
        return Integer.reverseBytes(message.fixed32(word * Integer.BYTES));
    }

    /// @param message a message that was decoded, so its attributes are whole
    private void remember(NetlinkMessage message, RouteDetails decoded) throws NetlinkException.Malformed {
        int words = message.length() / Integer.BYTES;
        if (words != last.length) {
            last = new int[words];
        }
        for (int i = 0; i < words; i++) {
            last[i] = message.fixed32(i * Integer.BYTES);
        }
        from = 0;
        to = 0;
        int following;
        for (int at = Uapi.RTMSG_SIZE; at < message.length(); at = following) {
            int length = message.fixed16(at);
            following = at + ((length + 3) & ~3);
            if ((message.fixed16(at + TYPE_OFFSET) & Uapi.NLA_TYPE_MASK) == Uapi.RTA_DST) {
                from = (at + Uapi.NLA_HDRLEN) / Integer.BYTES;
                to = following / Integer.BYTES;
            }
        }
        details = decoded;
    }
}
