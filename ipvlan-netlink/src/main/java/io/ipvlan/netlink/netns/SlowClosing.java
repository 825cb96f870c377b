package io.ipvlan.netlink.netns;

import io.ipvlan.netlink.internal.Libc;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Closes sockets of which the kernel does not let go before all processors have been elsewhere
/// (`synchronize_net` in `packet_release` of `net/packet/af_packet.c`): 0.1 ms while somebody changes links, and 10
/// to 20 ms while nobody does. So that nobody waits for it, and several such waits are one, that is done by daemon
/// threads that end when they are idle. If all are busy whoever closes waits: sockets must not pile up.
final class SlowClosing {
    private static final int THREADS = 32;
    private static final long IDLE_SECONDS = 1;
    private static final ThreadPoolExecutor CLOSERS = new ThreadPoolExecutor(
            0,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> Thread.ofPlatform().daemon().name("ipvlan-closing").unstarted(task),
            new ThreadPoolExecutor.CallerRunsPolicy());

    private SlowClosing() {}

    /// Loads this class, on a thread that may fail.
    static void load() {}

    /// Closes a descriptor that nobody uses any more. From a thread that is at home: one it starts stays there.
    static void close(int descriptor) {
        try {
            CLOSERS.execute(() -> Libc.close(descriptor));
        } catch (OutOfMemoryError e) { // nothing was taken: there is no memory for a thread
            Libc.close(descriptor);
        }
    }
}
