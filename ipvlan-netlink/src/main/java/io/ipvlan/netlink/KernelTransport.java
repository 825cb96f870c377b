package io.ipvlan.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/// An AF_NETLINK descriptor.
final class KernelTransport implements Transport {
    private final int descriptor;
    private final Buffers buffers;

    /// Takes over a fresh descriptor and sets it up: acknowledgements without an echo of the request, extended
    /// acknowledgements, strict checking (without which the kernel ignores the filters of a dump), and the timeout.
    KernelTransport(int descriptor, Duration timeout, Buffers buffers) throws NetlinkException.Refused {
        this.descriptor = descriptor;
        this.buffers = buffers;
        MemorySegment value = buffers.scratch();
        try {
            for (int option : new int[] {Uapi.NETLINK_CAP_ACK, Uapi.NETLINK_EXT_ACK, Uapi.NETLINK_GET_STRICT_CHK}) {
                value.set(JAVA_INT, 0, 1);
                set(Uapi.SOL_NETLINK, option, value.asSlice(0, 4));
            }
            value.set(JAVA_LONG, 0, timeout.toSeconds());
            value.set(JAVA_LONG, 8, timeout.toNanosPart() / 1_000);
            set(Uapi.SOL_SOCKET, Uapi.SO_RCVTIMEO, value.asSlice(0, 16));
        } catch (NetlinkException.Refused e) {
            Libc.close(descriptor, buffers.errno());
            throw e;
        }
    }

    private void set(int level, int option, MemorySegment value) throws NetlinkException.Refused {
        int result = Libc.setsockopt(descriptor, level, option, value, buffers.errno());
        if (result < 0) {
            throw new NetlinkException.Refused(
                    "set option " + option + " of a netlink socket (needs Linux 4.20 or later)",
                    new Errno(-result),
                    ExtendedAck.NONE);
        }
    }

    @Override
    public long send(MemorySegment buffer, long length) {
        return Libc.send(descriptor, buffer, length, buffers.errno());
    }

    @Override
    public long receive(MemorySegment buffer) {
        return Libc.receive(
                descriptor, buffer, Uapi.MSG_TRUNC, buffers.sender(), buffers.senderLength(), buffers.errno());
    }

    @Override
    public int sender() {
        return buffers.sender().get(JAVA_INT, Uapi.SOCKADDR_NL_OFFSET_PID);
    }

    @Override
    public void close() {
        Libc.close(descriptor, buffers.errno());
    }
}
