package io.ipvlan.netlink.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Opens `/proc/sys/net/ipv6/conf` for a thread that is inside one namespace after the other, at a cost that does not
/// grow with their number.
///
/// The kernel keeps the name `ipv6` below `/proc/sys/net` once for each namespace that anybody looked into, all in
/// one chain, and goes through it entry by entry (`proc_sys_compare` in `fs/proc/proc_sysctl.c`): 55 to 98 µs with a
/// thousand, where 5 are spent with ten. Each instance of the file system has names of its own. So a thread that has
/// looked a few times goes on in an instance of the library's own, and takes another before its chains are long.
/// It is in no mount table, and goes with its descriptor (close-on-exec) and those opened below it.
///
/// It is not meant as a way around anything: where the settings of links to come cannot be written in `/proc`, or
/// not in the instance (security modules go by paths, which are others there), where the process has a filter of
/// system calls (it may be ended for one that it does not know), and where the kernel refuses, what is opened is the
/// directory of `/proc`. That is looked at for each instance anew. Inside, no memory is asked for. For one thread.
///
/// Source: fsopen(2), fsmount(2); an instance for each mount since Linux 5.8.
public final class ProcInstance {
    /// What is opened; whether it can be written is asked of a setting in it.
    public static final String PROBED = "/proc/sys/net/ipv6/conf/";

    private static final String PROC = "/proc/";
    private static final int NONE = -1;

    /// How often `/proc` is looked through first: who comes now and then is not to pay for an instance.
    private static final int FEW = 8;

    private static final int LOOKS = 64;
    private static final int STATUS_SIZE = 4096;
    private static final byte[] FILTER = "\nSeccomp:\t".getBytes(StandardCharsets.US_ASCII);

    private final MemorySegment type;
    private final MemorySegment setting;
    private final MemorySegment status;
    private final MemorySegment statusText;
    private final ByteBuffer statusBytes;
    private int instance = NONE;
    private int looks;

    ProcInstance(Arena arena) {
        type = arena.allocateFrom("proc");
        setting = arena.allocateFrom(PROBED + "default/mtu");
        status = arena.allocateFrom(PROC + "thread-self/status");
        statusText = arena.allocate(STATUS_SIZE);
        statusBytes = statusText.asByteBuffer();
    }

    /// Opens a file.
    ///
    /// @param path where it is in `/proc`, with that in front
    /// @return a descriptor, or -errno
    public int open(MemorySegment path, int flags, MemorySegment errno) {
        if (looks++ == FEW && isWritable(Uapi.AT_FDCWD, 0, errno) && !isFiltered(errno)) {
            instance = make(errno);
        }
        return instance == NONE
                ? Libc.open(path, flags, 0, errno)
                : Libc.openat(instance, path, PROC.length(), flags, errno);
    }

    /// Whether settings may be written.
    ///
    /// @param without what the path to them begins with that is left out
    private boolean isWritable(int directory, int without, MemorySegment errno) {
        int file = Libc.openat(directory, setting, without, Uapi.O_WRONLY | Uapi.O_CLOEXEC, errno);
        if (file >= 0) {
            Libc.close(file);
        }
        return file >= 0;
    }

    /// Whether system calls of this process are filtered, or that cannot be told.
    private boolean isFiltered(MemorySegment errno) {
        int file = Libc.open(status, Uapi.O_RDONLY | Uapi.O_CLOEXEC, 0, errno);
        if (file < 0) {
            return true;
        }
        int length = Libc.readFromStart(file, statusText, errno);
        Libc.close(file);
        return tellsOfFilter(statusBytes, length);
    }

    /// Whether the status of a thread says that its system calls are filtered, or may say so where it was cut off.
    /// A kernel without filters says nothing.
    static boolean tellsOfFilter(ByteBuffer status, int length) {
        for (int at = 0; at < length - FILTER.length; at++) {
            int same = 0;
            while (same < FILTER.length && status.get(at + same) == FILTER[same]) {
                same++;
            }
            if (same == FILTER.length) {
                return status.get(at + same) != '0';
            }
        }
        return length <= 0 || length == status.capacity();
    }

    private int make(MemorySegment errno) {
        int context = Libc.fsopen(type, Uapi.FSOPEN_CLOEXEC, errno);
        if (context < 0) {
            return NONE;
        }
        int attributes = Uapi.MOUNT_ATTR_NOSUID | Uapi.MOUNT_ATTR_NODEV | Uapi.MOUNT_ATTR_NOEXEC;
        int created = Libc.fsconfigCreate(context, errno);
        int made = created < 0 ? created : Libc.fsmount(context, Uapi.FSMOUNT_CLOEXEC, attributes, errno);
        Libc.close(context);
        if (made >= 0 && !isWritable(made, PROC.length(), errno)) {
            Libc.close(made);
            return NONE;
        }
        return Math.max(made, NONE);
    }

    /// Lets go of an instance that has been looked through often enough; the next look makes another. That takes
    /// the kernel 0.1 ms.
    void tidy() {
        if (looks >= FEW + LOOKS) {
            close();
            looks = FEW;
        }
    }

    void close() {
        if (instance != NONE) {
            Libc.close(instance);
            instance = NONE;
        }
    }
}
