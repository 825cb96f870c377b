package io.ipvlan.internal.engine;

import io.ipvlan.ConflictException;
import io.ipvlan.NotFoundException;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.internal.store.Records.MadeLink;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes away what a network has in its parent's namespace: its host access, and its parent, if that is the
/// library's own and nobody else uses it.
final class ParentRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(ParentRemoval.class);

    private final Network network;
    private final Kernel kernel;
    private final Kernel.Namespace place;

    /// @param place the parent's namespace
    ParentRemoval(Network network, Kernel kernel, Kernel.Namespace place) {
        this.network = network;
        this.kernel = kernel;
        this.place = place;
    }

    /// The parent and what it stands on, as far as it is the library's own, the lowest first.
    List<MadeLink> links() {
        Optional<NamespaceState.Link> top = place.link(network.parent().index());
        if (!top.map(NamespaceState.Link::owned).orElse(network.parent().owned())) {
            return List.of();
        }
        NamespaceState state = place.observe();
        List<NamespaceState.Link> own = top.map(state::ownFrom).orElseGet(() -> below(state));
        return own.reversed().stream()
                .map(link -> new MadeLink(link.name(), link.index()))
                .toList();
    }

    /// What the parent would stand on, if it were made again: a stranger may have deleted it alone.
    private List<NamespaceState.Link> below(NamespaceState state) {
        NetworkParent parent = network.parent();
        try {
            return parent.planner("delete network")
                    .plan(state, parent.netns(), network::nextIndex)
                    .ownLinks(state);
        } catch (NotFoundException | ConflictException e) {
            LOG.debug("nothing is below the parent of {}: {}", network, e.getMessage());
            return List.of();
        }
    }

    /// Waits for whoever is about to make the parent again, or to use it for another network.
    ///
    /// @param links what goes unless others use it, the lowest first
    void run(List<MadeLink> links) {
        try (OwnedLinks.Held held = network.parent().lock(place)) {
            List<NamespaceState.Link> there;
            do {
                there = look(links);
            } while (!network.parent().lockAlso(held, keys(there)));
            network.hostAccess()
                    .ifPresent(access ->
                            delete(access.child().name(), access.child().index()));
            for (NamespaceState.Link link : there.reversed()) {
                if (!isUsed(link)) {
                    delete(link.name(), link.index());
                }
            }
        }
    }

    private static Set<String> keys(List<NamespaceState.Link> links) {
        return links.stream().flatMap(link -> OwnedLinks.keys(link).stream()).collect(Collectors.toSet());
    }

    private List<NamespaceState.Link> look(List<MadeLink> links) {
        return links.stream()
                .flatMap(made -> place.link(made.index()).stream())
                .filter(NamespaceState.Link::owned)
                .toList();
    }

    private boolean isUsed(NamespaceState.Link link) {
        List<String> sharers = Ports.sharers(network.claim(), new Ports.Port(place.id(), link.index()));
        if (!sharers.isEmpty()) {
            LOG.debug("'{}' stays for networks {}", link.name(), sharers);
            return true;
        }
        if (isCarrying(link)) {
            LOG.warn("'{}' stays: others have links on it, which would go with it", link.name());
            return true;
        }
        return false;
    }

    /// Whether links stand on it that are not the network's: VLAN links, strangers' child links, those of
    /// engines that are closed, or of other programs.
    private boolean isCarrying(NamespaceState.Link link) {
        return place.observe().links().stream().anyMatch(other -> other.standsOn(link.index()))
                || kernel.childrenElsewhere(place, link.index()).stream()
                        .anyMatch(child -> network.attached().stream().noneMatch(endpoint -> endpoint.has(child)));
    }

    private void delete(String name, int index) {
        place.delete(new Step.DeleteLink(name, index, network.parent().netns()));
    }
}
