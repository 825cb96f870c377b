package io.ipvlan.internal.kernel;

/// Which network namespace it is, whatever it was found by.
///
/// @param device the device of the kernel's namespace file system
/// @param inode the namespace's number in it
public record NamespaceId(long device, long inode) {}
