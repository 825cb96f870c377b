package io.ipvlan.internal.store;

import io.ipvlan.NetworkStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Remembers until it is forgotten itself.
public final class MemoryStore implements NetworkStore {
    private final Map<String, String> texts = new HashMap<>();

    @Override
    public synchronized Map<String, String> load() {
        return Map.copyOf(texts);
    }

    @Override
    public synchronized boolean compareAndSet(String key, Optional<String> expected, Optional<String> next) {
        StoreRecord.requireKey(key);
        next.ifPresent(text -> StoreRecord.encode(key, text));
        if (!Optional.ofNullable(texts.get(key)).equals(expected)) {
            return false;
        }
        next.ifPresentOrElse(text -> texts.put(key, text), () -> texts.remove(key));
        return true;
    }

    @Override
    public void sync() {}

    @Override
    public void close() {}
}
