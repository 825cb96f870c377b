package io.ipvlan.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// A cursor over the attributes of a message. Before the first [#next] it stands on none; unknown types are
/// simply passed over. Every read is checked against the attribute's own length.
///
/// Valid only while the handler that received the message runs; not for several threads.
public final class AttributeReader {
    private final MemorySegment segment;
    private final long end;
    private long following;
    private long value;
    private int length;

    /// The type with its marks.
    private int marked;

    AttributeReader(MemorySegment segment, long start, long end) {
        this.segment = segment;
        this.following = start;
        this.end = end;
    }

    /// Moves on to the next attribute.
    ///
    /// @return false if there is none left
    /// @throws NetlinkException.Malformed if an attribute claims to be shorter than its header or longer than
    ///     what is left
    public boolean next() throws NetlinkException.Malformed {
        long left = end - following;
        if (left < Uapi.NLA_HDRLEN) {
            if (left > 0) {
                throw new NetlinkException.Malformed(left + " stray bytes after the last attribute");
            }
            return false;
        }
        int claimed = Short.toUnsignedInt(segment.get(JAVA_SHORT_UNALIGNED, following));
        if (claimed < Uapi.NLA_HDRLEN || claimed > left) {
            throw new NetlinkException.Malformed(
                    "an attribute claims " + claimed + " bytes where " + left + " are left");
        }
        marked = Short.toUnsignedInt(segment.get(JAVA_SHORT_UNALIGNED, following + 2));
        value = following + Uapi.NLA_HDRLEN;
        length = claimed - Uapi.NLA_HDRLEN;
        following = Math.min(end, following + ((claimed + 3) & ~3));
        return true;
    }

    /// The type of the attribute the cursor stands on, without the marks for nested and network order.
    ///
    /// @return the type
    public int type() {
        return marked & Uapi.NLA_TYPE_MASK;
    }

    /// Whether it is marked as one that holds attributes; many that do are not.
    boolean isMarkedNested() {
        return (marked & Uapi.NLA_F_NESTED) != 0;
    }

    /// Where in the segment its header begins.
    long begin() {
        return value - Uapi.NLA_HDRLEN;
    }

    /// Where in the segment the attribute after it would begin.
    long following() {
        return following;
    }

    /// Its bytes, seen where they are.
    MemorySegment view() {
        return segment.asSlice(value, length);
    }

    /// The attribute as an unsigned byte.
    ///
    /// @return the value
    /// @throws NetlinkException.Malformed if it is shorter
    public int u8() throws NetlinkException.Malformed {
        require(1);
        return Byte.toUnsignedInt(segment.get(JAVA_BYTE, value));
    }

    /// The attribute as an unsigned number of 16 bits.
    ///
    /// @return the value
    /// @throws NetlinkException.Malformed if it is shorter
    public int u16() throws NetlinkException.Malformed {
        require(2);
        return Short.toUnsignedInt(segment.get(JAVA_SHORT_UNALIGNED, value));
    }

    /// The attribute as 32 bits.
    ///
    /// @return the value
    /// @throws NetlinkException.Malformed if it is shorter
    public int u32() throws NetlinkException.Malformed {
        require(4);
        return segment.get(JAVA_INT_UNALIGNED, value);
    }

    /// The attribute as text, up to its closing zero byte.
    ///
    /// @return the text
    public String string() {
        byte[] text = bytes();
        int size = 0;
        while (size < text.length && text[size] != 0) {
            size++;
        }
        return new String(text, 0, size, StandardCharsets.UTF_8);
    }

    /// A copy of the attribute's bytes.
    ///
    /// @return the bytes
    public byte[] bytes() {
        byte[] copy = new byte[length];
        MemorySegment.copy(segment, JAVA_BYTE, value, copy, 0, length);
        return copy;
    }

    /// A cursor over the attributes this one holds.
    ///
    /// @return the cursor
    public AttributeReader nested() {
        return new AttributeReader(segment, value, value + length);
    }

    private void require(int bytes) throws NetlinkException.Malformed {
        if (length < bytes) {
            throw new NetlinkException.Malformed(
                    "attribute " + type() + " has " + length + " bytes where " + bytes + " are needed");
        }
    }
}
