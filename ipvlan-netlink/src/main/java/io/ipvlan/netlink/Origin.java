package io.ipvlan.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Receives datagrams together with the number of the namespace they come from, which travels beside them
/// in a control message. Source: `netlink_cmsg_listen_all_nsid` in the kernel's `net/netlink/af_netlink.c`.
final class Origin {
    private final Buffers buffers;
    private final MemorySegment message; // struct msghdr
    private final MemorySegment vector; // struct iovec
    private final MemorySegment control = Arena.ofAuto().allocate(Uapi.CMSG_SIZE_OF_INT, 8);

    Origin(Buffers buffers) {
        this.buffers = buffers;
        Arena arena = Arena.ofAuto();
        message = arena.allocate(Uapi.MSGHDR_SIZE, 8);
        vector = arena.allocate(16, 8);
        message.set(JAVA_LONG, 0, buffers.sender().address());
        message.set(JAVA_LONG, Uapi.MSGHDR_OFFSET_IOV, vector.address());
        message.set(JAVA_LONG, Uapi.MSGHDR_OFFSET_IOVLEN, 1);
        message.set(JAVA_LONG, Uapi.MSGHDR_OFFSET_CONTROL, control.address());
    }

    /// As [Transport#receive].
    long receive(int descriptor, MemorySegment buffer) {
        vector.set(JAVA_LONG, 0, buffer.address());
        vector.set(JAVA_LONG, 8, buffer.byteSize());
        message.set(JAVA_INT, Uapi.MSGHDR_OFFSET_NAMELEN, (int) buffers.sender().byteSize());
        message.set(JAVA_LONG, Uapi.MSGHDR_OFFSET_CONTROLLEN, control.byteSize());
        return Libc.receive(descriptor, message, Uapi.MSG_TRUNC | Uapi.MSG_DONTWAIT, buffers.errno());
    }

    /// As [Transport#namespaceId].
    int namespaceId() {
        boolean given = message.get(JAVA_LONG, Uapi.MSGHDR_OFFSET_CONTROLLEN) >= Uapi.CMSG_OFFSET_DATA + 4
                && control.get(JAVA_INT, Uapi.CMSG_OFFSET_LEVEL) == Uapi.SOL_NETLINK
                && control.get(JAVA_INT, Uapi.CMSG_OFFSET_TYPE) == Uapi.NETLINK_LISTEN_ALL_NSID;
        return given ? control.get(JAVA_INT, Uapi.CMSG_OFFSET_DATA) : Transport.OWN_NAMESPACE;
    }
}
