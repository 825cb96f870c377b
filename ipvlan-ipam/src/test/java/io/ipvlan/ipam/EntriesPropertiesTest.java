package io.ipvlan.ipam;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ipam.Entry.State;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/// Entries, found by address and by owner, against maps.
class EntriesPropertiesTest {
    private record Place(int segment, long index) {}

    private record Known(Place place, String owner, long since, State state) {}

    private static final List<State> STATES = List.of(State.values());

    private final Entries entries = new Entries();
    private final Owners owners = new Owners(entries);
    private final Map<Place, Integer> byPlace = new HashMap<>();
    private final Map<Integer, Known> known = new HashMap<>();
    private final Map<String, List<Integer>> byOwner = new HashMap<>();
    private long now;

    private void add(Place place, String owner, State state) {
        int entry = entries.add(place.segment, place.index, Owner.of(owner), ++now, state);
        assertTrue(entry != Entries.NONE && !known.containsKey(entry));
        owners.add(entry, Owner.of(owner));
        byPlace.put(place, entry);
        known.put(entry, new Known(place, owner, now, state));
        byOwner.computeIfAbsent(owner, _ -> new ArrayList<>()).add(entry);
    }

    private void remove(Place place) {
        int entry = requireNonNull(byPlace.remove(place));
        owners.remove(entry, entries.owner(entry).hash());
        entries.remove(entry, place.segment, place.index);
        Known was = requireNonNull(known.remove(entry));
        requireNonNull(byOwner.get(was.owner)).remove(Integer.valueOf(entry));
        assertFalse(entries.isLeaseSince(entry, was.since));
    }

    private void check() {
        Set<Integer> shown = new HashSet<>();
        entries.forEach(entry -> assertTrue(shown.add(entry)));
        assertEquals(known.keySet(), shown);
        known.forEach((entry, is) -> {
            assertEquals(entry, entries.find(is.place.segment, is.place.index));
            assertEquals(Entries.NONE, entries.find(is.place.segment + 7, is.place.index));
            assertEquals(is.place, new Place(entries.segment(entry), entries.index(entry)));
            assertEquals(Owner.of(is.owner), entries.owner(entry));
            assertTrue(entries.isOwnedBy(entry, Owner.of(is.owner)));
            assertFalse(entries.isOwnedBy(entry, Owner.of(is.owner + "!")));
            assertEquals(is.since, entries.since(entry));
            assertEquals(is.state, entries.state(entry));
            assertEquals(is.state.isLease(), entries.isLeaseSince(entry, is.since));
            assertFalse(entries.isLeaseSince(entry, is.since + 1));
        });
        byOwner.forEach((owner, all) -> {
            assertEquals(all, owners.of(Owner.of(owner)));
            assertEquals(all.isEmpty() ? Entries.NONE : all.getFirst(), owners.oldest(Owner.of(owner)));
            assertEquals(all.isEmpty() ? Entries.NONE : all.getLast(), owners.newest(Owner.of(owner)));
        });
        assertEquals(Entries.NONE, owners.oldest(Owner.of("stranger")));
    }

    @Property(tries = 100)
    void entriesAreFoundByAddressAndByOwner(@ForAll Random random) {
        int most = 1 << random.nextInt(2, 8);
        for (int step = 0; step < 4 * most; step++) {
            Place place = new Place(random.nextInt(2), random.nextInt(most) * (random.nextBoolean() ? 1L : 1L << 56));
            if (byPlace.containsKey(place)) {
                remove(place);
            } else {
                // Owners of one address, of several, and such as are kept as texts.
                String owner = random.nextInt(3) == 0 ? "a" : "endpoint-" + random.nextInt(4 * most);
                String longer = random.nextInt(4) == 0 ? owner + "-with-a-long-name" : owner;
                add(place, longer, STATES.get(random.nextInt(STATES.size())));
            }
        }
        check();
        List.copyOf(byPlace.keySet()).forEach(this::remove);
        check();
    }

    @Test
    void anEntryBecomesAnotherKindAndKeepsTheRest() {
        int entry = entries.add(3, 5, Owner.of("a"), 7, State.PENDING);
        entries.become(entry, State.COOLING);
        assertEquals(State.COOLING, entries.state(entry));
        assertFalse(entries.isLeaseSince(entry, 7));
        entries.become(entry, State.HELD);
        assertTrue(entries.isLeaseSince(entry, 7));
        assertEquals(entry, entries.find(3, 5));
    }

    @Test
    void ownersWhoseTextIsKeptComeLateAndLieBetweenOthers() {
        for (int at = 1; at < 40; at++) {
            add(new Place(0, at), at == 10 || at == 30 ? "an owner with a long name " + at : "owner-" + at, State.HELD);
            check();
        }
    }

    @Test
    void entriesFillSeveralPagesAndTheirNumbersAreUsedAgain() {
        for (int at = 0; at < 10_000; at++) {
            add(new Place(0, at), at % 2 == 0 ? "endpoint-" + at : "an endpoint with a long name " + at, State.HELD);
        }
        check();
        for (int at = 0; at < 10_000; at += 3) {
            remove(new Place(0, at));
        }
        check();
        for (int at = 20_000; byPlace.size() < 10_000; at++) {
            add(new Place(0, at), "endpoint-" + at, State.HELD);
        }
        check();
        assertEquals(
                10_000, known.keySet().stream().mapToInt(entry -> entry).max().orElseThrow());
    }

    @Test
    void anOwnersAddressesAreKnownInTheirOrderHoweverFarApartTheirEntriesLie() {
        Owner owner = Owner.of("a");
        int first = 0;
        for (long index = 0; index < 5_000; index++) {
            first = entries.add(0, index, owner, index, Entry.State.HELD);
        }
        owners.add(first, owner);
        owners.add(1, owner);
        assertEquals(List.of(first, 1), owners.of(owner));
    }
}
