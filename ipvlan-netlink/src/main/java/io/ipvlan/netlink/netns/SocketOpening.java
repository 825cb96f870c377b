package io.ipvlan.netlink.netns;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.NamespaceThread;
import io.ipvlan.netlink.internal.ProcInstance;
import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A netlink socket that is being opened inside a namespace, while the thread that asked for it does
/// something else: see [NetNamespace#beginSocket].
///
/// Either [#take] has to be called, or [#close]; both may be. Safe for several threads.
public final class SocketOpening implements AutoCloseable {
    private final SharedDescriptor namespace;
    private final NamespaceThread.Pending pending;
    private final String words;
    private final AtomicBoolean released = new AtomicBoolean();
    private final AtomicBoolean over = new AtomicBoolean();

    private SocketOpening(SharedDescriptor namespace, NamespaceThread.Pending pending, String words) {
        this.namespace = namespace;
        this.pending = pending;
        this.words = words;
    }

    /// @param group what to open on the same visit
    static SocketOpening begin(SharedDescriptor namespace, int protocol, @Nullable SettingsGroup group, String words) {
        int acquired = namespace.acquire();
        boolean begun = false;
        try {
            SocketOpening opening = new SocketOpening(
                    namespace,
                    NamespaceThread.begin(acquired, (proc, errno) -> open(protocol, group, proc, errno)),
                    words);
            begun = true;
            return opening;
        } finally {
            if (!begun) {
                namespace.release();
            }
        }
    }

    private static int open(int protocol, @Nullable SettingsGroup group, ProcInstance proc, MemorySegment errno) {
        int socket = Libc.socket(Uapi.AF_NETLINK, Uapi.SOCK_RAW | Uapi.SOCK_CLOEXEC, protocol, errno);
        if (group != null && socket >= 0) {
            group.open(proc, errno);
        }
        return socket;
    }

    /// The socket, once it is open; whoever takes it closes it.
    ///
    /// @return the socket
    /// @throws NetlinkException.Refused as [NetNamespace#openSocket]; each time, if it is called again
    /// @throws IllegalStateException if it was taken before, or this is closed
    public NetlinkSocket take() throws NetlinkException.Refused {
        return NetlinkSocket.adopt(descriptor());
    }

    int descriptor() throws NetlinkException.Refused {
        int answer = pending.await();
        release();
        if (!over.get()) {
            answer = Answers.accepted(answer, "open a netlink socket in the " + words);
        }
        if (!over.compareAndSet(false, true)) {
            throw new IllegalStateException("the socket in the " + words + " was taken, or closed, before");
        }
        return answer;
    }

    private void release() {
        if (released.compareAndSet(false, true)) {
            namespace.release();
        }
    }

    /// Waits for the socket, and closes it if nobody took it. Starts no thread.
    @Override
    public void close() {
        boolean untaken = over.compareAndSet(false, true); // before it is given up: whoever takes it must see that
        int answer = pending.giveUp();
        release();
        if (untaken && answer >= 0) {
            Libc.close(answer);
        }
    }
}
