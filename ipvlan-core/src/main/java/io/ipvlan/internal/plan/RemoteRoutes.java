package io.ipvlan.internal.plan;

import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Route;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The routes that other hosts need to reach the endpoints of a routed network. Pure.
public final class RemoteRoutes {
    private static final IpPrefix LINK_LOCAL = IpPrefix.parse("fe80::/10");

    private RemoteRoutes() {}

    /// One route for each prefix, of as few prefixes as possible, by the parent's first address of the
    /// family. None in mode L2, where the endpoints answer on the segment themselves; none for a network
    /// whose endpoints have no way back; none for a family the parent has no address of.
    ///
    /// @param network the description
    /// @param subnets its subnets as they are used
    /// @param parents the parent's addresses
    public static List<Route> of(IpvlanNetwork network, List<Subnet> subnets, List<IpCidr> parents) {
        if (!network.mode().isRouted() || network.internal()) {
            return List.of();
        }
        List<Route> routes = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            Optional<IpAddress> gateway = parents.stream()
                    .map(IpCidr::address)
                    .filter(address -> address.family() == family && !isLinkLocal(address))
                    .findFirst();
            List<IpPrefix> prefixes = subnets.stream()
                    .map(Subnet::prefix)
                    .filter(prefix -> prefix.family() == family)
                    .toList();
            gateway.ifPresent(address -> IpPrefix.aggregate(prefixes)
                    .forEach(prefix -> routes.add(Route.to(prefix).via(address))));
        }
        return routes;
    }

    private static boolean isLinkLocal(IpAddress address) {
        return address.family() == IpFamily.IPV6 && LINK_LOCAL.contains(address);
    }
}
