package io.ipvlan.internal.plan;

import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Parent;
import io.ipvlan.Route;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Plans the routes inside an endpoint's namespace. Pure. The on-link route of each address's own prefix is
/// not among them: the kernel adds it with the address.
public final class RoutePlanner {
    private final IpvlanNetwork network;
    private final List<Subnet> subnets;
    private final EndpointSpec endpoint;

    /// @param network the description
    /// @param subnets its subnets as they are used
    /// @param endpoint what the endpoint wants
    public RoutePlanner(IpvlanNetwork network, List<Subnet> subnets, EndpointSpec endpoint) {
        this.network = network;
        this.subnets = subnets;
        this.endpoint = endpoint;
    }

    /// The routes for a link with these addresses; those the endpoint wants besides come last, because their
    /// gateways may depend on the others.
    public List<Route> routes(List<IpCidr> addresses, String device) {
        List<Route> routes = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            List<IpCidr> own = new ArrayList<>();
            for (IpCidr address : addresses) {
                if (address.family() == family) {
                    own.add(address);
                }
            }
            if (!own.isEmpty()) {
                if (network.mode().isRouted()) {
                    routed(family, own, device, routes);
                } else {
                    switched(family, own, device, routes);
                }
            }
        }
        for (Route route : endpoint.routes()) {
            routes.add(route.type() == Route.Type.UNICAST ? route.by(device) : route);
        }
        return routes;
    }

    private boolean wantsDefault() {
        return endpoint.defaultRoute() && !network.internal();
    }

    /// The parent's namespace routes, so everything may be sent to it as if it were on the link.
    private void routed(IpFamily family, List<IpCidr> own, String device, List<Route> routes) {
        if (wantsDefault()) {
            routes.add(preferred(Route.onLink(everything(family), device)));
        } else {
            siblings(family, own, device, routes);
        }
    }

    /// Other subnets are a router's business, unless there can be none: then they are reached on the segment
    /// itself.
    private void switched(IpFamily family, List<IpCidr> own, String device, List<Route> routes) {
        if (isDummy(network.parent()) || network.internal()) {
            siblings(family, own, device, routes);
        }
        if (wantsDefault()) {
            gateway(own).ifPresent(gateway -> routes.add(preferred(Route.via(everything(family), gateway, device))));
        }
    }

    private Optional<IpAddress> gateway(List<IpCidr> own) {
        for (IpCidr address : own) {
            for (Subnet subnet : subnets) {
                if (subnet.prefix().contains(address.address())
                        && subnet.gateway().isPresent()) {
                    return subnet.gateway();
                }
            }
        }
        return Optional.empty();
    }

    static boolean isDummy(Parent parent) {
        return parent instanceof Parent.Dummy || parent instanceof Parent.In(Netns _, Parent.Dummy _);
    }

    private Route preferred(Route route) {
        return endpoint.defaultRouteMetric().isPresent()
                ? route.metric(endpoint.defaultRouteMetric().getAsInt())
                : route;
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
