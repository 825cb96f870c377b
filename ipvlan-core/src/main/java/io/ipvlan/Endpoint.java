package io.ipvlan;

/// A network namespace attached to a network: a handle. It holds nothing open; forgetting it changes nothing.
public interface Endpoint {
    /// The endpoint's name, unique within its network.
    ///
    /// @return the name
    String id();

    /// What the endpoint got when it was attached.
    ///
    /// @return a snapshot, from memory
    EndpointInfo info();

    /// Deletes the child link, and with it its addresses and routes, and gives the addresses back. Everything
    /// else in the namespace stays. If the namespace or the link is gone already, that is success; detaching
    /// twice too. A namespace whose process has ended is looked for among the named ones and those of other
    /// processes.
    ///
    /// Needs `CAP_NET_ADMIN` in the namespace, and `CAP_SYS_ADMIN` to enter it. After a failure the endpoint
    /// is still known, and detaching can be tried again. May be called from any thread.
    ///
    /// @throws PermissionException if a capability is missing
    /// @throws KernelException if the kernel refuses otherwise
    /// @throws ConflictException if the network is being deleted by another call
    /// @throws java.io.UncheckedIOException if the store fails
    /// @throws IllegalStateException if the engine is closed
    void detach();
}
