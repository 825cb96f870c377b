package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.Uapi;

/// Frames a request: `struct nlmsghdr`, then the body, then the length patched in.
final class MessageHeader {
    private MessageHeader() {}

    static void write(AttributeWriter writer, NetlinkRequest request, int flags, int sequence) {
        int start = writer.position();
        writer.fixed32(0)
                .fixed16(request.type())
                .fixed16(request.flags() | flags | Uapi.NLM_F_REQUEST)
                .fixed32(sequence)
                .fixed32(0); // the sender's port: the kernel goes by the socket's own
        request.writeTo(writer);
        writer.patch32(start, writer.position() - start);
        writer.pad();
    }

    /// Adds flags to the message that starts at `start`, already written.
    static void addFlags(AttributeWriter writer, int start, int flags) {
        writer.or16(start + 6, flags);
    }
}
