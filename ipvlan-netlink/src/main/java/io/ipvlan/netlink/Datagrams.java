package io.ipvlan.netlink;

import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;

/// Receives datagrams and cuts them into messages. One is made per socket and used again for every
/// exchange, and so is the message it hands out.
final class Datagrams {
    private static final long DISCARDING_NANOS = 1_000_000_000;

    private final Transport transport;
    private final MemorySegment buffer;
    private final ByteBuffer bytes;
    private final NetlinkMessage message;
    private int position;
    private int end;

    Datagrams(Transport transport, MemorySegment buffer) {
        this.transport = transport;
        this.buffer = buffer;
        this.bytes = buffer.asByteBuffer().order(ByteOrder.nativeOrder());
        this.message = new NetlinkMessage(buffer, 0, 0);
    }

    /// Forgets what is left of the datagram received last.
    void forget() {
        position = 0;
        end = 0;
    }

    /// Reads until there is nothing left to read, and forgets it. A dump that is not read to its end would
    /// make the kernel answer `EBUSY` to the next. Takes as long as the kernel goes on at once, and a
    /// second at most.
    void discard() {
        long deadline = System.nanoTime() + DISCARDING_NANOS;
        long length;
        do {
            length = transport.receive(buffer);
            if (Trace.ON) {
                Trace.received(transport, buffer, Math.min(length, buffer.byteSize()));
            }
        } while ((length >= 0 || length == -Errno.EINTR.number() || length == -Errno.ENOBUFS.number())
                && System.nanoTime() - deadline < 0);
        forget();
    }

    /// The next message, which is valid until the one after it is asked for.
    ///
    /// @param awaited what it is an answer to, to be named in errors
    /// @param deadline when to give up, as of [System#nanoTime]
    NetlinkMessage next(Object awaited, long deadline) throws NetlinkException {
        while (position >= end) {
            receive(awaited, deadline);
        }
        return cut(awaited);
    }

    private NetlinkMessage cut(Object awaited) throws NetlinkException.Malformed {
        int left = end - position;
        int length = left < Uapi.NLMSG_HDRLEN ? 0 : bytes.getInt(position);
        if (length < Uapi.NLMSG_HDRLEN || length > left) {
            forget();
            throw new NetlinkException.Malformed(
                    awaited + ": the kernel's answer claims " + length + " bytes where " + left + " are left");
        }
        message.place(position, position + length);
        position += (length + 3) & ~3;
        return message;
    }

    private void receive(Object awaited, long deadline) throws NetlinkException {
        long length = transport.receive(buffer);
        if (length == -Errno.EAGAIN.number()) {
            await(awaited, deadline);
            return;
        }
        if (length == -Errno.EINTR.number()) {
            return;
        }
        if (length == -Errno.ENOBUFS.number()) {
            throw new NetlinkException.TimedOut(
                    awaited + ": answers were lost, the socket's queue was full; the outcome is unknown");
        }
        if (length < 0) { // the request was taken: this is no refusal of it
            throw unreadable(awaited, (int) -length);
        }
        if (transport.sender() != 0) {
            // Any process may write to any netlink socket; only the kernel is listened to. Nobody who goes on
            // writing holds up the call beyond its time, or keeps it from being ended.
            await(awaited, deadline);
            return;
        }
        if (length > buffer.byteSize()) {
            throw new NetlinkException.Malformed(
                    awaited + ": an answer of " + length + " bytes was cut to " + buffer.byteSize());
        }
        arrived(length);
    }

    private void arrived(long length) {
        if (Trace.ON) {
            Trace.received(transport, buffer, length);
        }
        position = 0;
        end = (int) length;
    }

    private void await(Object awaited, long deadline) throws NetlinkException {
        if (!awaitBefore(awaited, deadline)) {
            throw new NetlinkException.TimedOut(
                    awaited + ": no answer from the kernel in time; the outcome is unknown");
        }
    }

    private boolean awaitBefore(Object awaited, long deadline) throws NetlinkException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        int result = transport.await(left);
        if (result == Transport.WOKEN) {
            throw new NetlinkException.Closed(
                    awaited + ": the socket was closed before the kernel's answer; the outcome is unknown");
        }
        if (result < 0 && result != -Errno.EINTR.number()) {
            throw unreadable(awaited, -result);
        }
        return true;
    }

    /// Waits for one datagram that nobody asked for, and hands its messages over.
    NetlinkListener.Received listen(NetlinkListener.Handler handler, long deadline) throws NetlinkException {
        forget();
        while (true) {
            long length = transport.receive(buffer);
            boolean strangers = length >= 0 && transport.sender() != 0;
            if (strangers || length == -Errno.EAGAIN.number()) {
                if (!awaitBefore("listen", deadline)) {
                    return NetlinkListener.Received.NOTHING;
                }
            } else if (length == -Errno.ENOBUFS.number() || length > buffer.byteSize()) {
                return NetlinkListener.Received.GAP;
            } else if (length < 0 && length != -Errno.EINTR.number()) {
                throw unreadable("listen", (int) -length);
            } else if (length >= 0) {
                arrived(length);
                int id = transport.namespaceId();
                OptionalInt namespaceId = id == Transport.OWN_NAMESPACE ? OptionalInt.empty() : OptionalInt.of(id);
                while (position < end) {
                    handler.accept(cut("listen"), namespaceId);
                }
                return NetlinkListener.Received.MESSAGES;
            }
        }
    }

    private static NetlinkException.TimedOut unreadable(Object awaited, int errno) {
        return new NetlinkException.TimedOut(awaited + ": the answer could not be received, "
                + new Errno(errno).description() + "; the outcome is unknown");
    }
}
