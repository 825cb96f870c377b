package io.ipvlan.internal.store;

import io.ipvlan.NetworkStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Remembers until it is forgotten itself.
public final class MemoryStore implements NetworkStore {
    private final Map<String, String> texts = new ConcurrentHashMap<>();

    @Override
    public Map<String, String> load() {
        return Map.copyOf(texts);
    }

    @Override
    public boolean compareAndSet(String key, Optional<String> expected, Optional<String> next) {
        if (expected.isEmpty()) {
            return next.isEmpty() ? !texts.containsKey(key) : texts.putIfAbsent(key, next.get()) == null;
        }
        return next.isEmpty() ? texts.remove(key, expected.get()) : texts.replace(key, expected.get(), next.get());
    }

    /// It is not meant to outlive anything.
    @Override
    public void sync() {}

    @Override
    public void close() {}
}
