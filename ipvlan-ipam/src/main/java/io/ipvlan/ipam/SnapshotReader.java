package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ipam.IpamException.BadSnapshot;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the binary form of a snapshot.
final class SnapshotReader {
    private static final int SHORTEST = SnapshotFormat.MAGIC.length + 1 + SnapshotFormat.CHECKSUM;

    private final ByteBuffer in;
    private final IpPrefix prefix;

    private SnapshotReader(ByteBuffer in) {
        this.in = in;
        byte[] address = new byte[Byte.toUnsignedInt(in.get())];
        in.get(address);
        this.prefix = IpPrefix.of(IpAddress.ofBytes(address), Byte.toUnsignedInt(in.get()));
    }

    static PoolState read(byte[] bytes) {
        int length = bytes.length - SnapshotFormat.CHECKSUM;
        if (bytes.length < SHORTEST) {
            throw bad("it has " + bytes.length + " bytes, and the shortest has more than " + SHORTEST);
        }
        if (!Arrays.equals(
                bytes, 0, SnapshotFormat.MAGIC.length, SnapshotFormat.MAGIC, 0, SnapshotFormat.MAGIC.length)) {
            throw bad("it does not begin like one");
        }
        int version = Byte.toUnsignedInt(bytes[SnapshotFormat.MAGIC.length]);
        if (version != SnapshotFormat.VERSION) {
            throw bad("it is of version " + version + ", and only version " + SnapshotFormat.VERSION + " is known");
        }
        if (ByteBuffer.wrap(bytes).getInt(length) != SnapshotFormat.checksum(bytes, length)) {
            throw bad("its checksum is wrong, so it is damaged");
        }
        int start = SnapshotFormat.MAGIC.length + 1;
        return readAll(ByteBuffer.wrap(bytes, start, length - start));
    }

    private static PoolState readAll(ByteBuffer in) {
        try {
            PoolState state = new SnapshotReader(in).state();
            if (in.hasRemaining()) {
                throw bad(in.remaining() + " bytes are left over");
            }
            return state;
        } catch (BufferUnderflowException | CharacterCodingException | IllegalArgumentException e) {
            throw bad("it is not well formed although its checksum is right (" + e + ")");
        }
    }

    private static BadSnapshot bad(String reason) {
        return new BadSnapshot("", reason);
    }

    private PoolState state() throws CharacterCodingException {
        return new PoolState(
                prefix.toString(),
                optional(this::address),
                flag(),
                all(this::range),
                all(this::range),
                map(),
                all(this::address),
                text(),
                number(),
                optional(this::address),
                all(this::range),
                all(() -> new PoolState.Held(address(), text(), time(), map(), optional(this::time))),
                all(this::resting),
                all(() -> new PoolState.Quarantined(address(), time(), time())),
                all(this::resting));
    }

    private PoolState.Resting resting() throws CharacterCodingException {
        return new PoolState.Resting(address(), text(), time());
    }

    /// Reads one value.
    private interface Read<T> {
        T read() throws CharacterCodingException;
    }

    private <T> List<T> all(Read<T> read) throws CharacterCodingException {
        List<T> values = new ArrayList<>();
        for (long left = number(); left != 0; left--) {
            values.add(read.read());
        }
        return values;
    }

    private <T> @Nullable T optional(Read<T> read) throws CharacterCodingException {
        return flag() ? read.read() : null;
    }

    private boolean flag() {
        int value = in.get();
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException("neither yes nor no: " + value);
        }
        return value == 1;
    }

    private Map<String, String> map() throws CharacterCodingException {
        Map<String, String> map = new LinkedHashMap<>();
        for (long left = number(); left != 0; left--) {
            String key = text();
            if (map.put(key, text()) != null) {
                throw new IllegalArgumentException("a key is there twice: " + key);
            }
        }
        return map;
    }

    private String address() {
        byte[] address = prefix.address().toBytes();
        int fixed = prefix.length() / Byte.SIZE;
        byte[] rest = bytes(address.length - fixed);
        System.arraycopy(rest, 0, address, fixed, rest.length);
        IpAddress found = IpAddress.ofBytes(address);
        if (!prefix.contains(found)) {
            throw new IllegalArgumentException("address " + found + " lies outside the subnet");
        }
        return found.toString();
    }

    private String range() {
        return IpRange.of(IpAddress.parse(address()), IpAddress.parse(address()))
                .toString();
    }

    private String text() throws CharacterCodingException {
        long length = number();
        if (length > in.remaining() || length < 0) {
            throw new BufferUnderflowException();
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes((int) length)))
                .toString();
    }

    private String time() {
        return Times.instant(in.getLong()).toString();
    }

    private long number() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than 64 bits");
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }
}
