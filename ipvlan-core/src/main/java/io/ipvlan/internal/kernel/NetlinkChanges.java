package io.ipvlan.internal.kernel;

import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.route.ChangeWatch;
import io.ipvlan.netlink.route.NamespaceIdRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears where something changes: in the engine's own namespace, and in those it knows by a number. Where it
/// may not hear of others it says from time to time that anything may have changed.
final class NetlinkChanges implements Kernel.Changes {
    private static final Logger LOG = LoggerFactory.getLogger(NetlinkChanges.class);

    /// How often anything may have changed where only the own namespace is heard of. To look everywhere takes
    /// some 0.2 ms for each endpoint.
    private static final Duration DOUBT = Duration.ofSeconds(10);

    private final NetlinkNamespace home;
    private final ChangeWatch watch;
    private final Map<Integer, NamespaceId> followed = new HashMap<>();
    private long doubtAt = System.nanoTime() + DOUBT.toNanos();

    NetlinkChanges(NetlinkNamespace home) throws NetlinkException {
        this.home = home;
        this.watch = ChangeWatch.open(home.handle());
        if (!watch.hearsOfOthers()) {
            LOG.warn(
                    "without CAP_NET_BROADCAST changes in other namespaces are not heard of: they are looked for"
                            + " every {} seconds",
                    DOUBT.toSeconds());
        }
    }

    @Override
    public void follow(Kernel.Namespace namespace) {
        NetlinkNamespace other = (NetlinkNamespace) namespace;
        if (other.id().equals(home.id()) || !watch.hearsOfOthers()) {
            return;
        }
        try {
            OptionalInt number = home.socket().namespaceId(other.handle());
            if (number.isEmpty()) {
                number = assign(other);
            }
            number.ifPresent(known -> followed.put(known, other.id()));
        } catch (NetlinkException e) {
            throw NetlinkNamespace.failedToLook("changes in another namespace", e);
        }
    }

    private OptionalInt assign(NetlinkNamespace other) throws NetlinkException {
        try {
            home.socket().send(NamespaceIdRequest.assign(other.handle()));
        } catch (NetlinkException.Refused e) {
            if (!e.errno().equals(Errno.EEXIST)) { // somebody else was faster
                throw e;
            }
        }
        return home.socket().namespaceId(other.handle());
    }

    /// A number that is gone may have gone to another namespace before this is read, and be followed as that
    /// one's: nobody tells. So everything is forgotten, as it is if something was lost.
    @Override
    public Optional<Set<NamespaceId>> next(Duration timeout) {
        ChangeWatch.Changes changes;
        try {
            changes = watch.next(timeout);
        } catch (NetlinkException.Closed e) {
            throw new IllegalStateException("the watch is closed", e);
        } catch (NetlinkException e) {
            LOG.debug("a change was not understood: {}", e.getMessage());
            followed.clear();
            return Optional.empty();
        }
        if (changes.lost() || changes.gone().stream().anyMatch(followed::containsKey) || isInDoubt()) {
            followed.clear();
            return Optional.empty();
        }
        Set<NamespaceId> where = new HashSet<>();
        if (changes.own()) {
            where.add(home.id());
        }
        for (int number : changes.others()) {
            Optional.ofNullable(followed.get(number)).ifPresent(where::add);
        }
        return Optional.of(where);
    }

    private boolean isInDoubt() {
        if (watch.hearsOfOthers() || System.nanoTime() - doubtAt < 0) {
            return false;
        }
        doubtAt = System.nanoTime() + DOUBT.toNanos();
        return true;
    }

    @Override
    public void close() {
        watch.close();
    }
}
