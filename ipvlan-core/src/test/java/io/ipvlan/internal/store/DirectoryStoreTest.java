package io.ipvlan.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.NetworkStore;
import io.ipvlan.NetworkStore.Durability;
import io.ipvlan.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The store in a real directory.
class DirectoryStoreTest extends StoreContract {
    private final Path parent;
    private final Path directory;
    private NetworkStore store;

    DirectoryStoreTest(@TempDir Path parent) {
        this.parent = parent;
        this.directory = parent.resolve("a").resolve("b");
        this.store = NetworkStore.directory(directory);
    }

    @Override
    NetworkStore store() {
        return store;
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void reopen(Durability durability) {
        store.close();
        store = NetworkStore.directory(directory, durability);
    }

    @Test
    void aLaterProgramFindsWhatWasStored() {
        for (Durability durability : Durability.values()) {
            reopen(durability);
            put(store, "lan", "one " + durability);
            put(store, "lan/web", "two\nlines é\n");
            store.sync();
            put(store, "lan/mail", "three");
            remove(store, "lan/web");
            reopen(durability);

            assertEquals(Map.of("lan", "one " + durability, "lan/mail", "three"), store.load());
        }
    }

    @Test
    void onlyTheOwnerCanReadIt() throws IOException {
        put(store, "lan", "one");
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
    void itIsOpenOnceAtATime() {
        String refused = Refusal.of(UncheckedIOException.class, () -> NetworkStore.directory(directory));
        assertTrue(refused.contains(directory.toString()), refused);
        assertTrue(refused.contains("another engine of this program has the store open"), refused);
        store.close();
        store.close();

        NetworkStore.directory(directory).close();
    }

    @Test
    void anotherPathToAnOpenDirectoryIsRefusedToo() throws IOException {
        Path link = Files.createSymbolicLink(parent.resolve("link"), directory);
        assertThrows(UncheckedIOException.class, () -> NetworkStore.directory(link));
        Path around = directory.resolve("..").resolve("b");
        assertThrows(UncheckedIOException.class, () -> NetworkStore.directory(around));
        put(store, "lan", "one");
    }

    /// Closing any channel to a file gives up the locks that this process has on it (see `FileLock`), so a
    /// second store must not even open the file. Source of the format: proc_locks(5).
    @Test
    void refusingASecondStoreDoesNotGiveUpTheLockOfTheFirst() throws IOException {
        assertTrue(isLocked(directory.resolve("lock")));
        assertThrows(UncheckedIOException.class, () -> NetworkStore.directory(directory));

        assertTrue(isLocked(directory.resolve("lock")));
        store.close();
        assertFalse(isLocked(directory.resolve("lock")));
    }

    private static boolean isLocked(Path file) throws IOException {
        String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
        String process = " " + ProcessHandle.current().pid() + " ";
        return Files.readAllLines(Path.of("/proc/locks")).stream()
                .anyMatch(lock -> lock.contains(inode) && lock.contains(process));
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsRefused() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "");

        assertEquals(
                "cannot open the network store at '" + file + "': " + file + ": it is there, and is no directory",
                Refusal.of(UncheckedIOException.class, () -> NetworkStore.directory(file)));
        Path below = file.resolve("below");
        assertEquals(
                "cannot open the network store at '" + below + "': " + file + ": it is there, and is no directory",
                Refusal.of(UncheckedIOException.class, () -> NetworkStore.directory(below)));
    }

    @Test
    void aLinkThatLeadsNowhereIsNoDirectory() throws IOException {
        Path link = Files.createSymbolicLink(parent.resolve("link"), parent.resolve("gone"));

        assertEquals(
                "cannot open the network store at '" + link + "': " + link + ": it is there, and is no directory",
                Refusal.of(UncheckedIOException.class, () -> NetworkStore.directory(link)));
    }

    @Test
    void aDirectoryThatWasTakenAwayIsMissed() throws IOException {
        Path moved = Files.move(directory, parent.resolve("moved"));
        Path journal = directory.resolve("journal.new");

        assertEquals(
                "cannot write the network store at '" + journal + "': " + journal + ": there is no such file",
                Refusal.of(UncheckedIOException.class, () -> store.compareAndSet("lan", NONE, Optional.of("one"))));
        Files.move(moved, directory);
        put(store, "lan", "one");
    }

    @Test
    void anExceptionThatNamesOnlyAFileIsPutInWords() {
        assertEquals("/x: permission denied", DirectoryStore.reason(new AccessDeniedException("/x")));
        assertEquals("/x: said so", DirectoryStore.reason(new AccessDeniedException("/x", null, "said so")));
        assertEquals(
                "/x: Is a directory", DirectoryStore.reason(new FileSystemException("/x", null, "Is a directory")));
        assertEquals("No space left on device", DirectoryStore.reason(new IOException("No space left on device")));
    }

    @Test
    void aClosedStoreSaysSo() {
        store.close();
        assertThrows(IllegalStateException.class, store::load);
        assertThrows(IllegalStateException.class, () -> store.compareAndSet("lan", NONE, NONE));
        assertThrows(IllegalStateException.class, store::sync);
    }

    @Test
    void whatIsDamagedIsNamedAndLeftAsItIs() throws IOException {
        put(store, "lan", "one");
        put(store, "wan", "two");
        store.close();
        Path journal = directory.resolve("journal");
        byte[] bytes = Files.readAllBytes(journal);
        bytes[JournalFormat.HEADER + JournalFormat.FRAME + 6] ^= 1;
        Files.write(journal, bytes);
        reopen(Durability.DISK);

        String refused = Refusal.of(UncheckedIOException.class, store::load);
        assertTrue(refused.contains(journal.toString()), refused);
        assertTrue(refused.contains("it is damaged at byte 48"), refused);
        assertThrows(UncheckedIOException.class, () -> store.compareAndSet("lan", NONE, Optional.of("three")));
        assertThrows(UncheckedIOException.class, store::sync);
        store.close();
        assertEquals(-1, Files.mismatch(journal, Files.write(parent.resolve("copy"), bytes)));
    }

    @Test
    void anInterruptedThreadChangesTheStoreAndStaysInterrupted() {
        for (Durability durability : Durability.values()) {
            reopen(durability);
            remove(store, "none");
            for (int i = 0; i < 5; i++) {
                Thread.currentThread().interrupt();
                assertTrue(store.compareAndSet("key." + i + durability, NONE, Optional.of("x".repeat(100_000))));
                store.sync();
                assertTrue(Thread.interrupted());
            }
            Thread.currentThread().interrupt();
            reopen(durability);
            assertEquals(
                    5,
                    store.load().keySet().stream()
                            .filter(key -> key.endsWith(durability.name()))
                            .count());
            assertTrue(Thread.interrupted());
        }
    }

    /// At whatever place the interrupts come.
    @Test
    void interruptsFromOutsideDisturbNothing() throws InterruptedException {
        Thread worker = new Thread(() -> {
            for (int i = 0; i < 60; i++) {
                assertTrue(store.compareAndSet("key." + i, NONE, Optional.of("x".repeat(10_000))));
                store.sync();
            }
        });
        Map<Thread, Throwable> failed = new HashMap<>();
        worker.setUncaughtExceptionHandler(failed::put);
        worker.start();
        while (worker.isAlive()) {
            worker.interrupt();
            Thread.onSpinWait();
        }
        worker.join();
        assertEquals(Map.of(), failed);
        reopen(Durability.DISK);
        assertEquals(60, store.load().size());
    }

    @Test
    void rewritingDoesNotMakeItGrow() throws IOException {
        reopen(Durability.OPERATING_SYSTEM);
        Random random = new Random(1);
        Map<String, String> texts = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            String key = "lan/web-" + random.nextInt(1000);
            String text = i + "x".repeat(300);
            assertTrue(store.compareAndSet(key, Optional.ofNullable(texts.put(key, text)), Optional.of(text)));
            if (i % 1000 == 0) {
                long size = Files.size(directory.resolve("journal"));
                assertTrue(size < 2_000_000, () -> "bytes: " + size);
            }
        }
        reopen(Durability.DISK);
        assertEquals(texts, store.load());
    }
}
