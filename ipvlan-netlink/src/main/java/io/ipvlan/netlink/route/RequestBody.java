package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.internal.Uapi;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What a request says, laid out as it goes over the wire: the fixed part of its message, and the attributes
/// in the order of their types, whatever the order they were set in. Immutable; each change answers with a
/// changed copy. So to send it is to copy it, and a program that has just begun, and is interpreted, loses no
/// time.
final class RequestBody {
    /// The length of an attribute has 16 bits.
    private static final int LENGTH_LIMIT = 0xffff;

    private static final RequestBody EMPTY = new RequestBody(new byte[0], 0);

    private final byte[] message;
    private final int fixedLength;

    private RequestBody(byte[] message, int fixedLength) {
        this.message = message;
        this.fixedLength = fixedLength;
    }

    /// A body whose fixed part is zero.
    ///
    /// @param fixedLength its length, a multiple of four
    static RequestBody ofSize(int fixedLength) {
        return new RequestBody(new byte[fixedLength], fixedLength);
    }

    /// A body of a fixed part only, or one whose attributes stay as they are.
    static RequestBody of(byte[] bytes) {
        return new RequestBody(bytes, bytes.length);
    }

    /// A body without a fixed part: what an attribute holds that holds attributes.
    static RequestBody nest() {
        return EMPTY;
    }

    RequestBody fixed8(int offset, int value) {
        byte[] changed = message.clone();
        changed[offset] = (byte) Wire.require(value, 8);
        return new RequestBody(changed, fixedLength);
    }

    RequestBody fixed16(int offset, int value) {
        byte[] changed = message.clone();
        Wire.put16(changed, offset, Wire.require(value, 16));
        return new RequestBody(changed, fixedLength);
    }

    RequestBody fixed32(int offset, int value) {
        byte[] changed = message.clone();
        Wire.put32(changed, offset, value);
        return new RequestBody(changed, fixedLength);
    }

    int fixed8(int offset) {
        return Byte.toUnsignedInt(message[offset]);
    }

    /// Switches bits of a number of 32 bits in the fixed part on or off.
    RequestBody bits32(int offset, int mask, int value) {
        return fixed32(offset, (Wire.get32(message, offset) & ~mask) | (value & mask));
    }

    boolean has(int type) {
        int at = place(type);
        return at < message.length && type(at) == type;
    }

    RequestBody u8(int type, int value) {
        return bytes(type, (byte) Wire.require(value, 8));
    }

    RequestBody u32(int type, int value) {
        return bytes(type, Wire.numbers(value));
    }

    RequestBody string(int type, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        return bytes(type, Arrays.copyOf(text, text.length + 1));
    }

    /// Sets an attribute that holds attributes.
    RequestBody nest(int type, RequestBody inside) {
        return put(type, Uapi.NLA_F_NESTED, inside.message, true);
    }

    /// Sets an attribute, in place of one of the same type.
    RequestBody bytes(int type, byte... value) {
        return put(type, 0, value, true);
    }

    /// Adds an attribute, behind those of the same type.
    RequestBody add(int type, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        return put(type, 0, Arrays.copyOf(text, text.length + 1), false);
    }

    /// Takes an attribute away, if it is there.
    RequestBody without(int type) {
        int at = place(type);
        return has(type) ? new RequestBody(splice(at, following(at), 0), fixedLength) : this;
    }

    private RequestBody put(int type, int marks, byte[] value, boolean inPlace) {
        int at = place(type);
        int end = at;
        while (end < message.length && type(end) == type) {
            end = following(end);
        }
        at = inPlace ? at : end;
        int length = Uapi.NLA_HDRLEN + value.length;
        if (length > LENGTH_LIMIT) {
            throw new IllegalArgumentException("too large for one netlink message: an attribute has at most "
                    + LENGTH_LIMIT + " bytes, not " + length);
        }
        byte[] changed = splice(at, end, padded(length));
        Wire.put16(changed, at, length);
        Wire.put16(changed, at + 2, type | marks);
        System.arraycopy(value, 0, changed, at + Uapi.NLA_HDRLEN, value.length);
        return new RequestBody(changed, fixedLength);
    }

    /// The bytes with so many zeros in place of some.
    private byte[] splice(int from, int to, int zeros) {
        byte[] changed = new byte[message.length - (to - from) + zeros];
        System.arraycopy(message, 0, changed, 0, from);
        System.arraycopy(message, to, changed, from + zeros, message.length - to);
        return changed;
    }

    /// Where an attribute of a type is, or would be.
    private int place(int type) {
        int at = fixedLength;
        while (at < message.length && type(at) < type) {
            at = following(at);
        }
        return at;
    }

    private int type(int at) {
        return Wire.get16(message, at + 2) & Uapi.NLA_TYPE_MASK;
    }

    private int following(int at) {
        return at + padded(Wire.get16(message, at));
    }

    private static int padded(int length) {
        return (length + 3) & ~3;
    }

    void writeTo(AttributeWriter body) {
        body.fixed(message);
    }

    /// As [#writeTo], as the value of an attribute.
    byte[] toBytes() {
        return message.clone();
    }
}
