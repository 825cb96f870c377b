package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/// A signal to a thread that waits in `poll`, for good: once set it stays set. It costs a descriptor (an
/// eventfd), which is made when somebody waits for the first time; most sockets never wait, as the kernel
/// answers before a send returns.
final class WakeUp {
    private static final int NONE = -1;
    private static final MemorySegment ONE = one();

    private int descriptor = NONE;
    private boolean set;
    private boolean closed;

    private static MemorySegment one() {
        MemorySegment one = Arena.ofAuto().allocate(Long.BYTES, Long.BYTES);
        one.asByteBuffer().order(ByteOrder.nativeOrder()).putLong(0, 1);
        return one;
    }

    /// The descriptor that becomes readable when this is set; or `-errno`.
    synchronized int arm(MemorySegment errno) {
        if (descriptor == NONE) {
            int made = Libc.eventfd(set ? 1 : 0, Uapi.EFD_CLOEXEC | Uapi.EFD_NONBLOCK, errno);
            if (made < 0) {
                return made;
            }
            descriptor = made;
        }
        return descriptor;
    }

    synchronized void set() {
        if (!set && !closed) {
            set = true;
            if (descriptor != NONE) {
                Libc.write(descriptor, ONE); // cannot block: it is written once
            }
        }
    }

    synchronized boolean isSet() {
        return set;
    }

    /// Nobody may wait any more.
    synchronized void close() {
        closed = true;
        if (descriptor != NONE) {
            Libc.close(descriptor);
            descriptor = NONE;
        }
    }
}
