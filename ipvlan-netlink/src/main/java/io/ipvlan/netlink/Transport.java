package io.ipvlan.netlink;

import java.lang.foreign.MemorySegment;

/// What carries datagrams between a socket and the kernel: the seam at which tests script the kernel's answers.
/// Methods answer with a length or with `-errno`.
interface Transport {
    long send(MemorySegment buffer, long length);

    /// Waits for one datagram.
    ///
    /// @return its true length, which may exceed the buffer's
    long receive(MemorySegment buffer);

    /// The port of the sender of the datagram received last; the kernel's is 0.
    int sender();

    void close();
}
