package io.ipvlan.internal.store;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/// Keeps interrupts from work with files: what they say must agree with what was done to the kernel.
final class Interrupts {
    private Interrupts() {}

    @FunctionalInterface
    interface Action<T> {
        T run() throws IOException;
    }

    /// Runs an action, anew if an interrupt closed its channel, and leaves the thread interrupted if it was.
    static <T> T defer(Action<T> action) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return action.run();
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
