package io.ipvlan.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.NetworkStore.Durability;
import io.ipvlan.Refusal;
import io.ipvlan.internal.store.RecordingDisk.Operation;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What the store does to its disk, and what it makes of failures there.
class GroupCommitTest {
    private static final Optional<String> NONE = Optional.empty();

    private final RecordingDisk disk = new RecordingDisk();
    private final DirectoryStore store = open(Durability.DISK);

    private DirectoryStore open(Durability durability) {
        return new DirectoryStore(disk, Path.of("store"), durability, 4000);
    }

    private Map<String, String> found() {
        return new DirectoryStore(new RecordingDisk(disk.contents()), Path.of("store"), Durability.DISK, 4000).load();
    }

    private long forces() {
        return disk.count(Operation.Force.class);
    }

    @Test
    void threadsThatWaitShareOneForceAndChangesGoOnMeanwhile() throws ExecutionException, InterruptedException {
        int threads = 40;
        assertTrue(store.compareAndSet("first", NONE, Optional.of("")));
        store.sync();
        long before = forces();
        assertTrue(store.compareAndSet("leader", NONE, Optional.of("")));
        CountDownLatch inForce = new CountDownLatch(1);
        CountDownLatch changed = new CountDownLatch(threads);
        disk.whileForcing(() -> {
            inForce.countDown();
            await(changed);
        });
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> leader = executor.submit(store::sync);
            await(inForce);
            List<Future<?>> others = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                String key = "key." + i;
                others.add(executor.submit(() -> {
                    assertTrue(store.compareAndSet(key, NONE, Optional.of("")));
                    changed.countDown();
                    store.sync();
                }));
            }
            leader.get();
            for (Future<?> other : others) {
                other.get();
            }
        }
        assertEquals(2, forces() - before, "one for the leader's change, one for all others");
        assertEquals(threads + 2, found().size());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nothingIsForcedTwice() {
        assertTrue(store.compareAndSet("lan", NONE, Optional.of("one")));
        store.sync();
        long before = disk.operations().size();
        store.sync();
        store.sync();
        assertTrue(store.compareAndSet("lan", Optional.of("one"), Optional.of("one")));
        store.sync();
        assertEquals(before, disk.operations().size());
    }

    @Test
    void withoutDurabilityNothingIsForcedButANewJournal() {
        DirectoryStore quick = open(Durability.OPERATING_SYSTEM);
        assertTrue(quick.compareAndSet("lan", NONE, Optional.of("one")));
        assertEquals(1, forces());
        assertTrue(quick.compareAndSet("lan", Optional.of("one"), Optional.of("two")));
        quick.sync();
        quick.close();
        assertEquals(1, forces());
        assertEquals(Map.of("lan", "two"), found());
    }

    @Test
    void whatAProcessBeforeDidNotSyncIsForcedByTheFirstSync() {
        assertTrue(store.compareAndSet("lan", NONE, Optional.of("one")));
        long before = forces();
        DirectoryStore later = open(Durability.DISK);
        assertEquals(Map.of("lan", "one"), later.load());
        later.sync();
        assertEquals(before + 1, forces());
    }

    @Test
    void aWriteThatFailsChangesNothing() {
        assertTrue(store.compareAndSet("lan", NONE, Optional.of("one")));
        disk.failNext(Operation.Write.class);
        String refused = Refusal.of(
                UncheckedIOException.class,
                () -> store.compareAndSet("lan", Optional.of("one"), Optional.of("a longer text")));
        assertTrue(refused.contains("Input/output error"), refused);
        assertEquals(Map.of("lan", "one"), store.load());

        store.sync();
        assertEquals(Map.of("lan", "one"), found());
        assertTrue(store.compareAndSet("lan", Optional.of("one"), Optional.of("two")));
        assertEquals(Map.of("lan", "two"), found());
    }

    /// The kernel reports a page that it could not write once, and calls the next force a success.
    @Test
    void afterAForceThatFailedEverythingIsWrittenAnew() {
        assertTrue(store.compareAndSet("lan", NONE, Optional.of("one")));
        assertTrue(store.compareAndSet("wan", NONE, Optional.of("two")));
        disk.failNext(Operation.Force.class);
        assertThrows(UncheckedIOException.class, store::sync);
        long renames = disk.count(Operation.Rename.class);
        store.sync();
        assertEquals(renames + 1, disk.count(Operation.Rename.class));
        assertEquals(Map.of("lan", "one", "wan", "two"), found());
        assertTrue(store.compareAndSet("wan", Optional.of("two"), NONE));
        assertEquals(Map.of("lan", "one"), found());
    }

    @Test
    void whateverFailsWhenTheJournalIsWrittenAnewTheStoreGoesOn() {
        for (Class<? extends Operation> kind : List.<Class<? extends Operation>>of(
                Operation.Create.class,
                Operation.Write.class,
                Operation.Force.class,
                Operation.Rename.class,
                Operation.ForceNames.class)) {
            fill(kind.getSimpleName());
            Map<String, String> before = store.load();
            disk.failNext(kind);
            assertThrows(
                    UncheckedIOException.class, () -> store.compareAndSet("big", NONE, Optional.of("x".repeat(9000))));
            assertEquals(before, store.load());
            assertEquals(before, found());
            assertEquals(1, disk.open(), kind + ": only the journal is open");
            assertTrue(store.compareAndSet("big", NONE, Optional.of("x".repeat(9000))));
            assertTrue(store.compareAndSet("big", Optional.of("x".repeat(9000)), NONE));
            assertEquals(before, found());
        }
    }

    private void fill(String key) {
        assertTrue(store.compareAndSet(key, NONE, Optional.of("text of " + key)));
    }

    @Test
    void aFullDiskIsReportedAndTheStoreWorksAgainWhenThereIsRoom() {
        assertTrue(store.compareAndSet("lan", NONE, Optional.of("one")));
        Map<String, byte[]> before = disk.contents();
        disk.leaveRoom(5000);
        String refused = Refusal.of(
                UncheckedIOException.class, () -> store.compareAndSet("big", NONE, Optional.of("x".repeat(9000))));
        assertTrue(refused.contains("No space left on device"), refused);
        assertEquals(before.keySet(), disk.contents().keySet(), "nothing is left that takes up room");
        assertTrue(store.compareAndSet("wan", NONE, Optional.of("two")), "there is room in the journal");
        store.sync();
        disk.leaveRoom(Long.MAX_VALUE);
        assertTrue(store.compareAndSet("big", NONE, Optional.of("x".repeat(9000))));
        store.sync();
        assertEquals(Map.of("lan", "one", "wan", "two", "big", "x".repeat(9000)), found());
    }

    @Test
    void closingReportsWhatCouldNotBeMadeDurable() {
        assertTrue(store.compareAndSet("lan", NONE, Optional.of("one")));
        assertTrue(store.compareAndSet("lan", Optional.of("one"), Optional.of("two")));
        disk.failNext(Operation.Force.class);
        assertThrows(UncheckedIOException.class, store::close);
        assertThrows(IllegalStateException.class, store::load);
        store.close();
    }
}
