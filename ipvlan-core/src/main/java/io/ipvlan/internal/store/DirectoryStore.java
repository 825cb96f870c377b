package io.ipvlan.internal.store;

import io.ipvlan.NetworkStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// One file for each text. A network's file is `<network>.network`, an endpoint's
/// `<network>.endpoints/<endpoint>.endpoint`. Names may contain dots; since every file and directory has a
/// suffix of its kind, none is taken for another, for one half written or for the lock.
public final class DirectoryStore implements NetworkStore {
    private static final String NETWORK = ".network";
    private static final String ENDPOINTS = ".endpoints";
    private static final String ENDPOINT = ".endpoint";
    private static final String LOCK = "lock";

    /// The directories open in this JVM. The lock alone would not do: to close any channel to its file, as
    /// one that was refused would have to, gives up the locks that the whole process has on it (see
    /// [FileLock]).
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel lock;

    private DirectoryStore(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    public static DirectoryStore open(Path directory) {
        try {
            Path made = DurableFiles.createDirectory(directory.toAbsolutePath()).toRealPath();
            if (!OPEN.add(made)) {
                throw openElsewhere();
            }
            try {
                return new DirectoryStore(made, lock(made.resolve(LOCK)));
            } catch (IOException | RuntimeException e) {
                OPEN.remove(made);
                throw e;
            }
        } catch (IOException e) {
            throw failed("open", directory, e);
        }
    }

    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), DurableFiles.OWNER_ONLY);
        try {
            FileLock held = channel.tryLock();
            if (held == null) {
                throw openElsewhere();
            }
            return channel;
        } catch (OverlappingFileLockException e) { // by another class loader of this JVM
            channel.close();
            throw openElsewhere();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static IOException openElsewhere() {
        return new IOException("another engine has the store open");
    }

    @Override
    public Map<String, String> load() {
        Map<String, String> texts = new HashMap<>();
        try {
            for (Path entry : list(directory)) {
                String name = entry.getFileName().toString();
                if (name.endsWith(ENDPOINTS)) {
                    for (Path file : list(entry)) {
                        String id = file.getFileName().toString();
                        if (id.endsWith(ENDPOINT)) {
                            texts.put(without(name, ENDPOINTS) + "/" + without(id, ENDPOINT), read(file));
                        }
                    }
                } else if (name.endsWith(NETWORK)) {
                    texts.put(without(name, NETWORK), read(entry));
                }
            }
            return texts;
        } catch (IOException e) {
            throw failed("read", directory, e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw failed("read", file, e);
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
        return slash < 0 ? directory : endpoints(key.substring(0, slash));
    }

    private Path endpoints(String network) {
        return directory.resolve(network + ENDPOINTS);
    }

    private Path file(String key) {
        int slash = key.indexOf('/');
        return folder(key).resolve(slash < 0 ? key + NETWORK : key.substring(slash + 1) + ENDPOINT);
    }

    @Override
    public boolean compareAndSet(String key, Optional<String> expected, Optional<String> next) {
        Path file = file(key);
        Optional<String> now = Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
        if (!now.equals(expected)) {
            return false;
        }
        if (next.isPresent()) {
            put(key, next.get());
        } else {
            remove(key);
        }
        return true;
    }

    @Override
    public void sync() {}

    private void put(String key, String text) {
        requireOpen();
        Path file = file(key);
        try {
            DurableFiles.createDirectory(folder(key));
            DurableFiles.write(file, text);
        } catch (IOException e) {
            throw failed("write", file, e);
        }
    }

    private void remove(String key) {
        requireOpen();
        Path file = file(key);
        try {
            DurableFiles.delete(file);
            if (key.indexOf('/') < 0) {
                removeEndpoints(endpoints(key));
            }
        } catch (IOException e) {
            throw failed("delete", file, e);
        }
    }

    /// Nobody's endpoint is in it any more, but what a crash left half written may be. Files of others stay.
    private static void removeEndpoints(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            for (Path file : list(folder)) {
                if (file.toString().endsWith(DurableFiles.HALF_WRITTEN)) {
                    Files.delete(file);
                }
            }
            if (list(folder).isEmpty()) {
                Files.delete(folder);
            }
        }
    }

    private void requireOpen() {
        if (!lock.isOpen()) {
            throw new IllegalStateException("the network store at '" + directory + "' is closed");
        }
    }

    @Override
    public synchronized void close() {
        if (!lock.isOpen()) {
            return;
        }
        try {
            lock.close();
            OPEN.remove(directory);
        } catch (IOException e) {
            throw failed("close", directory, e);
        }
    }

    private static UncheckedIOException failed(String verb, Path path, IOException e) {
        return new UncheckedIOException("cannot " + verb + " the network store at '" + path + "': " + e, e);
    }
}
