package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// The index against lists, with hashes that want the same slots, the last ones of the table among them.
class EntryIndexPropertiesTest {
    private static final int[] HASHES = {0, 1, -1, -2, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 28, -(1 << 28)};

    private record Known(int hash, int entry) {}

    private final EntryIndex index = new EntryIndex();
    private final List<Known> known = new ArrayList<>();

    private Set<Integer> found(int hash) {
        Set<Integer> found = new HashSet<>();
        int slot = index.first(hash);
        while (slot != EntryIndex.NOWHERE) {
            assertEquals(true, found.add(index.entry(slot)));
            slot = index.next(slot, hash);
        }
        return found;
    }

    private void check() {
        for (int hash : HASHES) {
            Set<Integer> expected = new HashSet<>();
            known.stream().filter(one -> one.hash == hash).forEach(one -> expected.add(one.entry));
            assertEquals(expected, found(hash));
        }
    }

    @Property(tries = 200)
    void allEntriesOfAHashAreFoundWhateverCameAndWent(@ForAll Random random) {
        int most = random.nextInt(1, 60);
        for (int entry = 1; entry < 4 * most; entry++) {
            if (known.size() == most || (!known.isEmpty() && random.nextInt(3) == 0)) {
                Known gone = known.remove(random.nextInt(known.size()));
                if (random.nextBoolean()) {
                    index.remove(gone.hash, gone.entry);
                } else {
                    index.replace(gone.hash, gone.entry, entry);
                    known.add(new Known(gone.hash, entry));
                }
            } else {
                Known come = new Known(HASHES[random.nextInt(HASHES.length)], entry);
                index.add(come.hash, entry);
                known.add(come);
            }
            check();
        }
        List.copyOf(known).forEach(one -> {
            // Of what is not there nothing is replaced.
            index.replace(one.hash, Integer.MAX_VALUE, 1);
            index.remove(one.hash, one.entry);
            known.remove(one);
            check();
        });
    }

    @Test
    void whatIsNotThereIsNotRemoved() {
        index.add(7, 1);
        assertThrows(IllegalStateException.class, () -> index.remove(7, 2));
        assertThrows(IllegalStateException.class, () -> index.remove(8, 1));
        assertEquals(Set.of(1), found(7));
    }
}
