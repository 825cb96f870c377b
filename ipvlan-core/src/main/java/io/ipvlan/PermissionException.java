package io.ipvlan;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// The process lacks a capability.
public final class PermissionException extends IpvlanException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String missingCapability;

    /// Made by the library, and by tests of programs that use it.
    ///
    /// @param operation what was being done
    /// @param object what it was done to
    /// @param missingCapability the capability, such as `CAP_NET_ADMIN`
    /// @param kernelError what the kernel said
    /// @param cause what led to it; null if nothing did
    public PermissionException(
            String operation,
            String object,
            String missingCapability,
            @Nullable KernelError kernelError,
            @Nullable Throwable cause) {
        super(operation, object, reason(missingCapability), kernelError, cause);
        this.missingCapability = missingCapability;
    }

    private static String reason(String capability) {
        return "the process lacks " + capability
                + "; run as root, or grant it (systemd: AmbientCapabilities=" + capability + ", containers: --cap-add "
                + capability.replace("CAP_", "") + ")";
    }

    /// The capability to grant.
    ///
    /// @return its name, such as `CAP_NET_ADMIN`
    public String missingCapability() {
        return missingCapability;
    }
}
