package io.ipvlan.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.NetworkStore;
import io.ipvlan.RandomNetworks;
import io.ipvlan.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreTest {
    private static void put(NetworkStore store, String key, String text) {
        assertTrue(store.compareAndSet(key, Optional.ofNullable(store.load().get(key)), Optional.of(text)));
    }

    private static void remove(NetworkStore store, String key) {
        assertTrue(store.compareAndSet(key, Optional.ofNullable(store.load().get(key)), Optional.empty()));
    }

    private static Set<String> files(Path directory) throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            Set<String> names = new TreeSet<>();
            found.filter(Files::isRegularFile)
                    .forEach(file -> names.add(directory.relativize(file).toString()));
            return names;
        }
    }

    @Test
    void whatIsPutIsLoadedUntilItIsRemoved(@TempDir Path directory) {
        try (NetworkStore store = NetworkStore.directory(directory)) {
            assertEquals(Map.of(), store.load());
            put(store, "lan", "one");
            put(store, "lan/web", "two\nlines é\n");
            put(store, "lan", "three");
            assertEquals(Map.of("lan", "three", "lan/web", "two\nlines é\n"), store.load());
        }
        try (NetworkStore store = NetworkStore.directory(directory)) {
            assertEquals(Map.of("lan", "three", "lan/web", "two\nlines é\n"), store.load());
            remove(store, "lan/web");
            remove(store, "lan/web");
            remove(store, "lan/nobody");
            remove(store, "nobody");
            assertEquals(Map.of("lan", "three"), store.load());
            remove(store, "lan");
            assertEquals(Map.of(), store.load());
        }
    }

    @Test
    void nothingIsLeftOfARemovedNetwork(@TempDir Path directory) throws IOException {
        try (NetworkStore store = NetworkStore.directory(directory)) {
            put(store, "lan", "one");
            put(store, "lan/web", "two");
            remove(store, "lan/web");
            remove(store, "lan");
        }
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(directory.resolve("lock")), left.toList());
        }
    }

    @Test
    void onlyTheOwnerCanReadIt(@TempDir Path parent) throws IOException {
        Path directory = parent.resolve("a").resolve("b");
        try (NetworkStore store = NetworkStore.directory(directory)) {
            put(store, "lan", "one");
            put(store, "lan/web", "two");
        }
        try (Stream<Path> found = Files.walk(parent.resolve("a"))) {
            for (Path path : found.toList()) {
                assertEquals(
                        Files.isDirectory(path) ? "rwx------" : "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(path)),
                        path::toString);
            }
        }
    }

    @Test
    void itIsOpenOnceAtATime(@TempDir Path directory) {
        NetworkStore store = NetworkStore.directory(directory);
        String refused = Refusal.of(UncheckedIOException.class, () -> NetworkStore.directory(directory));
        assertTrue(refused.contains(directory.toString()), refused);
        assertTrue(refused.contains("another engine has the store open"), refused);
        store.close();
        store.close();

        NetworkStore.directory(directory).close();
    }

    @Test
    void anotherPathToAnOpenDirectoryIsRefusedToo(@TempDir Path parent) throws IOException {
        Path directory = Files.createDirectory(parent.resolve("a"));
        Path link = Files.createSymbolicLink(parent.resolve("b"), directory);
        try (NetworkStore store = NetworkStore.directory(directory)) {
            assertThrows(UncheckedIOException.class, () -> NetworkStore.directory(link));
            assertThrows(
                    UncheckedIOException.class,
                    () -> NetworkStore.directory(
                            parent.resolve("a").resolve("..").resolve("a")));
            put(store, "lan", "one");
        }
    }

    /// Closing any channel to a file gives up the locks that this process has on it (see `FileLock`), so a
    /// second store must not even open the file. Source of the format: proc_locks(5).
    @Test
    void refusingASecondStoreDoesNotGiveUpTheLockOfTheFirst(@TempDir Path directory) throws IOException {
        try (NetworkStore store = NetworkStore.directory(directory)) {
            assertTrue(isLocked(directory.resolve("lock")));
            assertThrows(UncheckedIOException.class, () -> NetworkStore.directory(directory));

            assertTrue(isLocked(directory.resolve("lock")));
            put(store, "lan", "one");
        }
        assertFalse(isLocked(directory.resolve("lock")));
    }

    private static boolean isLocked(Path file) throws IOException {
        String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
        String process = " " + ProcessHandle.current().pid() + " ";
        return Files.readAllLines(Path.of("/proc/locks")).stream()
                .anyMatch(lock -> lock.contains(inode) && lock.contains(process));
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsRefused(@TempDir Path parent) throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "");

        String refused = Refusal.of(UncheckedIOException.class, () -> NetworkStore.directory(file));
        assertTrue(refused.contains(file.toString()), refused);
    }

    @Test
    void whatWasHalfWrittenIsIgnoredAndInNobodysWay(@TempDir Path directory) throws IOException {
        try (NetworkStore store = NetworkStore.directory(directory)) {
            put(store, "lan", "one");
            put(store, "lan/web", "two");
            put(store, "lan/mail", "three");
            for (String whole : files(directory)) {
                Files.writeString(directory.resolve(whole + ".tmp"), "ha");
            }
            assertEquals(Set.of("lan", "lan/web", "lan/mail"), store.load().keySet());
            put(store, "lan/web", "four");
            assertEquals("four", store.load().get("lan/web"));
            remove(store, "lan/web");
            remove(store, "lan/mail");
            remove(store, "lan");
            assertEquals(Map.of(), store.load());
            put(store, "lan", "five");
            assertEquals(Map.of("lan", "five"), store.load());
        }
    }

    @Test
    void aFileThatIsNoTextIsNamed(@TempDir Path directory) throws IOException {
        try (NetworkStore store = NetworkStore.directory(directory)) {
            put(store, "lan", "one");
            Files.write(directory.resolve("lan.network"), new byte[] {(byte) 0xff, (byte) 0xfe});

            String refused = Refusal.of(UncheckedIOException.class, store::load);
            assertTrue(refused.contains("lan.network"), refused);
        }
    }

    @Test
    void theFilesOfANetworkAreWhereAnOperatorLooks(@TempDir Path directory) throws IOException {
        try (NetworkStore store = NetworkStore.directory(directory)) {
            put(store, "lan", "one");
            put(store, "lan/web", "two");

            assertEquals(Set.of("lock", "lan.network", "lan.endpoints/web.endpoint"), files(directory));
            assertEquals("one", Files.readString(directory.resolve("lan.network"), StandardCharsets.UTF_8));
        }
    }

    @Provide
    Arbitrary<List<String>> keys() {
        Arbitrary<String> names = Arbitraries.oneOf(
                RandomNetworks.names(),
                Arbitraries.of("a", "a.network", "a.network.tmp", "a.endpoint", "a.endpoints", "a.endpoints.network"));
        Arbitrary<String> endpoints =
                Combinators.combine(names, names).as((network, endpoint) -> network + "/" + endpoint);
        return Arbitraries.oneOf(names, endpoints).list().uniqueElements().ofMaxSize(12);
    }

    /// Names may look like the files of others, and still no two keys share a place.
    @Property(tries = 60)
    void noKeyIsTakenForAnother(@ForAll("keys") List<String> keys) throws IOException {
        Path directory = Files.createTempDirectory("store");
        Map<String, String> expected = new HashMap<>();
        try (NetworkStore store = NetworkStore.directory(directory)) {
            for (String key : keys) {
                put(store, key, "text of " + key);
                expected.put(key, "text of " + key);
            }
            assertEquals(expected, store.load());
            // Endpoints go before their networks, as the engine has it.
            for (String key : keys.stream()
                    .sorted((one, other) -> Boolean.compare(other.contains("/"), one.contains("/")))
                    .toList()) {
                remove(store, key);
                expected.remove(key);
                assertEquals(expected, store.load());
            }
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : found.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(path);
            }
        }
    }
}
