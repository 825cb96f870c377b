package io.ipvlan.netlink.netns;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
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
            return adopt(Libc.open(path, Uapi.O_RDONLY | Uapi.O_CLOEXEC | Uapi.O_NONBLOCK, arena, errno), request);
        }
    }

    /// Duplicates a descriptor of this process.
    static NamespaceFile duplicate(int descriptor, String request) throws NetlinkException.Refused {
        Libc.link();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE, 8);
            return adopt(Libc.fcntl(descriptor, Uapi.F_DUPFD_CLOEXEC, 0, errno), request);
        }
    }

    /// Takes over what a call answered, a descriptor or -errno. The descriptor is closed if this fails.
    static NamespaceFile adopt(int answer, String request) throws NetlinkException.Refused {
        int descriptor = Answers.accepted(answer, request);
        boolean adopted = false;
        try {
            NamespaceFile file = new NamespaceFile(descriptor, identify(descriptor, request));
            adopted = true;
            return file;
        } finally {
            if (!adopted) {
                Libc.close(descriptor);
            }
        }
    }

    private static NetNamespace.Id identify(int descriptor, String request) throws NetlinkException.Refused {
        String doubt = request + " (is it a network namespace?)";
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE, 8);
            MemorySegment status = arena.allocate(Uapi.STATX_SIZE, 8);
            int type = Answers.accepted(Libc.ioctl(descriptor, Uapi.NS_GET_NSTYPE, errno), doubt);
            if (type != Uapi.CLONE_NEWNET) {
                throw Answers.refusal(Errno.EINVAL, doubt);
            }
            Answers.accepted(Libc.statx(descriptor, Uapi.STATX_INO, status, arena.allocateFrom(""), errno), doubt);
            long major = status.get(JAVA_INT, Uapi.STATX_OFFSET_DEV_MAJOR);
            long minor = Integer.toUnsignedLong(status.get(JAVA_INT, Uapi.STATX_OFFSET_DEV_MINOR));
            return new NetNamespace.Id(major << 32 | minor, status.get(JAVA_LONG, Uapi.STATX_OFFSET_INO));
        }
    }
}
