package io.ipvlan.internal.engine;

import io.ipvlan.Drift;
import io.ipvlan.Netns;
import io.ipvlan.PermissionException;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.Comparison;
import io.ipvlan.internal.plan.NamespaceState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Compares a network with what the kernel has.
final class Verification {
    private final Network network;
    private final List<Drift> drifts = new ArrayList<>();

    Verification(Network network) {
        this.network = network;
    }

    List<Drift> run() {
        here(network.attached());
        network.attached().forEach(this::endpoint);
        return List.copyOf(drifts);
    }

    /// What differs about the network itself.
    List<Drift> ofNetwork() {
        here(List.of());
        return List.copyOf(drifts);
    }

    /// What differs about one endpoint.
    List<Drift> of(AttachedEndpoint endpoint) {
        if (endpoint.hasStepsAt(network.parent().netns())) {
            network.parent().findPlace().ifPresent(place -> {
                try (place) {
                    hosts(endpoint, place.observe());
                }
            });
        }
        endpoint(endpoint);
        return List.copyOf(drifts);
    }

    private void drift(String reason, List<Step> remedy) {
        drifts.add(new Drift(Optional.empty(), reason, remedy));
    }

    /// The parent and what stands on it in its namespace, some endpoints' routes included.
    private void here(List<AttachedEndpoint> endpoints) {
        Optional<Kernel.Namespace> place = network.parent().findPlace();
        if (place.isEmpty()) {
            drift("the namespace of its parent is gone", List.of());
            return;
        }
        NamespaceState state;
        try (Kernel.Namespace open = place.get()) {
            state = open.observe();
        }
        parent(state);
        network.hostAccess()
                .ifPresent(access -> drifts.addAll(new Comparison(Optional.empty(), access.steps(), state).drifts()));
        endpoints.forEach(endpoint -> hosts(endpoint, state));
    }

    /// What stands in the parent's namespace for an endpoint.
    private void hosts(AttachedEndpoint endpoint, NamespaceState state) {
        List<Step> hosts = at(endpoint, network.parent().netns());
        if (!hosts.isEmpty() && !network.parent().netns().equals(Optional.of(endpoint.netns()))) {
            drifts.addAll(new Comparison(Optional.of(endpoint.id()), hosts, state).drifts());
        }
    }

    private void parent(NamespaceState state) {
        String name = network.parent().name();
        Optional<NamespaceState.Link> found = state.link(network.parent().index());
        if (found.isEmpty()) {
            boolean returned = state.link(name).isPresent();
            drift("its parent '" + name + "' " + (returned ? "is another link now" : "is gone"), List.of());
            return;
        }
        NamespaceState.Link link = found.get();
        if (!link.isCalled(name)) {
            drift("its parent '" + name + "' was renamed to '" + link.name() + "', and is still used", List.of());
        }
        if (!link.up()) {
            Step up = new Step.SetUp(link.name(), link.index(), network.parent().netns());
            drift("its parent '" + name + "' is down", link.owned() ? List.of(up) : List.of());
        }
    }

    private static List<Step> at(AttachedEndpoint endpoint, Optional<Netns> netns) {
        return endpoint.steps().stream()
                .filter(step -> step.netns().equals(netns))
                .toList();
    }

    private void endpoint(AttachedEndpoint endpoint) {
        Optional<Kernel.Namespace> namespace;
        try {
            namespace = network.find(endpoint);
        } catch (PermissionException e) {
            drifts.add(new Drift(
                    Optional.of(endpoint.id()), "its namespace cannot be looked at: " + e.getMessage(), List.of()));
            return;
        }
        if (namespace.isEmpty()) {
            drifts.add(new Drift(Optional.of(endpoint.id()), "its namespace is gone", List.of()));
            return;
        }
        try (Kernel.Namespace open = namespace.get()) {
            List<Step> wanted = at(endpoint, Optional.of(endpoint.netns()));
            drifts.addAll(new Comparison(Optional.of(endpoint.id()), wanted, open.observe()).drifts());
        }
    }
}
