package io.ipvlan.netlink.netns;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/// Sends frames from inside a namespace, by a socket that receives nothing: its protocol is none. To close it
/// makes the kernel wait for all who may be receiving, so that is a step of its own: see [SlowClosing].
final class Frames {
    private final int link;
    private final List<byte[]> frames;
    private final String request;
    private int socket = -1;

    /// @param words which namespace this is
    Frames(int link, List<byte[]> frames, String words) {
        this.link = link;
        this.frames = frames;
        this.request = "send frames out of link " + link + " of the " + words;
        SlowClosing.load();
    }

    /// Sends them, on a thread that is inside.
    ///
    /// @return how many were sent
    int send() throws NetlinkException.Refused {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE, 8);
            socket =
                    Answers.accepted(Libc.socket(Uapi.AF_PACKET, Uapi.SOCK_RAW | Uapi.SOCK_CLOEXEC, 0, errno), request);
            MemorySegment address = arena.allocate(Uapi.SOCKADDR_LL_SIZE, 8);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) Uapi.AF_PACKET);
            address.set(ValueLayout.JAVA_INT, Uapi.SOCKADDR_LL_OFFSET_IFINDEX, link);
            Answers.accepted(Libc.bind(socket, address, errno), request);
            for (byte[] frame : frames) {
                MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, frame);
                Answers.accepted((int) Libc.send(socket, bytes, frame.length, errno), request);
            }
            return frames.size();
        }
    }

    /// Lets the socket be closed, on the same thread.
    ///
    /// @param atHome whether that may start another
    void close(boolean atHome) {
        if (socket >= 0 && atHome) {
            SlowClosing.close(socket);
        } else if (socket >= 0) {
            Libc.close(socket);
        }
    }
}
