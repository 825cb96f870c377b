package io.ipvlan.netlink;

import java.lang.foreign.MemorySegment;

/// What carries datagrams between a socket and the kernel: the seam at which tests script the kernel's
/// answers. One thread uses it at a time, but for [#wake]. Methods answer with a length or with `-errno`.
interface Transport {
    /// What [#await] answers after [#wake].
    int WOKEN = Integer.MIN_VALUE;

    /// What [#namespaceId] answers where no other namespace is meant.
    int OWN_NAMESPACE = -1;

    long send(MemorySegment buffer, long length);

    /// Takes one datagram if there is one, and does not wait.
    ///
    /// @return its true length, which may exceed the buffer's; `-EAGAIN` if there is none
    long receive(MemorySegment buffer);

    /// The port of the sender of the datagram received last; the kernel's is 0.
    int sender();

    /// The number of the namespace that the datagram received last came from; [#OWN_NAMESPACE] if it is the
    /// socket's.
    int namespaceId();

    /// Joins a multicast group.
    ///
    /// @return 0 or `-errno`, as the next two
    int join(int group);

    int listenToAllNamespaces();

    /// Limits the receive queue to so many bytes, or to what is allowed.
    int queue(int bytes);

    /// Waits until there is something to receive.
    ///
    /// @param nanos how long at most
    /// @return positive if there is, 0 if the time is over, [#WOKEN], or `-errno`
    int await(long nanos);

    /// Ends the waiting of another thread, now or the next time it begins. May be called by any thread at
    /// any time, also after [#close].
    void wake();

    void close();
}
