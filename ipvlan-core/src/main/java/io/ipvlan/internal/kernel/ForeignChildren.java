package io.ipvlan.internal.kernel;

import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.LinkQuery;
import io.ipvlan.netlink.route.RouteSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// Looks for child links on a parent in other namespaces: the parent itself does not say who stands on it.
final class ForeignChildren {
    private final NetNamespace parents;
    private final int parent;
    private final List<Kernel.Foreign> found = new ArrayList<>();

    ForeignChildren(Kernel.Namespace parents, int parent) {
        this.parents = ((NetlinkNamespace) parents).handle();
        this.parent = parent;
    }

    List<Kernel.Foreign> find() {
        try {
            NamespaceSearch.lookIntoOthers(parents, this::look);
        } catch (IOException e) {
            throw KernelErrors.unknownOutcome(
                    "look for child links", "on parent " + parent + " in other namespaces", e);
        }
        return found;
    }

    private void look(Path file, NetNamespace namespace, RouteSocket socket) throws NetlinkException {
        OptionalInt parentsNumber = socket.namespaceId(parents);
        if (parentsNumber.isEmpty()) {
            return; // without a number no link of that namespace is referred to
        }
        NamespaceState.Lower lower = new NamespaceState.Lower(parent, parentsNumber);
        NamespaceId id = NetlinkNamespace.id(namespace, socket);
        socket.links(LinkQuery.all()).stream()
                .map(Observation::link)
                .filter(link -> link.isChild() && link.lower().stream().anyMatch(lower::equals))
                .forEach(link -> found.add(new Kernel.Foreign("'" + file + "'", id, link)));
    }
}
