package io.ipvlan.internal.engine;

import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.PermissionException;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.internal.plan.NetworkPlanner;
import io.ipvlan.internal.store.ParentLink;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The parent of a network: where it was last seen, and whether what is there now can take its place.
final class NetworkParent {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkParent.class);

    /// What a process lacks that may not look for a namespace everywhere.
    static final String LOOKING = "CAP_SYS_PTRACE";

    private final Engine engine;
    private final IpvlanNetwork description;
    private final Addresses addresses;
    private final Ports.Claim claim;
    private volatile ParentLink known;

    NetworkParent(Engine engine, IpvlanNetwork description, Addresses addresses, Ports.Claim claim, ParentLink known) {
        this.engine = engine;
        this.description = description;
        this.addresses = addresses;
        this.claim = claim;
        this.known = known;
    }

    ParentLink link() {
        return known;
    }

    String name() {
        return known.name();
    }

    int index() {
        return known.index();
    }

    boolean owned() {
        return known.owned();
    }

    /// Its namespace; empty for the engine's own.
    Optional<Netns> netns() {
        return known.netns();
    }

    /// Opens its namespace.
    ///
    /// @throws NotFoundException if it is gone
    Kernel.Namespace place() {
        return findPlace()
                .orElseThrow(() -> missing(
                        "the namespace of its parent, '" + netns().orElseThrow() + "', does not exist any more"));
    }

    Optional<Kernel.Namespace> findPlace() {
        return findPlace(engine.kernel()::find);
    }

    private Optional<Kernel.Namespace> findPlace(Kernel.Finder finder) {
        ParentLink seen = known;
        return seen.netns().isEmpty()
                ? Optional.of(engine.kernel().open(Optional.empty()))
                : finder.find(seen.netns().get(), seen.namespace());
    }

    /// Opens its namespace to remove what is there. If it may be where this process may not look, it is taken
    /// for gone: what it is to be removed for shall not stay for ever.
    Optional<Kernel.Namespace> findPlaceToClear(Kernel.Finder finder) {
        try {
            return findPlace(finder);
        } catch (PermissionException e) {
            if (!e.missingCapability().equals(LOOKING)) {
                throw e;
            }
            LOG.warn("what network '{}' has on its parent may stay: {}", description.name(), e.getMessage());
            return Optional.empty();
        }
    }

    NetworkPlanner planner(String operation) {
        return new NetworkPlanner(operation, description, addresses.subnets());
    }

    /// The parent as it is now, after a check that the network can still share it, and claimed: one that was
    /// deleted and made again is another link, and one that could not be looked at when the engine opened is
    /// claimed by nobody yet.
    NamespaceState.Link require(Kernel.Namespace place) {
        NetworkPlanner planner = planner("attach to network");
        Kernel.ParentView view = place.parent(index()).orElseGet(() -> {
            findAgain(place, planner);
            return place.parent(index()).orElseThrow(this::gone);
        });
        planner.checkMtu(view.link());
        Ports.move(
                claim,
                port(place, view),
                others -> planner.checkUses(view.link().name(), others));
        planner.checkChildren(view.link().name(), view.children());
        return view.link();
    }

    /// Checks that the network can share a link with whoever else uses it: a restored one has claimed
    /// without.
    void checkShared(Kernel.Namespace place, Kernel.ParentView view, NetworkPlanner planner) {
        String link = view.link().name();
        Ports.check(claim, port(place, view), others -> planner.checkUses(link, others));
        planner.checkChildren(link, view.children());
    }

    private static Ports.Port port(Kernel.Namespace place, Kernel.ParentView view) {
        return new Ports.Port(place.id(), view.link().index());
    }

    /// Waits while others make or remove the parent, or what a network has on it. Until it is let go nobody else
    /// gives the network another parent.
    OwnedLinks.Held lock(Kernel.Namespace place) {
        return OwnedLinks.lock(place.id(), this::keys);
    }

    private Set<String> keys() {
        ParentLink seen = known;
        return OwnedLinks.keys(seen.name(), seen.index());
    }

    /// Locks the parent, and further links, as [OwnedLinks.Held#lockAlso].
    boolean lockAlso(OwnedLinks.Held held, Set<String> keys) {
        Set<String> all = new HashSet<>(keys);
        all.addAll(keys());
        return held.lockAlso(all);
    }

    private void findAgain(Kernel.Namespace place, NetworkPlanner planner) {
        try (OwnedLinks.Held held = lock(place)) {
            NamespaceState.Link found;
            do {
                found = find(place.observe(), planner).orElseThrow(this::gone);
            } while (!lockAlso(held, OwnedLinks.keys(found)));
            moveTo(place, found, planner);
        }
    }

    private NotFoundException gone() {
        return missing("its parent '" + name()
                + "' does not exist any more; ensure(...) makes it again if it was the library's own");
    }

    private NotFoundException missing(String reason) {
        return new NotFoundException("use network", "'" + description.name() + "'", reason, null, null);
    }

    /// Looks for a link that takes the place of the parent: by its index, by its name, or as it was
    /// described.
    Optional<NamespaceState.Link> find(NamespaceState state, NetworkPlanner planner) {
        return state.link(index()).or(() -> state.link(name())).or(() -> {
            try {
                return planner.plan(state, netns(), engine::nextIndex).existing();
            } catch (NotFoundException e) {
                return Optional.empty();
            }
        });
    }

    void moveTo(Kernel.Namespace place, NamespaceState.Link link, NetworkPlanner planner) {
        moveTo(new ParentLink(netns(), place.id(), link.name(), link.index(), link.owned()), planner);
    }

    void moveTo(ParentLink found, NetworkPlanner planner) {
        Ports.move(claim, Ports.Port.of(found), others -> planner.checkUses(found.name(), others));
        known = found;
    }
}
