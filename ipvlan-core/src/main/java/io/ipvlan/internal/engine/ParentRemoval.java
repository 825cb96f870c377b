package io.ipvlan.internal.engine;

import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.internal.store.Records.MadeLink;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes away what a network has in its parent's namespace: its host access, and its parent, if that is the
/// library's own and nobody else uses it.
final class ParentRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(ParentRemoval.class);

    private final Network network;
    private final Kernel kernel;
    private final Kernel.Namespace place;

    /// @param place the parent's namespace; closed by [#run] and [#takeBack]
    ParentRemoval(Network network, Kernel kernel, Kernel.Namespace place) {
        this.network = network;
        this.kernel = kernel;
        this.place = place;
    }

    /// Waits for whoever is about to make the parent again, or to use it for another network.
    void run() {
        try (place;
                OwnedLinks.Held _ = OwnedLinks.lock(place.id())) {
            network.hostAccess()
                    .ifPresent(access ->
                            delete(access.child().name(), access.child().index()));
            place.link(network.parent().index())
                    .filter(NamespaceState.Link::owned)
                    .ifPresent(this::deleteUnlessUsed);
        }
    }

    /// A VLAN link may stand on another of the library's own.
    private void deleteUnlessUsed(NamespaceState.Link link) {
        List<String> sharers = Ports.sharers(network.claim());
        if (!sharers.isEmpty()) {
            LOG.debug("'{}' stays for networks {}", link.name(), sharers);
            return;
        }
        if (isCarrying(link)) {
            LOG.warn("'{}' stays: others have links on it, which would go with it", link.name());
            return;
        }
        delete(link.name(), link.index());
        Optional<NamespaceState.Link> next = lower(link);
        while (next.isPresent() && isOrphan(next.get())) {
            delete(next.get().name(), next.get().index());
            next = lower(next.get());
        }
    }

    /// Whether links stand on it that are not the network's: VLAN links, strangers' child links, those of
    /// engines that are closed, or of other programs.
    private boolean isCarrying(NamespaceState.Link link) {
        return place.observe().links().stream().anyMatch(other -> other.standsOn(link.index()))
                || kernel.childrenElsewhere(place, link.index()).stream()
                        .anyMatch(child -> network.attached().stream().noneMatch(endpoint -> endpoint.has(child)));
    }

    private Optional<NamespaceState.Link> lower(NamespaceState.Link link) {
        return link.lower().filter(lower -> lower.namespace().isEmpty()).flatMap(lower -> place.link(lower.index()));
    }

    private boolean isOrphan(NamespaceState.Link link) {
        return link.owned() && !Ports.isUsed(new Ports.Port(place.id(), link.index())) && !isCarrying(link);
    }

    /// Deletes links that were being made when the program ended, and that nobody uses.
    ///
    /// @param making the lowest first
    void takeBack(List<MadeLink> making) {
        try (place;
                OwnedLinks.Held _ = OwnedLinks.lock(place.id())) {
            for (MadeLink made : making.reversed()) {
                place.link(made.index()).filter(this::isOrphan).ifPresent(link -> delete(link.name(), link.index()));
            }
        }
    }

    private void delete(String name, int index) {
        place.delete(new Step.DeleteLink(name, index, network.parent().netns()));
    }
}
