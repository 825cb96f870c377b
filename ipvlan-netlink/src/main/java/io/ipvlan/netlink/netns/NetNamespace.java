package io.ipvlan.netlink.netns;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.ExtendedAck;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.NamespaceThread;
import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// An open handle to a network namespace.
///
/// Holds one file descriptor (close-on-exec), which keeps the namespace and everything in it alive until it is
/// closed, also when no process is left in it. What was opened is checked to be a network namespace; later changes
/// to the path or the process it was found by do not matter. Safe for use by several threads.
public final class NetNamespace implements AutoCloseable {
    private static final String RUN_DIRECTORY = "/run/netns/";
    private static final Pattern NAME = Pattern.compile("[^/\\x00]{1,255}");

    private final int descriptor;
    private final String words;
    private final Id id;
    private boolean closed;

    private NetNamespace(int descriptor, String words, Id id) {
        this.descriptor = descriptor;
        this.words = words;
        this.id = id;
    }

    /// Which namespace it is, whatever it was opened by. Not used again while the namespace lives; may be used
    /// again after it is gone.
    ///
    /// @param device the device of the kernel's namespace file system, as `major << 32 | minor`
    /// @param inode the number of the namespace in it, as `ls -l /proc/self/ns/net` shows
    public record Id(long device, long inode) {}

    /// Opens the namespace of a process.
    ///
    /// @param pid the process
    /// @return the handle
    /// @throws NetlinkException.Refused if there is no such process (`ENOENT`), or it may not be looked at
    ///     (`EACCES`: that needs `CAP_SYS_PTRACE` for processes of other users)
    /// @throws IllegalArgumentException if the number is not positive
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetNamespace ofPid(long pid) throws NetlinkException.Refused {
        if (pid <= 0) {
            throw new IllegalArgumentException("a process id is positive: " + pid);
        }
        return open("/proc/" + pid + "/ns/net", "network namespace of process " + pid);
    }

    /// Opens a namespace that `ip netns add` (or a container runtime) gave a name in `/run/netns`.
    ///
    /// @param name the name
    /// @return the handle
    /// @throws NetlinkException.Refused if there is no such name (`ENOENT`), or no namespace behind it
    /// @throws IllegalArgumentException if the name is empty, has more than 255 characters, is `.` or `..`, or
    ///     holds a slash or a zero
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetNamespace ofName(String name) throws NetlinkException.Refused {
        if (!NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException("'" + name + "' cannot name a network namespace: a name has 1 to 255"
                    + " characters, no slash, and is not '.' or '..'");
        }
        return open(RUN_DIRECTORY + name, "network namespace '" + name + "'");
    }

    /// Opens a namespace by a file that stands for it, such as `/run/netns/blue` or `/proc/17/ns/net`.
    ///
    /// @param path the file
    /// @return the handle
    /// @throws NetlinkException.Refused if the file does not exist (`ENOENT`), may not be read (`EACCES`), or is
    ///     not a network namespace (`ENOTTY`, `EINVAL`)
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetNamespace ofPath(Path path) throws NetlinkException.Refused {
        return open(path.toString(), "network namespace '" + path + "'");
    }

    /// Opens the namespace of the calling thread; on a virtual thread that of its carrier.
    ///
    /// @return the handle
    /// @throws NetlinkException.Refused if the process has too many open files
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetNamespace current() throws NetlinkException.Refused {
        return open("/proc/thread-self/ns/net", "network namespace of this thread");
    }

    /// Makes a network namespace, without a name and with nothing in it but a loopback link that is down. It is
    /// gone when this handle and everything else that keeps it alive are closed. The calling thread stays where it
    /// is. Needs `CAP_SYS_ADMIN`.
    ///
    /// @return the handle
    /// @throws NetlinkException.Refused if the capability is missing (`EPERM`) or the kernel's limit of namespaces
    ///     is reached (`ENOSPC`)
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetNamespace create() throws NetlinkException.Refused {
        return identify(NamespaceThread.createNamespace(), "make a network namespace", "new network namespace");
    }

    private static NetNamespace open(String path, String words) throws NetlinkException.Refused {
        Libc.link();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE, 8);
            // Without O_NONBLOCK a path that is a pipe would be waited on.
            int opened = Libc.open(path, Uapi.O_RDONLY | Uapi.O_CLOEXEC | Uapi.O_NONBLOCK, arena, errno);
            return identify(opened, "open " + words, words);
        }
    }

    private static NetNamespace identify(int descriptor, String request, String words) throws NetlinkException.Refused {
        if (descriptor < 0) {
            throw new NetlinkException.Refused(request, new Errno(-descriptor), ExtendedAck.NONE);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE, 8);
            MemorySegment status = arena.allocate(Uapi.STATX_SIZE, 8);
            int type = Libc.ioctl(descriptor, Uapi.NS_GET_NSTYPE, errno);
            int result = type < 0
                    ? type
                    : type != Uapi.CLONE_NEWNET
                            ? -Errno.EINVAL.number()
                            : Libc.statx(descriptor, Uapi.STATX_INO, status, arena.allocateFrom(""), errno);
            if (result < 0) {
                Libc.close(descriptor, errno);
                throw new NetlinkException.Refused(
                        request + " (is it a network namespace?)", new Errno(-result), ExtendedAck.NONE);
            }
            long major = status.get(JAVA_INT, Uapi.STATX_OFFSET_DEV_MAJOR);
            long minor = Integer.toUnsignedLong(status.get(JAVA_INT, Uapi.STATX_OFFSET_DEV_MINOR));
            return new NetNamespace(
                    descriptor, words, new Id(major << 32 | minor, status.get(JAVA_LONG, Uapi.STATX_OFFSET_INO)));
        }
    }

    /// Which namespace it is. Answers also after the handle is closed.
    ///
    /// @return the identity
    public Id id() {
        return id;
    }

    /// The file descriptor, owned by this handle.
    ///
    /// @return the descriptor
    /// @throws IllegalStateException if the handle is closed
    public synchronized int descriptor() {
        if (closed) {
            throw new IllegalStateException("the handle to the " + words + " is closed");
        }
        return descriptor;
    }

    /// A path that stands for the namespace while this handle is open, for other processes of this machine too:
    /// `/proc/<pid>/fd/<descriptor>`. For example, `nsenter --net=<path> ip address` looks inside.
    ///
    /// @return the path
    /// @throws IllegalStateException if the handle is closed
    public Path path() {
        return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor());
    }

    /// Opens a netlink socket inside the namespace. The calling thread stays where it is: a thread of the library
    /// enters the namespace, opens the socket and leaves. The socket keeps the namespace alive until it is closed.
    ///
    /// @param protocol the netlink family, such as 0 for `NETLINK_ROUTE`
    /// @return the socket
    /// @throws NetlinkException.Refused if this process may not enter (`EPERM`: that needs `CAP_SYS_ADMIN` in the
    ///     user namespace that owns the namespace, and in the caller's), or has too many open files
    /// @throws IllegalStateException if the handle is closed
    public NetlinkSocket openSocket(int protocol) throws NetlinkException.Refused {
        int socket;
        synchronized (this) { // a descriptor closed meanwhile could be another file's by the time it is entered
            socket = NamespaceThread.openSocket(descriptor(), protocol);
        }
        if (socket < 0) {
            throw new NetlinkException.Refused(
                    "open a netlink socket in the " + words, new Errno(-socket), ExtendedAck.NONE);
        }
        return NetlinkSocket.adopt(socket);
    }

    /// Closes the descriptor. Closing twice does nothing.
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            try (Arena arena = Arena.ofConfined()) {
                Libc.close(descriptor, arena.allocate(Libc.ERRNO_SIZE, 8));
            }
        }
    }

    /// What was opened, in words.
    @Override
    public String toString() {
        return words;
    }
}
