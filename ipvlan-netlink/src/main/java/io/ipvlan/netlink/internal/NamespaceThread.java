package io.ipvlan.netlink.internal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The only thread that enters network namespaces for the library itself. A thread's namespace is inherited
/// by every thread it starts, so entering one on a caller's thread, or on a carrier of virtual threads, would
/// carry strangers into it. This thread runs no code of callers and starts no thread while it is inside;
/// between entering and leaving it makes a few system calls. If it cannot leave (a process that is root in a user
/// namespace only may enter what it made, and not return) it answers, ends, and with it the harm.
///
/// **It answers through monitors only**, also where it is stuck inside. To wake a virtual thread by `unpark`,
/// which is what locks, futures and latches of `java.util.concurrent` do, may start a carrier from the thread
/// that wakes; the waiters of a monitor are woken by the JVM, virtual ones from a thread of its own.
///
/// Those who ask take turns: of a batch that opens many namespaces nobody else waits for more than one.
///
/// A daemon, started when needed; it ends by itself after a few idle seconds.
public final class NamespaceThread {
    private static final long IDLE_MILLIS = 5_000;
    private static final int TRY_AGAIN = Integer.MIN_VALUE;
    private static final int NO_TARGET = -1;

    /// That a thread need not enter where it is.
    private static final int HERE = 1;

    private static final String OWN = "/proc/thread-self/ns/net";

    private static final Object LOCK = new Object(); // of the two below, and of every thread's jobs
    private static @Nullable NamespaceThread running;

    private final TurnQueue<Job> jobs = new TurnQueue<>();

    private NamespaceThread() {}

    /// What the library does inside: a few system calls that wait for nobody.
    @FunctionalInterface
    public interface Visit {
        /// Does it, on the thread that is inside. Throws nothing, and wakes nobody but by a monitor.
        ///
        /// @param proc what is below `/proc/sys/net` is opened by
        /// @param errno where system calls put their errno
        /// @return a value, or -errno
        int run(ProcInstance proc, MemorySegment errno);

        /// Tidies up when the caller has been answered already. Throws nothing.
        ///
        /// @param atHome whether the thread is at home again; else it ends after this, and must start no other
        default void tidy(boolean atHome) {}
    }

    /// What to do where: a visit to the namespace of descriptor `target`, or, with no target, to a new one.
    private static final class Job {
        final int target;
        final Visit visit;
        private int result;
        private boolean answered;

        Job(int target, Visit visit) {
            this.target = target;
            this.visit = visit;
        }

        synchronized void answer(int value) {
            result = value;
            answered = true;
            notifyAll();
        }

        /// Waits without giving up: who left would leave a descriptor to nobody, or one that is being
        /// entered.
        synchronized int await() {
            boolean interrupted = false;
            while (!answered) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            return result;
        }
    }

    /// Makes a network namespace.
    ///
    /// @return a descriptor that keeps it alive, or -errno
    public static int createNamespace() {
        return visit(NO_TARGET, (_, errno) -> openOwn(errno));
    }

    private static int openOwn(MemorySegment errno) {
        try (Arena arena = Arena.ofConfined()) {
            return Libc.open(arena.allocateFrom(OWN), Uapi.O_RDONLY | Uapi.O_CLOEXEC, 0, errno);
        }
    }

    /// Does something in the namespace of a descriptor.
    ///
    /// @param visit what
    /// @return what it returned, or -errno if the namespace cannot be entered
    public static int visit(int namespace, Visit visit) {
        return begin(namespace, visit).await();
    }

    /// Begins to do something in the namespace of a descriptor, which has to stay open until the answer is
    /// there.
    ///
    /// @param visit what
    /// @return what is answered, as by [#visit]
    public static Pending begin(int namespace, Visit visit) {
        return new Pending(namespace, visit);
    }

    /// Something posted, whose answer is waited for once or several times.
    public static final class Pending {
        private final int target;
        private final Visit visit;
        private Job job;
        private boolean givenUp;

        private Pending(int target, Visit visit) {
            this.target = target;
            this.visit = visit;
            this.job = post(target, visit);
        }

        /// Waits until nothing is under way, and lets nothing begin any more: it starts no thread, so it cannot
        /// fail for want of one.
        ///
        /// @return what the visit returned; negative if there was none
        public synchronized int giveUp() {
            givenUp = true;
            return job.await();
        }

        /// Waits for the answer.
        ///
        /// @return what the visit returned, or -errno if the namespace cannot be entered; negative, and no more
        ///     than that, if it was given up
        public synchronized int await() {
            int result = job.await();
            while (result == TRY_AGAIN && !givenUp) {
                job = post(target, visit);
                result = job.await();
            }
            return result;
        }
    }

    private static Job post(int target, Visit visit) {
        Libc.link();
        Job job = new Job(target, visit);
        synchronized (LOCK) {
            if (running == null) {
                NamespaceThread started = new NamespaceThread();
                Thread.ofPlatform().name("ipvlan-namespace").daemon().start(started::serve);
                running = started; // not before: without its thread it would never answer
            }
            running.jobs.add(Thread.currentThread(), job);
            LOCK.notifyAll();
        }
        return job;
    }

    private void serve() {
        int answerToOthers = TRY_AGAIN; // on another thread, which their callers start
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE, 8);
            ProcInstance proc = new ProcInstance(arena);
            int home = goHome(arena.allocateFrom("/proc/self/ns/net"), errno);
            if (home < 0) {
                answerToOthers = home;
                return;
            }
            try {
                boolean atHome = true;
                for (Job job = next(); job != null; job = atHome ? next() : null) {
                    atHome = perform(job, home, proc, errno);
                }
            } finally {
                proc.close();
                Libc.close(home, errno);
            }
        } finally {
            end(answerToOthers);
        }
    }

    /// A thread is born where its starter is, and the starter may be a caller's code that runs inside a
    /// namespace. To stay there would keep that namespace alive, so this thread goes where the process is, if
    /// it may.
    ///
    /// @return a descriptor of the namespace to return to, or -errno
    private static int goHome(MemorySegment process, MemorySegment errno) {
        int home = Libc.open(process, Uapi.O_RDONLY | Uapi.O_CLOEXEC, 0, errno);
        if (home >= 0) {
            if (Libc.setns(home, Uapi.CLONE_NEWNET, errno) == 0) {
                return home;
            }
            Libc.close(home, errno);
        }
        return openOwn(errno);
    }

    /// Enters, does the work, leaves, answers.
    ///
    /// @return whether this thread is at home again
    private static boolean perform(Job job, int home, ProcInstance proc, MemorySegment errno) {
        int result = -Uapi.ENOMEM;
        boolean atHome = false;
        try {
            result = job.target == NO_TARGET ? Libc.unshare(Uapi.CLONE_NEWNET, errno) : enter(job.target, errno);
            atHome = result != 0;
            if (result >= 0) {
                result = job.visit.run(proc, errno);
                atHome = atHome || Libc.setns(home, Uapi.CLONE_NEWNET, errno) == 0;
            }
        } finally {
            job.answer(result); // whatever happens to this thread
        }
        job.visit.tidy(atHome);
        proc.tidy();
        return atHome;
    }

    /// Enters a namespace with the calling thread. The kernel insists on `CAP_SYS_ADMIN` for that also where
    /// the thread is already; this does not.
    ///
    /// @return 0, [#HERE] if the thread was there and need not be taken back, or -errno
    public static int enter(int namespace, MemorySegment errno) {
        int result = Libc.setns(namespace, Uapi.CLONE_NEWNET, errno);
        return result == -Uapi.EPERM && isHere(namespace, errno) ? HERE : result;
    }

    private static boolean isHere(int namespace, MemorySegment errno) {
        int here = openOwn(errno);
        if (here < 0) {
            return false;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(Uapi.STATX_SIZE, 8);
            MemorySegment other = arena.allocate(Uapi.STATX_SIZE, 8);
            return Libc.statx(here, Uapi.STATX_INO, one, errno) == 0
                    && Libc.statx(namespace, Uapi.STATX_INO, other, errno) == 0
                    && Inode.of(one).equals(Inode.of(other));
        } finally {
            Libc.close(here, errno);
        }
    }

    /// The next job; null when there has been none for a while, and none can come any more.
    private @Nullable Job next() {
        synchronized (LOCK) {
            long deadline = System.nanoTime() + IDLE_MILLIS * 1_000_000;
            long left = IDLE_MILLIS;
            while (jobs.isEmpty() && left > 0) {
                try {
                    LOCK.wait(left);
                    left = (deadline - System.nanoTime()) / 1_000_000;
                } catch (InterruptedException e) { // of a whole thread group: end as if idle
                    left = 0;
                }
            }
            Job job = jobs.poll();
            if (job == null) {
                running = null;
            }
            return job;
        }
    }

    private void end(int answerToOthers) {
        synchronized (LOCK) {
            if (running == this) {
                running = null; // the next caller starts another
            }
        }
        jobs.drain().forEach(job -> job.answer(answerToOthers)); // no more can come
    }
}
