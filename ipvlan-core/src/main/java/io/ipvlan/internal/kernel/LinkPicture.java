package io.ipvlan.internal.kernel;

import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.route.LinkMessage;
import io.ipvlan.netlink.route.LinkQuery;
import io.ipvlan.netlink.route.RouteEvent;
import io.ipvlan.netlink.route.RouteSocket;
import io.ipvlan.netlink.route.RouteWatch;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The links of the engine's own namespace, kept up to date by what the kernel tells of them. Whoever looks
/// reads first what the kernel has told: that costs a system call instead of a listing.
///
/// The kernel tells when a link comes and goes and when one that is up changes, before it acknowledges: so of
/// those the picture is as good as a question. It is asked for the rest. A link that is down may change
/// without a word. The mode belongs to the parent, but a change is told for the one child it was made by,
/// which may be in another namespace: the picture knows whether there are children, not their mode. And
/// while a loss is being made up for, everything is asked for.
///
/// The first look asks, too: a program that attaches once does without a listener. Whoever reads what is there
/// holds a lock, which waits for nothing; but when the picture is begun, or a loss made up for, all links are
/// listed: whoever comes meanwhile asks.
final class LinkPicture implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinkPicture.class);

    /// More links than a machine has, and their changes; a stream that does not end is not followed for ever.
    private static final int EVENTS_AT_ONCE = 1 << 17;

    /// Longer than it takes to read what is there, and no longer than a question.
    private static final long PATIENCE_MICROS = 50;

    private final ReentrantLock reading = new ReentrantLock();
    private final AtomicBoolean asked = new AtomicBoolean();
    private final RouteSocket socket;
    private final Opener opener;
    private final Map<Integer, NamespaceState.Link> links = new HashMap<>();

    /// The ipvlan links among them.
    private final Map<Integer, NamespaceState.Link> children = new HashMap<>();

    private boolean closed;
    private @Nullable RouteWatch watch;

    /// Opens a watch of the links.
    @FunctionalInterface
    interface Opener {
        RouteWatch open() throws NetlinkException;
    }

    /// @param socket for questions
    LinkPicture(RouteSocket socket, Opener opener) {
        this.socket = socket;
        this.opener = opener;
    }

    /// What the picture says of a link.
    ///
    /// @param link the link; null if there is none
    /// @param carrying whether ipvlan links stand on it
    private record Glance(NamespaceState.@Nullable Link link, boolean carrying) {}

    Optional<Kernel.ParentView> look(int index) throws NetlinkException {
        Glance glance = asked.getAndSet(true) ? glance(index) : null;
        if (glance == null) {
            return ask(socket, index);
        }
        if (glance.link() == null) {
            return Optional.empty();
        }
        return Optional.of(
                new Kernel.ParentView(glance.link(), glance.carrying() ? children(socket, index) : List.of()));
    }

    /// @return null if the picture does not say
    private @Nullable Glance glance(int index) {
        if (!mayRead()) {
            return null;
        }
        try {
            return catchUp() ? find(index) : null;
        } catch (NetlinkException e) {
            LOG.debug("the links have to be asked for: {}", e.getMessage());
            forget();
            return null;
        } finally {
            reading.unlock();
        }
    }

    private boolean mayRead() {
        try {
            return reading.tryLock() || reading.tryLock(PATIENCE_MICROS, TimeUnit.MICROSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private @Nullable Glance find(int index) {
        NamespaceState.Link link = links.get(index);
        if (link == null) {
            return new Glance(null, false);
        }
        return link.up() ? new Glance(link, hasChildren(index)) : null;
    }

    private boolean hasChildren(int index) {
        for (NamespaceState.Link child : children.values()) {
            if (child.standsOn(index)) {
                return true;
            }
        }
        return false;
    }

    static Optional<Kernel.ParentView> ask(RouteSocket socket, int index) throws NetlinkException {
        Optional<NamespaceState.Link> parent = socket.link(index).map(Observation::link);
        if (parent.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Kernel.ParentView(parent.get(), children(socket, index)));
    }

    private static List<NamespaceState.Link> children(RouteSocket socket, int parent) throws NetlinkException {
        return socket.links(LinkQuery.all().ofKind("ipvlan")).stream()
                .map(Observation::link)
                .filter(link -> link.standsOn(parent))
                .toList();
    }

    /// @return whether the picture is that of now
    private boolean catchUp() throws NetlinkException {
        if (closed) {
            throw new IllegalStateException("the engine is closed");
        }
        if (watch == null) {
            watch = opener.open();
        }
        for (int left = EVENTS_AT_ONCE; left > 0; left--) {
            Optional<RouteEvent> event = watch.next(Duration.ZERO);
            if (event.isEmpty()) {
                return watch.isCaughtUp();
            }
            take(event.get());
        }
        return false; // they come as fast as they are read
    }

    private void take(RouteEvent event) {
        switch (event) {
            case RouteEvent.Listing _ -> {
                links.clear();
                children.clear();
            }
            case RouteEvent.Present present
            when present.object() instanceof LinkMessage message -> {
                NamespaceState.Link link = Observation.link(message);
                links.put(link.index(), link);
                if (link.isIpvlan()) {
                    children.put(link.index(), link);
                }
            }
            case RouteEvent.Gone gone
            when gone.object() instanceof LinkMessage message -> {
                links.remove(message.index());
                children.remove(message.index());
            }
            default -> {}
        }
    }

    private void forget() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    @Override
    public void close() {
        reading.lock();
        try {
            closed = true;
            forget();
        } finally {
            reading.unlock();
        }
    }
}
