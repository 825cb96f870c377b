package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A cursor that writes fixed fields and attributes into a message. Lengths and padding are its own business:
/// values are aligned to four bytes with zeros between, and a nest's length is patched when its body has been
/// written.
///
/// Valid only while [NetlinkRequest#writeTo] runs; not for several threads. Numbers are in the machine's byte
/// order, as netlink wants them; addresses are bytes in network order.
public final class AttributeWriter {
    private final ByteBuffer message; // see AttributeReader
    private int position;

    AttributeWriter(MemorySegment segment) {
        this.message = segment.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    /// Thrown when a message does not fit; caught by the socket, which sends what it has and begins anew.
    static final class Full extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Full() {
            super("the message does not fit into the send buffer", null, false, false);
        }
    }

    int position() {
        return position;
    }

    void position(int newPosition) {
        position = newPosition;
    }

    /// Writes one byte of a fixed part.
    ///
    /// @param value the low 8 bits are written
    /// @return this writer
    public AttributeWriter fixed8(int value) {
        reserve(1);
        message.put(position++, (byte) value);
        return this;
    }

    /// Writes two bytes of a fixed part.
    ///
    /// @param value the low 16 bits are written
    /// @return this writer
    public AttributeWriter fixed16(int value) {
        reserve(2);
        message.putShort(position, (short) value);
        position += 2;
        return this;
    }

    /// Writes four bytes of a fixed part.
    ///
    /// @param value the value
    /// @return this writer
    public AttributeWriter fixed32(int value) {
        reserve(4);
        message.putInt(position, value);
        position += 4;
        return this;
    }

    /// Writes bytes as they are: a fixed part, or attributes that are laid out already.
    ///
    /// @param value the bytes
    /// @return this writer
    public AttributeWriter fixed(byte[] value) {
        append(value);
        return this;
    }

    /// Writes an attribute of 8 bits.
    ///
    /// @param type the attribute's type
    /// @param value the low 8 bits are written
    /// @return this writer
    public AttributeWriter u8(int type, int value) {
        return header(type, 1).fixed8(value).pad();
    }

    /// Writes an attribute of 16 bits.
    ///
    /// @param type the attribute's type
    /// @param value the low 16 bits are written
    /// @return this writer
    public AttributeWriter u16(int type, int value) {
        return header(type, 2).fixed16(value).fixed16(0);
    }

    /// Writes an attribute of 32 bits.
    ///
    /// @param type the attribute's type
    /// @param value the value
    /// @return this writer
    public AttributeWriter u32(int type, int value) {
        return header(type, 4).fixed32(value);
    }

    /// Writes an attribute of 64 bits.
    ///
    /// @param type the attribute's type
    /// @param value the value
    /// @return this writer
    public AttributeWriter u64(int type, long value) {
        header(type, Long.BYTES);
        reserve(Long.BYTES);
        message.putLong(position, value);
        position += Long.BYTES;
        return this;
    }

    /// Writes an attribute of bytes as they are.
    ///
    /// @param type the attribute's type
    /// @param value the bytes
    /// @return this writer
    public AttributeWriter bytes(int type, byte[] value) {
        header(type, value.length);
        append(value);
        return pad();
    }

    /// Writes a string attribute in UTF-8 with its closing zero byte.
    ///
    /// @param type the attribute's type
    /// @param value the text
    /// @return this writer
    public AttributeWriter string(int type, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        header(type, text.length + 1);
        append(text);
        return fixed8(0).pad();
    }

    /// Writes an attribute that holds attributes.
    ///
    /// @param type the attribute's type; the mark for nested ones (`NLA_F_NESTED`) is added
    /// @param body writes what it holds, into this same writer
    /// @return this writer
    public AttributeWriter nest(int type, Runnable body) {
        pad();
        int start = position;
        header(type | Uapi.NLA_F_NESTED, 0);
        body.run();
        message.putShort(start, (short) (position - start));
        return this;
    }

    /// Puts a number into a place already written: a length that is known only now.
    void patch32(int at, int number) {
        message.putInt(at, number);
    }

    /// Adds bits to a place already written.
    void or16(int at, int bits) {
        message.putShort(at, (short) (message.getShort(at) | bits));
    }

    private AttributeWriter header(int type, int length) {
        return pad().fixed16(Uapi.NLA_HDRLEN + length).fixed16(type);
    }

    private void append(byte[] value) {
        reserve(value.length);
        message.put(position, value);
        position += value.length;
    }

    /// Goes on to the next multiple of four, where attributes and messages begin.
    AttributeWriter pad() {
        while ((position & 3) != 0) {
            fixed8(0);
        }
        return this;
    }

    private void reserve(int bytes) {
        if (bytes > message.capacity() - position) {
            throw new Full();
        }
    }
}
