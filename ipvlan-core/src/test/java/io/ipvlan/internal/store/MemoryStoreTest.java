package io.ipvlan.internal.store;

import io.ipvlan.NetworkStore;

class MemoryStoreTest extends StoreContract {
    private final NetworkStore store = NetworkStore.inMemory();

    @Override
    NetworkStore store() {
        return store;
    }
}
