package io.ipvlan.internal.store;

import io.ipvlan.NetworkStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Remembers until it is forgotten itself.
public final class MemoryStore implements NetworkStore {
    private final Map<String, String> texts = new ConcurrentHashMap<>();

    @Override
    public Map<String, String> load() {
        return Map.copyOf(texts);
    }

    @Override
    public void put(String key, String text) {
        texts.put(key, text);
    }

    @Override
    public void remove(String key) {
        texts.remove(key);
    }

    @Override
    public void close() {}
}
