package io.ipvlan;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// Something is taken, or used in another way: a name, a parent with another mode, a subnet, a default route.
/// The reason names the other user.
public final class ConflictException extends IpvlanException {
    @Serial
    private static final long serialVersionUID = 1L;

    /// Made by the library, and by tests of programs that use it.
    ///
    /// @param operation what was being done
    /// @param object what it was done to
    /// @param reason why it could not be done
    /// @param kernelError what the kernel said; null if it was not asked
    /// @param cause what led to it; null if nothing did
    public ConflictException(
            String operation,
            String object,
            String reason,
            @Nullable KernelError kernelError,
            @Nullable Throwable cause) {
        super(operation, object, reason, kernelError, cause);
    }
}
