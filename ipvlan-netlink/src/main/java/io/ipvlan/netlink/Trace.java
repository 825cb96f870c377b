package io.ipvlan.netlink;

import java.lang.foreign.MemorySegment;

/// Prints what goes over every socket, if the program was started with `-Dio.ipvlan.netlink.trace=true`;
/// otherwise the JIT compiler drops the calls.
final class Trace {
    static final boolean ON = Boolean.getBoolean("io.ipvlan.netlink.trace");

    private Trace() {}

    static void sent(MemorySegment datagram, long length) {
        print("> " + datagram.asSlice(0, length));
    }

    static void received(MemorySegment datagram, long length) {
        print("< " + datagram.asSlice(0, length));
    }

    private static void print(String line) {
        System.err.println(line);
    }
}
