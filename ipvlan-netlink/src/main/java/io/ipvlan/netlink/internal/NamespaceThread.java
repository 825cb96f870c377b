package io.ipvlan.netlink.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The only thread that enters network namespaces. A thread's namespace is inherited by every thread it starts, so
/// entering one on a caller's thread, or on a carrier of virtual threads, would carry strangers into it. This
/// thread runs no code of callers and starts no thread; between entering and leaving it makes one system call. If
/// it cannot leave (a process that is root in a user namespace only may enter what it made, and not return) it
/// ends, and with it the harm. It does not answer its caller then: to wake a virtual thread may start a carrier
/// thread. A second thread, which stays at home, waits for its end and answers.
///
/// Both are daemons, started when needed, and end by themselves after a few idle seconds.
public final class NamespaceThread {
    private static final long IDLE_SECONDS = 5;
    private static final String OWN_NAMESPACE = "/proc/thread-self/ns/net";

    private static final int TRY_ANOTHER_THREAD = Integer.MIN_VALUE;

    private static final Object LOCK = new Object();
    private static @Nullable NamespaceThread running;

    private final LinkedBlockingQueue<Job> jobs = new LinkedBlockingQueue<>();

    // Written by the thread that enters, read when it has ended.
    private @Nullable Job unanswered;
    private int unansweredResult = TRY_ANOTHER_THREAD;
    private int answerToOthers = TRY_ANOTHER_THREAD;

    private NamespaceThread() {}

    /// What to do where: a socket of `protocol` in the namespace of descriptor `target`, or, with no target, a new
    /// namespace.
    record Job(int target, int protocol, CompletableFuture<Integer> result) {}

    /// Opens a netlink socket, close-on-exec, in the namespace of a descriptor.
    ///
    /// @return the socket's descriptor, or -errno
    public static int openSocket(int namespace, int protocol) {
        return submit(new Job(namespace, protocol, new CompletableFuture<>()));
    }

    /// Makes a network namespace.
    ///
    /// @return a descriptor that keeps it alive, or -errno
    public static int createNamespace() {
        return submit(new Job(-1, 0, new CompletableFuture<>()));
    }

    static int submit(Job job) {
        Libc.link();
        synchronized (LOCK) {
            if (running == null) {
                NamespaceThread started = new NamespaceThread();
                Thread.ofPlatform().name("ipvlan-namespace-watch").daemon().start(started::watch);
                running = started; // not before: without its thread it would never answer
            }
            running.jobs.add(job);
        }
        int result = job.result.join();
        return result == TRY_ANOTHER_THREAD
                ? submit(new Job(job.target, job.protocol, new CompletableFuture<>()))
                : result;
    }

    /// Runs at home: starts the thread that enters, and answers what that one left unanswered.
    private void watch() {
        try {
            Thread entering =
                    Thread.ofPlatform().name("ipvlan-namespace").daemon().start(this::serve);
            boolean ended = false;
            while (!ended) {
                try {
                    entering.join();
                    ended = true;
                } catch (InterruptedException e) { // of a whole thread group: nothing to do with this one
                    ended = false;
                }
            }
        } finally {
            synchronized (LOCK) {
                if (running == this) {
                    running = null; // the next caller starts another
                }
            }
            if (unanswered != null) {
                unanswered.result.complete(unansweredResult);
            }
            for (Job job = jobs.poll(); job != null; job = jobs.poll()) {
                job.result.complete(answerToOthers);
            }
        }
    }

    private void serve() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE, 8);
            int home = Libc.open(OWN_NAMESPACE, Uapi.O_RDONLY | Uapi.O_CLOEXEC, arena, errno);
            if (home < 0) {
                answerToOthers = home;
                return;
            }
            boolean atHome = true;
            while (atHome && (unanswered = next()) != null) {
                unansweredResult = enter(unanswered, errno);
                if (unansweredResult >= 0) {
                    unansweredResult = perform(unanswered, errno);
                    atHome = Libc.setns(home, Uapi.CLONE_NEWNET, errno) == 0;
                }
                if (atHome) {
                    unanswered.result.complete(unansweredResult);
                    unansweredResult = TRY_ANOTHER_THREAD;
                }
            }
            Libc.close(home, errno);
        }
    }

    private static int enter(Job job, MemorySegment errno) {
        return job.target < 0
                ? Libc.unshare(Uapi.CLONE_NEWNET, errno)
                : Libc.setns(job.target, Uapi.CLONE_NEWNET, errno);
    }

    /// What is done inside.
    private static int perform(Job job, MemorySegment errno) {
        if (job.target >= 0) {
            return Libc.socket(Uapi.AF_NETLINK, Uapi.SOCK_RAW | Uapi.SOCK_CLOEXEC, job.protocol, errno);
        }
        try (Arena arena = Arena.ofConfined()) {
            return Libc.open(OWN_NAMESPACE, Uapi.O_RDONLY | Uapi.O_CLOEXEC, arena, errno);
        }
    }

    /// The next job; null when there has been none for a while, and none can come any more.
    private @Nullable Job next() {
        Job job = null;
        try {
            job = jobs.poll(IDLE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) { // of a whole thread group: end as if idle
            job = null;
        }
        if (job == null) {
            synchronized (LOCK) {
                job = jobs.poll();
                if (job == null && running == this) {
                    running = null;
                }
            }
        }
        return job;
    }
}
