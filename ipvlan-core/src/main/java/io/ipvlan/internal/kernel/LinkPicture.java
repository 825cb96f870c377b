package io.ipvlan.internal.kernel;

import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The links of the engine's own namespace, kept up to date by what the kernel tells of them. Whoever looks
/// reads first what the kernel has told, and it has told all that happened before: so the picture is as good
/// as a question, and costs a system call instead of a listing.
///
/// The first look asks: a program that attaches once does without a listener. The lock is held while what is
/// there is read, which waits for nothing.
final class LinkPicture implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinkPicture.class);

    private final NetNamespace handle;
    private final RouteSocket socket;
    private final Map<Integer, NamespaceState.Link> links = new HashMap<>();

    /// The ipvlan links among them.
    private final Map<Integer, NamespaceState.Link> children = new HashMap<>();

    private boolean asked;
    private boolean closed;
    private @Nullable RouteWatch watch;

    /// @param socket for questions
    LinkPicture(NetNamespace handle, RouteSocket socket) {
        this.handle = handle;
        this.socket = socket;
    }

    synchronized Optional<Kernel.ParentView> look(int index) throws NetlinkException {
        if (!asked) {
            asked = true;
            return ask(socket, index);
        }
        try {
            catchUp();
        } catch (NetlinkException e) {
            LOG.debug("the links have to be asked for: {}", e.getMessage());
            forget();
            return ask(socket, index);
        }
        return Optional.ofNullable(links.get(index))
                .map(link -> new Kernel.ParentView(
                        link,
                        children.values().stream()
                                .filter(child -> child.standsOn(index))
                                .toList()));
    }

    static Optional<Kernel.ParentView> ask(RouteSocket socket, int index) throws NetlinkException {
        Optional<NamespaceState.Link> parent = socket.link(index).map(Observation::link);
        if (parent.isEmpty()) {
            return Optional.empty();
        }
        List<NamespaceState.Link> children = socket.links(LinkQuery.all().ofKind("ipvlan")).stream()
                .map(Observation::link)
                .filter(link -> link.standsOn(index))
                .toList();
        return Optional.of(new Kernel.ParentView(parent.get(), children));
    }

    private void catchUp() throws NetlinkException {
        if (closed) {
            throw new IllegalStateException("the engine is closed");
        }
        if (watch == null) {
            watch = RouteWatch.builder().links().open(handle);
        }
        for (Optional<RouteEvent> event = watch.next(Duration.ZERO);
                event.isPresent();
                event = watch.next(Duration.ZERO)) {
            take(event.get());
        }
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
    public synchronized void close() {
        closed = true;
        forget();
    }
}
