package io.ipvlan.internal.store;

import io.ipvlan.NetworkStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A journal in a directory. See [JournalFormat].
///
/// The file has its whole size from the beginning, in zeros: to force bytes in place of others takes a third
/// of what it takes to force a file that has grown. When it is full, all that is remembered is written to a
/// new one that then takes its name. That is also how the store recovers: after a write that failed, the file
/// may hold part of it; after a force that failed, the kernel forgets what it could not write, and would call
/// a second one a success. In both cases the file is [#doubtful], and the next call makes a new one.
///
/// The lock is not held while the journal is forced. Who comes first forces what was written until then, for
/// all who wait.
public final class DirectoryStore implements NetworkStore {
    static final String JOURNAL = "journal";
    static final String NEW = "journal.new";

    private static final int ROOM = 256 << 10;
    private static final int ROOM_TIMES = 3;
    private static final long LARGEST = Integer.MAX_VALUE - 8L; // the largest array

    private static final byte[] ZEROS = new byte[64 << 10];

    private final Disk disk;
    private final Path directory;
    private final Durability durability;
    private final int room;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition forced = lock.newCondition();
    private final Map<String, StoreRecord> records = new HashMap<>();

    /// How many bytes [#records] take.
    private long live;

    private boolean read;
    private boolean closed;
    private boolean forcing;
    private Disk.@Nullable Handle journal;
    private JournalFormat format = new JournalFormat(0);

    /// Where the next frame goes, and where the file ends.
    private int end;

    private int size;
    private boolean doubtful;

    /// How many changes were written, and how many of them are durable.
    private long written;

    private long durable;

    /// @param room how many bytes of changes a new journal takes at least
    DirectoryStore(Disk disk, Path directory, Durability durability, int room) {
        this.disk = disk;
        this.directory = directory;
        this.durability = durability;
        this.room = room;
    }

    public static DirectoryStore open(Path directory, Durability durability) {
        try {
            return new DirectoryStore(DirectoryDisk.lock(directory), directory, durability, ROOM);
        } catch (IOException e) {
            throw failed("open", directory.toString(), e);
        }
    }

    @Override
    public Map<String, String> load() {
        lock.lock();
        try {
            requireRead();
            Map<String, String> texts = new HashMap<>();
            records.forEach((key, record) -> texts.put(key, record.text().orElseThrow()));
            return texts;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean compareAndSet(String key, Optional<String> expected, Optional<String> next) {
        StoreRecord record = new StoreRecord(StoreRecord.requireKey(key), next);
        byte[] bytes = record.bytes();
        lock.lock();
        try {
            requireRead();
            makeRoom(JournalFormat.FRAME + bytes.length);
            Optional<String> present = Optional.ofNullable(records.get(key)).flatMap(StoreRecord::text);
            if (!present.equals(expected)) {
                return false;
            }
            if (!present.equals(next)) {
                append(record, bytes);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Others may change the store meanwhile.
    private void makeRoom(int length) {
        while (doubtful || !hasRoom(length)) {
            if (forcing) {
                awaitForced();
            } else {
                renew(length);
            }
        }
    }

    private void append(StoreRecord record, byte[] bytes) {
        write(format.frame(bytes, end));
        boolean kept = record.text().isPresent();
        StoreRecord before = kept ? records.put(record.key(), record) : records.remove(record.key());
        live += (kept ? JournalFormat.FRAME + bytes.length : 0) - (before == null ? 0 : JournalFormat.size(before));
        written++;
    }

    private boolean hasRoom(int length) {
        return journal != null && length <= size - end - JournalFormat.MARK;
    }

    private void write(byte[] frame) {
        Disk.Handle file = requireJournal();
        try {
            file.write(end, frame);
        } catch (IOException e) {
            doubtful = true;
            throw failed("write", file.path(), e);
        }
        end += frame.length;
    }

    /// Writes a journal with what is remembered and room for more, and puts it in place of the one there is,
    /// which nobody may be forcing. Everything is durable then.
    private void renew(int length) {
        long needed = JournalFormat.HEADER + live;
        long wanted = Math.min(LARGEST, needed + live * (ROOM_TIMES - 1) + room + length);
        String path = directory.resolve(NEW).toString();
        try {
            if (needed + length + JournalFormat.MARK > wanted) {
                throw new IOException("the store is full: it holds " + live + " bytes");
            }
            JournalFormat next = new JournalFormat(ThreadLocalRandom.current().nextLong());
            Disk.Handle file = disk.create(NEW);
            boolean done = false;
            try {
                file.write(0, next.beginning(records.values(), (int) needed, (int) wanted));
                for (long at = needed; at < wanted; at += ZEROS.length) {
                    file.write(at, wanted - at < ZEROS.length ? new byte[(int) (wanted - at)] : ZEROS);
                }
                file.force();
                doubtful = true; // until the name is known to last
                disk.rename(file, JOURNAL);
                done = true;
            } finally {
                if (!done) {
                    discard(file);
                }
            }
            Disk.Handle before = journal;
            journal = file;
            format = next;
            end = (int) needed;
            size = (int) wanted;
            try (before) {
                disk.forceNames();
                doubtful = false;
                durable = written;
            }
        } catch (IOException e) {
            throw failed("write", path, e);
        }
    }

    /// What is left of it must not take up a full disk.
    private void discard(Disk.Handle file) throws IOException {
        try (file) {
            disk.delete(NEW);
        }
    }

    @Override
    public void sync() {
        lock.lock();
        try {
            requireRead();
            long wanted = written;
            while (doubtful || (durability == Durability.DISK && durable < wanted)) {
                if (forcing) {
                    awaitForced();
                } else if (doubtful) {
                    renew(0);
                } else {
                    force();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// Forces what is written until now. Others may write meanwhile.
    private void force() {
        Disk.Handle file = requireJournal();
        long until = written;
        int before = end;
        boolean done = false;
        forcing = true;
        lock.unlock();
        try {
            file.force();
            done = true;
        } catch (IOException e) {
            throw failed("force", file.path(), e);
        } finally {
            lock.lock();
            forcing = false;
            doubtful |= !done;
            forced.signalAll();
        }
        durable = until;
        if (hasRoom(0)) {
            write(format.mark(before, end));
        }
    }

    private void awaitForced() {
        while (forcing) {
            forced.awaitUninterruptibly();
        }
        requireOpen();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            while (forcing) {
                forced.awaitUninterruptibly();
            }
            if (closed) {
                return;
            }
            try (disk) {
                try {
                    if (journal != null) {
                        sync();
                    }
                } finally {
                    closed = true;
                    if (journal != null) {
                        journal.close();
                    }
                }
            } catch (IOException e) {
                throw failed("close", directory.toString(), e);
            }
        } finally {
            lock.unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the network store at '" + directory + "' is closed");
        }
    }

    private Disk.Handle requireJournal() {
        if (journal == null) {
            throw new IllegalStateException("there is no journal");
        }
        return journal;
    }

    /// Reads the journal when it is needed first. What a crash left behind its end stays: the next change
    /// goes to a new one.
    private void requireRead() {
        requireOpen();
        if (read) {
            return;
        }
        String path = directory.resolve(JOURNAL).toString();
        try {
            Optional<Disk.Handle> found = disk.open(JOURNAL);
            if (found.isPresent()) {
                takeIn(found.get());
            }
            read = true;
        } catch (IOException e) {
            throw failed("read", path, e);
        }
    }

    private void takeIn(Disk.Handle file) throws IOException {
        JournalFormat.Contents contents;
        boolean done = false;
        try {
            contents = JournalFormat.read(file);
            done = true;
        } finally {
            if (!done) {
                file.close();
            }
        }
        records.putAll(contents.records());
        live = records.values().stream().mapToLong(JournalFormat::size).sum();
        journal = file;
        format = contents.format();
        end = contents.end();
        size = contents.clean() ? (int) file.size() : end;
        written++; // by the process before, which need not have synced
    }

    /// Of some exceptions the message is a file's name, and only the class tells the rest.
    static String reason(IOException e) {
        if (e instanceof FileSystemException failed && failed.getReason() == null) {
            return failed.getFile()
                    + switch (failed) {
                        case FileAlreadyExistsException _ -> ": it is there, and is no directory";
                        case NoSuchFileException _ -> ": there is no such file";
                        case AccessDeniedException _ -> ": permission denied";
                        case DirectoryNotEmptyException _ -> ": it is a directory that is not empty";
                        default -> ": it could not be used";
                    };
        }
        return String.valueOf(e.getMessage());
    }

    private static UncheckedIOException failed(String verb, String path, IOException e) {
        return new UncheckedIOException("cannot " + verb + " the network store at '" + path + "': " + reason(e), e);
    }
}
