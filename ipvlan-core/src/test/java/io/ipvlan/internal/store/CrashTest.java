package io.ipvlan.internal.store;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.NetworkStore.Durability;
import io.ipvlan.internal.store.RecordingDisk.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is found after a crash at every moment. The store works on a disk that notes each operation; then,
/// for each number of operations, all states are made that a crash at that moment may leave, and opened.
class CrashTest {
    private static final int KEYS = 6;
    private static final int CHANGES = 120;
    private static final int ROOM = 2500;
    private static final int PAGE = 512;

    /// A change of a key.
    ///
    /// @param begun how many operations there were before it
    /// @param returned how many when it returned
    private record Change(String key, Optional<String> text, int begun, int returned) {}

    /// @param moment how many operations there were when `sync` returned
    /// @param changes how many changes there were
    private record Sync(int moment, int changes) {}

    private final Random random = new Random(7);
    private final List<Change> changes = new ArrayList<>();
    private final List<Sync> syncs = new ArrayList<>();
    private List<Operation> operations = List.of();
    private int opened;

    private static DirectoryStore store(RecordingDisk disk, Durability durability) {
        return new DirectoryStore(disk, Path.of("store"), durability, ROOM);
    }

    private void record(Durability durability) {
        RecordingDisk disk = new RecordingDisk();
        DirectoryStore store = store(disk, durability);
        Map<String, String> texts = new HashMap<>();
        syncs.add(new Sync(0, 0));
        for (int i = 0; i < CHANGES; i++) {
            String key = "lan/web-" + random.nextInt(KEYS);
            Optional<String> next = random.nextInt(4) == 0
                    ? Optional.empty()
                    : Optional.of(i + "x".repeat(random.nextInt(random.nextInt(8) == 0 ? 3 * PAGE : 200)));
            int begun = disk.operations().size();
            assertTrue(store.compareAndSet(key, Optional.ofNullable(texts.get(key)), next));
            next.ifPresentOrElse(text -> texts.put(key, text), () -> texts.remove(key));
            changes.add(new Change(key, next, begun, disk.operations().size()));
            if (random.nextInt(3) == 0) {
                store.sync();
                syncs.add(new Sync(disk.operations().size(), changes.size()));
            }
            if (random.nextInt(30) == 0) {
                store.close();
                store = store(disk, durability);
            }
        }
        operations = disk.operations();
        assertTrue(disk.count(Operation.Rename.class) > 3, "it was written anew");
    }

    /// The store must be as it was after some change, no older than `least`, and none begun after `moment`.
    private void check(Map<String, byte[]> files, int least, int moment, String crash) {
        opened++;
        RecordingDisk disk = new RecordingDisk(files);
        DirectoryStore store = store(disk, Durability.DISK);
        Map<String, String> found = store.load();
        Map<String, String> texts = new TreeMap<>();
        boolean same = false;
        for (int i = 0; !same; i++) {
            same = i >= least && texts.equals(found);
            if (same || i == changes.size() || changes.get(i).begun() > moment) {
                break;
            }
            Change change = changes.get(i);
            change.text().ifPresentOrElse(text -> texts.put(change.key(), text), () -> texts.remove(change.key()));
        }
        assertTrue(same, () -> crash + " after " + moment + " operations: " + found.keySet());
        if (opened % 16 == 0) {
            goOn(disk, store, found, crash);
        }
    }

    /// And whatever was left must not come up later.
    private static void goOn(RecordingDisk disk, DirectoryStore store, Map<String, String> found, String crash) {
        Map<String, String> texts = new HashMap<>(found);
        for (String text : List.of("a", "b")) {
            assertTrue(store.compareAndSet(
                    "lan/web-0", Optional.ofNullable(texts.put("lan/web-0", text)), Optional.of(text)));
            store.sync();
            assertTrue(
                    store(new RecordingDisk(disk.contents()), Durability.DISK)
                            .load()
                            .equals(texts),
                    crash);
        }
    }

    private int returnedBefore(int moment) {
        return (int)
                changes.stream().filter(change -> change.returned() <= moment).count();
    }

    private int syncedBefore(int moment) {
        return syncs.stream()
                .filter(sync -> sync.moment() <= moment)
                .mapToInt(Sync::changes)
                .max()
                .orElseThrow();
    }

    /// What a kill leaves: all that was done, and of the write under way the beginning.
    @ParameterizedTest
    @EnumSource(Durability.class)
    void aKilledProcessLosesNoChangeThatReturned(Durability durability) {
        record(durability);
        Map<String, Integer> names = new TreeMap<>();
        List<byte[]> files = new ArrayList<>();
        for (int moment = 0; moment <= operations.size(); moment++) {
            check(contents(names, files), returnedBefore(moment), moment, "kill");
            if (moment == operations.size()) {
                break;
            }
            if (operations.get(moment) instanceof Operation.Write(int file, long position, byte[] bytes)) {
                for (int length : new int[] {1, 4, 7, 8, 9, bytes.length / 2, bytes.length - 1}) {
                    if (length < bytes.length) {
                        List<byte[]> torn = new ArrayList<>(files);
                        RecordingDisk.apply(
                                new Operation.Write(file, position, Arrays.copyOf(bytes, length)), names, torn);
                        check(contents(names, torn), returnedBefore(moment), moment, "torn at " + length);
                    }
                }
            }
            RecordingDisk.apply(operations.get(moment), names, files);
        }
    }

    private static Map<String, byte[]> contents(Map<String, Integer> names, List<byte[]> files) {
        Map<String, byte[]> contents = new TreeMap<>();
        names.forEach((name, file) -> contents.put(name, files.get(file)));
        return contents;
    }

    /// What a loss of power leaves: all that was forced, and any part of the rest. A page that was not forced
    /// may have got any of the contents it had since.
    @ParameterizedTest
    @EnumSource(Durability.class)
    void aLossOfPowerLosesNothingThatWasSynced(Durability durability) {
        record(durability);
        for (int moment = 0; moment <= operations.size(); moment++) {
            int least = durability == Durability.DISK ? syncedBefore(moment) : 0;
            int unsynced = unforced(moment).size();
            if (unsynced <= 3) {
                for (int choice = 0; choice < 1 << unsynced; choice++) {
                    int chosen = choice;
                    check(
                            afterPowerLoss(moment, i -> ((chosen >> i) & 1) == 1, false),
                            least,
                            moment,
                            "subset " + choice);
                }
            }
            for (int i = 0; i < 4; i++) {
                boolean torn = i % 2 == 0;
                check(afterPowerLoss(moment, _ -> random.nextInt(3) > 0, torn), least, moment, "random subset");
            }
        }
    }

    @FunctionalInterface
    private interface Choice {
        boolean arrived(int index);
    }

    /// The operations that no force covers, by their index.
    private List<Integer> unforced(int moment) {
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < moment; i++) {
            switch (operations.get(i)) {
                case Operation.Force(int forced) ->
                    left.removeIf(
                            index -> operations.get(index) instanceof Operation.Write write && write.file() == forced);
                case Operation.ForceNames _ ->
                    left.removeIf(index -> !(operations.get(index) instanceof Operation.Write));
                default -> left.add(i);
            }
        }
        return left;
    }

    private Map<String, byte[]> afterPowerLoss(int moment, Choice choice, boolean torn) {
        Map<String, Integer> names = new TreeMap<>();
        List<byte[]> files = new ArrayList<>();
        List<Integer> unforced = unforced(moment);
        boolean namesEnd = false;
        for (int i = 0; i < moment; i++) {
            Operation operation = operations.get(i);
            int index = unforced.indexOf(i);
            boolean arrived = index < 0 || choice.arrived(index);
            switch (operation) {
                case Operation.Write write
                when arrived || (torn && index >= 0) ->
                    pages(write, arrived).forEach(page -> RecordingDisk.apply(page, names, files));
                case Operation.Write _, Operation.Force _, Operation.ForceNames _ -> {}
                case Operation.Create create -> { // names are kept in order, and files are there without them
                    namesEnd |= !arrived;
                    RecordingDisk.apply(create, namesEnd ? new TreeMap<>() : names, files);
                }
                default -> {
                    namesEnd |= !arrived;
                    if (!namesEnd) {
                        RecordingDisk.apply(operation, names, files);
                    }
                }
            }
        }
        return contents(names, files);
    }

    /// A write as the pages it touches, of which some are left out.
    private List<Operation.Write> pages(Operation.Write write, boolean all) {
        if (all) {
            return List.of(write);
        }
        List<Operation.Write> pages = new ArrayList<>();
        int from = 0;
        while (from < write.bytes().length) {
            int to = (int) Math.min(write.bytes().length, from + PAGE - (write.position() + from) % PAGE);
            if (random.nextBoolean()) {
                pages.add(new Operation.Write(
                        write.file(), write.position() + from, Arrays.copyOfRange(write.bytes(), from, to)));
            }
            from = to;
        }
        return pages;
    }

    /// Otherwise the tests above would find nothing wrong whatever the store did.
    @Test
    void theseTestsMakeStatesThatDiffer() {
        record(Durability.DISK);
        int moment = operations.size();
        List<Integer> unforced = unforced(moment - 1);
        while (unforced.size() < 2) {
            moment--;
            unforced = unforced(moment);
        }
        assertFalse(Arrays.equals(
                afterPowerLoss(moment, _ -> true, false).get(DirectoryStore.JOURNAL),
                afterPowerLoss(moment, _ -> false, false).get(DirectoryStore.JOURNAL)));
    }
}
