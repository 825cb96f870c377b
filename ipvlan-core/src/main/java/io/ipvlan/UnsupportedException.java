package io.ipvlan;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// This kernel, or this JVM as it was started, cannot do it. [#remedy] says what to load or set.
public final class UnsupportedException extends IpvlanException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String remedy;

    /// Made by the library, and by tests of programs that use it.
    ///
    /// @param operation what was being done
    /// @param object what it was done to
    /// @param reason what is missing
    /// @param remedy what to do about it
    /// @param kernelError what the kernel said; null if it was not asked
    /// @param cause what led to it; null if nothing did
    public UnsupportedException(
            String operation,
            String object,
            String reason,
            String remedy,
            @Nullable KernelError kernelError,
            @Nullable Throwable cause) {
        super(operation, object, reason + "; " + remedy, kernelError, cause);
        this.remedy = remedy;
    }

    /// What to load or set.
    ///
    /// @return the words
    public String remedy() {
        return remedy;
    }
}
