package io.ipvlan.netlink.netns;

import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/// A setting of the network below `/proc/sys/net`. What is found there depends on the namespace of the thread
/// that looks, so both methods run inside, unless the directory is one of a [SettingsGroup].
///
/// Source: sysctl(8), sysctl.d(5), proc_sys_net(5).
///
/// @param key as the caller wrote it
/// @param directory what the path starts from, if it is relative
/// @param path the file
record Sysctl(String key, int directory, String path) {
    private static final String ROOT = "/proc/sys/";
    private static final int READ_LIMIT = 1 << 16; // the kernel's writers stop at a page
    private static final Errno EISDIR = new Errno(21);
    private static final Errno EROFS = new Errno(30);

    /// Reads a key in either form. The first separator decides: after a slash dots are dots; after a dot the
    /// two change places, so that `net.ipv4.conf.eth0/20.mtu` is the link `eth0.20`.
    ///
    /// @throws IllegalArgumentException if it is no key, or none below `net`
    static Sysctl of(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (Character.isISOControl(key.charAt(i))) {
                throw mistake(key, "it holds a control character");
            }
        }
        int dot = key.indexOf('.');
        int slash = key.indexOf('/');
        boolean dotted = dot >= 0 && (slash < 0 || dot < slash);
        String path = dotted ? key.replace('/', '\0').replace('.', '/').replace('\0', '.') : key;
        if (!path.startsWith("net/")) {
            throw mistake(key, "only keys below net belong to a network namespace");
        }
        String parts = path + "/";
        if (parts.contains("//") || parts.contains("/./") || parts.contains("/../")) {
            throw mistake(key, "each part has a name of its own");
        }
        return new Sysctl(key, Uapi.AT_FDCWD, ROOT + path);
    }

    private static IllegalArgumentException mistake(String key, String reason) {
        return new IllegalArgumentException("'" + key + "' is no key of a network namespace, such as"
                + " net.ipv4.ip_forward or net/ipv4/conf/eth0.20/forwarding: " + reason);
    }

    /// Reads the value, without the line's end.
    ///
    /// @param words which namespace this is
    String read(String words) throws NetlinkException.Refused {
        String request = "read sysctl " + key + " of the " + words;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE, 8);
            int file = open(Uapi.O_RDONLY, request, arena, errno);
            try {
                // In one call: the kernel gives the rest of a value to nobody who comes twice.
                MemorySegment buffer = arena.allocate(READ_LIMIT);
                int length = accepted(Libc.readFromStart(file, buffer, errno), request);
                byte[] bytes = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
                String value = new String(bytes, StandardCharsets.UTF_8);
                return value.endsWith("\n") ? value.substring(0, value.length() - 1) : value;
            } finally {
                Libc.close(file);
            }
        }
    }

    /// Writes a value, in one call: the kernel takes each for a value of its own.
    ///
    /// @param words which namespace this is
    /// @return the value
    String write(String value, String words) throws NetlinkException.Refused {
        String request = "set sysctl " + key + " of the " + words + " to '" + value + "'";
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE, 8);
            int file = open(Uapi.O_WRONLY, request, arena, errno);
            try {
                MemorySegment line = arena.allocateFrom(value + "\n");
                long length = line.byteSize() - 1; // without the zero
                int written = accepted(Libc.write(file, line, length, errno), request);
                if (written < length - 1) { // the line's end may be left over
                    throw refusal(Errno.EINVAL, request + " (the kernel took the first " + written + " bytes)");
                }
                return value;
            } finally {
                Libc.close(file);
            }
        }
    }

    /// A value that can be written.
    ///
    /// @throws IllegalArgumentException if it cannot
    static String checked(String value) {
        if (value.indexOf(0) >= 0 || value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a value is one line: '" + value + "'");
        }
        return value;
    }

    private int open(int flags, String request, Arena arena, MemorySegment errno) throws NetlinkException.Refused {
        return accepted(Libc.openat(directory, path, flags | Uapi.O_CLOEXEC, arena, errno), request);
    }

    private static int accepted(int answer, String request) throws NetlinkException.Refused {
        if (answer < 0) {
            throw refusal(new Errno(-answer), request);
        }
        return answer;
    }

    private static NetlinkException.Refused refusal(Errno errno, String request) {
        return Answers.refusal(errno, request + remedy(errno));
    }

    private static String remedy(Errno errno) {
        if (errno.equals(Errno.ENOENT) || errno.equals(Errno.ENOTDIR)) {
            return " (is the link there, and the module loaded? A dot inside a name needs the form"
                    + " net/ipv4/conf/eth0.20/forwarding; some keys exist in the first namespace of the machine only)";
        } else if (errno.equals(Errno.EACCES) || errno.equals(Errno.EPERM)) {
            return " (writing needs CAP_NET_ADMIN in the user namespace that owns the network namespace, and a key that"
                    + " can be written)";
        } else if (errno.equals(EROFS)) {
            return " (a container without privileges gets /proc/sys read-only: mount it writable, or set it from the"
                    + " host)";
        } else if (errno.equals(EISDIR)) {
            return " (it is a group of keys: name one of them)";
        } else if (errno.equals(Errno.EINVAL) || errno.equals(Errno.ERANGE)) {
            return " (the key takes no such value: see the kernel's Documentation/networking/ip-sysctl.rst)";
        }
        return "";
    }
}
