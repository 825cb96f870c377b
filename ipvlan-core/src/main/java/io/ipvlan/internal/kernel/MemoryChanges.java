package io.ipvlan.internal.kernel;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// Hears that something has changed in the [InMemoryKernel], not where.
final class MemoryChanges implements Kernel.Changes {
    private static final Duration SLICE = Duration.ofMillis(20);

    private final InMemoryKernel kernel;
    private long known;
    private volatile boolean closed;

    MemoryChanges(InMemoryKernel kernel) {
        this.kernel = kernel;
        this.known = kernel.awaitChange(-1, Duration.ZERO);
    }

    /// It hears of everything.
    @Override
    public void follow(Kernel.Namespace namespace) {}

    @Override
    public Optional<Set<NamespaceId>> next(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        do {
            if (closed) {
                throw new IllegalStateException("the watch is closed");
            }
            long before = known;
            known = kernel.awaitChange(known, SLICE.compareTo(timeout) < 0 ? SLICE : timeout);
            if (known != before) {
                return Optional.empty();
            }
        } while (System.nanoTime() < deadline && !Thread.currentThread().isInterrupted());
        return Optional.of(Set.of());
    }

    @Override
    public void close() {
        closed = true;
    }
}
