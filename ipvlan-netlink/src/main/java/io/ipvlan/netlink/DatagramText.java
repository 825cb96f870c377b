package io.ipvlan.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// The messages of a datagram as text, one line each. Whatever the bytes are, they are described: those that
/// make no sense in hex.
final class DatagramText {
    private DatagramText() {}

    /// @param protocol the netlink protocol; messages of any other than `NETLINK_ROUTE` have numbers for names
    static List<String> lines(MemorySegment datagram, int protocol) {
        List<String> lines = new ArrayList<>();
        long position = 0;
        while (position < datagram.byteSize()) {
            MemorySegment rest = datagram.asSlice(position);
            if (rest.byteSize() < Uapi.NLMSG_HDRLEN) {
                lines.add(ValueText.malformed(rest));
                break;
            }
            long length = Integer.toUnsignedLong(rest.get(JAVA_INT_UNALIGNED, 0));
            if (length < Uapi.NLMSG_HDRLEN || length > rest.byteSize()) {
                lines.add(new MessageText(rest, protocol) + " (claims " + length + " bytes where " + rest.byteSize()
                        + " are left)");
                break;
            }
            lines.add(new MessageText(rest.asSlice(0, length), protocol).toString());
            position += (length + 3) & ~3;
        }
        return lines;
    }
}
