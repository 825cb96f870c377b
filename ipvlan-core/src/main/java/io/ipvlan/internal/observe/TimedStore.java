package io.ipvlan.internal.observe;

import io.ipvlan.NetworkStore;
import io.ipvlan.Operation;
import java.util.Map;
import java.util.Optional;

/// A store whose calls count as the phase of the operation that makes them.
final class TimedStore implements NetworkStore {
    private final NetworkStore store;

    TimedStore(NetworkStore store) {
        this.store = store;
    }

    @Override
    public Map<String, String> load() {
        return Timing.timed(Operation.Phase.STORE, store::load);
    }

    @Override
    public boolean compareAndSet(String key, Optional<String> expected, Optional<String> next) {
        return Timing.timed(Operation.Phase.STORE, () -> store.compareAndSet(key, expected, next));
    }

    @Override
    public void sync() {
        Timing.timed(Operation.Phase.STORE, () -> {
            store.sync();
            return true;
        });
    }

    @Override
    public void close() {
        store.close();
    }
}
