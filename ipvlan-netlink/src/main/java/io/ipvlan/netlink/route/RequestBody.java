package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// What a request says: the fixed part of its message, and the attributes that are set, by type. Immutable;
/// each change answers with a changed copy. Attributes are written in the order of their types, whatever the
/// order they were set in.
final class RequestBody {
    private static final VarHandle U32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final int[] NO_TYPES = {};
    private static final Value[] NO_VALUES = {};

    private final byte[] fixed;
    private final int[] types;
    private final Value[] values;

    /// Writes the value of one attribute, with its header.
    @FunctionalInterface
    interface Value {
        void write(AttributeWriter body, int type);
    }

    private RequestBody(byte[] fixed, int[] types, Value[] values) {
        this.fixed = fixed;
        this.types = types;
        this.values = values;
    }

    /// A body whose fixed part is zero.
    static RequestBody ofSize(int fixedLength) {
        return new RequestBody(new byte[fixedLength], NO_TYPES, NO_VALUES);
    }

    RequestBody fixed8(int offset, int value) {
        byte[] changed = fixed.clone();
        changed[offset] = (byte) value;
        return new RequestBody(changed, types, values);
    }

    RequestBody fixed16(int offset, int value) {
        byte[] changed = fixed.clone();
        byte[] number = Struct.ofShorts(value);
        System.arraycopy(number, 0, changed, offset, number.length);
        return new RequestBody(changed, types, values);
    }

    RequestBody fixed32(int offset, int value) {
        byte[] changed = fixed.clone();
        U32.set(changed, offset, value);
        return new RequestBody(changed, types, values);
    }

    int fixed8(int offset) {
        return Byte.toUnsignedInt(fixed[offset]);
    }

    boolean has(int type) {
        return Arrays.binarySearch(types, type) >= 0;
    }

    /// Switches bits of a number of 32 bits in the fixed part on or off.
    RequestBody bits32(int offset, int mask, int value) {
        return fixed32(offset, ((int) U32.get(fixed, offset) & ~mask) | (value & mask));
    }

    RequestBody u8(int type, int value) {
        byte[] bytes = {(byte) value};
        return with(type, (body, to) -> body.bytes(to, bytes));
    }

    RequestBody u32(int type, int value) {
        return with(type, (body, to) -> body.u32(to, value));
    }

    RequestBody string(int type, String value) {
        return with(type, (body, to) -> body.string(to, value));
    }

    RequestBody bytes(int type, byte... value) {
        return with(type, (body, to) -> body.bytes(to, value));
    }

    /// Sets an attribute, in place of one of the same type.
    RequestBody with(int type, Value value) {
        int at = 0;
        while (at < types.length && types[at] < type) {
            at++;
        }
        boolean replaces = at < types.length && types[at] == type;
        int[] newTypes = replaces ? types : new int[types.length + 1];
        Value[] newValues = Arrays.copyOf(values, newTypes.length);
        if (!replaces) {
            System.arraycopy(types, 0, newTypes, 0, at);
            newTypes[at] = type;
            System.arraycopy(types, at, newTypes, at + 1, types.length - at);
            System.arraycopy(values, at, newValues, at + 1, values.length - at);
        }
        newValues[at] = value;
        return new RequestBody(fixed, newTypes, newValues);
    }

    /// Leaves an attribute out again, if there is one.
    RequestBody without(int type) {
        int at = Arrays.binarySearch(types, type);
        if (at < 0) {
            return this;
        }
        int[] newTypes = Arrays.copyOf(types, types.length - 1);
        Value[] newValues = Arrays.copyOf(values, newTypes.length);
        System.arraycopy(types, at + 1, newTypes, at, newTypes.length - at);
        System.arraycopy(values, at + 1, newValues, at, newTypes.length - at);
        return new RequestBody(fixed, newTypes, newValues);
    }

    void writeTo(AttributeWriter body) {
        writeTo(body, -1, 0);
    }

    /// Writes it with another value for one byte of the fixed part.
    void writeTo(AttributeWriter body, int offset, int value) {
        for (int i = 0; i < fixed.length; i++) {
            body.fixed8(i == offset ? value : fixed[i]);
        }
        for (int i = 0; i < types.length; i++) {
            values[i].write(body, types[i]);
        }
    }
}
