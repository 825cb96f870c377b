package io.ipvlan.netlink.netns;

import io.ipvlan.netlink.internal.Libc;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// A descriptor that several threads use and one of them closes. The number is given back to the kernel by
/// whoever lets go last, so nobody who acquired it ever meets another file under it, and nobody waits for
/// anybody. Without locks, because it is let go inside namespaces too: see `NamespaceThread` on what may be
/// woken from there.
final class SharedDescriptor {
    private final int number;
    private final String words;
    private final Runnable afterwards;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger holders = new AtomicInteger(1); // the handle itself, until it is closed

    /// @param number the descriptor
    /// @param words what it stands for, to say which handle is closed
    /// @param afterwards what is done when it has been closed, by whoever closed it; throws nothing
    SharedDescriptor(int number, String words, Runnable afterwards) {
        this.number = number;
        this.words = words;
        this.afterwards = afterwards;
    }

    /// The number, for whoever holds it; for others it is good only until another thread closes it.
    int number() {
        if (holders.get() == 0) {
            throw closed();
        }
        return number;
    }

    /// The number, valid until [#release].
    int acquire() {
        if (closed.get() || holders.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
            throw closed();
        }
        return number;
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            Libc.close(number);
            afterwards.run();
        }
    }

    /// Nobody can acquire it any more. The second time it does nothing.
    void close() {
        if (closed.compareAndSet(false, true)) {
            release();
        }
    }

    private IllegalStateException closed() {
        return new IllegalStateException("the handle to the " + words + " is closed");
    }
}
