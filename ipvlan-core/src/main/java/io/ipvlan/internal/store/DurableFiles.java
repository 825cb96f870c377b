package io.ipvlan.internal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Writes and deletes small files so that a crash leaves the old text or the new one. An interrupt does not
/// disturb it: what the file says must agree with what was done to the kernel.
final class DurableFiles {
    /// The end of a name of a file that is being written.
    static final String HALF_WRITTEN = ".tmp";

    static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> OWNER_ONLY_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private DurableFiles() {}

    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    static Path createDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path, OWNER_ONLY_DIRECTORY);
            Path parent = path.getParent();
            if (parent != null) {
                uninterruptibly(() -> force(parent));
            }
        }
        return path;
    }

    static void write(Path file, String text) throws IOException {
        Path half = file.resolveSibling(file.getFileName() + HALF_WRITTEN);
        uninterruptibly(() -> {
            Files.deleteIfExists(half); // left by a crash, or by the interrupt
            try (FileChannel channel = FileChannel.open(
                    half, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
        });
        uninterruptibly(() -> force(file.resolveSibling("")));
    }

    static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            uninterruptibly(() -> force(file.resolveSibling("")));
        }
    }

    /// A new name is on the disk only when its directory is.
    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void uninterruptibly(Action action) throws IOException {
        boolean interrupted = false;
        try {
            for (boolean done = false; !done; ) {
                try {
                    action.run();
                    done = true;
                } catch (ClosedByInterruptException e) {
                    interrupted = Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
