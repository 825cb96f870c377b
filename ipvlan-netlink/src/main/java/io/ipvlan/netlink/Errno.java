package io.ipvlan.netlink;

import java.io.Serializable;
import java.util.Map;

/// An error number of the Linux kernel. A number this library does not know is kept as it is.
///
/// Source: `asm-generic/errno-base.h` and `asm-generic/errno.h`; the numbers are the same on x86-64, AArch64
/// and RISC-V.
///
/// @param number the number, positive
public record Errno(int number) implements Serializable {
    /// Operation not permitted: a capability is missing.
    public static final Errno EPERM = new Errno(1);
    /// No such file or directory: a namespace path or name that does not exist.
    public static final Errno ENOENT = new Errno(2);
    /// No such process; for routes: no such route.
    public static final Errno ESRCH = new Errno(3);
    /// A signal arrived during the call; the library repeats it.
    public static final Errno EINTR = new Errno(4);
    /// Bad file descriptor.
    public static final Errno EBADF = new Errno(9);
    /// Nothing to read within the time allowed.
    public static final Errno EAGAIN = new Errno(11);
    /// Out of memory.
    public static final Errno ENOMEM = new Errno(12);
    /// Permission denied by file permissions.
    public static final Errno EACCES = new Errno(13);
    /// Device or resource busy: the parent link serves another kind of child already.
    public static final Errno EBUSY = new Errno(16);
    /// Exists already.
    public static final Errno EEXIST = new Errno(17);
    /// No such device (link).
    public static final Errno ENODEV = new Errno(19);
    /// Not a directory.
    public static final Errno ENOTDIR = new Errno(20);
    /// Invalid argument.
    public static final Errno EINVAL = new Errno(22);
    /// Too many open files in the process.
    public static final Errno EMFILE = new Errno(24);
    /// Not a device that answers this request; here: the file opened is not a namespace.
    public static final Errno ENOTTY = new Errno(25);
    /// No space left; here: the kernel's limit of namespaces is reached.
    public static final Errno ENOSPC = new Errno(28);
    /// Numerical result out of range.
    public static final Errno ERANGE = new Errno(34);
    /// Operation not supported; for links: the kernel does not know the kind.
    public static final Errno EOPNOTSUPP = new Errno(95);
    /// Address already in use.
    public static final Errno EADDRINUSE = new Errno(98);
    /// Address not available: no such address on the link.
    public static final Errno EADDRNOTAVAIL = new Errno(99);
    /// Network is down: a link that must be up is not.
    public static final Errno ENETDOWN = new Errno(100);
    /// Network is unreachable.
    public static final Errno ENETUNREACH = new Errno(101);
    /// No buffer space available: answers were lost.
    public static final Errno ENOBUFS = new Errno(105);

    /// Not connected; for a veth: it has no other end yet.
    public static final Errno ENOTCONN = new Errno(107);

    private record Known(String name, String description) {}

    private static final Map<Integer, Known> KNOWN = Map.ofEntries(
            Map.entry(1, new Known("EPERM", "operation not permitted")),
            Map.entry(2, new Known("ENOENT", "no such file or directory")),
            Map.entry(3, new Known("ESRCH", "no such process or entry")),
            Map.entry(4, new Known("EINTR", "interrupted by a signal")),
            Map.entry(6, new Known("ENXIO", "no such device or address")),
            Map.entry(7, new Known("E2BIG", "argument list too long")),
            Map.entry(9, new Known("EBADF", "bad file descriptor")),
            Map.entry(11, new Known("EAGAIN", "nothing to read yet")),
            Map.entry(12, new Known("ENOMEM", "out of memory")),
            Map.entry(13, new Known("EACCES", "permission denied")),
            Map.entry(16, new Known("EBUSY", "device or resource busy")),
            Map.entry(17, new Known("EEXIST", "exists already")),
            Map.entry(18, new Known("EXDEV", "not within one namespace or device")),
            Map.entry(19, new Known("ENODEV", "no such device")),
            Map.entry(20, new Known("ENOTDIR", "not a directory")),
            Map.entry(21, new Known("EISDIR", "is a directory")),
            Map.entry(22, new Known("EINVAL", "invalid argument")),
            Map.entry(23, new Known("ENFILE", "too many open files on the machine")),
            Map.entry(24, new Known("EMFILE", "too many open files")),
            Map.entry(25, new Known("ENOTTY", "not a file of this kind")),
            Map.entry(28, new Known("ENOSPC", "no space left")),
            Map.entry(30, new Known("EROFS", "read-only file system")),
            Map.entry(34, new Known("ERANGE", "value out of range")),
            Map.entry(36, new Known("ENAMETOOLONG", "name too long")),
            Map.entry(38, new Known("ENOSYS", "the kernel lacks this system call")),
            Map.entry(40, new Known("ELOOP", "too many symbolic links")),
            Map.entry(71, new Known("EPROTO", "protocol error")),
            Map.entry(90, new Known("EMSGSIZE", "message too long")),
            Map.entry(93, new Known("EPROTONOSUPPORT", "protocol not supported")),
            Map.entry(95, new Known("EOPNOTSUPP", "operation not supported")),
            Map.entry(97, new Known("EAFNOSUPPORT", "address family not supported")),
            Map.entry(98, new Known("EADDRINUSE", "address already in use")),
            Map.entry(99, new Known("EADDRNOTAVAIL", "address not available")),
            Map.entry(100, new Known("ENETDOWN", "network is down")),
            Map.entry(101, new Known("ENETUNREACH", "network is unreachable")),
            Map.entry(105, new Known("ENOBUFS", "no buffer space available")),
            Map.entry(107, new Known("ENOTCONN", "not connected")),
            Map.entry(110, new Known("ETIMEDOUT", "timed out")),
            Map.entry(113, new Known("EHOSTUNREACH", "host is unreachable")),
            Map.entry(114, new Known("EALREADY", "under way already")));

    /// Checks the number.
    ///
    /// @throws IllegalArgumentException if it is not positive
    public Errno {
        if (number <= 0) {
            throw new IllegalArgumentException("an error number is positive: " + number);
        }
    }

    /// The symbol, such as `EBUSY`; `errno 133` for a number this library has no name for.
    ///
    /// @return the symbol
    public String name() {
        Known known = KNOWN.get(number);
        return known == null ? "errno " + number : known.name();
    }

    /// What the number means, in words, lower case and without a full stop.
    ///
    /// @return the words; for an unknown number a sentence that says so
    public String description() {
        Known known = KNOWN.get(number);
        return known == null ? "an error this library has no words for" : known.description();
    }

    /// The symbol.
    @Override
    public String toString() {
        return name();
    }
}
