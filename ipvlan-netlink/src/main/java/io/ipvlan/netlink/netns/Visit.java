package io.ipvlan.netlink.netns;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.internal.NamespaceThread;
import io.ipvlan.netlink.internal.ProcInstance;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Something the library does inside a namespace, and what came of it.
///
/// @param <T> the result
final class Visit<T> implements NamespaceThread.Visit {
    private final NetNamespace.Task<T, NetlinkException.Refused> task;
    private final Tidying tidying;

    // Written by the thread inside, read when it has answered.
    private @Nullable T result;
    private @Nullable Throwable thrown;

    /// What is left to do when the caller has got its answer: see [NamespaceThread.Visit#tidy].
    @FunctionalInterface
    interface Tidying {
        /// Does it.
        ///
        /// @param atHome whether the thread is at home again
        void run(boolean atHome);
    }

    /// @param task what to do
    Visit(NetNamespace.Task<T, NetlinkException.Refused> task, Tidying tidying) {
        this.task = task;
        this.tidying = tidying;
    }

    @Override
    public int run(ProcInstance proc, MemorySegment errno) {
        try {
            result = task.call();
        } catch (Throwable e) { // passed on to the caller, whatever it is
            thrown = e;
        }
        return 0;
    }

    @Override
    public void tidy(boolean atHome) {
        tidying.run(atHome);
    }

    /// What came of it, once it has run.
    T result() throws NetlinkException.Refused {
        switch (thrown) {
            case null -> {}
            case NetlinkException.Refused refused -> throw refused;
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            default -> throw new AssertionError(thrown);
        }
        return Objects.requireNonNull(result);
    }
}
