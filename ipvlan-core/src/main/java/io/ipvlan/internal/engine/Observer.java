package io.ipvlan.internal.engine;

import io.ipvlan.ObservedNetwork;
import io.ipvlan.Route;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.NamespaceState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks at what the kernel holds of a network.
final class Observer {
    private final Network network;

    Observer(Network network) {
        this.network = network;
    }

    ObservedNetwork run() {
        Optional<NamespaceState> here = network.parent().findPlace().map(Observer::look);
        Map<String, ObservedNetwork.Endpoint> endpoints = new LinkedHashMap<>();
        for (AttachedEndpoint endpoint : network.attached()) {
            endpoints.put(
                    endpoint.id(),
                    network.find(endpoint)
                            .map(Observer::look)
                            .map(state -> endpoint(state, endpoint.record().index()))
                            .orElse(new ObservedNetwork.Endpoint(Optional.empty(), List.of())));
        }
        return new ObservedNetwork(
                here.flatMap(state -> link(state, network.parent().index())),
                network.hostAccess()
                        .flatMap(access ->
                                here.flatMap(state -> link(state, access.child().index()))),
                endpoints);
    }

    private static NamespaceState look(Kernel.Namespace namespace) {
        try (namespace) {
            return namespace.observe();
        }
    }

    private static Optional<ObservedNetwork.Link> link(NamespaceState state, int index) {
        return state.link(index)
                .map(link -> new ObservedNetwork.Link(
                        link.name(),
                        link.index(),
                        link.up(),
                        link.mtu(),
                        link.port().map(NamespaceState.Port::mode),
                        link.port().map(NamespaceState.Port::flag),
                        state.addressesOf(index)));
    }

    private static ObservedNetwork.Endpoint endpoint(NamespaceState state, int index) {
        Optional<ObservedNetwork.Link> link = link(state, index);
        return new ObservedNetwork.Endpoint(
                link,
                link.stream()
                        .flatMap(found -> state.routes().stream()
                                .filter(entry -> entry.device() == index)
                                .map(entry -> route(entry, found.name())))
                        .toList());
    }

    private static Route route(NamespaceState.Entry entry, String device) {
        Route route = Route.onLink(entry.destination(), device);
        route = entry.metric() > 0 ? route.metric(entry.metric()) : route;
        route = entry.isInMainTable() ? route : route.table(entry.table());
        return entry.gateway()
                .filter(gateway -> gateway.family() == entry.destination().family())
                .map(route::via)
                .orElse(route);
    }
}
