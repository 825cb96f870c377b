package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A message from the kernel, seen where it was received. Valid only while the [Handler] that got it runs:
/// its bytes are overwritten by the next message. Source: `struct nlmsghdr` in `linux/netlink.h`.
public final class NetlinkMessage {
    private final ByteBuffer bytes; // see AttributeReader
    private final AttributeReader cursor;
    private int start;
    private int end;

    NetlinkMessage(MemorySegment segment, int start, int end) {
        this.bytes = segment.asByteBuffer().order(ByteOrder.nativeOrder());
        this.cursor = new AttributeReader(bytes);
        place(start, end);
    }

    /// Makes it stand for another message of the same segment.
    void place(int newStart, int newEnd) {
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
        return Short.toUnsignedInt(bytes.getShort(start + 4));
    }

    /// The flags: what the message is part of, or does, such as `NLM_F_REPLACE` where a new route took the
    /// place of another.
    ///
    /// @return `nlmsg_flags`
    public int flags() {
        return Short.toUnsignedInt(bytes.getShort(start + 6));
    }

    /// How long it is.
    ///
    /// @return the bytes behind the message header
    public int length() {
        return end - start - Uapi.NLMSG_HDRLEN;
    }

    int sequence() {
        return bytes.getInt(start + 8);
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
        return Byte.toUnsignedInt(bytes.get(at(offset, Byte.BYTES)));
    }

    /// An unsigned number of 16 bits of the fixed part.
    ///
    /// @param offset bytes from the end of the message header
    /// @return the value
    /// @throws NetlinkException.Malformed if the message is shorter
    public int fixed16(int offset) throws NetlinkException.Malformed {
        return Short.toUnsignedInt(bytes.getShort(at(offset, Short.BYTES)));
    }

    /// 32 bits of the fixed part.
    ///
    /// @param offset bytes from the end of the message header
    /// @return the value
    /// @throws NetlinkException.Malformed if the message is shorter
    public int fixed32(int offset) throws NetlinkException.Malformed {
        return bytes.getInt(at(offset, Integer.BYTES));
    }

    /// A cursor over the attributes.
    ///
    /// @param fixedLength the length of the fixed part, in bytes
    /// @return the cursor, the same at each call
    /// @throws NetlinkException.Malformed if the message is shorter than its fixed part
    public AttributeReader attributes(int fixedLength) throws NetlinkException.Malformed {
        return cursor.place(at(fixedLength, 0), end);
    }

    private int at(int offset, int size) throws NetlinkException.Malformed {
        int position = start + Uapi.NLMSG_HDRLEN + offset;
        if (offset < 0 || position > end - size) {
            throw tooShort(type(), end - start);
        }
        return position;
    }

    private static NetlinkException.Malformed tooShort(int type, int length) {
        return new NetlinkException.Malformed(
                "message of type " + type + " has " + length + " bytes, too few for its fixed part");
    }
}
