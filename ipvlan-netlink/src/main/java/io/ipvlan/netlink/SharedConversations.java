package io.ipvlan.netlink;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

    /// Those nobody uses: none while somebody waits.
    private final Deque<Idle> idle = new ArrayDeque<>();

    /// Those who wait, whoever came first in front.
    private final Deque<Waiter> waiters = new ArrayDeque<>();

    /// The threads whose calls are under way.
    private final Set<Thread> inside = new HashSet<>();

    private int opening;
    private boolean closed;

    /// @param since as of [System#nanoTime]
    private record Idle(Conversation conversation, long since) {}

    /// Somebody who waits.
    private static final class Waiter {
        private @Nullable Conversation given;
    }

    /// @param first one that is open
    /// @param most how many there are at the most, the first among them
    /// @param opener opens more
    /// @param idleNanos how long one stays that nobody uses
    SharedConversations(Conversation first, int most, NetlinkSocket.Opener opener, long idleNanos) {
        this.most = most;
        this.opener = opener;
        this.idleNanos = idleNanos;
        open.add(first);
        idle.add(new Idle(first, System.nanoTime()));
    }

    @Override
    public synchronized void requireOpen() {
        if (closed) {
            throw new IllegalStateException(Conversation.WORDS + " is closed");
        }
    }

    @Override
    public Conversation take(Object request, long deadline) throws NetlinkException {
        enter();
        Conversation taken = null;
        try {
            taken = poll();
            if (taken == null && mayOpen()) {
                taken = openAnother(request);
            }
            if (taken == null) {
                taken = await(request, deadline);
            }
            return taken;
        } finally {
            if (taken == null) {
                leave();
            }
        }
    }

    private synchronized void enter() {
        requireOpen();
        if (!inside.add(Thread.currentThread())) {
            throw OneAtATime.notFromInside(Conversation.WORDS);
        }
    }

    private synchronized void leave() {
        inside.remove(Thread.currentThread());
    }

    private synchronized @Nullable Conversation poll() {
        Idle last = closed ? null : idle.pollFirst();
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
            fresh = only(opener.open());
        } catch (NetlinkException e) {
            return null;
        } finally {
            opened(fresh);
        }
        if (isClosed()) {
            fresh.close();
            throw OneAtATime.closedMeanwhile(request, Conversation.WORDS);
        }
        return fresh;
    }

    private static Conversation only(NetlinkSocket socket) {
        boolean single = false;
        try {
            Conversation only = socket.only();
            single = true;
            return only;
        } finally {
            if (!single) {
                socket.close();
            }
        }
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
        Waiter waiter = new Waiter();
        if (!idle.isEmpty()) { // since it was looked for
            waiter.given = idle.removeFirst().conversation();
        } else {
            waiters.add(waiter);
        }
        try {
            while (waiter.given == null && !closed) {
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
            if (waiter.given == null) {
                throw OneAtATime.closedMeanwhile(request, Conversation.WORDS);
            }
            return waiter.given;
        } finally {
            waiters.remove(waiter);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void giveBack(Conversation conversation) {
        Conversation surplus = putBack(conversation);
        if (surplus != null) {
            surplus.close();
        }
    }

    /// @return one to be closed: this one, if all are, or one that was idle for long
    private synchronized @Nullable Conversation putBack(Conversation conversation) {
        leave();
        if (closed) {
            return conversation;
        }
        Waiter next = waiters.pollFirst();
        if (next != null) {
            next.given = conversation;
            notifyAll();
            return null;
        }
        long now = System.nanoTime();
        idle.addFirst(new Idle(conversation, now));
        if (now - idle.getLast().since() < idleNanos) {
            return null;
        }
        Conversation stale = idle.removeLast().conversation();
        open.remove(stale);
        return stale;
    }

    /// Wakes all who wait, and then waits for those under way; but not from inside one of them, as they may
    /// wait for one another: then each is closed by whoever gives it back.
    @Override
    public void close() {
        List<Conversation> toWake;
        List<Conversation> toClose;
        synchronized (this) {
            closed = true;
            notifyAll();
            toWake = List.copyOf(open);
            toClose = inside.contains(Thread.currentThread())
                    ? idle.stream().map(Idle::conversation).toList()
                    : toWake;
        }
        toWake.forEach(Conversation::beginClosing);
        toClose.forEach(Conversation::close);
    }
}
