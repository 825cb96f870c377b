package io.ipvlan.netlink;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.MemorySegment;

/// Receives datagrams and cuts them into messages.
final class Datagrams {
    private final Transport transport;
    private final MemorySegment buffer;
    private long position;
    private long end;

    Datagrams(Transport transport, MemorySegment buffer) {
        this.transport = transport;
        this.buffer = buffer;
    }

    /// The next message, which is valid until the one after it is asked for.
    NetlinkMessage next(NetlinkRequest awaited) throws NetlinkException {
        while (position >= end) {
            receive(awaited);
        }
        long left = end - position;
        int length = left < Uapi.NLMSG_HDRLEN ? 0 : buffer.get(JAVA_INT, position);
        if (length < Uapi.NLMSG_HDRLEN || length > left) {
            throw new NetlinkException.Malformed(
                    awaited + ": the kernel's answer claims " + length + " bytes where " + left + " are left");
        }
        NetlinkMessage message = new NetlinkMessage(buffer, position, position + length);
        position += (length + 3) & ~3;
        return message;
    }

    private void receive(NetlinkRequest awaited) throws NetlinkException {
        long length = transport.receive(buffer);
        if (length == -Errno.EINTR.number()) {
            return;
        }
        if (length == -Errno.EAGAIN.number()) {
            throw new NetlinkException.TimedOut(
                    awaited + ": no answer from the kernel in time; the outcome is unknown");
        }
        if (length == -Errno.ENOBUFS.number()) {
            throw new NetlinkException.TimedOut(
                    awaited + ": answers were lost, the socket's queue was full; the outcome is unknown");
        }
        if (length < 0) { // the request was taken: this is no refusal of it
            throw new NetlinkException.TimedOut(awaited + ": the answer could not be received, "
                    + new Errno((int) -length).description() + "; the outcome is unknown");
        }
        if (transport.sender() != 0) {
            return; // any process may write to any netlink socket; only the kernel is listened to
        }
        if (length > buffer.byteSize()) {
            throw new NetlinkException.Malformed(
                    awaited + ": an answer of " + length + " bytes was cut to " + buffer.byteSize());
        }
        position = 0;
        end = length;
    }
}
