package io.ipvlan.internal.kernel;

import io.ipvlan.Netns;
import io.ipvlan.internal.plan.Marks;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.route.AddressMessage;
import io.ipvlan.netlink.route.LinkMessage;
import io.ipvlan.netlink.route.RouteSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Looks for links that carry our mark, whoever remembers them.
final class MarkedLinks {
    private final NetlinkNamespace home;
    private final List<Kernel.Marked> found = new ArrayList<>();

    MarkedLinks(NetlinkNamespace home) {
        this.home = home;
    }

    List<Kernel.Marked> find() {
        try {
            look(Optional.empty(), home.id(), home.socket());
        } catch (NetlinkException e) {
            throw NetlinkNamespace.failedToLook("the links of the host", e);
        }
        try {
            NamespaceSearch.lookIntoOthers(
                    home.handle(),
                    (file, namespace, socket) ->
                            look(Optional.of(Netns.ofPath(file)), NetlinkNamespace.id(namespace, socket), socket));
        } catch (IOException e) {
            throw KernelErrors.unknownOutcome("look for links", "of this library in other namespaces", e);
        }
        return found;
    }

    private void look(Optional<Netns> netns, NamespaceId namespace, RouteSocket socket) throws NetlinkException {
        List<LinkMessage> marked = socket.links().stream()
                .filter(link -> link.group() == Marks.GROUP)
                .toList();
        List<AddressMessage> addresses = marked.isEmpty() ? List.of() : socket.addresses();
        for (LinkMessage link : marked) {
            List<IpCidr> own = addresses.stream()
                    .filter(address -> address.index() == link.index()
                            && !address.address().address().isLinkLocal())
                    .map(AddressMessage::address)
                    .toList();
            found.add(new Kernel.Marked(
                    netns, namespace, Observation.link(link), link.alias().orElse(""), own));
        }
    }
}
