package io.ipvlan.internal.engine;

import io.ipvlan.ConflictException;
import io.ipvlan.Endpoint;
import io.ipvlan.Garbage;
import io.ipvlan.Netns;
import io.ipvlan.OwnedLink;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.plan.Marks;
import io.ipvlan.internal.plan.NamespaceState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks for endpoints that live no more, and for links that were left over, and removes them.
final class GarbageSearch {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageSearch.class);

    private final Engine engine;
    private final Set<String> live;
    private final Instant before;

    /// @param live the ids of the living
    /// @param before endpoints that came later are spared
    GarbageSearch(Engine engine, Set<String> live, Instant before) {
        this.engine = engine;
        this.live = Set.copyOf(live);
        this.before = before;
    }

    /// Every link that carries our mark.
    static List<OwnedLink> ownedLinks(Kernel kernel) {
        return kernel.marked().stream().map(GarbageSearch::described).toList();
    }

    private static OwnedLink described(Kernel.Marked marked) {
        String bearer = Marks.bearer(marked.alias());
        int slash = bearer.indexOf('/');
        return new OwnedLink(
                marked.netns(),
                marked.link().name(),
                marked.link().index(),
                marked.link().kind(),
                Optional.of(slash < 0 ? bearer : bearer.substring(0, slash)).filter(name -> !name.isEmpty()),
                slash < 0 ? Optional.empty() : Optional.of(bearer.substring(slash + 1)),
                marked.link().port().map(NamespaceState.Port::mode),
                marked.link().port().map(NamespaceState.Port::flag),
                marked.addresses());
    }

    Garbage find() {
        Found found = search();
        return described(found.endpoints, found.links);
    }

    private record Found(List<AttachedEndpoint> endpoints, List<Kernel.Marked> links) {}

    private static Garbage described(List<AttachedEndpoint> endpoints, List<Kernel.Marked> links) {
        Map<String, List<Endpoint>> byNetwork = endpoints.stream()
                .collect(Collectors.groupingBy(
                        endpoint -> endpoint.network().name(),
                        TreeMap::new,
                        Collectors.mapping(endpoint -> endpoint, Collectors.toList())));
        return new Garbage(
                byNetwork, links.stream().map(GarbageSearch::described).toList());
    }

    private Found search() {
        List<Kernel.Marked> marked = engine.kernel().marked(); // before: what comes later is not among them
        Map<String, Network> networks = networks();
        List<Kernel.Marked> links =
                marked.stream().filter(one -> isStray(one, networks)).toList();
        List<AttachedEndpoint> endpoints = networks.values().stream()
                .flatMap(network -> network.attached().stream())
                .filter(endpoint -> !live.contains(endpoint.id())
                        && !endpoint.record().since().isAfter(before))
                .toList();
        return new Found(endpoints, links);
    }

    private Map<String, Network> networks() {
        Map<String, Network> networks = new TreeMap<>();
        engine.known().forEach(network -> networks.put(network.name(), network));
        return networks;
    }

    /// Whether it says that it belongs to an endpoint of one of our networks, which is not alive, and which
    /// is none that we know, or has another link.
    private boolean isStray(Kernel.Marked marked, Map<String, Network> networks) {
        OwnedLink link = described(marked);
        if (!marked.link().isIpvlan()
                || link.network().isEmpty()
                || link.endpoint().isEmpty()) {
            return false;
        }
        String id = link.endpoint().get();
        Network network = networks.get(link.network().get());
        return network != null
                && marked.alias().equals(Marks.alias(network.name(), Optional.of(id)))
                && !live.contains(id)
                && network.members().isUnknown(id, marked.namespace(), link.index());
    }

    Garbage remove() {
        Found found = search();
        List<AttachedEndpoint> endpoints = new ArrayList<>();
        List<Kernel.Marked> links = new ArrayList<>();
        List<Runnable> removals = new ArrayList<>();
        for (AttachedEndpoint endpoint : found.endpoints) {
            removals.add(() -> {
                if (remove(endpoint)) {
                    note(endpoints, endpoint);
                }
            });
        }
        for (Kernel.Marked link : found.links) {
            removals.add(() -> {
                if (isStray(link, networks())) { // still
                    delete(link);
                    note(links, link);
                }
            });
        }
        engine.inFlight().forAll(removals, Runnable::run).ifPresent(failure -> {
            throw failure;
        });
        return described(endpoints, links);
    }

    /// @return false if somebody else is about to do something with it, or with its network
    private static boolean remove(AttachedEndpoint endpoint) {
        try {
            endpoint.network().remove(endpoint);
            return true;
        } catch (ConflictException e) {
            Members members = endpoint.network().members();
            if (members.isResting(endpoint) && !members.isLeaving()) {
                throw e;
            }
            LOG.debug("{} is left alone: {}", endpoint, e.getMessage());
            return false;
        }
    }

    private static <T> void note(List<T> done, T one) {
        synchronized (done) {
            done.add(one);
        }
    }

    private void delete(Kernel.Marked marked) {
        Optional<Netns> netns = marked.netns();
        Optional<Kernel.Namespace> place = netns.isEmpty()
                ? Optional.of(engine.kernel().open(netns))
                : engine.kernel().find(netns.get(), marked.namespace());
        place.ifPresent(open -> {
            try (open) {
                open.delete(
                        new Step.DeleteLink(marked.link().name(), marked.link().index(), netns));
            }
        });
    }
}
