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
            Map.entry(5, new Known("EIO", "input or output failed")),
            Map.entry(6, new Known("ENXIO", "no such device or address")),
            Map.entry(7, new Known("E2BIG", "argument list too long")),
            Map.entry(8, new Known("ENOEXEC", "not a program this machine runs")),
            Map.entry(9, new Known("EBADF", "bad file descriptor")),
            Map.entry(10, new Known("ECHILD", "no child processes")),
            Map.entry(11, new Known("EAGAIN", "nothing to read yet")),
            Map.entry(12, new Known("ENOMEM", "out of memory")),
            Map.entry(13, new Known("EACCES", "permission denied")),
            Map.entry(14, new Known("EFAULT", "bad address in memory")),
            Map.entry(15, new Known("ENOTBLK", "not a block device")),
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
            Map.entry(26, new Known("ETXTBSY", "text file busy")),
            Map.entry(27, new Known("EFBIG", "file too large")),
            Map.entry(28, new Known("ENOSPC", "no space left")),
            Map.entry(29, new Known("ESPIPE", "not a file with positions")),
            Map.entry(30, new Known("EROFS", "read-only file system")),
            Map.entry(31, new Known("EMLINK", "too many links, or nested too deeply")),
            Map.entry(32, new Known("EPIPE", "nobody reads what is written")),
            Map.entry(33, new Known("EDOM", "argument out of range")),
            Map.entry(34, new Known("ERANGE", "value out of range")),
            Map.entry(35, new Known("EDEADLK", "would wait for each other for ever")),
            Map.entry(36, new Known("ENAMETOOLONG", "name too long")),
            Map.entry(37, new Known("ENOLCK", "no locks available")),
            Map.entry(38, new Known("ENOSYS", "the kernel lacks this system call")),
            Map.entry(39, new Known("ENOTEMPTY", "directory not empty")),
            Map.entry(40, new Known("ELOOP", "too many symbolic links")),
            Map.entry(42, new Known("ENOMSG", "no message of this type")),
            Map.entry(43, new Known("EIDRM", "identifier removed")),
            Map.entry(44, new Known("ECHRNG", "channel number out of range")),
            Map.entry(45, new Known("EL2NSYNC", "level 2 not synchronized")),
            Map.entry(46, new Known("EL3HLT", "level 3 halted")),
            Map.entry(47, new Known("EL3RST", "level 3 reset")),
            Map.entry(48, new Known("ELNRNG", "link number out of range")),
            Map.entry(49, new Known("EUNATCH", "protocol driver not attached")),
            Map.entry(50, new Known("ENOCSI", "no such structure available")),
            Map.entry(51, new Known("EL2HLT", "level 2 halted")),
            Map.entry(52, new Known("EBADE", "invalid exchange")),
            Map.entry(53, new Known("EBADR", "invalid request descriptor")),
            Map.entry(54, new Known("EXFULL", "exchange full")),
            Map.entry(55, new Known("ENOANO", "no anode")),
            Map.entry(56, new Known("EBADRQC", "invalid request code")),
            Map.entry(57, new Known("EBADSLT", "invalid slot")),
            Map.entry(59, new Known("EBFONT", "bad font file format")),
            Map.entry(60, new Known("ENOSTR", "not a stream")),
            Map.entry(61, new Known("ENODATA", "no data available")),
            Map.entry(62, new Known("ETIME", "timer expired")),
            Map.entry(63, new Known("ENOSR", "out of streams")),
            Map.entry(64, new Known("ENONET", "machine is not on the network")),
            Map.entry(65, new Known("ENOPKG", "package not installed")),
            Map.entry(66, new Known("EREMOTE", "object is remote")),
            Map.entry(67, new Known("ENOLINK", "link has been severed")),
            Map.entry(68, new Known("EADV", "advertise error")),
            Map.entry(69, new Known("ESRMNT", "mount error")),
            Map.entry(70, new Known("ECOMM", "sending failed")),
            Map.entry(71, new Known("EPROTO", "protocol error")),
            Map.entry(72, new Known("EMULTIHOP", "multihop attempted")),
            Map.entry(73, new Known("EDOTDOT", "error of remote file sharing")),
            Map.entry(74, new Known("EBADMSG", "not a message that can be read")),
            Map.entry(75, new Known("EOVERFLOW", "value too large for its type")),
            Map.entry(76, new Known("ENOTUNIQ", "name not unique on the network")),
            Map.entry(77, new Known("EBADFD", "file descriptor in a bad state")),
            Map.entry(78, new Known("EREMCHG", "remote address changed")),
            Map.entry(79, new Known("ELIBACC", "cannot reach a shared library")),
            Map.entry(80, new Known("ELIBBAD", "reaching a corrupted shared library")),
            Map.entry(81, new Known("ELIBSCN", "a section of a library is corrupted")),
            Map.entry(82, new Known("ELIBMAX", "too many shared libraries")),
            Map.entry(83, new Known("ELIBEXEC", "a shared library cannot be run")),
            Map.entry(84, new Known("EILSEQ", "not a valid sequence of bytes")),
            Map.entry(85, new Known("ERESTART", "system call should be repeated")),
            Map.entry(86, new Known("ESTRPIPE", "streams pipe error")),
            Map.entry(87, new Known("EUSERS", "too many users")),
            Map.entry(88, new Known("ENOTSOCK", "not a socket")),
            Map.entry(89, new Known("EDESTADDRREQ", "destination address required")),
            Map.entry(90, new Known("EMSGSIZE", "message too long")),
            Map.entry(91, new Known("EPROTOTYPE", "wrong protocol for this socket")),
            Map.entry(92, new Known("ENOPROTOOPT", "no such option of this protocol")),
            Map.entry(93, new Known("EPROTONOSUPPORT", "protocol not supported")),
            Map.entry(94, new Known("ESOCKTNOSUPPORT", "socket type not supported")),
            Map.entry(95, new Known("EOPNOTSUPP", "operation not supported")),
            Map.entry(96, new Known("EPFNOSUPPORT", "protocol family not supported")),
            Map.entry(97, new Known("EAFNOSUPPORT", "address family not supported")),
            Map.entry(98, new Known("EADDRINUSE", "address already in use")),
            Map.entry(99, new Known("EADDRNOTAVAIL", "address not available")),
            Map.entry(100, new Known("ENETDOWN", "network is down")),
            Map.entry(101, new Known("ENETUNREACH", "network is unreachable")),
            Map.entry(102, new Known("ENETRESET", "connection broken by the network")),
            Map.entry(103, new Known("ECONNABORTED", "connection ended on this machine")),
            Map.entry(104, new Known("ECONNRESET", "connection reset by the other side")),
            Map.entry(105, new Known("ENOBUFS", "no buffer space available")),
            Map.entry(106, new Known("EISCONN", "connected already")),
            Map.entry(107, new Known("ENOTCONN", "not connected")),
            Map.entry(108, new Known("ESHUTDOWN", "shut down, and sends no more")),
            Map.entry(109, new Known("ETOOMANYREFS", "too many references")),
            Map.entry(110, new Known("ETIMEDOUT", "timed out")),
            Map.entry(111, new Known("ECONNREFUSED", "connection refused")),
            Map.entry(112, new Known("EHOSTDOWN", "host is down")),
            Map.entry(113, new Known("EHOSTUNREACH", "host is unreachable")),
            Map.entry(114, new Known("EALREADY", "under way already")),
            Map.entry(115, new Known("EINPROGRESS", "under way now")),
            Map.entry(116, new Known("ESTALE", "stale file handle")),
            Map.entry(117, new Known("EUCLEAN", "structure needs cleaning")),
            Map.entry(118, new Known("ENOTNAM", "not a named file of XENIX")),
            Map.entry(119, new Known("ENAVAIL", "no semaphores of XENIX")),
            Map.entry(120, new Known("EISNAM", "a named file")),
            Map.entry(121, new Known("EREMOTEIO", "input or output failed at the other side")),
            Map.entry(122, new Known("EDQUOT", "quota exceeded")),
            Map.entry(123, new Known("ENOMEDIUM", "no medium found")),
            Map.entry(124, new Known("EMEDIUMTYPE", "wrong type of medium")),
            Map.entry(125, new Known("ECANCELED", "cancelled")),
            Map.entry(126, new Known("ENOKEY", "a key is missing")),
            Map.entry(127, new Known("EKEYEXPIRED", "key has expired")),
            Map.entry(128, new Known("EKEYREVOKED", "key has been revoked")),
            Map.entry(129, new Known("EKEYREJECTED", "key was rejected")),
            Map.entry(130, new Known("EOWNERDEAD", "the owner has died")),
            Map.entry(131, new Known("ENOTRECOVERABLE", "state cannot be recovered")),
            Map.entry(132, new Known("ERFKILL", "radio is switched off")),
            Map.entry(133, new Known("EHWPOISON", "memory is damaged")));

    /// Checks the number.
    ///
    /// @throws IllegalArgumentException if it is not positive
    public Errno {
        if (number <= 0) {
            throw new IllegalArgumentException("an error number is positive: " + number);
        }
    }

    /// The symbol, such as `EBUSY`; `errno 512` for a number this library has no name for.
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
