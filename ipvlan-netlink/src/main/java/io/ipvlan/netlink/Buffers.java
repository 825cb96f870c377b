package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.concurrent.ArrayBlockingQueue;

/// The native memory of one socket. A set is kept for the next socket when one closes, because clearing fresh
/// memory costs more than opening the socket; the garbage collector frees a set that nobody holds.
///
/// @param send requests are written here; its size bounds a single request
/// @param receive 32 KiB: the kernel fills no more in one datagram, and needs that much to do so
/// @param sender the address of the last sender
/// @param senderLength its length, which is always the same
/// @param scratch for values of socket options
/// @param errno the error number of the last call
record Buffers(
        MemorySegment send,
        MemorySegment receive,
        MemorySegment sender,
        MemorySegment senderLength,
        MemorySegment scratch,
        MemorySegment errno) {
    /// As many as are in use at once where many links are made or deleted together: 4 MiB at the most.
    private static final int KEPT = 64;

    private static final ArrayBlockingQueue<Buffers> IDLE = new ArrayBlockingQueue<>(KEPT);

    static Buffers take() {
        Buffers idle = IDLE.poll();
        return idle == null ? allocate() : idle;
    }

    /// Takes a set for a descriptor that is to be adopted; should the memory not suffice it is closed.
    static Buffers takeFor(int descriptor) {
        boolean taken = false;
        try {
            Buffers buffers = take();
            taken = true;
            return buffers;
        } finally {
            if (!taken) {
                Libc.close(descriptor);
            }
        }
    }

    void giveBack() {
        // A full queue drops this set: that is what bounds the memory kept.
        boolean _ = IDLE.offer(this);
    }

    private static Buffers allocate() {
        Arena arena = Arena.ofAuto();
        MemorySegment senderLength = arena.allocate(4, 4);
        senderLength.asByteBuffer().order(ByteOrder.nativeOrder()).putInt(0, Uapi.SOCKADDR_NL_SIZE);
        return new Buffers(
                arena.allocate(32 * 1024, 16),
                arena.allocate(32 * 1024, 16),
                arena.allocate(Uapi.SOCKADDR_NL_SIZE, 8),
                senderLength,
                arena.allocate(16, 8),
                arena.allocate(Libc.ERRNO_SIZE, 8));
    }
}
