package io.ipvlan.netlink;

import java.lang.foreign.MemorySegment;

/// Prints what goes over every socket, if the program was started with `-Dio.ipvlan.netlink.trace=true`;
/// otherwise the JIT compiler drops the calls, and no class that describes a message is loaded.
final class Trace {
    static final boolean ON = Boolean.getBoolean("io.ipvlan.netlink.trace");

    private Trace() {}

    /// Prints a datagram that is about to be sent.
    static void sent(Transport transport, MemorySegment datagram, long length) {
        TracePrinter.print(transport, '>', datagram, length);
    }

    /// Prints a datagram that was received.
    ///
    /// @param length how much of the segment is the datagram; nothing is printed unless it is positive
    static void received(Transport transport, MemorySegment datagram, long length) {
        TracePrinter.print(transport, '<', datagram, length);
    }
}
