package io.ipvlan.internal.engine;

import io.ipvlan.NetworkStore;
import io.ipvlan.internal.store.MemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// A store in memory that fails when its lifeline says so, and outlives the engines that use it.
final class FaultyStore implements NetworkStore {
    private final MemoryStore texts = new MemoryStore();
    private final Lifeline lifeline;
    private Runnable meanwhile = () -> {};
    private boolean closed;

    FaultyStore(Lifeline lifeline) {
        this.lifeline = lifeline;
    }

    /// Something that happens while the next change is under way.
    void meanwhile(Runnable something) {
        meanwhile = something;
    }

    boolean closed() {
        return closed;
    }

    /// What is in it, without faults.
    MemoryStore texts() {
        return texts;
    }

    private <T> T call(Supplier<T> action) {
        return lifeline.call(action, _ -> new UncheckedIOException(new IOException("the disk is full")));
    }

    @Override
    public Map<String, String> load() {
        return call(texts::load);
    }

    @Override
    public boolean compareAndSet(String key, Optional<String> expected, Optional<String> next) {
        Runnable something = meanwhile;
        meanwhile = () -> {};
        something.run();
        return call(() -> texts.compareAndSet(key, expected, next));
    }

    @Override
    public void sync() {
        call(() -> true);
    }

    @Override
    public void close() {
        closed = true;
    }
}
