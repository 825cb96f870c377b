package io.ipvlan.internal.engine;

import io.ipvlan.IpvlanException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// What to take back if an operation fails, last thing first. For one operation on one thread.
final class Undo {
    private final Deque<Entry> entries = new ArrayDeque<>();

    private record Entry(Optional<String> command, Runnable action) {}

    /// Notes how to take back something in the program's memory.
    void add(Runnable action) {
        entries.push(new Entry(Optional.empty(), action));
    }

    /// Notes how to take back something in the kernel.
    ///
    /// @param command what an operator would type to do it by hand
    void add(String command, Runnable action) {
        entries.push(new Entry(Optional.of(command), action));
    }

    /// Takes everything back. What fails is suppressed in the failure that led here, and named in it.
    void rollBack(RuntimeException failure) {
        while (!entries.isEmpty()) {
            Entry entry = entries.pop();
            try {
                entry.action.run();
            } catch (RuntimeException e) {
                failure.addSuppressed(e);
                if (failure instanceof IpvlanException known) {
                    entry.command.ifPresent(known::addLeftover);
                }
            }
        }
    }
}
