package io.ipvlan.internal.engine;

import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.NamespaceState;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes away what a network has in its parent's namespace: its host access, and its parent, if that is the
/// library's own and nobody else uses it.
final class ParentRemoval {
    private static final Logger LOG = LoggerFactory.getLogger(ParentRemoval.class);

    private final Network network;
    private final Kernel kernel;
    private final Kernel.Namespace place;

    /// @param place the parent's namespace; closed by [#run]
    ParentRemoval(Network network, Kernel kernel, Kernel.Namespace place) {
        this.network = network;
        this.kernel = kernel;
        this.place = place;
    }

    /// Waits for whoever is about to make the parent again, or to use it for another network.
    void run() {
        try (place;
                OwnedLinks.Held _ = OwnedLinks.lock(place.id(), network.parent().name())) {
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
        List<String> others = link.tag().isPresent() ? standingOn(link) : List.of();
        if (!others.isEmpty()) {
            LOG.info("'{}' stays for what stands on it: {}", link.name(), others);
            return;
        }
        delete(link.name(), link.index());
        Optional<NamespaceState.Link> next = lower(link);
        while (next.isPresent() && isOrphan(next.get())) {
            delete(next.get().name(), next.get().index());
            next = lower(next.get());
        }
    }

    /// What the kernel would delete with a VLAN link: other VLAN links, and what other programs have on it. A
    /// dummy link is the network's alone.
    private List<String> standingOn(NamespaceState.Link link) {
        return Stream.concat(
                        place.observe().links().stream()
                                .filter(other -> other.standsOn(link.index()))
                                .map(NamespaceState.Link::name),
                        kernel.childrenElsewhere(place, link.index()).stream()
                                .map(child -> child.link().name() + " in " + child.where()))
                .toList();
    }

    private Optional<NamespaceState.Link> lower(NamespaceState.Link link) {
        return link.lower().filter(lower -> lower.namespace().isEmpty()).flatMap(lower -> place.link(lower.index()));
    }

    private boolean isOrphan(NamespaceState.Link link) {
        return link.owned()
                && !Ports.isUsed(new Ports.Port(place.id(), link.index()))
                && place.observe().links().stream().noneMatch(other -> other.standsOn(link.index()));
    }

    private void delete(String name, int index) {
        place.delete(new Step.DeleteLink(name, index, network.netns()));
    }
}
