package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A cursor over the attributes of a message. Before the first [#next] it stands on none; unknown types are
/// simply passed over. Every read is checked against the attribute's own length.
///
/// Valid only while the handler that received the message runs; not for several threads. A message has one
/// cursor, and so has an attribute that holds others: to ask for it again sets it back to the beginning.
public final class AttributeReader {
    /// Reads through a buffer, because in a program that has just begun, and is interpreted, that takes a
    /// fraction of the time that reading through a segment takes.
    private final ByteBuffer bytes;

    private int end;
    private int following;
    private int value;
    private int length;

    /// The type with its marks.
    private int marked;

    private @Nullable AttributeReader inner;

    AttributeReader(MemorySegment segment, long start, long end) {
        this(segment.asByteBuffer().order(ByteOrder.nativeOrder()));
        place((int) start, (int) end);
    }

    /// A cursor with nothing to read yet.
    AttributeReader(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /// Sets it before the first of other attributes.
    AttributeReader place(int newStart, int newEnd) {
        following = newStart;
        end = newEnd;
        value = newStart;
        length = 0;
        marked = 0;
        return this;
    }

    /// Moves on to the next attribute.
    ///
    /// @return false if there is none left
    /// @throws NetlinkException.Malformed if an attribute claims to be shorter than its header or longer than
    ///     what is left
    public boolean next() throws NetlinkException.Malformed {
        int left = end - following;
        if (left < Uapi.NLA_HDRLEN) {
            if (left > 0) {
                throw new NetlinkException.Malformed(left + " stray bytes after the last attribute");
            }
            return false;
        }
        int claimed = Short.toUnsignedInt(bytes.getShort(following));
        if (claimed < Uapi.NLA_HDRLEN || claimed > left) {
            throw new NetlinkException.Malformed(
                    "an attribute claims " + claimed + " bytes where " + left + " are left");
        }
        marked = Short.toUnsignedInt(bytes.getShort(following + 2));
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
    int begin() {
        return value - Uapi.NLA_HDRLEN;
    }

    /// Where in the segment the attribute after it would begin.
    int following() {
        return following;
    }

    /// Its bytes, seen where they are.
    MemorySegment view() {
        return MemorySegment.ofBuffer(bytes.slice(value, length));
    }

    /// How many bytes the attribute has.
    ///
    /// @return the length, without header and padding
    public int length() {
        return length;
    }

    /// The attribute as an unsigned byte.
    ///
    /// @return the value
    /// @throws NetlinkException.Malformed if it is shorter
    public int u8() throws NetlinkException.Malformed {
        return u8(0);
    }

    /// The attribute as an unsigned number of 16 bits.
    ///
    /// @return the value
    /// @throws NetlinkException.Malformed if it is shorter
    public int u16() throws NetlinkException.Malformed {
        return u16(0);
    }

    /// The attribute as 32 bits.
    ///
    /// @return the value
    /// @throws NetlinkException.Malformed if it is shorter
    public int u32() throws NetlinkException.Malformed {
        return u32(0);
    }

    /// The attribute as 64 bits.
    ///
    /// @return the value
    /// @throws NetlinkException.Malformed if it is shorter
    public long u64() throws NetlinkException.Malformed {
        return u64(0);
    }

    /// An unsigned byte of an attribute that is a C struct.
    ///
    /// @param offset where in the struct, 0 or more
    /// @return the value
    /// @throws NetlinkException.Malformed if the attribute is shorter
    public int u8(int offset) throws NetlinkException.Malformed {
        return Byte.toUnsignedInt(bytes.get(at(offset, Byte.BYTES)));
    }

    /// An unsigned number of 16 bits of an attribute that is a C struct.
    ///
    /// @param offset where in the struct, 0 or more
    /// @return the value
    /// @throws NetlinkException.Malformed if the attribute is shorter
    public int u16(int offset) throws NetlinkException.Malformed {
        return Short.toUnsignedInt(bytes.getShort(at(offset, Short.BYTES)));
    }

    /// 32 bits of an attribute that is a C struct.
    ///
    /// @param offset where in the struct, 0 or more
    /// @return the value
    /// @throws NetlinkException.Malformed if the attribute is shorter
    public int u32(int offset) throws NetlinkException.Malformed {
        return bytes.getInt(at(offset, Integer.BYTES));
    }

    /// 64 bits of an attribute that is a C struct.
    ///
    /// @param offset where in the struct, 0 or more
    /// @return the value
    /// @throws NetlinkException.Malformed if the attribute is shorter
    public long u64(int offset) throws NetlinkException.Malformed {
        return bytes.getLong(at(offset, Long.BYTES));
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
        bytes.get(value, copy);
        return copy;
    }

    /// A copy of the bytes that the cursor has not passed yet; before the first [#next] all that it is over.
    ///
    /// @return the bytes
    public byte[] rest() {
        byte[] copy = new byte[end - following];
        bytes.get(following, copy);
        return copy;
    }

    /// A cursor over the attributes this one holds.
    ///
    /// @return the cursor, the same at each call
    public AttributeReader nested() {
        return inner(value, value + length);
    }

    /// A cursor over the attributes that stand in a part of this one, such as behind a C struct.
    ///
    /// @param from where they begin, in bytes from the beginning of the value
    /// @param to where they end
    /// @return the cursor, the same at each call, and that of [#nested()]
    /// @throws NetlinkException.Malformed if the attribute is shorter, or nothing is between both
    public AttributeReader nested(int from, int to) throws NetlinkException.Malformed {
        if (from > to) {
            throw new NetlinkException.Malformed("attribute " + type() + " ends before what it holds begins");
        }
        return inner(at(from, to - from), value + to);
    }

    private AttributeReader inner(int from, int to) {
        AttributeReader cursor = inner;
        if (cursor == null) {
            cursor = new AttributeReader(bytes);
            inner = cursor;
        }
        return cursor.place(from, to);
    }

    private int at(int offset, int size) throws NetlinkException.Malformed {
        if (offset < 0 || offset > length - size) {
            throw tooShort(type(), length, offset + size);
        }
        return value + offset;
    }

    private static NetlinkException.Malformed tooShort(int type, int length, int needed) {
        return new NetlinkException.Malformed(
                "attribute " + type + " has " + length + " bytes where " + needed + " are needed");
    }
}
