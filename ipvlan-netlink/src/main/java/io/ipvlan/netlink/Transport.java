package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.Uapi;
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
    default int namespaceId() {
        return OWN_NAMESPACE;
    }

    /// Joins a multicast group. A kernel that is played tells what it tells, whoever joined what.
    ///
    /// @return 0 or `-errno`, as the next two
    default int join(int group) {
        return 0;
    }

    default int listenToAllNamespaces() {
        return 0;
    }

    /// Limits the receive queue to so many bytes, or to what is allowed.
    default int queue(int bytes) {
        return 0;
    }

    /// Waits until there is something to receive.
    ///
    /// @param nanos how long at most
    /// @return positive if there is, 0 if the time is over, [#WOKEN], or `-errno`
    int await(long nanos);

    /// Ends the waiting of another thread, now or the next time it begins. May be called by any thread at
    /// any time, also after [#close].
    void wake();

    /// The file descriptor, for whoever reads a trace; -1 if there is none.
    default int descriptor() {
        return -1;
    }

    /// The netlink protocol, such as `NETLINK_ROUTE`: what the numbers of messages and attributes mean.
    default int protocol() {
        return Uapi.NETLINK_ROUTE;
    }

    /// The cookie of the network namespace the socket is in, or `-errno`. A kernel that is played knows of
    /// none.
    default long namespaceCookie() {
        return -Uapi.ENOPROTOOPT;
    }

    void close();
}
