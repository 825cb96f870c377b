package io.ipvlan.internal.plan;

import io.ipvlan.ConflictException;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.Parent;
import io.ipvlan.Step;
import io.ipvlan.VlanProtocol;
import io.ipvlan.ip.IpFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds a network's parent, or plans to make it. Pure.
final class ParentPlanner {
    /// A name that stands for a VLAN link: what it stands on, a dot, a number as the kernel prints it.
    private static final Pattern VLAN = Pattern.compile("(.+)\\.([1-9][0-9]{0,3})");

    private static final int LARGEST_VLAN = 4094;

    /// Links that take over the hardware address of the one they stand on.
    private static final Set<String> BORROWERS = Set.of("vlan", "ipvlan", "ipvtap", "macvlan", "macvtap");

    private final String operation;
    private final String network;
    private final NamespaceState state;
    private final Optional<Netns> netns;
    private final IntSupplier indexes;

    /// @param operation what is being done, for what is refused
    /// @param network the network's name
    /// @param state the namespace the parent is in
    /// @param netns that namespace; empty for the engine's own
    /// @param indexes the indexes of links to be made
    ParentPlanner(String operation, String network, NamespaceState state, Optional<Netns> netns, IntSupplier indexes) {
        this.operation = operation;
        this.network = network;
        this.state = state;
        this.netns = netns;
        this.indexes = indexes;
    }

    /// A parent.
    ///
    /// @param name its name
    /// @param index its index
    /// @param existing what is there already; empty if it is to be made
    /// @param steps what has to be done first
    record Found(String name, int index, Optional<NamespaceState.Link> existing, List<Step> steps) {}

    /// @throws NotFoundException if there is no such link, and none can be made
    /// @throws ConflictException if it cannot be made beside what is there
    Found find(Parent parent) {
        return switch (parent) {
            case Parent.In(Netns _, Parent inner) -> find(inner);
            case Parent.Dummy() -> dummy();
            case Parent.Vlan vlan -> vlan(vlan);
            case Parent.Link(String name) ->
                state.link(name)
                        .map(this::existing)
                        .or(() -> byVlanName(name))
                        .orElseThrow(() -> missing("link '" + name + "'"));
            case Parent.Index(int index) ->
                existing(state.link(index).orElseThrow(() -> missing("link with index " + index)));
            case Parent.Mac(String address) -> existing(byMac(address));
            case Parent.DefaultRoute() -> existing(byDefaultRoute());
        };
    }

    private Found existing(NamespaceState.Link link) {
        return new Found(link.name(), link.index(), Optional.of(link), bringUp(link));
    }

    /// What is not ours is used as it is, what is ours works, and says so: a VLAN link is not up on one that is
    /// down, and has no alias if who made it was interrupted.
    private List<Step> bringUp(NamespaceState.Link link) {
        List<Step> steps = new ArrayList<>(missingAlias(link, network, netns));
        if (!link.owned() || link.up()) {
            return steps;
        }
        state.below(link).ifPresent(lower -> steps.addAll(bringUp(lower)));
        steps.add(new Step.SetUp(link.name(), link.index(), netns));
        return steps;
    }

    private Found dummy() {
        String name = LinkNames.dummyParent(network);
        requireFree(name, "the name its dummy parent would get");
        int index = indexes.getAsInt();
        return new Found(
                name, index, Optional.empty(), List.of(new Step.CreateDummy(name, index, netns), alias(name, index)));
    }

    private Step alias(String name, int index) {
        return alias(name, index, network, netns);
    }

    private static Step alias(String name, int index, String network, Optional<Netns> netns) {
        return new Step.SetAlias(name, index, Marks.alias(network, Optional.empty()), netns);
    }

    /// The alias of a link of the library's own that has none, because who made it was interrupted.
    static List<Step> missingAlias(NamespaceState.Link link, String network, Optional<Netns> netns) {
        return link.owned() && link.alias().isEmpty()
                ? List.of(alias(link.name(), link.index(), network, netns))
                : List.of();
    }

    private void requireFree(String name, String what) {
        if (state.link(name).isPresent()) {
            throw conflict("a link '" + name + "' exists already, " + what
                    + ": delete it if it was left over, or choose another name");
        }
    }

    private Optional<Found> byVlanName(String name) {
        Matcher parts = VLAN.matcher(name);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > LARGEST_VLAN) {
            return Optional.empty();
        }
        Parent.Vlan vlan = Parent.vlan(parts.group(1), Integer.parseInt(parts.group(2)));
        return Optional.of(vlan(LinkNames.problem(name).isEmpty() ? vlan.named(name) : vlan));
    }

    private Found vlan(Parent.Vlan vlan) {
        Found lower = find(vlan.lower());
        return lower.existing()
                .flatMap(link -> tagged(link, vlan))
                .map(this::existing)
                .orElseGet(() -> newVlan(lower, vlan));
    }

    private Optional<NamespaceState.Link> tagged(NamespaceState.Link lower, Parent.Vlan vlan) {
        NamespaceState.Tag tag =
                new NamespaceState.Tag(vlan.id(), vlan.protocol().number());
        return state.links().stream()
                .filter(link -> link.standsOn(lower.index()) && link.tag().equals(Optional.of(tag)))
                .findFirst();
    }

    private Found newVlan(Found lower, Parent.Vlan vlan) {
        String natural = lower.name() + "." + vlan.id();
        String name = vlan.name().orElseGet(() -> LinkNames.vlan(lower.name(), vlan.id()));
        lower.existing().ifPresent(link -> requireCarrier(link, vlan));
        requireFree(name, "the name of the " + protocol(vlan) + " that is to be made");
        int index = indexes.getAsInt();
        List<Step> steps = new ArrayList<>(lower.steps());
        steps.add(new Step.CreateVlan(name, index, lower.name(), lower.index(), vlan.id(), vlan.protocol(), netns));
        steps.add(alias(name, index));
        if (vlan.name().isEmpty() && !name.equals(natural)) {
            steps.add(new Step.AddAlternativeName(name, index, natural, netns));
        }
        return new Found(name, index, Optional.empty(), steps);
    }

    private static String protocol(Parent.Vlan vlan) {
        return (vlan.protocol() == VlanProtocol.DOT1Q ? "" : vlan.protocol().text() + " ") + "VLAN link";
    }

    /// The kernel makes a VLAN link on a link that is down, but does not bring it up.
    private void requireCarrier(NamespaceState.Link lower, Parent.Vlan vlan) {
        if (lower.loopback()) {
            throw conflict("the loopback link '" + lower.name() + "' carries no VLAN");
        }
        if (!lower.up() && !lower.owned()) {
            throw conflict("the link '" + lower.name() + "' is down, and VLAN " + vlan.id()
                    + " cannot be brought up on it: bring it up (ip link set " + lower.name() + " up)");
        }
    }

    private NamespaceState.Link byMac(String address) {
        List<NamespaceState.Link> found = state.links().stream()
                .filter(link -> link.mac().equalsIgnoreCase(address) && !BORROWERS.contains(link.kind()))
                .toList();
        if (found.size() > 1) {
            throw conflict("several links have the address " + address + ": "
                    + found.stream().map(NamespaceState.Link::name).toList() + "; name one");
        }
        return found.stream().findFirst().orElseThrow(() -> missing("link with address " + address));
    }

    private NamespaceState.Link byDefaultRoute() {
        for (IpFamily family : IpFamily.values()) {
            Predicate<NamespaceState.Entry> suits = route -> route.isDefault()
                    && route.isInMainTable()
                    && route.device() != 0
                    && route.destination().family() == family;
            Optional<NamespaceState.Link> found = state.routes().stream()
                    .filter(suits)
                    .min(Comparator.comparingInt(NamespaceState.Entry::metric))
                    .flatMap(route -> state.link(route.device()));
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw missing("link of a default route");
    }

    private NotFoundException missing(String what) {
        return new NotFoundException(
                operation,
                "'" + network + "'",
                "the parent " + what + " does not exist in "
                        + netns.map(where -> "'" + where + "'").orElse("this network namespace") + ", which has "
                        + state.links().stream().map(NamespaceState.Link::name).toList(),
                null,
                null);
    }

    private ConflictException conflict(String reason) {
        return new ConflictException(operation, "'" + network + "'", reason, null, null);
    }
}
