package io.ipvlan.internal.engine;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Does the same to many things, several at a time: what the kernel makes wait, such as deleting a link,
/// waits together. On platform threads, because a call that waits in the kernel would hold up the carrier of
/// a virtual one.
final class InFlight {
    /// Deleting links that many at a time takes the kernel less than a tenth of the time for each; more
    /// threads gain no more.
    private static final int DEPTH = 64;

    private final Gate gate;

    /// @param gate what the helpers pass through, so that they count as inside
    InFlight(Gate gate) {
        this.gate = gate;
    }

    /// Does it to all, whatever fails, and waits for the last.
    ///
    /// @return the first failure, with the others suppressed in it
    <T> Optional<RuntimeException> forAll(List<? extends T> things, Consumer<T> action) {
        Failures failures = new Failures();
        Iterator<? extends T> left = things.iterator();
        Runnable work = () -> {
            for (Optional<T> next = next(left); next.isPresent(); next = next(left)) {
                T thing = next.get();
                failures.collect(() -> action.accept(thing));
            }
        };
        List<Thread> helpers = new ArrayList<>();
        try {
            for (int i = 1; i < Math.min(DEPTH, things.size()); i++) {
                helpers.add(
                        Thread.ofPlatform().daemon().name("ipvlan-in-flight").start(() -> gate.assist(work)));
            }
            work.run();
        } finally {
            helpers.forEach(InFlight::join);
        }
        return failures.first();
    }

    private static <T> Optional<T> next(Iterator<? extends T> left) {
        synchronized (left) {
            return left.hasNext() ? Optional.of(left.next()) : Optional.empty();
        }
    }

    /// Waits for a thread, however often this one is interrupted.
    static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // what was begun must be finished
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Failures {
        private @Nullable Throwable first;

        void collect(Runnable action) {
            try {
                action.run();
            } catch (RuntimeException | Error e) {
                add(e);
            }
        }

        private synchronized void add(Throwable e) {
            if (first == null) {
                first = e;
            } else if (!e.equals(first)) {
                first.addSuppressed(e);
            }
        }

        synchronized Optional<RuntimeException> first() {
            if (first instanceof Error error) {
                throw error;
            }
            return Optional.ofNullable((RuntimeException) first);
        }
    }
}
