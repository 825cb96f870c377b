package io.ipvlan.netlink.netns;

import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.Uapi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The names of namespaces: files in `/run/netns` with namespaces mounted on them, as `ip netns` makes and
/// finds them.
///
/// All calls are made on the caller's thread. None of them changes anything about a thread; and the caller's
/// mount namespace is where the caller looks for the name afterwards, while a thread of the library would
/// have that of whichever caller happened to start it.
///
/// Source: ip-netns(8), mount(2), umount(2).
final class NamespaceNames {
    static final String DIRECTORY = "/run/netns";

    private static final String NEEDS =
            " (needs root's write permission and CAP_SYS_ADMIN in the user namespace that owns the mount namespace)";
    private static final int LIMIT = 255; // NAME_MAX, in bytes
    private static final int DIRECTORY_MODE = 0755;

    private NamespaceNames() {}

    /// The path of a name.
    ///
    /// @throws IllegalArgumentException if it is no name
    static String path(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0
                || bytes.length > LIMIT
                || !name.equals(new String(bytes, StandardCharsets.UTF_8)) // half a character is replaced
                || name.indexOf('/') >= 0
                || name.indexOf(0) >= 0
                || name.equals(".")
                || name.equals("..")) {
            throw new IllegalArgumentException("'" + name + "' cannot name a network namespace: a name has 1 to 255"
                    + " bytes of UTF-8, no slash and no zero, and is not '.' or '..'");
        }
        return DIRECTORY + "/" + name;
    }

    /// Makes the file and mounts the namespace on it.
    ///
    /// @param descriptor the namespace, open during the call
    static void add(String name, int descriptor) throws NetlinkException.Refused {
        String request = "name a network namespace '" + name + "' in " + DIRECTORY;
        String path = path(name);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE, 8);
            MemorySegment target = arena.allocateFrom(path);
            MemorySegment source = arena.allocateFrom("/proc/thread-self/fd/" + descriptor);
            MemorySegment type = arena.allocateFrom("none");
            prepareDirectory(arena, errno, request);
            int create = Uapi.O_RDONLY | Uapi.O_CREAT | Uapi.O_EXCL | Uapi.O_CLOEXEC;
            Libc.close(Answers.accepted(Libc.open(target, create, 0, errno), request + ": make the file" + NEEDS));
            int mounted = Libc.mount(source, target, type, Uapi.MS_BIND, errno);
            if (mounted < 0) {
                Libc.unlink(target, errno); // it would look like a name, and lead nowhere
                throw Answers.refusal(mounted, request + ": mount it" + NEEDS);
            }
        }
    }

    /// The directory, a mount point that passes mounts on: what is mounted in it shows in other mount
    /// namespaces too, and, what matters more, an unmount reaches them, so that a namespace without a name is
    /// not kept alive somewhere out of sight.
    private static void prepareDirectory(Arena arena, MemorySegment errno, String request)
            throws NetlinkException.Refused {
        MemorySegment directory = arena.allocateFrom(DIRECTORY);
        int made = Libc.mkdir(directory, DIRECTORY_MODE, errno);
        if (!Answers.is(made, Errno.EEXIST)) {
            Answers.accepted(made, request + ": make the directory" + NEEDS);
        }
        int shared = share(directory, arena, errno);
        if (Answers.is(shared, Errno.EINVAL)) { // it is no mount point yet
            // iproute2 takes the same lock: two mounts on one another double what each of them passes on.
            int lock = Answers.accepted(
                    Libc.open(directory, Uapi.O_RDONLY | Uapi.O_CLOEXEC, 0, errno), request + ": open the directory");
            try {
                int locked = Libc.flock(lock, Uapi.LOCK_EX, errno);
                while (locked == -Uapi.EINTR) {
                    locked = Libc.flock(lock, Uapi.LOCK_EX, errno);
                }
                Answers.accepted(locked, request + ": lock the directory");
                shared = share(directory, arena, errno);
                if (Answers.is(shared, Errno.EINVAL)) {
                    MemorySegment type = arena.allocateFrom("none");
                    int bound = Libc.mount(directory, directory, type, Uapi.MS_BIND | Uapi.MS_REC, errno);
                    Answers.accepted(bound, request + ": make the directory a mount point" + NEEDS);
                    shared = share(directory, arena, errno);
                }
            } finally {
                Libc.close(lock); // unlocks too
            }
        }
        Answers.accepted(shared, request + ": make the directory's mounts shared" + NEEDS);
    }

    private static int share(MemorySegment directory, Arena arena, MemorySegment errno) {
        MemorySegment nothing = arena.allocateFrom("");
        return Libc.mount(nothing, directory, nothing, Uapi.MS_SHARED | Uapi.MS_REC, errno);
    }

    /// Unmounts and removes the file.
    ///
    /// @return whether there was one
    static boolean delete(String name) throws NetlinkException.Refused {
        String request = "delete the name '" + name + "' of a network namespace in " + DIRECTORY;
        String path = path(name);
        Libc.link();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE, 8);
            MemorySegment target = arena.allocateFrom(path);
            int unmounted = Libc.umount2(target, Uapi.MNT_DETACH | Uapi.UMOUNT_NOFOLLOW, errno);
            // EINVAL: a file that nothing is mounted on, or a symbolic link; to be removed all the same.
            if (!Answers.is(unmounted, Errno.EINVAL) && !Answers.is(unmounted, Errno.ENOENT)) {
                Answers.accepted(unmounted, request + ": unmount it" + NEEDS);
            }
            int removed = Libc.unlink(target, errno);
            if (Answers.is(removed, Errno.ENOENT)) {
                return false;
            }
            Answers.accepted(removed, request + ": remove the file" + NEEDS);
            return true;
        }
    }

    static List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(DIRECTORY))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of(); // nobody has named one since the machine started
        } catch (UncheckedIOException e) {
            throw new IOException("list the names in " + DIRECTORY, e.getCause());
        }
    }
}
