package io.ipvlan.internal.kernel;

/// Which network namespace it is, whatever it was found by. The next namespace that is made gets the inode of
/// one that is gone; only the cookie is never used again while the machine runs.
///
/// @param device the device of the kernel's namespace file system
/// @param inode the namespace's number in it
/// @param cookie the kernel's number for it; 0 if it is not known, as on kernels before Linux 5.14
public record NamespaceId(long device, long inode, long cookie) {
    /// Whether it is the same namespace, as far as that is known.
    public boolean matches(NamespaceId other) {
        return device == other.device
                && inode == other.inode
                && (cookie == 0 || other.cookie == 0 || cookie == other.cookie);
    }
}
