package io.ipvlan.internal.observe;

import io.ipvlan.NetworkStore;
import io.ipvlan.Operation;
import java.util.Map;

/// A store whose calls count as the phase of the operation that makes them.
final class TimedStore implements NetworkStore {
    private final NetworkStore store;

    TimedStore(NetworkStore store) {
        this.store = store;
    }

    private static void spent(long since) {
        Timing.add(Operation.Phase.STORE, since);
    }

    @Override
    public Map<String, String> load() {
        long began = System.nanoTime();
        try {
            return store.load();
        } finally {
            spent(began);
        }
    }

    @Override
    public void put(String key, String text) {
        long began = System.nanoTime();
        try {
            store.put(key, text);
        } finally {
            spent(began);
        }
    }

    @Override
    public void remove(String key) {
        long began = System.nanoTime();
        try {
            store.remove(key);
        } finally {
            spent(began);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
