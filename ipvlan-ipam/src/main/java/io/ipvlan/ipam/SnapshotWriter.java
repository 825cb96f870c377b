package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ipam.IpamException.BadSnapshot;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes a snapshot in its binary form.
final class SnapshotWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final IpPrefix prefix;

    private SnapshotWriter(IpPrefix prefix) {
        this.prefix = prefix;
    }

    static byte[] write(PoolState state) {
        try {
            SnapshotWriter writer = new SnapshotWriter(IpPrefix.parse(state.prefix()));
            writer.writeAll(state);
            return writer.sealed();
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new BadSnapshot(state.prefix(), String.valueOf(e.getMessage()));
        }
    }

    private void writeAll(PoolState state) {
        out.writeBytes(SnapshotFormat.MAGIC);
        out.write(SnapshotFormat.VERSION);
        out.write(prefix.address().toBytes().length);
        out.writeBytes(prefix.address().toBytes());
        out.write(prefix.length());
        optional(state.gateway(), this::address);
        out.write(state.refusesGateway() ? 1 : 0);
        all(state.ranges(), this::range);
        all(state.excluded(), this::range);
        map(state.reserved());
        all(state.withheld(), this::address);
        text(state.strategy());
        number(state.coolDownMillis());
        optional(state.last(), this::address);
        all(state.anonymous(), this::range);
        all(state.leases(), held -> {
            address(held.address());
            text(held.owner());
            time(held.since());
            map(held.labels());
            optional(held.deadline(), this::time);
        });
        all(state.cooling(), this::resting);
        all(state.quarantined(), resting -> {
            address(resting.address());
            time(resting.since());
            time(resting.until());
        });
        all(state.former(), this::resting);
    }

    private void resting(PoolState.Resting resting) {
        address(resting.address());
        text(resting.owner());
        time(resting.since());
    }

    private byte[] sealed() {
        byte[] body = out.toByteArray();
        return ByteBuffer.allocate(body.length + SnapshotFormat.CHECKSUM)
                .put(body)
                .putInt(SnapshotFormat.checksum(body, body.length))
                .array();
    }

    private <T> void all(Collection<T> values, Consumer<T> write) {
        number(values.size());
        values.forEach(write);
    }

    private <T> void optional(@Nullable T value, Consumer<T> write) {
        out.write(value == null ? 0 : 1);
        if (value != null) {
            write.accept(value);
        }
    }

    private void map(Map<String, String> map) {
        number(map.size());
        // Equal states have equal bytes.
        new TreeMap<>(map).forEach((key, value) -> {
            text(key);
            text(value);
        });
    }

    /// Only the bytes that the prefix does not fix.
    private void address(String text) {
        IpAddress address = IpAddress.parse(text);
        if (!prefix.contains(address)) {
            throw new IllegalArgumentException("address " + address + " lies outside the subnet");
        }
        byte[] bytes = address.toBytes();
        int fixed = prefix.length() / Byte.SIZE;
        out.write(bytes, fixed, bytes.length - fixed);
    }

    private void range(String text) {
        IpRange range = IpRange.parse(text);
        address(range.first().toString());
        address(range.last().toString());
    }

    private void text(String text) {
        SnapshotFormat.check(text);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        out.writeBytes(bytes);
    }

    private void time(String text) {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .putLong(Times.exactNanos(Instant.parse(text)))
                .array());
    }

    /// Seven bits in each byte, the lowest first; the highest bit says that more follow.
    private void number(long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            out.write((int) (left & 0x7f) | 0x80);
            left >>>= 7;
        }
        out.write((int) left);
    }
}
