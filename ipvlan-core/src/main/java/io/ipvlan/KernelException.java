package io.ipvlan;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// The kernel refused for a reason that none of the other kinds is for, such as a want of file descriptors, or
/// did not answer. Without a [#kernelError] the outcome was unknown, and the library has put things back as far
/// as it could find them.
public final class KernelException extends IpvlanException {
    @Serial
    private static final long serialVersionUID = 1L;

    /// Made by the library, and by tests of programs that use it.
    ///
    /// @param operation what was being done
    /// @param object what it was done to
    /// @param reason why it could not be done
    /// @param kernelError what the kernel said; null if it was not asked
    /// @param cause what led to it; null if nothing did
    public KernelException(
            String operation,
            String object,
            String reason,
            @Nullable KernelError kernelError,
            @Nullable Throwable cause) {
        super(operation, object, reason, kernelError, cause);
    }
}
