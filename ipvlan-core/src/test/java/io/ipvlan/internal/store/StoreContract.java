package io.ipvlan.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.NetworkStore;
import io.ipvlan.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What every store does.
abstract class StoreContract {
    static final Optional<String> NONE = Optional.empty();

    abstract NetworkStore store();

    static void put(NetworkStore store, String key, String text) {
        assertTrue(store.compareAndSet(key, Optional.ofNullable(store.load().get(key)), Optional.of(text)));
    }

    static void remove(NetworkStore store, String key) {
        assertTrue(store.compareAndSet(key, Optional.ofNullable(store.load().get(key)), NONE));
    }

    @Test
    void whatIsPutIsLoadedUntilItIsForgotten() {
        NetworkStore store = store();
        assertEquals(Map.of(), store.load());
        put(store, "lan", "one");
        put(store, "lan/web", "two\nlines é \uD83D\uDE00\n");
        put(store, ".host", "");
        put(store, "lan", "three");
        store.sync();
        assertEquals(Map.of("lan", "three", "lan/web", "two\nlines é \uD83D\uDE00\n", ".host", ""), store.load());
        remove(store, "lan/web");
        remove(store, "lan");
        assertEquals(Map.of(".host", ""), store.load());
        store.sync();
    }

    @Test
    void onlyWhatIsExpectedIsChanged() {
        NetworkStore store = store();
        assertFalse(store.compareAndSet("lan", Optional.of("one"), Optional.of("two")));
        assertFalse(store.compareAndSet("lan", Optional.of(""), NONE));
        assertTrue(store.compareAndSet("lan", NONE, Optional.of("one")));
        assertFalse(store.compareAndSet("lan", NONE, Optional.of("two")));
        assertFalse(store.compareAndSet("lan", Optional.of("two"), Optional.of("three")));
        assertFalse(store.compareAndSet("lan", Optional.of("two"), NONE));
        assertEquals(Map.of("lan", "one"), store.load());
        assertTrue(store.compareAndSet("lan", Optional.of("one"), Optional.of("two")));
        assertEquals(Map.of("lan", "two"), store.load());
    }

    @Test
    void whatStaysAsItIsIsAChangeToo() {
        NetworkStore store = store();
        assertTrue(store.compareAndSet("lan", NONE, NONE));
        assertEquals(Map.of(), store.load());
        assertTrue(store.compareAndSet("lan", NONE, Optional.of("one")));
        assertTrue(store.compareAndSet("lan", Optional.of("one"), Optional.of("one")));
        assertEquals(Map.of("lan", "one"), store.load());
    }

    @Test
    void keysAndTextsHaveLimits() {
        NetworkStore store = store();
        for (String key : List.of("", "a b", "é", "a\n", "a:b", "x".repeat(301))) {
            assertThrows(IllegalArgumentException.class, () -> store.compareAndSet(key, NONE, Optional.of("one")), key);
        }
        String longest = "é".repeat(StoreRecord.LONGEST_TEXT / 2);
        for (String text : List.of(longest + "x", "\uD83D", "a\uDE00b")) {
            assertThrows(IllegalArgumentException.class, () -> store.compareAndSet("a", NONE, Optional.of(text)));
        }
        assertEquals(Map.of(), store.load());
        put(store, "x".repeat(300), "");
        put(store, "aA0/._-", longest);
        assertEquals(Map.of("x".repeat(300), "", "aA0/._-", longest), store.load());
    }

    @Test
    void aTextThatCannotBeStoredIsNamedByItsKey() {
        String longer = "x".repeat(StoreRecord.LONGEST_TEXT + 1);
        assertEquals(
                "'lan/web' needs 1048577 bytes in the network store, and 1048576 is the most: give it fewer or shorter"
                        + " labels, routes or subnets",
                Refusal.of(
                        IllegalArgumentException.class,
                        () -> store().compareAndSet("lan/web", NONE, Optional.of(longer))));
        assertEquals(
                "a text of 'lan/web' has half a surrogate pair, and cannot be stored",
                Refusal.of(
                        IllegalArgumentException.class,
                        () -> store().compareAndSet("lan/web", NONE, Optional.of("\uD83D"))));
    }

    @Test
    void ofThreadsThatExpectTheSameOneWins() throws ExecutionException, InterruptedException {
        NetworkStore store = store();
        int threads = 8;
        int rounds = 50;
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<Integer>> wins = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                String own = "by" + i;
                wins.add(executor.submit(() -> {
                    int won = 0;
                    for (int round = 0; round < rounds; round++) {
                        if (store.compareAndSet("key." + round, NONE, Optional.of(own))) {
                            won++;
                        }
                        store.sync();
                    }
                    return won;
                }));
            }
            int sum = 0;
            for (Future<Integer> won : wins) {
                sum += won.get();
            }
            assertEquals(rounds, sum);
        }
        assertEquals(rounds, store.load().size());
    }
}
