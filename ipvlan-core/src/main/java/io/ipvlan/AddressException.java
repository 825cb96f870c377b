package io.ipvlan;

import io.ipvlan.ip.IpAddress;
import java.io.Serial;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// No address could be given: it is outside every subnet, taken, or none is left. The cause is the
/// [io.ipvlan.ipam.IpamException] if the network's own pools refused it.
public final class AddressException extends IpvlanException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final @Nullable IpAddress address;

    /// Made by the library, and by tests of programs that use it.
    ///
    /// @param operation what was being done
    /// @param object what it was done to
    /// @param reason why it could not be done
    /// @param address the address in question; null if it is about no certain one
    /// @param kernelError what the kernel said; null if it was not asked
    /// @param cause what led to it; null if nothing did
    public AddressException(
            String operation,
            String object,
            String reason,
            @Nullable IpAddress address,
            @Nullable KernelError kernelError,
            @Nullable Throwable cause) {
        super(operation, object, reason, kernelError, cause);
        this.address = address;
    }

    /// The address in question.
    ///
    /// @return the address; empty if none was left to give
    public Optional<IpAddress> address() {
        return Optional.ofNullable(address);
    }
}
