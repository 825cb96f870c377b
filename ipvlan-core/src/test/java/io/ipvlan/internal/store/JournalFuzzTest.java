package io.ipvlan.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.NetworkStore.Durability;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/// Journals that were not written by the library, or were and then changed: what comes out is what went in,
/// or an error with words.
class JournalFuzzTest {
    private static final Map<String, String> TEXTS = Map.of("lan", "one", "lan/web", "two", "wan", "é".repeat(100));

    /// A store that was closed.
    private static byte[] journal() {
        RecordingDisk disk = new RecordingDisk();
        DirectoryStore store = open(disk);
        assertTrue(store.compareAndSet("gone", Optional.empty(), Optional.of("zero")));
        new TreeMap<>(TEXTS).forEach((key, text) -> {
            assertTrue(store.compareAndSet(key, Optional.empty(), Optional.of(text)));
            store.sync();
        });
        assertTrue(store.compareAndSet("gone", Optional.of("zero"), Optional.empty()));
        store.close();
        return Objects.requireNonNull(disk.contents().get(DirectoryStore.JOURNAL));
    }

    private static DirectoryStore open(RecordingDisk disk) {
        return new DirectoryStore(disk, Path.of("store"), Durability.DISK, 500);
    }

    private static final byte[] JOURNAL = journal();

    /// What is found, or nothing if the journal is refused.
    private static Optional<Map<String, String>> load(byte[] bytes) {
        try {
            return Optional.of(open(new RecordingDisk(Map.of(DirectoryStore.JOURNAL, bytes)))
                    .load());
        } catch (UncheckedIOException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("store/journal"), e::getMessage);
            return Optional.empty();
        }
    }

    @Test
    void everyBitThatChangesIsNoticedOrMakesNoDifference() {
        assertEquals(Optional.of(TEXTS), load(JOURNAL));
        int refused = 0;
        for (int bit = 0; bit < 8 * JOURNAL.length; bit++) {
            byte[] changed = JOURNAL.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            Optional<Map<String, String>> found = load(changed);
            assertEquals(TEXTS, found.orElse(TEXTS), "bit " + bit);
            refused += found.isEmpty() ? 1 : 0;
        }
        assertTrue(refused > 8 * 300, "refused: " + refused);
    }

    @Test
    void aJournalThatIsTooShortOrTooLongIsRefused() {
        for (int length = 0; length <= 2 * JOURNAL.length; length++) {
            Optional<Map<String, String>> found = load(Arrays.copyOf(JOURNAL, length));
            assertEquals(length == JOURNAL.length, found.isPresent(), "length " + length);
        }
    }

    @Property(tries = 300)
    void randomBytesAreRefused(@ForAll @Size(max = 2000) byte[] bytes) {
        assertEquals(Optional.empty(), load(bytes));
    }

    /// With a right header, and whatever lengths the frames claim.
    @Property(tries = 300)
    void randomBytesBehindAHeaderAreDamageOrNothing(@ForAll long seed, @ForAll @IntRange(max = 300) int from) {
        byte[] changed = JOURNAL.clone();
        byte[] noise = new byte[changed.length - JournalFormat.HEADER - from];
        new Random(seed).nextBytes(noise);
        System.arraycopy(noise, 0, changed, JournalFormat.HEADER + from, noise.length);
        load(changed)
                .ifPresent(found -> found.forEach((key, text) ->
                        assertTrue(text.equals(TEXTS.get(key)) || key.equals("gone"), () -> key + " is " + text)));
    }

    /// Parts that were moved, doubled or set to zero.
    @Property(tries = 500)
    void movedPartsAreNoticedOrMakeNoDifference(
            @ForAll @IntRange(max = 300) int from,
            @ForAll @IntRange(max = 300) int to,
            @ForAll @IntRange(min = 1, max = 200) int length) {
        byte[] changed = JOURNAL.clone();
        System.arraycopy(JOURNAL, from, changed, to, length);
        byte[] zeroed = JOURNAL.clone();
        Arrays.fill(zeroed, from, from + length, (byte) 0);
        int last = JOURNAL.length;
        while (JOURNAL[last - 1] == 0) {
            last--;
        }
        if (to + length <= last - JournalFormat.MARK) {
            assertEquals(TEXTS, load(changed).orElse(TEXTS));
        }
        if (from + length <= last - JournalFormat.MARK) {
            assertEquals(TEXTS, load(zeroed).orElse(TEXTS));
        }
        load(changed);
        load(zeroed);
    }

    @Test
    void aJournalOfALaterVersionSaysSo() {
        byte[] later = JOURNAL.clone();
        later[15] = 2;
        UncheckedIOException refused = assertThrows(
                UncheckedIOException.class,
                () -> open(new RecordingDisk(Map.of(DirectoryStore.JOURNAL, later)))
                        .load());
        for (String word : List.of("store/journal", "version 2", "reads version 1")) {
            assertTrue(String.valueOf(refused.getMessage()).contains(word), refused::getMessage);
        }
    }
}
