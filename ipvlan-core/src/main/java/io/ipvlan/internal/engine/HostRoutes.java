package io.ipvlan.internal.engine;

import io.ipvlan.NotFoundException;
import io.ipvlan.Route;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.ip.IpAddress;
import java.util.List;
import java.util.Optional;

/// Routes in the engine's own namespace to endpoints of other hosts.
final class HostRoutes {
    private final Kernel.Namespace home;

    HostRoutes(Kernel.Namespace home) {
        this.home = home;
    }

    /// Adds those that are missing, or none.
    void install(List<Route> routes) {
        routes.forEach(HostRoutes::check);
        NamespaceState state = home.observe();
        List<Step> missing = routes.stream()
                .distinct()
                .filter(route -> !isThere(state, route))
                .<Step>map(route -> new Step.AddRoute(route, device(state, route), Optional.empty()))
                .toList();
        Undo undo = new Undo();
        try {
            new PlanExecutor(undo).at(Optional.empty(), home).execute(missing);
        } catch (RuntimeException | Error e) {
            undo.rollBack(e);
            throw e;
        }
    }

    /// Of these the kernel would say that a link is missing; `0.0.0.0` is no gateway to it.
    private static void check(Route route) {
        if (route.type() == Route.Type.UNICAST
                && route.gateway().isEmpty()
                && route.device().isEmpty()) {
            throw refused(route, "it names neither a gateway nor a device");
        }
        if (route.gateway().filter(IpAddress::isUnspecified).isPresent()) {
            throw refused(route, route.gateway().get() + " is no gateway");
        }
    }

    private static IllegalArgumentException refused(Route route, String reason) {
        return new IllegalArgumentException("host route '" + route + "': " + reason);
    }

    private static boolean isThere(NamespaceState state, Route route) {
        return state.routes().stream().anyMatch(entry -> entry.realises(route, device(state, route)));
    }

    private static int device(NamespaceState state, Route route) {
        return route.device()
                .map(name -> state.link(name)
                        .orElseThrow(() -> new NotFoundException(
                                "install route", "'" + route + "'", "there is no link '" + name + "'", null, null))
                        .index())
                .orElse(0);
    }

    void remove(List<Route> routes) {
        NamespaceState state = home.observe();
        List<Step> there = routes.stream()
                .distinct()
                .filter(route -> route.device().isEmpty()
                        || state.link(route.device().get()).isPresent())
                .filter(route -> isThere(state, route))
                .<Step>map(route -> new Step.DeleteRoute(route, device(state, route), Optional.empty()))
                .toList();
        new PlanExecutor(new Undo()).at(Optional.empty(), home).execute(there);
    }
}
