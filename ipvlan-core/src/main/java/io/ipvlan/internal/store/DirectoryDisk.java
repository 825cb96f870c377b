package io.ipvlan.internal.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A directory of the file system, locked. Files are written as [RandomAccessFile], which an interrupt does
/// not close.
final class DirectoryDisk implements Disk {
    private static final String LOCK = "lock";

    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> OWNER_ONLY_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /// The directories open in this JVM. The lock alone would not do: to close any channel to its file, as
    /// one that was refused would have to, gives up the locks that the whole process has on it (see
    /// [FileLock]).
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel lock;

    private DirectoryDisk(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /// Makes the directory if it is missing, and locks it.
    static DirectoryDisk lock(Path directory) throws IOException {
        return Interrupts.defer(() -> {
            Path made = createDirectory(directory.toAbsolutePath().normalize()).toRealPath();
            if (!OPEN.add(made)) {
                throw new IOException("another engine of this program has the store open");
            }
            try {
                return new DirectoryDisk(made, lockFile(made.resolve(LOCK)));
            } catch (IOException | RuntimeException | Error e) {
                OPEN.remove(made);
                throw e;
            }
        });
    }

    private static Path createDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Path parent = path.getParent();
            if (parent != null) {
                createDirectory(parent);
            }
            Files.createDirectories(path, OWNER_ONLY_DIRECTORY); // another process may have made it just now
            if (parent != null) {
                forceNames(parent);
            }
        }
        return path;
    }

    private static FileChannel lockFile(Path file) throws IOException {
        FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_ONLY);
        try {
            FileLock held = channel.tryLock();
            if (held == null) {
                throw new IOException("another process has the store open");
            }
            return channel;
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException("another class loader of this program has the store open", e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// A new name is on the disk only when its directory is.
    private static void forceNames(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Optional<Handle> open(String name) throws IOException {
        Path path = directory.resolve(name);
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? Optional.of(new OpenFile(path)) : Optional.empty();
    }

    @Override
    public Handle create(String name) throws IOException {
        delete(name);
        return new OpenFile(Files.createFile(directory.resolve(name), OWNER_ONLY));
    }

    @Override
    public void rename(Handle file, String name) throws IOException {
        OpenFile open = (OpenFile) file;
        Path to = directory.resolve(name);
        Files.move(open.path, to, StandardCopyOption.ATOMIC_MOVE);
        open.path = to;
    }

    @Override
    public void forceNames() throws IOException {
        Interrupts.defer(() -> {
            forceNames(directory);
            return directory;
        });
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void close() throws IOException {
        try (lock) {
            OPEN.remove(directory);
        }
    }

    private static final class OpenFile implements Handle {
        private static final long UNKNOWN = -1;

        private Path path;
        private final RandomAccessFile file;

        /// Where the file stands, so that writes one behind the other need not say where; negative if that is
        /// unknown.
        private long at = UNKNOWN;

        /// For [#force] alone. `FileDescriptor.sync` would also wait for the times of the file, which takes
        /// several times as long. Opened again after an interrupt has closed it.
        private @Nullable FileChannel forced;

        OpenFile(Path path) throws IOException {
            this.path = path;
            this.file = new RandomAccessFile(path.toFile(), "rw");
        }

        @Override
        public String path() {
            return path.toString();
        }

        @Override
        public long size() throws IOException {
            return file.length();
        }

        @Override
        public byte[] read(int length) throws IOException {
            byte[] bytes = new byte[(int) Math.min(length, size())];
            at = UNKNOWN;
            file.seek(0);
            file.readFully(bytes);
            return bytes;
        }

        @Override
        public void write(long position, byte[] bytes) throws IOException {
            if (position != at) {
                file.seek(position);
            }
            at = UNKNOWN; // after a write that fails
            file.write(bytes);
            at = position + bytes.length;
        }

        @Override
        public void force() throws IOException {
            Interrupts.defer(() -> {
                FileChannel channel = forced;
                if (channel == null || !channel.isOpen()) {
                    channel = FileChannel.open(path, StandardOpenOption.WRITE);
                    forced = channel;
                }
                channel.force(false);
                return path;
            });
        }

        @Override
        public void close() throws IOException {
            try (file) {
                if (forced != null) {
                    forced.close();
                }
            }
        }
    }
}
