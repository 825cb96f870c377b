package io.ipvlan.netlink.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What threads wait for: of each thread in its order, and the threads take turns, so that one that asks for
/// much does not keep the others waiting. For one thread at a time.
final class TurnQueue<T> {
    private final LinkedHashMap<Thread, Deque<T>> waiting = new LinkedHashMap<>();

    void add(Thread asker, T item) {
        Deque<T> own = waiting.get(asker);
        if (own == null) {
            own = new ArrayDeque<>();
            waiting.put(asker, own);
        }
        own.add(item);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// Takes the next of the thread whose turn it is.
    ///
    /// @return null if there is none
    @Nullable
    T poll() {
        Map.Entry<Thread, Deque<T>> turn = waiting.pollFirstEntry();
        if (turn == null) {
            return null;
        }
        T item = turn.getValue().remove();
        if (!turn.getValue().isEmpty()) {
            waiting.putLast(turn.getKey(), turn.getValue());
        }
        return item;
    }

    /// Takes all.
    List<T> drain() {
        List<T> all = new ArrayList<>();
        for (T item = poll(); item != null; item = poll()) {
            all.add(item);
        }
        return all;
    }
}
