package io.ipvlan.netlink.netns;

import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkListener;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.internal.NamespaceThread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// An open handle to a network namespace.
///
/// Holds one file descriptor (close-on-exec), which keeps the namespace and everything in it alive until it
/// is closed, also when no process is left in it. What was opened is checked to be a network namespace;
/// later changes to the path or the process it was found by do not matter.
///
/// Safe for use by several threads. A handle may be closed while another thread uses it: what has begun
/// goes on in the namespace it began with, and what comes later meets [IllegalStateException].
///
/// Source: network_namespaces(7), setns(2), ip-netns(8), pidfd_open(2).
public final class NetNamespace implements AutoCloseable {
    /// Groups of settings that can be held open.
    private static final Set<String> HELD = Set.of(
            "/proc/sys/net/ipv4/conf",
            "/proc/sys/net/ipv6/conf",
            "/proc/sys/net/ipv4/neigh",
            "/proc/sys/net/ipv6/neigh");

    private final SharedDescriptor descriptor;
    private final String words;
    private final Id id;
    private final AtomicReference<@Nullable SettingsGroup> held = new AtomicReference<>();

    private NetNamespace(NamespaceFile file, String words) {
        this.descriptor = new SharedDescriptor(file.descriptor(), words, this::letGo);
        this.words = words;
        this.id = file.id();
    }

    /// Which namespace it is, whatever it was opened by. Not used again while the namespace lives; may be
    /// used again, and mostly is, by the next namespace that is made after it is gone: see
    /// [NetlinkSocket#namespaceCookie].
    ///
    /// @param device the device of the kernel's namespace file system, as `major << 32 | minor`
    /// @param inode the number of the namespace in it, as `ls -l /proc/self/ns/net` shows
    public record Id(long device, long inode) {}

    /// Code that runs inside a namespace: see [#call].
    ///
    /// @param <T> the result
    /// @param <X> what it throws
    @FunctionalInterface
    public interface Task<T extends @Nullable Object, X extends Exception> {
        /// Runs.
        ///
        /// @return the result
        /// @throws X if it fails
        T call() throws X;
    }

    /// Opens the namespace of a process, the one its first thread is in. If the process ends while it is
    /// being opened, and its number goes to another, this is noticed and refused (from Linux 5.3 on, where
    /// a process can be held on to). A number that changed hands before this call cannot be noticed: see
    /// [#ofProcess(ProcessHandle)].
    ///
    /// @param pid the process
    /// @return the handle
    /// @throws NetlinkException.Refused if there is no such process (`ESRCH` or `ENOENT`), the number is a
    ///     thread's (`EINVAL` or `ENOENT`), or it may not be looked at (`EACCES`: that needs
    ///     `CAP_SYS_PTRACE` for processes of other users)
    /// @throws IllegalArgumentException if the number is not positive
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetNamespace ofPid(long pid) throws NetlinkException.Refused {
        if (pid <= 0) {
            throw new IllegalArgumentException("a process id is positive: " + pid);
        }
        String words = "network namespace of process " + pid;
        return new NetNamespace(ProcessNamespace.open(pid, "open " + words), words);
    }

    /// Opens the namespace of a process that Java knows by its number and the time it began. Notices that
    /// the process ended and its number went to another, whenever that happened.
    ///
    /// @param process the process, such as `Process.toHandle()` or `ProcessHandle.of(pid)` looked up early
    /// @return the handle
    /// @throws NetlinkException.Refused as [#ofPid]; `ESRCH` if the process has ended
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetNamespace ofProcess(ProcessHandle process) throws NetlinkException.Refused {
        NetNamespace opened = ofPid(process.pid());
        if (process.isAlive()) { // so the number was its own all the while
            return opened;
        }
        opened.close();
        throw Answers.refusal(Errno.ESRCH, "open " + opened + " (it has ended)");
    }

    /// Opens a namespace that has a name in `/run/netns`, from [#name], from `ip netns add` or from a
    /// container runtime. Looked up in the mount namespace of the calling thread.
    ///
    /// @param name the name
    /// @return the handle
    /// @throws NetlinkException.Refused if there is no such name (`ENOENT`), or no namespace behind it
    ///     (`ENOTTY`, `EACCES`: a file that nothing is mounted on)
    /// @throws IllegalArgumentException if the name is empty, has more than 255 bytes, is `.` or `..`, or
    ///     holds a slash or a zero
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetNamespace ofName(String name) throws NetlinkException.Refused {
        return open(NamespaceNames.path(name), "network namespace '" + name + "'");
    }

    /// Opens a namespace by a file that stands for it, such as `/run/netns/blue` or `/proc/17/ns/net`.
    /// Looked up in the mount namespace of the calling thread.
    ///
    /// @param path the file
    /// @return the handle
    /// @throws NetlinkException.Refused if the file does not exist (`ENOENT`), may not be read (`EACCES`),
    ///     or is not a network namespace (`ENOTTY`, `EINVAL`)
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetNamespace ofPath(Path path) throws NetlinkException.Refused {
        return open(path.toString(), "network namespace '" + path + "'");
    }

    /// Opens the namespace that a descriptor of this process stands for, by a duplicate (close-on-exec).
    /// The descriptor stays the caller's, who must not close it during the call.
    ///
    /// @param descriptor the descriptor, such as one received from another process
    /// @return the handle
    /// @throws NetlinkException.Refused if it is not open (`EBADF`) or not a network namespace (`ENOTTY`,
    ///     `EINVAL`), or the process has too many open files (`EMFILE`)
    /// @throws IllegalArgumentException if the number is negative
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetNamespace ofDescriptor(int descriptor) throws NetlinkException.Refused {
        if (descriptor < 0) {
            throw new IllegalArgumentException("a descriptor is not negative: " + descriptor);
        }
        String words = "network namespace of descriptor " + descriptor;
        return new NetNamespace(NamespaceFile.duplicate(descriptor, "open " + words), words);
    }

    /// Opens the namespace of the calling thread; on a virtual thread that of its carrier.
    ///
    /// @return the handle
    /// @throws NetlinkException.Refused if the process has too many open files
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetNamespace current() throws NetlinkException.Refused {
        return open("/proc/thread-self/ns/net", "network namespace of this thread");
    }

    /// Makes a network namespace, without a name and with nothing in it but a loopback link that is down.
    /// It is gone when this handle and everything else that keeps it alive are closed. The calling thread
    /// stays where it is. Needs `CAP_SYS_ADMIN`.
    ///
    /// @return the handle
    /// @throws NetlinkException.Refused if the capability is missing (`EPERM`) or the kernel's limit of
    ///     namespaces is reached (`ENOSPC`)
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetNamespace create() throws NetlinkException.Refused {
        return create("make a network namespace", "new network namespace");
    }

    /// Makes a network namespace with a name, as `ip netns add` does: [#create()], then [#name]. The name,
    /// and with it the namespace, outlives this handle and the process, until [#deleteName], `ip netns
    /// delete` or a restart of the machine.
    ///
    /// @param name the name
    /// @return the handle
    /// @throws NetlinkException.Refused as [#create()] and [#name]; nothing is left then
    /// @throws IllegalArgumentException if it cannot be a name: see [#ofName]
    /// @throws IllegalCallerException if the JVM refuses native access
    public static NetNamespace create(String name) throws NetlinkException.Refused {
        NamespaceNames.path(name); // a mistake costs no namespace
        NetNamespace made = create("make network namespace '" + name + "'", "network namespace '" + name + "'");
        boolean named = false;
        try {
            made.name(name);
            named = true;
            return made;
        } finally {
            if (!named) {
                made.close();
            }
        }
    }

    private static NetNamespace create(String request, String words) throws NetlinkException.Refused {
        return new NetNamespace(NamespaceFile.adopt(NamespaceThread.createNamespace(), request), words);
    }

    private static NetNamespace open(String path, String words) throws NetlinkException.Refused {
        return new NetNamespace(NamespaceFile.open(path, "open " + words), words);
    }

    /// The names in `/run/netns`, as `ip netns list` shows them. Read in the mount namespace of the calling
    /// thread; needs no privilege.
    ///
    /// @return the names, sorted; also those that lead nowhere, which [#ofName] will tell
    /// @throws IOException if the directory cannot be read
    public static List<String> names() throws IOException {
        return NamespaceNames.list();
    }

    /// Takes a name away, as `ip netns delete` does: unmounts the file (lazily, so that whoever is using it
    /// may go on) and removes it. The namespace itself lives on while a handle, a socket or a process keeps
    /// it. A file that nothing is mounted on is removed too, and of a symbolic link only the link. Done in
    /// the mount namespace of the calling thread; others follow where the mounts are shared.
    ///
    /// @param name the name
    /// @return whether there was such a name
    /// @throws NetlinkException.Refused if it may not be unmounted (`EPERM`: that needs `CAP_SYS_ADMIN`) or
    ///     removed (`EACCES`, `EROFS`), or something is mounted there still (`EBUSY`: mounted more than
    ///     once)
    /// @throws IllegalArgumentException if it cannot be a name: see [#ofName]
    /// @throws IllegalCallerException if the JVM refuses native access
    public static boolean deleteName(String name) throws NetlinkException.Refused {
        return NamespaceNames.delete(name);
    }

    /// Gives the namespace a name, or one more, as `ip netns attach` does: makes a file in `/run/netns` and
    /// mounts the namespace on it. The directory is made if it is missing, and made a shared mount point as
    /// iproute2 does (which stays, whatever follows).
    ///
    /// Done on the calling thread, in its mount namespace, which is where `ip netns` run by the same user
    /// looks; a container with a mount namespace of its own names things for itself only. Needs
    /// `CAP_SYS_ADMIN` in the user namespace that owns the mount namespace, and the right to write
    /// `/run/netns`, that is: root.
    ///
    /// @param name the name
    /// @throws NetlinkException.Refused if the name is taken (`EEXIST`), or the step it names is not
    ///     allowed (`EPERM`, `EACCES`, `EROFS`) or not possible (`ENOSPC`: too many mounts). No file is
    ///     left then; only a process that is killed between two steps leaves one, with nothing behind it,
    ///     for [#deleteName]
    /// @throws IllegalArgumentException if it cannot be a name: see [#ofName]
    /// @throws IllegalStateException if the handle is closed
    public void name(String name) throws NetlinkException.Refused {
        int acquired = descriptor.acquire();
        try {
            NamespaceNames.add(name, acquired);
        } finally {
            descriptor.release();
        }
    }

    /// Which namespace it is. Answers also after the handle is closed.
    ///
    /// @return the identity
    public Id id() {
        return id;
    }

    /// Whether two handles lead to one namespace. Means nothing once both are closed.
    ///
    /// @param other another handle
    /// @return whether their [#id]s are equal
    public boolean isSameAs(NetNamespace other) {
        return id.equals(other.id);
    }

    /// The file descriptor, owned by this handle. **The number is good only while nobody closes the
    /// handle**, or until [#release]: after that it may stand for another file.
    ///
    /// @return the descriptor
    /// @throws IllegalStateException if the handle is closed, and held by nobody
    public int descriptor() {
        return descriptor.number();
    }

    /// Keeps the descriptor open until [#release], also if another thread closes the handle before. For a
    /// [NetlinkRequest][io.ipvlan.netlink.NetlinkRequest] that names the namespace by its number.
    ///
    /// @throws IllegalStateException if the handle is closed
    public void hold() {
        int _ = descriptor.acquire();
    }

    /// Ends what one call of [#hold] began; not to be called without.
    public void release() {
        descriptor.release();
    }

    /// A path that stands for the namespace while this handle is open, for other processes of this machine
    /// too: `/proc/<pid>/fd/<descriptor>`. For example, `nsenter --net=<path> ip address` looks inside.
    ///
    /// @return the path
    /// @throws IllegalStateException if the handle is closed
    public Path path() {
        return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor());
    }

    /// Opens a netlink socket inside the namespace. The calling thread stays where it is: a thread of the
    /// library enters the namespace, opens the socket and leaves. The socket keeps the namespace alive
    /// until it is closed.
    ///
    /// @param protocol the netlink family, such as [NetlinkSocket#ROUTE]
    /// @return the socket
    /// @throws NetlinkException.Refused if this process may not enter (`EPERM`: that needs `CAP_SYS_ADMIN`
    ///     in the user namespace that owns the namespace, and in the caller's, unless it is the process's
    ///     own), or has too many open files
    /// @throws IllegalStateException if the handle is closed
    public NetlinkSocket openSocket(int protocol) throws NetlinkException.Refused {
        return beginSocket(protocol).take();
    }

    /// Begins to open a netlink socket inside the namespace, as [#openSocket], while the calling thread does
    /// something else: to enter takes 20 to 60 µs, most of which another thread takes to wake up.
    ///
    /// @param protocol the netlink family, such as [NetlinkSocket#ROUTE]
    /// @return what is begun, to be closed
    /// @throws IllegalStateException if the handle is closed; it may be closed afterwards
    public SocketOpening beginSocket(int protocol) {
        return SocketOpening.begin(descriptor, protocol, held.get(), words);
    }

    /// Opens a netlink listener inside the namespace, as [#openSocket].
    ///
    /// @param protocol the netlink family, such as [NetlinkSocket#ROUTE]
    /// @return the listener, a member of no group yet
    /// @throws NetlinkException.Refused as [#openSocket]
    /// @throws IllegalStateException if the handle is closed
    public NetlinkListener openListener(int protocol) throws NetlinkException.Refused {
        return NetlinkListener.adopt(beginSocket(protocol).descriptor());
    }

    /// Holds open a group of settings that each namespace has for itself, from when the next socket is opened
    /// inside until this handle is closed. What is below it is then read and changed by [#sysctl] without
    /// entering the namespace again, which saves 20 to 60 µs each time. That takes one descriptor more. If
    /// the group cannot be opened nothing changes.
    ///
    /// @param group `net.ipv4.conf`, `net.ipv6.conf`, `net.ipv4.neigh` or `net.ipv6.neigh`, also with
    ///     slashes; others belong to all namespaces, or go with a link
    /// @throws IllegalArgumentException if it is none of these
    /// @throws IllegalStateException if a group is held already, or the handle is closed
    public void holdSettings(String group) {
        Sysctl named = Sysctl.of(group);
        if (!HELD.contains(named.path())) {
            throw new IllegalArgumentException("'" + group + "' is not held open: only net.ipv4.conf, net.ipv6.conf,"
                    + " net.ipv4.neigh and net.ipv6.neigh are each namespace's own for as long as it lives");
        }
        int _ = descriptor.acquire();
        try {
            if (!held.compareAndSet(null, new SettingsGroup(named))) {
                throw new IllegalStateException("the handle to the " + words + " holds a group of settings already");
            }
        } finally {
            descriptor.release();
        }
    }

    private void letGo() {
        SettingsGroup group = held.get();
        if (group != null) {
            group.close();
        }
    }

    /// Runs code inside the namespace, and waits for its end. It runs on a platform thread (a daemon) made
    /// for it, which enters the namespace and ends with the code; that costs about 0.1 ms. Sockets and
    /// channels it opens belong to the namespace, and stay there when they are used elsewhere afterwards.
    /// `/proc/sys/net` and `/proc/net` show the namespace, `/sys` does not.
    ///
    /// **Threads started inside are born inside** and stay there. That also holds for the carriers of
    /// virtual threads, of which one may start whenever the code starts a virtual thread, or wakes one by a
    /// lock, a future, a latch or a queue; every virtual thread of the JVM may then find itself in this
    /// namespace. So the code should open what is to be opened, return it, and leave executors and other
    /// threads alone.
    ///
    /// The caller may be a virtual thread, which gives its carrier free while it waits. To interrupt the
    /// caller interrupts the code; the caller still waits for it, and if the code did not answer with
    /// [InterruptedException] the caller is left interrupted.
    ///
    /// @param <T> the result
    /// @param <X> what the code throws
    /// @param task the code
    /// @return what the code returns
    /// @throws NetlinkException.Refused if this process may not enter, as [#openSocket]; the code did not
    ///     run then
    /// @throws X if the code throws it; unchecked exceptions and errors are passed on too
    /// @throws IllegalStateException if the handle is closed
    public <T extends @Nullable Object, X extends Exception> T call(Task<T, X> task)
            throws NetlinkException.Refused, X {
        return new InsideThread<>(descriptor, task).run(words);
    }

    /// Reads a setting of the namespace below `/proc/sys/net`. Reading mostly needs no privilege, but
    /// entering the namespace does: see [#openSocket].
    ///
    /// @param key the key, beginning with `net`, in one of the two forms of sysctl(8):
    ///     `net.ipv4.ip_forward`, or, for names with dots inside, `net/ipv4/conf/eth0.20/forwarding`
    /// @return the value without the end of its line; several values are separated by tabs or spaces
    /// @throws NetlinkException.Refused if this process may not enter the namespace or read the key, or
    ///     there is no such key (`ENOENT`); the message says what to look at
    /// @throws IllegalArgumentException if it cannot be a key, or is one outside `net`
    /// @throws IllegalStateException if the handle is closed
    public String sysctl(String key) throws NetlinkException.Refused {
        return reach(Sysctl.of(key), sysctl -> sysctl.read(words));
    }

    /// Changes a setting of the namespace below `/proc/sys/net`, until it is changed again or the namespace
    /// is gone. Needs `CAP_NET_ADMIN` in the user namespace that owns the network namespace, the right to
    /// enter it (see [#openSocket]), and a `/proc/sys` that is not mounted read-only, as it is in most
    /// containers.
    ///
    /// @param key the key, as of [#sysctl(String)]
    /// @param value the new value, one line
    /// @throws NetlinkException.Refused if this process may not enter the namespace or write the key
    ///     (`EACCES`, `EPERM`, `EROFS`), there is no such key (`ENOENT`), or it takes no such value
    ///     (`EINVAL`); the message says what to do, and also if the kernel took the beginning of the value,
    ///     which then holds
    /// @throws IllegalArgumentException if it cannot be a key, is one outside `net`, or the value is not
    ///     one line
    /// @throws IllegalStateException if the handle is closed
    public void sysctl(String key, String value) throws NetlinkException.Refused {
        String line = Sysctl.checked(value);
        String _ = reach(Sysctl.of(key), sysctl -> sysctl.write(line, words));
    }

    private interface Access {
        String run(Sysctl sysctl) throws NetlinkException.Refused;
    }

    private String reach(Sysctl sysctl, Access access) throws NetlinkException.Refused {
        SettingsGroup group = held.get();
        int acquired = descriptor.acquire(); // and with it the group
        try {
            Optional<Sysctl> near = group == null ? Optional.empty() : group.reach(sysctl);
            return near.isPresent() ? access.run(near.get()) : visit(acquired, () -> access.run(sysctl), _ -> {});
        } finally {
            descriptor.release();
        }
    }

    /// Sends frames out of a link of the namespace, as they are: an announcement, a probe. Needs
    /// `CAP_NET_RAW` in the user namespace that owns the network namespace, and the right to enter it (see
    /// [#openSocket]). Whether anybody hears them is not known. The socket they are sent by is closed a
    /// moment after this returns, because that takes the kernel up to 20 ms; so long it keeps the namespace
    /// alive. Daemon threads do that, 32 at most, which end when they have been idle for a second.
    ///
    /// Source: packet(7).
    ///
    /// @param link the index of the link, which must be up
    /// @param frames whole frames with their link-layer headers
    /// @throws NetlinkException.Refused if this process may not enter the namespace or send frames (`EPERM`),
    ///     or there is no such link (`ENODEV`, `ENXIO`), or it is down (`ENETDOWN`), or takes no more
    ///     (`ENOBUFS`); the frames before have been sent
    /// @throws IllegalStateException if the handle is closed
    public void send(int link, List<byte[]> frames) throws NetlinkException.Refused {
        Frames sending = new Frames(link, frames, words);
        int acquired = descriptor.acquire();
        try {
            visit(acquired, sending::send, sending::close);
        } finally {
            descriptor.release();
        }
    }

    /// Does something of the library's own inside, on the thread that opens sockets there, too.
    ///
    /// @param tidying what that thread does afterwards, when the answer is there
    private <T> T visit(int acquired, Task<T, NetlinkException.Refused> task, Visit.Tidying tidying)
            throws NetlinkException.Refused {
        Visit<T> visit = new Visit<>(task, tidying);
        Answers.accepted(NamespaceThread.visit(acquired, visit), "enter the " + words);
        return visit.result();
    }

    /// Closes the handle. Its descriptor is closed by whoever uses it last. Closing twice does nothing.
    @Override
    public void close() {
        descriptor.close();
    }

    /// What was opened, in words.
    @Override
    public String toString() {
        return words;
    }
}
