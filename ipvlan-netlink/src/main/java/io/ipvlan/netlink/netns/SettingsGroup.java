package io.ipvlan.netlink.netns;

import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.ProcInstance;
import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A directory of settings below `/proc/sys/net` that is held open. Which namespace it shows was decided when
/// it was opened, inside; what is below it is then reached from outside. It does not keep the namespace
/// alive.
///
/// Source: `fs/proc/proc_sysctl.c`, where each namespace has directories of its own below `net/ipv4` and
/// `net/ipv6`. `net` itself, and the names in it, belong to all: these show the namespace of the thread that
/// looks.
final class SettingsGroup {
    private static final int NONE = -1;

    /// Of the few groups there are, for all handles: inside, no memory is asked for.
    private static final Map<String, MemorySegment> PATHS = new ConcurrentHashMap<>();

    private final String path;
    private final MemorySegment nativePath;
    private final boolean isProbed;
    private final AtomicInteger directory = new AtomicInteger(NONE);

    /// @param group a key without its last parts, of a directory that each namespace has for itself
    SettingsGroup(Sysctl group) {
        this.path = group.path() + "/";
        this.isProbed = path.equals(ProcInstance.PROBED);
        this.nativePath = PATHS.computeIfAbsent(path, text -> Arena.global().allocateFrom(text));
    }

    /// Opens it, on a thread that is inside. If that fails it stays closed, and its settings are reached as
    /// all others are, which tells why.
    void open(ProcInstance proc, MemorySegment errno) {
        if (directory.get() == NONE) {
            int flags = Uapi.O_PATH | Uapi.O_CLOEXEC;
            int opened = isProbed ? proc.open(nativePath, flags, errno) : Libc.open(nativePath, flags, 0, errno);
            if (opened >= 0 && !directory.compareAndSet(NONE, opened)) {
                Libc.close(opened);
            }
        }
    }

    /// The setting as it is reached from outside.
    ///
    /// @return empty if it is not below, or this is not open
    Optional<Sysctl> reach(Sysctl sysctl) {
        int opened = directory.get();
        return opened != NONE && sysctl.path().startsWith(path)
                ? Optional.of(new Sysctl(sysctl.key(), opened, sysctl.path().substring(path.length())))
                : Optional.empty();
    }

    /// Closes it, when nobody is inside any more and nobody reaches anything.
    void close() {
        int opened = directory.getAndSet(NONE);
        if (opened != NONE) {
            Libc.close(opened);
        }
    }
}
