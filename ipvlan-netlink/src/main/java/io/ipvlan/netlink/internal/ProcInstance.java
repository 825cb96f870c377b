package io.ipvlan.netlink.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Opens what is below `/proc/sys/net` for a thread that is inside a namespace, at a cost that does not grow with
/// the number of namespaces.
///
/// The kernel keeps the name `ipv6` below `/proc/sys/net` once for each namespace, all in one chain, and goes
/// through it entry by entry (`proc_sys_compare` in `fs/proc/proc_sysctl.c`): 55 to 98 µs with a thousand namespaces,
/// where one takes 5. Each instance of the file system has names of its own. So this one is the library's own,
/// mounted nowhere, and gives way to another before its chains are long. Nobody else sees it, and it goes with
/// its descriptor (close-on-exec).
///
/// Where none may be made, and where `/proc/sys` cannot be written, which is meant for this program as for every
/// other, what is opened is the file of `/proc`. Inside, no memory is asked for. For one thread.
///
/// Source: fsopen(2), fsmount(2); an instance for each mount since Linux 5.8.
public final class ProcInstance {
    private static final String PROC = "/proc/";
    private static final int LOOKS = 64;
    private static final int NONE = -1;

    private final MemorySegment type;
    private final MemorySegment witness;
    private int instance = NONE;
    private int looks; // since it was last tried to make one

    ProcInstance(Arena arena) {
        type = arena.allocateFrom("proc");
        witness = arena.allocateFrom(PROC + "sys/net/core/somaxconn"); // one that each namespace has
    }

    /// Opens a file.
    ///
    /// @param path where it is in `/proc`, with that in front
    /// @return a descriptor, or -errno
    public int open(MemorySegment path, int flags, MemorySegment errno) {
        if (looks++ == 0) {
            instance = Math.max(make(errno), NONE);
        }
        return instance == NONE
                ? Libc.open(path, flags, 0, errno)
                : Libc.openat(instance, path, PROC.length(), flags, errno);
    }

    private int make(MemorySegment errno) {
        int written = Libc.open(witness, Uapi.O_WRONLY | Uapi.O_CLOEXEC, 0, errno);
        if (written < 0) {
            return written;
        }
        Libc.close(written);
        int context = Libc.fsopen(type, Uapi.FSOPEN_CLOEXEC, errno);
        if (context < 0) {
            return context;
        }
        int created = Libc.fsconfigCreate(context, errno);
        int attributes = Uapi.MOUNT_ATTR_NOSUID | Uapi.MOUNT_ATTR_NODEV | Uapi.MOUNT_ATTR_NOEXEC;
        int mounted = created < 0 ? created : Libc.fsmount(context, Uapi.FSMOUNT_CLOEXEC, attributes, errno);
        Libc.close(context);
        return mounted;
    }

    /// Lets go of an instance that has been looked through often enough. That takes the kernel 0.1 ms.
    void tidy() {
        if (looks >= LOOKS) {
            close();
        }
    }

    /// Lets go of the instance; another is made when it is needed.
    void close() {
        if (instance != NONE) {
            Libc.close(instance);
            instance = NONE;
        }
        looks = 0;
    }
}
