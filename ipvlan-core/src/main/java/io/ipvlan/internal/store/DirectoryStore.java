package io.ipvlan.internal.store;

import io.ipvlan.NetworkStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// One file for each text. A network's file is `<network>.network`, an endpoint's `<network>/<endpoint>.endpoint`;
/// the suffixes keep an endpoint from being taken for a network, and either for a file half written.
public final class DirectoryStore implements NetworkStore {
    private static final String NETWORK = ".network";
    private static final String ENDPOINT = ".endpoint";
    private static final String HALF_WRITTEN = ".tmp";
    private static final String LOCK = "lock";
    private static final FileAttribute<?> OWNER_ONLY_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> OWNER_ONLY_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path directory;
    private final FileChannel lock;

    private DirectoryStore(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    public static DirectoryStore open(Path directory) {
        try {
            Path made = createDirectory(directory.toAbsolutePath());
            FileChannel lock = FileChannel.open(
                    made.resolve(LOCK), Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), OWNER_ONLY_FILE);
            if (!lock(lock)) {
                lock.close();
                throw new IOException("another engine has the store open");
            }
            return new DirectoryStore(made, lock);
        } catch (IOException e) {
            throw failed("open", directory, e);
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock held = channel.tryLock();
            return held != null;
        } catch (OverlappingFileLockException e) { // by this same JVM
            return false;
        }
    }

    private static Path createDirectory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path, OWNER_ONLY_DIRECTORY);
        }
        return path;
    }

    @Override
    public Map<String, String> load() {
        Map<String, String> texts = new HashMap<>();
        try {
            for (Path entry : list(directory)) {
                String name = entry.getFileName().toString();
                if (Files.isDirectory(entry)) {
                    for (Path file : list(entry)) {
                        String id = file.getFileName().toString();
                        if (id.endsWith(ENDPOINT)) {
                            texts.put(name + "/" + without(id, ENDPOINT), Files.readString(file));
                        }
                    }
                } else if (name.endsWith(NETWORK)) {
                    texts.put(without(name, NETWORK), Files.readString(entry));
                }
            }
            return texts;
        } catch (IOException e) {
            throw failed("read", directory, e);
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private static String without(String name, String suffix) {
        return name.substring(0, name.length() - suffix.length());
    }

    /// Where the file of a key is.
    private Path folder(String key) {
        int slash = key.indexOf('/');
        return slash < 0 ? directory : directory.resolve(key.substring(0, slash));
    }

    private Path file(String key) {
        int slash = key.indexOf('/');
        return folder(key).resolve(slash < 0 ? key + NETWORK : key.substring(slash + 1) + ENDPOINT);
    }

    @Override
    public void put(String key, String text) {
        Path file = file(key);
        try {
            Path folder = createDirectory(folder(key));
            Path half = folder.resolve(file.getFileName() + HALF_WRITTEN);
            Files.deleteIfExists(half); // left by a crash
            try (FileChannel channel = FileChannel.open(
                    half, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY_FILE)) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
            force(folder);
        } catch (IOException e) {
            throw failed("write", file, e);
        }
    }

    @Override
    public void remove(String key) {
        Path file = file(key);
        try {
            if (Files.deleteIfExists(file)) {
                force(folder(key));
            }
            if (key.indexOf('/') < 0) {
                Files.deleteIfExists(directory.resolve(key)); // the directory of its endpoints, empty by now
            }
        } catch (IOException e) {
            throw failed("delete", file, e);
        }
    }

    /// A new name is on the disk only when its directory is.
    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw failed("close", directory, e);
        }
    }

    private static UncheckedIOException failed(String verb, Path path, IOException e) {
        return new UncheckedIOException(
                "cannot " + verb + " the network store at '" + path + "': " + e.getMessage(), e);
    }
}
