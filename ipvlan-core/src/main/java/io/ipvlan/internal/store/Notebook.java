package io.ipvlan.internal.store;

import io.ipvlan.ConflictException;
import io.ipvlan.NetworkStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What this engine wrote into its store: each change is made on the condition that nobody else made one.
public final class Notebook implements AutoCloseable {
    private final NetworkStore store;

    /// The text a key has, by what is known: two where a change failed, which may have taken effect or not.
    private final Map<String, List<Optional<String>>> known = new ConcurrentHashMap<>();

    /// One for some keys each: what is known of a key and what the store says of it change together. Held
    /// while the store writes, which waits for no disk.
    private final Object[] locks = new Object[64];

    public Notebook(NetworkStore store) {
        this.store = store;
        Arrays.setAll(locks, _ -> new Object());
    }

    /// Everything in the store.
    public Map<String, String> load() {
        Map<String, String> texts = store.load();
        texts.forEach((key, text) -> known.put(key, List.of(Optional.of(text))));
        return texts;
    }

    /// Remembers a text, in place of the one there was.
    ///
    /// @throws ConflictException if another program wrote about the same
    public void put(String key, String text) {
        change(key, Optional.of(text));
    }

    /// Remembers a text, unless there is another one, or may be.
    ///
    /// @return whether it is remembered
    /// @throws ConflictException if another program wrote about the same
    public boolean putUnlessOther(String key, String text) {
        synchronized (lock(key)) {
            boolean free = known.getOrDefault(key, List.of()).stream()
                    .allMatch(there -> there.isEmpty() || there.get().equals(text));
            if (free) {
                change(key, Optional.of(text));
            }
            return free;
        }
    }

    /// Forgets a text.
    ///
    /// @throws ConflictException if another program wrote about the same
    public void remove(String key) {
        if (known.containsKey(key)) {
            change(key, Optional.empty());
        }
    }

    /// Forgets a text, if it is still that one. A failure leaves it.
    public void removeIf(String key, String text) {
        synchronized (lock(key)) {
            if (known.getOrDefault(key, List.of()).contains(Optional.of(text))) {
                change(key, Optional.empty());
            }
        }
    }

    private Object lock(String key) {
        return locks[Math.floorMod(key.hashCode(), locks.length)];
    }

    private void change(String key, Optional<String> next) {
        synchronized (lock(key)) {
            List<Optional<String>> before = known.getOrDefault(key, List.of(Optional.empty()));
            List<Optional<String>> possible = new ArrayList<>(before);
            possible.remove(next);
            possible.addFirst(next);
            known.put(key, possible); // until it is known that the change took effect
            for (Optional<String> expected : before) {
                if (store.compareAndSet(key, expected, next)) {
                    if (next.isPresent()) {
                        known.put(key, List.of(next));
                    } else {
                        known.remove(key);
                    }
                    return;
                }
            }
            throw new ConflictException(
                    "remember", "'" + key + "'", "another program changed it in the network store", null, null);
        }
    }

    /// Waits until everything written is on the disk.
    public void sync() {
        store.sync();
    }

    @Override
    public void close() {
        store.close();
    }
}
