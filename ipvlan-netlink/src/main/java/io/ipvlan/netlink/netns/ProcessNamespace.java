package io.ipvlan.netlink.netns;

import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Opens the namespace of a process by a descriptor of the process, so that no other process is taken for it
/// that gets its number meanwhile.
///
/// Source: pidfd_open(2), pidfd_send_signal(2), `linux/pidfd.h`.
final class ProcessNamespace {
    private static final Errno ENOSYS = new Errno(38);

    private ProcessNamespace() {}

    static NamespaceFile open(long pid, String request) throws NetlinkException.Refused {
        Libc.link();
        if (pid > Integer.MAX_VALUE) { // a pid_t would be another number
            throw Answers.refusal(Errno.ESRCH, request);
        }
        try (Arena arena = Arena.ofConfined()) {
            int process = Libc.pidfdOpen((int) pid, arena.allocate(Libc.ERRNO_SIZE, 8));
            if (Answers.is(process, ENOSYS) || Answers.is(process, Errno.EPERM)) {
                return NamespaceFile.open(path(pid), request); // before Linux 5.3, or a seccomp filter of that time
            }
            Answers.accepted(process, request);
            try {
                return open(process, pid, request);
            } finally {
                Libc.close(process);
            }
        }
    }

    /// @param process a pidfd of the process, which stays open
    /// @param pid its number
    static NamespaceFile open(int process, long pid, String request) throws NetlinkException.Refused {
        int namespace;
        try (Arena arena = Arena.ofConfined()) {
            namespace = Libc.ioctl(
                    process, Uapi.PIDFD_GET_NET_NAMESPACE, arena.allocate(Libc.ERRNO_SIZE, 8)); // close-on-exec
        }
        return Answers.is(namespace, Errno.ENOTTY) // before Linux 6.11
                ? openPath(process, pid, request)
                : NamespaceFile.adopt(namespace, request);
    }

    /// By its path in `/proc`. A process that is still there afterwards had its number all the while: its
    /// descriptor is older than the look at the path.
    static NamespaceFile openPath(int process, long pid, String request) throws NetlinkException.Refused {
        NamespaceFile file = NamespaceFile.open(path(pid), request);
        boolean sure = false;
        try {
            checkAlive(process, request);
            sure = true;
            return file;
        } finally {
            if (!sure) {
                Libc.close(file.descriptor());
            }
        }
    }

    private static void checkAlive(int process, String request) throws NetlinkException.Refused {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE, 8);
            int answer = Libc.pidfdProbe(process, errno);
            if (!Answers.is(answer, Errno.EPERM)) { // there, and somebody else's
                Answers.accepted(answer, request);
            }
        }
    }

    private static String path(long pid) {
        return "/proc/" + pid + "/ns/net";
    }
}
