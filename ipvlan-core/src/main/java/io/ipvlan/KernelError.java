package io.ipvlan;

import java.io.Serializable;
import java.util.Objects;

/// What the kernel said when it refused.
///
/// @param errno the error number, such as 16
/// @param name its symbol, such as `EBUSY`
/// @param message the kernel's own sentence; empty if it gave none, which is the case for most refusals to
///     create a link
public record KernelError(int errno, String name, String message) implements Serializable {
    /// Checks for null.
    public KernelError {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(message, "message");
    }

    /// The symbol, and the kernel's sentence if there is one.
    @Override
    public String toString() {
        return message.isEmpty() ? name : name + ": " + message;
    }
}
