package io.ipvlan.netlink.netns;

import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.internal.Inode;
import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// An open file that was seen to be a network namespace.
///
/// @param descriptor the file, owned by whoever holds this
/// @param id which namespace it is
record NamespaceFile(int descriptor, NetNamespace.Id id) {
    /// Opens a path.
    ///
    /// @param request what to say if it is refused
    static NamespaceFile open(String path, String request) throws NetlinkException.Refused {
        Libc.link();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE, 8);
            // Without O_NONBLOCK a path that is a pipe would be waited on.
            int answer = Libc.open(path, Uapi.O_RDONLY | Uapi.O_CLOEXEC | Uapi.O_NONBLOCK, arena, errno);
            return adopt(answer, request, arena, errno);
        }
    }

    /// Duplicates a descriptor of this process.
    static NamespaceFile duplicate(int descriptor, String request) throws NetlinkException.Refused {
        Libc.link();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE, 8);
            return adopt(Libc.fcntl(descriptor, Uapi.F_DUPFD_CLOEXEC, 0, errno), request, arena, errno);
        }
    }

    /// Takes over what a call answered, a descriptor or -errno. The descriptor is closed if this fails.
    static NamespaceFile adopt(int answer, String request) throws NetlinkException.Refused {
        try (Arena arena = Arena.ofConfined()) {
            return adopt(answer, request, arena, arena.allocate(Libc.ERRNO_SIZE, 8));
        }
    }

    private static NamespaceFile adopt(int answer, String request, Arena arena, MemorySegment errno)
            throws NetlinkException.Refused {
        int descriptor = Answers.accepted(answer, request);
        boolean adopted = false;
        try {
            NamespaceFile file = new NamespaceFile(descriptor, identify(descriptor, request, arena, errno));
            adopted = true;
            return file;
        } finally {
            if (!adopted) {
                Libc.close(descriptor);
            }
        }
    }

    /// With one piece of memory, and no words but for a refusal: all that a program which has just begun would
    /// notice.
    private static NetNamespace.Id identify(int descriptor, String request, Arena arena, MemorySegment errno)
            throws NetlinkException.Refused {
        int type = Libc.ioctl(descriptor, Uapi.NS_GET_NSTYPE, errno);
        if (type != Uapi.CLONE_NEWNET) {
            throw doubtful(type < 0 ? new Errno(-type) : Errno.EINVAL, request);
        }
        MemorySegment status = arena.allocate(Uapi.STATX_SIZE, 8);
        int answer = Libc.statx(descriptor, Uapi.STATX_INO, status, errno);
        if (answer < 0) {
            throw doubtful(new Errno(-answer), request);
        }
        Inode inode = Inode.of(status);
        return new NetNamespace.Id(inode.device(), inode.number());
    }

    private static NetlinkException.Refused doubtful(Errno errno, String request) {
        return Answers.refusal(errno, request + " (is it a network namespace?)");
    }
}
