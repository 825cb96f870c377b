package io.ipvlan.netlink;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// Lets one thread at a time use a transport and its buffers, and has the one that uses them last close
/// them.
final class OneAtATime {
    private final ReentrantLock lock = new ReentrantLock();
    private final String what;
    private final Transport transport;
    private final Buffers buffers;
    private boolean closed;

    /// Nobody may begin any more; whoever is in closes the transport on the way out.
    private volatile boolean closing;

    /// For the transport of `what`, such as "the netlink socket".
    OneAtATime(String what, Transport transport, Buffers buffers) {
        this.what = what;
        this.transport = transport;
        this.buffers = buffers;
    }

    void requireOpen() {
        if (closing) {
            throw new IllegalStateException(what + " is closed");
        }
    }

    /// Waits to be the one, whom [#end] must follow.
    ///
    /// @param deadline when to give up, as of [System#nanoTime]
    void begin(Object request, long deadline) throws NetlinkException {
        requireOpen();
        resume(request, deadline);
    }

    /// As [#begin], for what goes on with something begun before: that it was closed meanwhile is no mistake.
    void resume(Object request, long deadline) throws NetlinkException {
        if (lock.isHeldByCurrentThread()) {
            throw notFromInside(what);
        }
        if (!lock.tryLock() && !lockBefore(deadline)) {
            throw new NetlinkException.TimedOut(request + ": not sent, " + what + " was busy all the time");
        }
        if (closing) {
            end();
            throw closedMeanwhile(request, what);
        }
    }

    static IllegalStateException notFromInside(String what) {
        return new IllegalStateException("who takes an answer of " + what + " may not ask it something else");
    }

    static NetlinkException.Closed closedMeanwhile(Object request, String what) {
        return new NetlinkException.Closed(request + ": not sent, " + what + " was closed meanwhile");
    }

    /// Waits for the lock, whether or not the thread is interrupted: a call of this library is not a point
    /// to be interrupted at, and interruption is no reason to leave things half done.
    private boolean lockBefore(long deadline) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return lock.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void end() {
        try {
            if (closing) {
                release();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Ends the waiting of whoever is in, and lets nobody in any more.
    void beginClosing() {
        closing = true;
        transport.wake();
    }

    /// Ends the waiting of whoever is in, and closes the transport. When this returns it is closed; but if
    /// the one who is in calls it, it is closed when that one is out.
    void close() {
        beginClosing();
        boolean inside = lock.isHeldByCurrentThread();
        lock.lock();
        try {
            if (!inside) {
                release();
            }
        } finally {
            lock.unlock();
        }
    }

    private void release() {
        if (!closed) {
            closed = true;
            transport.close();
            buffers.giveBack();
        }
    }
}
