package io.ipvlan.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.MemorySegment;

/// A message from the kernel, seen where it was received. Valid only while the [Handler] that got it runs:
/// its bytes are overwritten by the next message. Source: `struct nlmsghdr` in `linux/netlink.h`.
public final class NetlinkMessage {
    private final MemorySegment segment;
    private long start;
    private long end;

    NetlinkMessage(MemorySegment segment, long start, long end) {
        this.segment = segment;
        this.start = start;
        this.end = end;
    }

    /// Makes it stand for another message of the same segment.
    void place(long newStart, long newEnd) {
        start = newStart;
        end = newEnd;
    }

    /// Takes the messages of an answer, one by one, on the calling thread.
    @FunctionalInterface
    public interface Handler {
        /// Takes a message.
        ///
        /// @param message the message, valid during the call only
        /// @throws NetlinkException.Malformed if it makes no sense; ends the exchange
        void accept(NetlinkMessage message) throws NetlinkException.Malformed;
    }

    /// The message type.
    ///
    /// @return `nlmsg_type`
    public int type() {
        return Short.toUnsignedInt(segment.get(JAVA_SHORT, start + 4));
    }

    /// The flags: what the message is part of, or does, such as `NLM_F_REPLACE` where a new route took the
    /// place of another.
    ///
    /// @return `nlmsg_flags`
    public int flags() {
        return Short.toUnsignedInt(segment.get(JAVA_SHORT, start + 6));
    }

    int sequence() {
        return segment.get(JAVA_INT, start + 8);
    }

    boolean holds(int fixedLength) {
        return start + Uapi.NLMSG_HDRLEN + fixedLength <= end;
    }

    /// An unsigned byte of the fixed part.
    ///
    /// @param offset bytes from the end of the message header
    /// @return the value
    /// @throws NetlinkException.Malformed if the message is shorter
    public int fixed8(int offset) throws NetlinkException.Malformed {
        return Byte.toUnsignedInt(segment.get(JAVA_BYTE, at(offset, 1)));
    }

    /// 32 bits of the fixed part.
    ///
    /// @param offset bytes from the end of the message header, a multiple of four
    /// @return the value
    /// @throws NetlinkException.Malformed if the message is shorter
    public int fixed32(int offset) throws NetlinkException.Malformed {
        return segment.get(JAVA_INT, at(offset, 4));
    }

    /// A cursor over the attributes.
    ///
    /// @param fixedLength the length of the fixed part, in bytes
    /// @return the cursor
    /// @throws NetlinkException.Malformed if the message is shorter than its fixed part
    public AttributeReader attributes(int fixedLength) throws NetlinkException.Malformed {
        return new AttributeReader(segment, at(fixedLength, 0), end);
    }

    private long at(int offset, int size) throws NetlinkException.Malformed {
        long position = start + Uapi.NLMSG_HDRLEN + offset;
        if (offset < 0 || position + size > end) {
            throw new NetlinkException.Malformed(
                    "message of type " + type() + " has " + (end - start) + " bytes, too few for its fixed part");
        }
        return position;
    }
}
