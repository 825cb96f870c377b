package io.ipvlan.internal.engine;

import io.ipvlan.NetworkStore;
import io.ipvlan.internal.engine.FaultyKernel.When;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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

    private void change(Runnable action) {
        Runnable something = meanwhile;
        meanwhile = () -> {};
        something.run();
        Optional<When> now = fault;
        fault = Optional.empty();
        if (!now.equals(Optional.of(When.BEFORE))) {
            action.run();
        }
        if (now.isPresent()) {
            throw new UncheckedIOException(new IOException("the disk is full"));
        }
    }

    @Override
    public Map<String, String> load() {
        return Map.copyOf(texts);
    }

    @Override
    public void put(String key, String text) {
        change(() -> texts.put(key, text));
    }

    @Override
    public void remove(String key) {
        change(() -> texts.remove(key));
    }

    @Override
    public void close() {
        closed = true;
    }
}
