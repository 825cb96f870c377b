package io.ipvlan;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A network namespace, named by something that leads to it. A reference: it holds nothing open, and says
/// nothing about existence. It is opened when used.
public sealed interface Netns {
    /// The namespace of a process.
    ///
    /// @param pid the process
    record OfPid(long pid) implements Netns {
        /// Checks the number.
        ///
        /// @throws IllegalArgumentException if it is not positive
        public OfPid {
            if (pid <= 0) {
                throw new IllegalArgumentException("a process id is positive: " + pid);
            }
        }

        @Override
        public String toString() {
            return "pid " + pid;
        }
    }

    /// The namespace behind a file.
    ///
    /// @param path the file, such as `/run/netns/blue`
    record OfPath(Path path) implements Netns {
        /// Makes the path absolute, so that it stays the same file.
        public OfPath {
            path = path.toAbsolutePath();
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /// A namespace with a name in `/run/netns`, as `ip netns add` gives.
    ///
    /// @param name the name
    record OfName(String name) implements Netns {
        private static final int LIMIT = 255; // NAME_MAX, in bytes

        /// Checks the name.
        ///
        /// @throws IllegalArgumentException if it is empty, longer than 255 bytes of UTF-8, `.` or `..`, or
        ///     holds a slash, a control character or half a surrogate pair
        public OfName {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            boolean allowed = bytes.length > 0 && bytes.length <= LIMIT;
            for (byte one : bytes) {
                int c = Byte.toUnsignedInt(one);
                allowed &= c >= ' ' && c != '/' && c != 0x7f;
            }
            if (!allowed
                    || !new String(bytes, StandardCharsets.UTF_8).equals(name)
                    || name.equals(".")
                    || name.equals("..")) {
                throw new IllegalArgumentException("'" + name + "' cannot name a network namespace: a name has 1 to"
                        + " 255 bytes of UTF-8, no slash or control character, and is not '.' or '..'");
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /// The namespace behind an open file of this process.
    ///
    /// @param descriptor the number of the file descriptor
    record OfDescriptor(int descriptor) implements Netns {
        /// Checks the number.
        ///
        /// @throws IllegalArgumentException if it is negative
        public OfDescriptor {
            if (descriptor < 0) {
                throw new IllegalArgumentException("a file descriptor is not negative: " + descriptor);
            }
        }

        @Override
        public String toString() {
            return "descriptor " + descriptor;
        }
    }

    /// The namespace of a process. **A process id may be used again**: the namespace is opened when the
    /// reference is used, and remembered by its identity afterwards.
    ///
    /// @param pid the process
    /// @return the reference
    /// @throws IllegalArgumentException if the number is not positive
    static Netns ofPid(long pid) {
        return new OfPid(pid);
    }

    /// The namespace behind a file.
    ///
    /// @param path the file, such as `/run/netns/blue` or `/proc/17/ns/net`
    /// @return the reference
    static Netns ofPath(Path path) {
        return new OfPath(path);
    }

    /// The namespace behind an open file of this process, which stays the caller's. It must be open whenever
    /// the reference is used; a namespace that was attached by one is looked for elsewhere once it is closed.
    ///
    /// @param descriptor the number of the file descriptor
    /// @return the reference
    /// @throws IllegalArgumentException if the number is negative
    static Netns ofDescriptor(int descriptor) {
        return new OfDescriptor(descriptor);
    }

    /// A namespace with a name, as `ip netns add` gives.
    ///
    /// @param name the name
    /// @return the reference
    /// @throws IllegalArgumentException if it cannot name a namespace
    static Netns ofName(String name) {
        return new OfName(name);
    }
}
