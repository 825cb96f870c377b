package io.ipvlan.internal.plan;

import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Parent;
import io.ipvlan.Route;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;

/// Plans the routes inside an endpoint's namespace. Pure. The on-link route of each address's own prefix is
/// not among them: the kernel adds it with the address.
public final class RoutePlanner {
    private final IpvlanNetwork network;
    private final List<Subnet> subnets;
    private final boolean defaultRoute;

    /// @param network the description
    /// @param subnets its subnets as they are used
    /// @param defaultRoute whether the endpoint wants a default route
    public RoutePlanner(IpvlanNetwork network, List<Subnet> subnets, boolean defaultRoute) {
        this.network = network;
        this.subnets = subnets;
        this.defaultRoute = defaultRoute && !network.internal();
    }

    /// The routes for a link with these addresses.
    public List<Route> routes(List<IpCidr> addresses, String device) {
        List<Route> routes = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            List<IpCidr> own = addresses.stream()
                    .filter(address -> address.family() == family)
                    .toList();
            if (!own.isEmpty()) {
                if (network.mode().isRouted()) {
                    routed(family, own, device, routes);
                } else {
                    switched(family, own, device, routes);
                }
            }
        }
        return routes;
    }

    /// The parent's namespace routes, so everything may be sent to it as if it were on the link.
    private void routed(IpFamily family, List<IpCidr> own, String device, List<Route> routes) {
        if (defaultRoute) {
            routes.add(Route.onLink(everything(family), device));
        } else {
            siblings(family, own, device, routes);
        }
    }

    /// Other subnets are a router's business, unless there can be none: then they are reached on the segment
    /// itself.
    private void switched(IpFamily family, List<IpCidr> own, String device, List<Route> routes) {
        if (network.parent() instanceof Parent.Dummy || network.internal()) {
            siblings(family, own, device, routes);
        }
        if (defaultRoute) {
            own.stream()
                    .flatMap(address -> subnets.stream()
                            .filter(subnet -> subnet.prefix().contains(address.address()))
                            .flatMap(subnet -> subnet.gateway().stream()))
                    .findFirst()
                    .ifPresent(gateway -> routes.add(Route.via(everything(family), gateway, device)));
        }
    }

    private void siblings(IpFamily family, List<IpCidr> own, String device, List<Route> routes) {
        subnets.stream()
                .map(Subnet::prefix)
                .filter(prefix -> prefix.family() == family
                        && own.stream().noneMatch(address -> prefix.contains(address.address())))
                .forEach(prefix -> routes.add(Route.onLink(prefix, device)));
    }

    private static IpPrefix everything(IpFamily family) {
        return IpPrefix.of(IpAddress.ofBytes(new byte[family.bits() / 8]), 0);
    }
}
