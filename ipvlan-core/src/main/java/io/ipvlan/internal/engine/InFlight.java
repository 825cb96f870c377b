package io.ipvlan.internal.engine;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Does the same to many things, several at a time: what the kernel makes wait, such as deleting a link,
/// waits together. On platform threads, because a call that waits in the kernel would hold up the carrier of
/// a virtual one.
final class InFlight {
    private static final int DEPTH = 16;

    private InFlight() {}

    /// Does it to all, whatever fails.
    ///
    /// @return the first failure, with the others suppressed in it; null if nothing failed
    static <T> @Nullable RuntimeException forAll(List<T> things, Consumer<T> action) {
        Failures failures = new Failures();
        Iterator<T> left = things.iterator();
        Runnable work = () -> {
            while (true) {
                T next;
                synchronized (left) {
                    if (!left.hasNext()) {
                        return;
                    }
                    next = left.next();
                }
                failures.collect(() -> action.accept(next));
            }
        };
        List<Thread> helpers = new ArrayList<>();
        for (int i = 1; i < Math.min(DEPTH, things.size()); i++) {
            helpers.add(Thread.ofPlatform().daemon().name("ipvlan-in-flight").start(work));
        }
        work.run();
        helpers.forEach(InFlight::join);
        return failures.first;
    }

    private static void join(Thread thread) {
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
        private @Nullable RuntimeException first;

        void collect(Runnable action) {
            try {
                action.run();
            } catch (RuntimeException e) {
                add(e);
            }
        }

        private synchronized void add(RuntimeException e) {
            if (first == null) {
                first = e;
            } else {
                first.addSuppressed(e);
            }
        }
    }
}
