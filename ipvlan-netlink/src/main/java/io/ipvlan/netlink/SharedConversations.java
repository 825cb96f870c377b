package io.ipvlan.netlink;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Conversations with one place for the calls of several threads, each over one of its own. The one used last
/// is used next, so that what is too many stays idle, and is closed by whoever comes later. The lock is held
/// across no system call.
final class SharedConversations implements Conversations {
    private final int most;
    private final NetlinkSocket.Opener opener;
    private final long idleNanos;

    /// All that are open, in use or not: one at the least.
    private final List<Conversation> open = new ArrayList<>();

    private final Deque<Idle> idle = new ArrayDeque<>();
    private int opening;
    private boolean closed;

    /// @param since as of [System#nanoTime]
    private record Idle(Conversation conversation, long since) {}

    /// @param first one that is open
    /// @param most how many there are at the most, the first among them
    /// @param opener opens more
    /// @param idleNanos how long one stays that nobody uses
    SharedConversations(Conversation first, int most, NetlinkSocket.Opener opener, long idleNanos) {
        this.most = most;
        this.opener = opener;
        this.idleNanos = idleNanos;
        open.add(first);
        giveBack(first);
    }

    @Override
    public synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the netlink socket is closed");
        }
    }

    @Override
    public Conversation take(Object request, long deadline) throws NetlinkException {
        requireOpen();
        Conversation taken = poll();
        if (taken == null && mayOpen()) {
            taken = openAnother(request);
        }
        return taken == null ? await(request, deadline) : taken;
    }

    private synchronized @Nullable Conversation poll() {
        Idle last = idle.pollFirst();
        return last == null ? null : last.conversation();
    }

    /// @return whether the caller is to open another
    private synchronized boolean mayOpen() {
        boolean may = !closed && open.size() + opening < most;
        opening += may ? 1 : 0;
        return may;
    }

    /// @return null if the kernel gives none: there are others to wait for
    private @Nullable Conversation openAnother(Object request) throws NetlinkException {
        Conversation fresh = null;
        try {
            fresh = opener.open().only();
        } catch (NetlinkException e) {
            return null;
        } finally {
            opened(fresh);
        }
        if (isClosed()) {
            fresh.close();
            throw closedMeanwhile(request);
        }
        return fresh;
    }

    private synchronized void opened(@Nullable Conversation fresh) {
        opening--;
        if (fresh != null) {
            open.add(fresh);
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /// Waits until one is given back, whether or not the thread is interrupted, as [OneAtATime].
    private synchronized Conversation await(Object request, long deadline) throws NetlinkException {
        boolean interrupted = false;
        try {
            while (idle.isEmpty() && !closed) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    throw new NetlinkException.TimedOut(
                            request + ": not sent, all netlink sockets were busy all the time: " + open.size());
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (closed) {
                throw closedMeanwhile(request);
            }
            return idle.removeFirst().conversation();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static NetlinkException.Closed closedMeanwhile(Object request) {
        return new NetlinkException.Closed(request + ": not sent, the netlink socket was closed meanwhile");
    }

    @Override
    public void giveBack(Conversation conversation) {
        Conversation stale = putBack(conversation);
        if (stale != null) {
            stale.close();
        }
    }

    /// @return one that was idle for long
    private synchronized @Nullable Conversation putBack(Conversation conversation) {
        long now = System.nanoTime();
        idle.addFirst(new Idle(conversation, now));
        notify();
        if (closed || now - idle.getLast().since() < idleNanos) {
            return null;
        }
        Conversation stale = idle.removeLast().conversation();
        open.remove(stale);
        return stale;
    }

    /// The second who closes does not wait: both may be in calls that the other would wait for.
    @Override
    public void close() {
        List<Conversation> all;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            notifyAll();
            all = List.copyOf(open);
        }
        all.forEach(Conversation::close);
    }
}
