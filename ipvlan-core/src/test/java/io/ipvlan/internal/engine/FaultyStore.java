package io.ipvlan.internal.engine;

import io.ipvlan.NetworkStore;
import io.ipvlan.internal.engine.FaultyKernel.When;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/// A store in memory whose next change fails when it is told so, and that outlives the engines that use it.
final class FaultyStore implements NetworkStore {
    private final Map<String, String> texts = new TreeMap<>();
    private Optional<When> fault = Optional.empty();
    private Runnable meanwhile = () -> {};
    private boolean closed;

    void failNext(When when) {
        fault = Optional.of(when);
    }

    /// Something that happens while the next change is under way.
    void meanwhile(Runnable something) {
        meanwhile = something;
    }

    boolean closed() {
        return closed;
    }

    private synchronized Runnable takeMeanwhile() {
        Runnable something = meanwhile;
        meanwhile = () -> {};
        return something;
    }

    private synchronized boolean change(BooleanSupplier action) {
        Optional<When> now = fault;
        fault = Optional.empty();
        boolean done = !now.equals(Optional.of(When.BEFORE)) && action.getAsBoolean();
        if (now.isPresent()) {
            throw new UncheckedIOException(new IOException("the disk is full"));
        }
        return done;
    }

    @Override
    public synchronized Map<String, String> load() {
        return Map.copyOf(texts);
    }

    @Override
    public boolean compareAndSet(String key, Optional<String> expected, Optional<String> next) {
        takeMeanwhile().run();
        return change(() -> {
            boolean asExpected = Optional.ofNullable(texts.get(key)).equals(expected);
            if (asExpected) {
                next.ifPresentOrElse(text -> texts.put(key, text), () -> texts.remove(key));
            }
            return asExpected;
        });
    }

    @Override
    public void sync() {}

    @Override
    public void close() {
        closed = true;
    }
}
