package io.ipvlan.internal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The bytes of a journal. Numbers are big-endian.
///
/// A header of 48 bytes: `ipvlan journal` and a line feed, a byte with the version, the size of the file, the
/// file's own random number, where the part ends that was durable before the file got its name, the checksum
/// of these, 4 bytes 0. Then frames one behind the other, each with the length of what is in it, its
/// checksum, and a record or a mark; then zeros. The checksum covers the file's number and the frame's place,
/// so that nothing is valid anywhere else.
///
/// A mark says up to where the file was durable when it was written. It tells damage from what a loss of
/// power leaves, which are single pages of what was written and not synced: what is invalid below a mark was
/// whole once. Behind the last mark the first invalid frame ends the journal.
final class JournalFormat {
    static final int HEADER = 48;
    static final int FRAME = 2 * Integer.BYTES;
    static final int MARK = FRAME + 1 + Long.BYTES;
    static final byte VERSION = 1;

    private static final byte[] MAGIC = "ipvlan journal\n".getBytes(StandardCharsets.US_ASCII);
    private static final int CHECKED_HEADER = HEADER - 2 * Integer.BYTES;
    private static final byte IS_MARK = 3;

    private final long number;

    /// @param number the file's own
    JournalFormat(long number) {
        this.number = number;
    }

    /// What a file says.
    ///
    /// @param format how to go on writing it
    /// @param records what is remembered
    /// @param end where the next frame goes
    /// @param clean whether nothing is behind the end
    record Contents(JournalFormat format, Map<String, StoreRecord> records, int end, boolean clean) {}

    static int size(StoreRecord record) {
        return FRAME + record.bytes().length;
    }

    /// @param durable everything before was durable
    byte[] mark(long durable, long position) {
        return frame(
                ByteBuffer.allocate(MARK - FRAME).put(IS_MARK).putLong(durable).array(), position);
    }

    /// @param body the bytes of a record
    byte[] frame(byte[] body, long position) {
        return ByteBuffer.allocate(FRAME + body.length)
                .putInt(body.length)
                .putInt(checksum(position, ByteBuffer.wrap(body)))
                .put(body)
                .array();
    }

    private int checksum(long position, ByteBuffer body) {
        CRC32C checksum = new CRC32C();
        checksum.update(ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
                .putLong(number)
                .putLong(position)
                .putInt(body.remaining())
                .flip());
        checksum.update(body);
        return (int) checksum.getValue();
    }

    /// A file up to where its records end.
    ///
    /// @param size how large it is with the zeros that follow
    byte[] beginning(Collection<StoreRecord> records, int end, int size) {
        ByteBuffer file = ByteBuffer.allocate(end);
        file.put(MAGIC).put(VERSION).putLong(size).putLong(number).putLong(end);
        file.putInt(headerChecksum(file)).position(HEADER);
        for (StoreRecord record : records) {
            file.put(frame(record.bytes(), file.position()));
        }
        return file.array();
    }

    private static int headerChecksum(ByteBuffer file) {
        CRC32C checksum = new CRC32C();
        checksum.update(file.slice(0, CHECKED_HEADER));
        return (int) checksum.getValue();
    }

    /// @param file the file, which is read whole only if its header fits its size
    /// @throws IOException that says what is wrong with it
    static Contents read(Disk.Handle file) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(file.read(HEADER));
        if (header.capacity() < HEADER || !Arrays.equals(Arrays.copyOf(header.array(), MAGIC.length), MAGIC)) {
            throw new IOException("it is no journal, or its beginning is damaged");
        }
        byte version = header.get(MAGIC.length);
        if (version != VERSION) {
            throw new IOException(
                    "it is a journal of version " + version + ", and this library reads version " + VERSION);
        }
        if (header.getInt(CHECKED_HEADER) != headerChecksum(header) || header.getInt(HEADER - Integer.BYTES) != 0) {
            throw new IOException("its beginning is damaged");
        }
        header.position(MAGIC.length + 1);
        long size = header.getLong();
        if (size != file.size()) {
            throw new IOException("it has " + file.size() + " bytes, and had " + size);
        }
        JournalFormat format = new JournalFormat(header.getLong());
        return format.read(ByteBuffer.wrap(file.read((int) size)), header.getLong());
    }

    private Contents read(ByteBuffer file, long durable) throws IOException {
        Map<String, StoreRecord> records = new HashMap<>();
        int end = HEADER;
        for (Optional<ByteBuffer> body = body(file, end); body.isPresent(); body = body(file, end)) {
            int length = body.get().remaining();
            if (!isMark(body.get())) {
                Optional<StoreRecord> record = StoreRecord.of(body.get());
                if (record.isEmpty()) {
                    break;
                }
                apply(record.get(), records);
            }
            end += FRAME + length;
        }
        boolean clean = isZero(file, end);
        if (end < durable || (!clean && isMarkedBehind(file, end))) {
            throw new IOException("it is damaged at byte " + end + ", after " + records.size() + " keys");
        }
        return new Contents(this, records, end, clean);
    }

    private static void apply(StoreRecord record, Map<String, StoreRecord> records) {
        if (record.text().isPresent()) {
            records.put(record.key(), record);
        } else {
            records.remove(record.key());
        }
    }

    /// What is in the frame at a place, if one is there.
    private Optional<ByteBuffer> body(ByteBuffer file, int position) {
        if (file.capacity() - position < FRAME) {
            return Optional.empty();
        }
        int length = file.getInt(position);
        if (length <= 0 || length > file.capacity() - position - FRAME) {
            return Optional.empty();
        }
        ByteBuffer body = file.slice(position + FRAME, length);
        return file.getInt(position + Integer.BYTES) == checksum(position, body.duplicate())
                ? Optional.of(body)
                : Optional.empty();
    }

    private static boolean isMark(ByteBuffer body) {
        return body.remaining() == MARK - FRAME && body.get(0) == IS_MARK;
    }

    /// Whether a mark behind a place says that the place was durable.
    private boolean isMarkedBehind(ByteBuffer file, int place) {
        for (int position = place; position <= file.capacity() - MARK; position++) {
            if (file.getInt(position) == MARK - FRAME) {
                Optional<ByteBuffer> body = body(file, position).filter(JournalFormat::isMark);
                if (body.isPresent() && body.get().getLong(1) > place) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isZero(ByteBuffer file, int from) {
        int position = from;
        while (position <= file.capacity() - Long.BYTES) {
            if (file.getLong(position) != 0) {
                return false;
            }
            position += Long.BYTES;
        }
        while (position < file.capacity()) {
            if (file.get(position++) != 0) {
                return false;
            }
        }
        return true;
    }
}
