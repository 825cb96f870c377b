package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpFamily;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Lists what is watched, by questions over a socket of its own, and tells of each thing that it is
/// present.
final class RouteLister {
    /// The index of the loopback link of every namespace, `LOOPBACK_IFINDEX` in the kernel.
    private static final int LOOPBACK = 1;

    private static final Set<Errno> OUT_OF_SIGHT = Set.of(Errno.EINVAL, Errno.EPERM, Errno.EACCES);

    private final Set<RouteTopic> topics;
    private final RouteSocket socket;
    private final Consumer<RouteEvent> teller;

    RouteLister(Set<RouteTopic> topics, RouteSocket socket, Consumer<RouteEvent> teller) {
        this.topics = topics;
        this.socket = socket;
        this.teller = teller;
    }

    /// Lists what is in the socket's namespace; the routes by way of the ledger, if there is one.
    void listOwn(@Nullable RouteLedger ledger) throws NetlinkException {
        if (topics.contains(RouteTopic.LINKS) || ledger != null) {
            List<LinkMessage> links = socket.links();
            if (ledger != null) {
                ledger.begin(links);
            }
            if (topics.contains(RouteTopic.LINKS)) {
                tell(links, OptionalInt.empty());
            }
        }
        if (topics.contains(RouteTopic.ADDRESSES)) {
            tell(socket.addresses(), OptionalInt.empty());
        }
        if (ledger != null) {
            listRoutes(ledger); // what was under way is over: it was waited for when the links were listed
        }
        if (topics.contains(RouteTopic.RULES)) {
            tell(socket.rules(), OptionalInt.empty());
        }
        if (topics.contains(RouteTopic.NEIGHBOURS)) {
            tell(socket.neighbours().stream().filter(EventReader::isTold).toList(), OptionalInt.empty());
        }
    }

    /// Compares the ledger with the routes there are, as far as it is in doubt.
    ///
    /// The kernel tells of a link or an address first, and takes the routes along afterwards, holding its
    /// lock of the network configuration (RTNL) all the time. Since Linux 6.9 it lists routes without the
    /// lock: a listing at once would show routes that are about to go. Who asks for a link waits for the
    /// lock.
    void settle(RouteLedger ledger) throws NetlinkException {
        socket.link(LOOPBACK);
        listRoutes(ledger);
    }

    private void listRoutes(RouteLedger ledger) throws NetlinkException {
        for (IpFamily family : List.copyOf(ledger.doubtful())) {
            ledger.settle(family, socket.routes(RouteQuery.all().ofFamily(family)));
        }
    }

    /// Lists those rules of which the kernel said that one is gone. Rules may be equal, and then share an
    /// identity: whoever follows has forgotten all of them.
    void listRules(Set<Object> identities) throws NetlinkException {
        tell(
                socket.rules().stream()
                        .filter(rule -> identities.contains(rule.identity()))
                        .toList(),
                OptionalInt.empty());
    }

    /// Lists the numbers of other namespaces, and tells of each if that is watched.
    List<Integer> listNamespaces() throws NetlinkException {
        if (!topics.contains(RouteTopic.NAMESPACES)) {
            return List.of();
        }
        List<Integer> ids = socket.namespaceIds();
        tell(ids.stream().map(NamespaceIdMessage::new).toList(), OptionalInt.empty());
        return ids;
    }

    /// Lists what is in another namespace: links and addresses, as the kernel lists nothing else of it.
    void listOther(int id) throws NetlinkException {
        List<RouteObject> found = new ArrayList<>();
        try {
            if (topics.contains(RouteTopic.LINKS)) {
                found.addAll(socket.links(LinkQuery.all().inNamespace(id)));
            }
            if (topics.contains(RouteTopic.ADDRESSES)) {
                found.addAll(socket.addresses(AddressQuery.all().inNamespace(id)));
            }
        } catch (NetlinkException.Refused e) {
            // It is gone already, or not this process's to look into: then its events are not heard either.
            if (!OUT_OF_SIGHT.contains(e.errno())) {
                throw e;
            }
        }
        tell(found, OptionalInt.of(id));
    }

    private void tell(List<? extends RouteObject> objects, OptionalInt namespaceId) {
        objects.forEach(object -> teller.accept(new RouteEvent.Present(object, namespaceId)));
    }
}
