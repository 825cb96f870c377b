package io.ipvlan.internal.engine;

import java.util.HashSet;
import java.util.Set;

/// Lets operations in until it is closed, and closes when the last is out: an operation that fails must still
/// find the engine open to undo what it did.
final class Gate {
    private final Set<Thread> inside = new HashSet<>();
    private boolean closed;

    /// @throws IllegalStateException if the engine is closed
    synchronized void enter() {
        requireOpen();
        inside.add(Thread.currentThread());
    }

    /// Runs a part of an operation that is inside already on another thread: whether the gate is closed
    /// meanwhile does not matter, the operation is waited for.
    void assist(Runnable part) {
        synchronized (this) {
            inside.add(Thread.currentThread());
        }
        try {
            part.run();
        } finally {
            leave();
        }
    }

    synchronized void leave() {
        inside.remove(Thread.currentThread());
        notifyAll();
    }

    synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the engine is closed");
        }
    }

    /// Closes the gate and waits until nobody is inside.
    ///
    /// @return false if it was closed before
    synchronized boolean close() {
        if (inside.contains(Thread.currentThread())) {
            throw new IllegalStateException("an operation cannot close the engine it runs on");
        }
        boolean first = !closed;
        closed = true;
        boolean interrupted = false;
        while (!inside.isEmpty()) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true; // what is inside ends soon, and must not lose its kernel
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return first;
    }
}
