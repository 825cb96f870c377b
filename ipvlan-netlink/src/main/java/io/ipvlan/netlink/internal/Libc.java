package io.ipvlan.netlink.internal;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Objects;

/// Every native call of the library. Each method has the C prototype above it and answers with the value, or
/// with `-errno` where the C function answers -1.
///
/// All functions share one shape, six `long`s to a `long`, and one handle that takes the function's address:
/// integer arguments travel in registers on every processor supported, an `int` argument is read from the low
/// half of its register, and one handle halves the time to the first call (each new shape makes the JVM spin
/// classes). It is not linked as "critical": every function may wait, and a critical call holds up the
/// garbage collector while it waits.
public final class Libc {
    /// Bytes needed for the `errno` capture that each call takes.
    public static final long ERRNO_SIZE = JAVA_INT.byteSize();

    /// Where an errno goes that nobody looks at.
    private static final MemorySegment UNREAD = Arena.global().allocate(ERRNO_SIZE, 8);

    private static final MemorySegment NO_PATH = Arena.global().allocate(1);

    private Libc() {}

    /// The one handle, and the address of each function, in a class of their own so that a refusal to link
    /// can be answered with a sentence.
    @SuppressWarnings("restricted") // the one place that needs native access
    private static final class Native {
        private static final Linker LINKER = Linker.nativeLinker();
        private static final SymbolLookup LIBRARY = LINKER.defaultLookup();

        static final MethodHandle CALL = LINKER.downcallHandle(
                FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.captureCallState("errno"));

        static final MemorySegment SOCKET = find("socket");
        static final MemorySegment SETSOCKOPT = find("setsockopt");
        static final MemorySegment GETSOCKOPT = find("getsockopt");
        static final MemorySegment BIND = find("bind");
        static final MemorySegment SENDTO = find("sendto");
        static final MemorySegment RECVFROM = find("recvfrom");
        static final MemorySegment RECVMSG = find("recvmsg");
        static final MemorySegment OPEN = find("open");
        static final MemorySegment OPENAT = find("openat");
        static final MemorySegment CLOSE = find("close");
        static final MemorySegment IOCTL = find("ioctl");
        static final MemorySegment STATX = find("statx");
        static final MemorySegment SETNS = find("setns");
        static final MemorySegment UNSHARE = find("unshare");
        static final MemorySegment FCNTL = find("fcntl");
        static final MemorySegment FLOCK = find("flock");
        static final MemorySegment MKDIR = find("mkdir");
        static final MemorySegment UNLINK = find("unlink");
        static final MemorySegment MOUNT = find("mount");
        static final MemorySegment UMOUNT2 = find("umount2");
        static final MemorySegment PREAD = find("pread");
        static final MemorySegment WRITE = find("write");
        static final MemorySegment SYSCALL = find("syscall");
        static final MemorySegment POLL = find("poll");
        static final MemorySegment EVENTFD = find("eventfd");

        static MemorySegment find(String function) {
            return LIBRARY.findOrThrow(function);
        }
    }

    /// Links every function now. Called before the first use, and by threads that must not load a class at
    /// the wrong moment.
    ///
    /// @throws IllegalCallerException if the JVM was told to refuse native access
    public static void link() {
        try {
            Objects.requireNonNull(Native.SETNS); // initialises the class, which links them all
        } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
            throw new IllegalCallerException(
                    "this JVM refuses native access to the netlink binding: start it with --enable-native-access="
                            + (Libc.class.getModule().isNamed()
                                    ? Libc.class.getModule().getName()
                                    : "ALL-UNNAMED"),
                    e);
        }
    }

    // int socket(int domain, int type, int protocol)
    public static int socket(int domain, int type, int protocol, MemorySegment errno) {
        return (int) call(Native.SOCKET, errno, domain, type, protocol, 0, 0, 0);
    }

    // int setsockopt(int fd, int level, int name, const void *value, socklen_t length)
    public static int setsockopt(int fd, int level, int name, MemorySegment value, MemorySegment errno) {
        return (int) call(Native.SETSOCKOPT, errno, fd, level, name, value.address(), value.byteSize(), 0);
    }

    // int bind(int fd, const struct sockaddr *address, socklen_t length)
    public static int bind(int fd, MemorySegment address, MemorySegment errno) {
        return (int) call(Native.BIND, errno, fd, address.address(), address.byteSize(), 0, 0, 0);
    }

    // int getsockopt(int fd, int level, int name, void *value, socklen_t *length)
    public static int getsockopt(
            int fd, int level, int name, MemorySegment value, MemorySegment length, MemorySegment errno) {
        return (int) call(Native.GETSOCKOPT, errno, fd, level, name, value.address(), length.address(), 0);
    }

    // ssize_t sendto(int fd, const void *buffer, size_t length, int flags, const struct sockaddr *to, socklen_t)
    public static long send(int fd, MemorySegment buffer, long length, MemorySegment errno) {
        return call(Native.SENDTO, errno, fd, buffer.address(), length, 0, 0, 0);
    }

    // ssize_t recvfrom(int fd, void *buffer, size_t length, int flags, struct sockaddr *from, socklen_t *length)
    public static long receive(
            int fd,
            MemorySegment buffer,
            int flags,
            MemorySegment from,
            MemorySegment fromLength,
            MemorySegment errno) {
        return call(
                Native.RECVFROM,
                errno,
                fd,
                buffer.address(),
                buffer.byteSize(),
                flags,
                from.address(),
                fromLength.address());
    }

    // ssize_t recvmsg(int fd, struct msghdr *message, int flags)
    public static long receive(int fd, MemorySegment message, int flags, MemorySegment errno) {
        return call(Native.RECVMSG, errno, fd, message.address(), flags, 0, 0, 0);
    }

    // int open(const char *path, int flags)
    public static int open(String path, int flags, Arena arena, MemorySegment errno) {
        MemorySegment text = arena.allocateFrom(path);
        return (int) call(Native.OPEN, errno, text.address(), flags, 0, 0, 0, 0);
    }

    // int open(const char *path, int flags, mode_t mode)
    public static int open(MemorySegment path, int flags, int mode, MemorySegment errno) {
        return (int) call(Native.OPEN, errno, path.address(), flags, mode, 0, 0, 0);
    }

    // int openat(int directory, const char *path, int flags)
    public static int openat(int directory, String path, int flags, Arena arena, MemorySegment errno) {
        MemorySegment text = arena.allocateFrom(path);
        return (int) call(Native.OPENAT, errno, directory, text.address(), flags, 0, 0, 0);
    }

    // int openat(int directory, const char *path, int flags), without so many bytes of the path
    public static int openat(int directory, MemorySegment path, long without, int flags, MemorySegment errno) {
        return (int) call(Native.OPENAT, errno, directory, path.address() + without, flags, 0, 0, 0);
    }

    // int close(int fd)
    /// Without an answer: Linux closes the descriptor whatever it says.
    public static void close(int fd) {
        close(fd, UNREAD);
    }

    // int close(int fd)
    public static int close(int fd, MemorySegment errno) {
        return (int) call(Native.CLOSE, errno, fd, 0, 0, 0, 0, 0);
    }

    // int ioctl(int fd, unsigned long request, ...)
    public static int ioctl(int fd, long request, MemorySegment errno) {
        return (int) call(Native.IOCTL, errno, fd, request, 0, 0, 0, 0);
    }

    // int statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *result), without a path
    public static int statx(int fd, int mask, MemorySegment result, MemorySegment errno) {
        return (int) call(Native.STATX, errno, fd, NO_PATH.address(), Uapi.AT_EMPTY_PATH, mask, result.address(), 0);
    }

    // int setns(int fd, int type)
    public static int setns(int fd, int type, MemorySegment errno) {
        return (int) call(Native.SETNS, errno, fd, type, 0, 0, 0, 0);
    }

    // int unshare(int flags)
    public static int unshare(int flags, MemorySegment errno) {
        return (int) call(Native.UNSHARE, errno, flags, 0, 0, 0, 0, 0);
    }

    // int fcntl(int fd, int command, int argument)
    public static int fcntl(int fd, int command, int argument, MemorySegment errno) {
        return (int) call(Native.FCNTL, errno, fd, command, argument, 0, 0, 0);
    }

    // int flock(int fd, int operation)
    public static int flock(int fd, int operation, MemorySegment errno) {
        return (int) call(Native.FLOCK, errno, fd, operation, 0, 0, 0, 0);
    }

    // int mkdir(const char *path, mode_t mode)
    public static int mkdir(MemorySegment path, int mode, MemorySegment errno) {
        return (int) call(Native.MKDIR, errno, path.address(), mode, 0, 0, 0, 0);
    }

    // int unlink(const char *path)
    public static int unlink(MemorySegment path, MemorySegment errno) {
        return (int) call(Native.UNLINK, errno, path.address(), 0, 0, 0, 0, 0);
    }

    // int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data)
    public static int mount(
            MemorySegment source, MemorySegment target, MemorySegment type, long flags, MemorySegment errno) {
        return (int) call(Native.MOUNT, errno, source.address(), target.address(), type.address(), flags, 0, 0);
    }

    // int umount2(const char *target, int flags)
    public static int umount2(MemorySegment target, int flags, MemorySegment errno) {
        return (int) call(Native.UMOUNT2, errno, target.address(), flags, 0, 0, 0, 0);
    }

    // ssize_t pread(int fd, void *buffer, size_t length, off_t offset), from the beginning
    public static int readFromStart(int fd, MemorySegment buffer, MemorySegment errno) {
        return (int) call(Native.PREAD, errno, fd, buffer.address(), buffer.byteSize(), 0, 0, 0);
    }

    // int poll(struct pollfd *fds, nfds_t count, int millis)
    public static int poll(MemorySegment polled, int count, int millis, MemorySegment errno) {
        return (int) call(Native.POLL, errno, polled.address(), count, millis, 0, 0, 0);
    }

    // int eventfd(unsigned value, int flags)
    public static int eventfd(int value, int flags, MemorySegment errno) {
        return (int) call(Native.EVENTFD, errno, value, flags, 0, 0, 0, 0);
    }

    /// Without an answer, for a write that cannot fail.
    public static void write(int fd, MemorySegment buffer) {
        write(fd, buffer, buffer.byteSize(), UNREAD);
    }

    // ssize_t write(int fd, const void *buffer, size_t length)
    public static int write(int fd, MemorySegment buffer, long length, MemorySegment errno) {
        return (int) call(Native.WRITE, errno, fd, buffer.address(), length, 0, 0, 0);
    }

    // int fsopen(const char *type, unsigned flags); this and the next two by number: in glibc since 2.36
    public static int fsopen(MemorySegment type, int flags, MemorySegment errno) {
        return (int) call(Native.SYSCALL, errno, Uapi.SYS_FSOPEN, type.address(), flags, 0, 0, 0);
    }

    // int fsconfig(int fd, unsigned command, const char *key, const void *value, int auxiliary), to create
    public static int fsconfigCreate(int fd, MemorySegment errno) {
        return (int) call(Native.SYSCALL, errno, Uapi.SYS_FSCONFIG, fd, Uapi.FSCONFIG_CMD_CREATE, 0, 0, 0);
    }

    // int fsmount(int fd, unsigned flags, unsigned attributes)
    public static int fsmount(int fd, int flags, int attributes, MemorySegment errno) {
        return (int) call(Native.SYSCALL, errno, Uapi.SYS_FSMOUNT, fd, flags, attributes, 0, 0);
    }

    // int pidfd_open(pid_t pid, unsigned flags); by number, because glibc has a function for it only since 2.36
    public static int pidfdOpen(int pid, MemorySegment errno) {
        return (int) call(Native.SYSCALL, errno, Uapi.SYS_PIDFD_OPEN, pid, 0, 0, 0, 0);
    }

    // int pidfd_send_signal(int pidfd, int signal, siginfo_t *info, unsigned flags); signal 0 only asks
    public static int pidfdProbe(int pidfd, MemorySegment errno) {
        return (int) call(Native.SYSCALL, errno, Uapi.SYS_PIDFD_SEND_SIGNAL, pidfd, 0, 0, 0, 0);
    }

    private static long call(
            MemorySegment function, MemorySegment errno, long a, long b, long c, long d, long e, long f) {
        long result;
        try {
            result = (long) Native.CALL.invokeExact(function, errno, a, b, c, d, e, f);
        } catch (RuntimeException | Error thrown) {
            throw thrown;
        } catch (Throwable impossible) { // a downcall declares Throwable and throws none
            throw new AssertionError(impossible);
        }
        // An int result leaves the upper half of the register undefined; no value here needs more than 32 bits.
        return (int) result == -1 ? -errno.get(JAVA_INT, 0) : (int) result;
    }
}
