package io.ipvlan.netlink.netns;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.NamespaceThread;
import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/// Runs a caller's code inside a namespace, on a thread made for it, which never comes back: it ends, and
/// with it its place in the namespace.
///
/// The caller waits for the end of that thread, and is woken by the JVM. To wake it from inside by a future
/// or a latch could start a carrier of virtual threads there.
///
/// @param <T> the result
/// @param <X> what the code throws
final class InsideThread<T extends @Nullable Object, X extends Exception> {
    private final SharedDescriptor namespace;
    private final NetNamespace.Task<T, X> task;

    // Written by the thread inside, read when it has ended.
    private int entered = -Uapi.ENOMEM;
    private @Nullable Object result;
    private @Nullable Throwable thrown;

    InsideThread(SharedDescriptor namespace, NetNamespace.Task<T, X> task) {
        this.namespace = namespace;
        this.task = task;
    }

    /// Runs the code and waits for its end, however often the caller is interrupted: the code is interrupted
    /// instead.
    ///
    /// @param words what namespace it is
    @SuppressWarnings({"unchecked", "NullAway"}) // the code gives a T, null only if T allows it, and throws X
    T run(String words) throws NetlinkException.Refused, X {
        boolean interrupted = join(start(words));
        if (interrupted && !(thrown instanceof InterruptedException)) {
            Thread.currentThread().interrupt(); // the code took no notice, or not by an exception that says so
        }
        switch (thrown) {
            case null -> Answers.accepted(entered, "enter the " + words);
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            default -> throw (X) thrown;
        }
        return (T) result;
    }

    private Thread start(String words) {
        Libc.link(); // before, and not inside
        int descriptor = namespace.acquire();
        boolean started = false;
        try {
            Thread thread = Thread.ofPlatform().name("inside " + words).daemon().start(() -> enterAndRun(descriptor));
            started = true;
            return thread;
        } finally {
            if (!started) {
                namespace.release();
            }
        }
    }

    private static boolean join(Thread thread) {
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                thread.join();
                ended = true;
            } catch (InterruptedException e) {
                interrupted = true;
                thread.interrupt();
            }
        }
        return interrupted;
    }

    private void enterAndRun(int descriptor) {
        try {
            enter(descriptor);
            if (entered >= 0) {
                result = task.call();
            }
        } catch (Throwable e) { // passed on to the caller, whatever it is
            thrown = e;
        }
    }

    private void enter(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            entered = NamespaceThread.enter(descriptor, arena.allocate(Libc.ERRNO_SIZE, 8));
        } finally {
            namespace.release(); // needed no more: closing the handle shall not wait for the code
        }
    }
}
