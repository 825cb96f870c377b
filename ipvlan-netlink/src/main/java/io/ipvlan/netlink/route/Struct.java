package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// The bytes of an attribute that is a C struct, or a row of them. Every read is checked against their
/// length.
final class Struct {
    private static final VarHandle U16 = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());
    private static final VarHandle U32 = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle U64 = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final int type;
    private final byte[] bytes;

    Struct(AttributeReader attribute) {
        this(attribute.type(), attribute.bytes());
    }

    Struct(int type, byte[] bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    int length() {
        return bytes.length;
    }

    int u8(int offset) throws NetlinkException.Malformed {
        require(offset, 1);
        return Byte.toUnsignedInt(bytes[offset]);
    }

    int u16(int offset) throws NetlinkException.Malformed {
        require(offset, 2);
        return Short.toUnsignedInt((short) U16.get(bytes, offset));
    }

    int u32(int offset) throws NetlinkException.Malformed {
        require(offset, 4);
        return (int) U32.get(bytes, offset);
    }

    long u64(int offset) throws NetlinkException.Malformed {
        require(offset, 8);
        return (long) U64.get(bytes, offset);
    }

    byte[] slice(int from, int to) throws NetlinkException.Malformed {
        require(from, to - from);
        return Arrays.copyOfRange(bytes, from, to);
    }

    /// The bytes of such a struct of numbers of 32 bits, to write it.
    static byte[] of(int... numbers) {
        byte[] bytes = new byte[4 * numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            U32.set(bytes, 4 * i, numbers[i]);
        }
        return bytes;
    }

    /// The bytes of such a struct of numbers of 16 bits, to write it.
    static byte[] ofShorts(int... numbers) {
        byte[] bytes = new byte[2 * numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            U16.set(bytes, 2 * i, (short) numbers[i]);
        }
        return bytes;
    }

    private void require(int offset, int size) throws NetlinkException.Malformed {
        if (size < 0 || offset + size > bytes.length) {
            throw new NetlinkException.Malformed("attribute " + type + " has " + bytes.length + " bytes where "
                    + (offset + Math.max(0, size)) + " are needed");
        }
    }
}
