package io.ipvlan.internal.engine;

import io.ipvlan.IpvlanException;
import io.ipvlan.Step;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What to take back if an operation fails, last thing first. For one operation on one thread.
final class Undo {
    private static final Logger LOG = LoggerFactory.getLogger(Undo.class);

    private final Deque<Entry> entries = new ArrayDeque<>();

    /// Whether something is left in the kernel that could not be taken back.
    private boolean dirty;

    private record Entry(@Nullable Step step, boolean onlyIfClean, Runnable action) {}

    /// Notes how to take back something in the program's memory.
    void add(Runnable action) {
        entries.push(new Entry(null, false, action));
    }

    /// Notes how to forget what the store remembers. What is left in the kernel stays remembered, so that a
    /// later engine can take it back.
    void addForgetting(Runnable action) {
        entries.push(new Entry(null, true, action));
    }

    /// Notes how to take back something in the kernel.
    ///
    /// @param step what takes it back; its command is what an operator would type to do it by hand
    void add(Step step, Runnable action) {
        entries.push(new Entry(step, false, action));
    }

    /// Takes everything back. What fails is suppressed in the failure that led here. What is left in the
    /// kernel is named in it, or, if it is of a kind that cannot carry it, in the log.
    void rollBack(Throwable failure) {
        while (!entries.isEmpty()) {
            Entry entry = entries.pop();
            if (entry.onlyIfClean && dirty) {
                continue;
            }
            try {
                entry.action.run();
            } catch (RuntimeException | Error e) {
                if (!e.equals(failure)) { // which the JVM refuses to suppress in itself
                    failure.addSuppressed(e);
                }
                dirty |= entry.step != null;
                if (entry.step != null && failure instanceof IpvlanException known) {
                    known.addLeftover(entry.step.command());
                } else if (entry.step != null) {
                    LOG.error("could not be undone, do it by hand: {}", entry.step.command(), e);
                }
            }
        }
    }
}
