package io.ipvlan.netlink;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Several sockets to one place, for requests that the kernel makes wait: deleting a link, or moving one to
/// another namespace, waits some 20 ms for readers of the old state (RCU), and such waits overlap if they are
/// asked for at once, each by a thread and a socket of its own. Sixteen at a time make deleting a hundred
/// links about ten times as fast. Requests that do not wait are faster over one [NetlinkSocket], together.
///
/// The threads are platform threads (daemons, which end after some idle seconds), so a virtual thread that
/// calls gives its carrier free. Threads and sockets are made when they are needed first. May be shared by
/// threads; all calls together have as many requests under way as there are sockets. Holds its sockets until
/// closed.
public final class NetlinkSocketPool implements AutoCloseable {
    private static final long IDLE_SECONDS = 5;

    private final NetlinkSocket.Opener opener;
    private final ThreadPoolExecutor threads;
    private final ConcurrentLinkedDeque<NetlinkSocket> idle = new ConcurrentLinkedDeque<>();
    private final List<NetlinkSocket> opened = new ArrayList<>(); // guards itself, and `closed`
    private boolean closed;

    /// A pool, still without a socket.
    ///
    /// @param sockets how many requests may be under way at once, 1 or more
    /// @param opener opens a socket, on a thread of the pool, for example
    ///     `() -> namespace.openSocket(NetlinkSocket.ROUTE)`
    /// @throws IllegalArgumentException if there were to be no sockets
    public NetlinkSocketPool(int sockets, NetlinkSocket.Opener opener) {
        if (sockets < 1) {
            throw new IllegalArgumentException("a pool has at least one socket, not " + sockets);
        }
        this.opener = opener;
        this.threads = new ThreadPoolExecutor(
                sockets,
                sockets,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().name("ipvlan-netlink-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /// Sends requests, each by itself, and waits until all are answered. **They are carried out in any
    /// order**; one that is refused stops no other.
    ///
    /// @param requests what to ask for
    /// @return what became of each, in the order of the requests
    /// @throws IllegalArgumentException if a request is too large to send (32 KiB); others may have been sent
    /// @throws IllegalStateException if the pool is closed, or a namespace that one of the requests names;
    ///     nothing was sent
    public List<Outcome> exchange(List<? extends NetlinkRequest> requests) {
        requireOpen();
        try (HeldRequests held = HeldRequests.of(requests)) {
            return exchangeHeld(held.list());
        }
    }

    private List<Outcome> exchangeHeld(List<NetlinkRequest> requests) {
        Outcome[] outcomes = new Outcome[requests.size()];
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> workers = new ArrayList<>();
        int count = Math.min(requests.size(), threads.getCorePoolSize());
        try {
            for (int i = 0; i < count; i++) {
                workers.add(threads.submit(() -> work(requests, next, outcomes)));
            }
        } catch (RejectedExecutionException e) {
            // Closed meanwhile: what is under way ends, the rest is not sent.
        } finally {
            await(workers);
        }
        for (int i = 0; i < outcomes.length; i++) {
            if (outcomes[i] == null) {
                outcomes[i] = Outcome.failed(requests.get(i), closedMeanwhile());
            }
        }
        return List.of(outcomes);
    }

    private void work(List<NetlinkRequest> requests, AtomicInteger next, Outcome[] outcomes) {
        NetlinkSocket socket = null;
        try {
            for (int i = next.getAndIncrement(); i < outcomes.length && !isClosed(); i = next.getAndIncrement()) {
                NetlinkRequest request = requests.get(i);
                try {
                    socket = socket == null ? take() : socket;
                    outcomes[i] = socket.exchangeHeld(List.of(request), null).getFirst();
                } catch (NetlinkException e) {
                    outcomes[i] = Outcome.failed(request, e);
                } catch (IllegalStateException e) {
                    if (!isClosed()) { // otherwise it is the socket that says so
                        throw e;
                    }
                }
            }
        } finally {
            if (socket != null) {
                idle.push(socket);
            }
        }
    }

    private NetlinkSocket take() throws NetlinkException {
        NetlinkSocket socket = idle.poll();
        if (socket != null) {
            return socket;
        }
        NetlinkSocket fresh = opener.open();
        synchronized (opened) {
            if (!closed) {
                opened.add(fresh);
                return fresh;
            }
        }
        fresh.close();
        throw closedMeanwhile();
    }

    private static NetlinkException.Closed closedMeanwhile() {
        return new NetlinkException.Closed("not sent, the pool of sockets was closed meanwhile");
    }

    /// Waits for all of them, whatever happens: they write into the caller's array.
    private static void await(List<Future<?>> workers) {
        boolean interrupted = false;
        Throwable failure = null;
        for (Future<?> worker : workers) {
            boolean done = false;
            while (!done) {
                try {
                    worker.get();
                    done = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    failure = e.getCause();
                    done = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        switch (failure) {
            case null -> {}
            case RuntimeException broken -> throw broken;
            case Error broken -> throw broken;
            default -> throw new AssertionError(failure);
        }
    }

    private boolean isClosed() {
        synchronized (opened) {
            return closed;
        }
    }

    private void requireOpen() {
        if (isClosed()) {
            throw new IllegalStateException("the pool of netlink sockets is closed");
        }
    }

    /// Closes the sockets. Requests under way are waited for; those that were not sent yet fail with
    /// [NetlinkException.Closed]. Closing twice does nothing.
    @Override
    public void close() {
        List<NetlinkSocket> toClose;
        synchronized (opened) {
            closed = true;
            toClose = List.copyOf(opened);
            opened.clear();
        }
        toClose.forEach(NetlinkSocket::close);
        threads.shutdown();
    }
}
