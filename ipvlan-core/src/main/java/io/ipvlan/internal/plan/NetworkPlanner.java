package io.ipvlan.internal.plan;

import io.ipvlan.ConflictException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.Step;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

/// Plans a network: finds its parent and refuses what the kernel would accept and regret. Pure.
public final class NetworkPlanner {
    /// Links whose parts receive nothing themselves, so that they cannot be parents.
    private static final Set<String> MASTERS = Set.of("bridge", "bond", "team", "openvswitch");

    private static final int ETHERNET_MTU = 1500;

    private final String operation;
    private final IpvlanNetwork network;
    private final List<Subnet> subnets;

    /// @param operation what is being done, for what is refused
    /// @param network the description
    /// @param subnets its subnets as they are used
    public NetworkPlanner(String operation, IpvlanNetwork network, List<Subnet> subnets) {
        this.operation = operation;
        this.network = network;
        this.subnets = subnets;
    }

    /// How a network gets its parent.
    ///
    /// @param parent the name of its parent
    /// @param parentIndex the parent's index
    /// @param existing the parent, if it is there already
    /// @param steps what has to be done for that
    public record Result(String parent, int parentIndex, Optional<NamespaceState.Link> existing, List<Step> steps) {
        /// Whether the parent is a link of the library's own.
        public boolean owned() {
            return existing.map(NamespaceState.Link::owned).orElse(true);
        }

        /// The links of the library's own that are there already: the parent, and what it stands on.
        ///
        /// @param state the namespace it was planned for
        public List<NamespaceState.Link> ownLinks(NamespaceState state) {
            return existing.or(() -> below(steps, state)).map(state::ownFrom).orElse(List.of());
        }
    }

    /// Plans how the network gets its parent.
    ///
    /// @param state the namespace the parent is in, as it is
    /// @param netns that namespace; empty for the engine's own
    /// @param indexes the indexes of links to be made
    /// @return the result
    /// @throws ConflictException if it cannot live beside what is there
    /// @throws NotFoundException if the parent does not exist
    public Result plan(NamespaceState state, Optional<Netns> netns, IntSupplier indexes) {
        ParentPlanner.Found found =
                new ParentPlanner(operation, network.name(), state, netns, indexes).find(network.parent());
        found.existing().ifPresent(parent -> {
            checkSuitable(parent, state);
            checkMtu(parent);
            checkOwnAddresses(parent, state.addressesOf(parent.index()));
            checkChildren(parent.name(), state.childrenOf(parent.index()));
        });
        // A VLAN link gets the MTU of the one it stands on.
        below(found.steps(), state).ifPresent(this::checkMtu);
        return new Result(found.name(), found.index(), found.existing(), withMtu(found.steps(), netns));
    }

    /// What is there already of what the first VLAN link is made on.
    private static Optional<NamespaceState.Link> below(List<Step> steps, NamespaceState state) {
        return steps.stream()
                .filter(Step.CreateVlan.class::isInstance)
                .map(Step.CreateVlan.class::cast)
                .findFirst()
                .flatMap(create -> state.link(create.lowerIndex()));
    }

    /// The kernel makes a dummy link with the MTU of an Ethernet.
    private List<Step> withMtu(List<Step> steps, Optional<Netns> netns) {
        List<Step> all = new ArrayList<>();
        for (Step step : steps) {
            all.add(step);
            if (step instanceof Step.CreateDummy dummy && network.mtu().orElse(0) > ETHERNET_MTU) {
                all.add(mtu(dummy.name(), dummy.index(), netns));
            }
        }
        return all;
    }

    private Step mtu(String link, int index, Optional<Netns> netns) {
        return new Step.SetMtu(link, index, network.mtu().orElseThrow(), netns);
    }

    /// What a parent of the library's own lacks whose maker was interrupted: the alias comes last.
    ///
    /// @param netns the namespace it is in
    public List<Step> finish(NamespaceState.Link parent, Optional<Netns> netns) {
        List<Step> steps = new ArrayList<>(ParentPlanner.missingAlias(parent, network.name(), netns));
        boolean small = parent.kind().equals("dummy") && network.mtu().orElse(0) > parent.mtu();
        if (!steps.isEmpty() && small) {
            steps.addFirst(mtu(parent.name(), parent.index(), netns));
        }
        return steps;
    }

    private void checkSuitable(NamespaceState.Link parent, NamespaceState state) {
        if (parent.loopback()) {
            throw conflict("the parent '" + parent.name() + "' is a loopback link, which cannot have children");
        }
        if (parent.kind().startsWith("ipv")) {
            throw conflict("the parent '" + parent.name() + "' is itself a child link, and the kernel would put the"
                    + " children on that one's own parent: name that instead");
        }
        parent.master().stream()
                .mapToObj(state::link)
                .flatMap(Optional::stream)
                .filter(master -> MASTERS.contains(master.kind()))
                .findFirst()
                .ifPresent(master -> {
                    throw conflict("the parent '" + parent.name() + "' belongs to " + master.kind() + " '"
                            + master.name() + "': use that as the parent");
                });
    }

    /// Checks that the children would not send larger packets than the parent can. The kernel lets them.
    ///
    /// @throws ConflictException if they would
    public void checkMtu(NamespaceState.Link parent) {
        network.mtu().ifPresent(wanted -> {
            if (wanted > parent.mtu()) {
                throw conflict("mtu " + wanted + " is more than that of the parent '" + parent.name() + "', "
                        + parent.mtu() + ", which would drop what is larger: use that or less, or raise the parent's");
            }
        });
    }

    /// Checks that the parent can be shared with the child links on it. The kernel would let the newest child
    /// decide the mode for all of them, in every namespace, without a word.
    ///
    /// @param parent the parent's name
    /// @param children child links on it
    /// @throws ConflictException if it cannot; names the other user
    public void checkChildren(String parent, List<NamespaceState.Link> children) {
        for (NamespaceState.Link child : children) {
            checkChild(parent, child, "child link '" + child.name() + "'");
        }
    }

    /// Checks that the parent can be shared with a child link.
    ///
    /// @param parent the parent's name
    /// @param child the child link
    /// @param words what it is called
    /// @throws ConflictException if it cannot; names the other user
    public void checkChild(String parent, NamespaceState.Link child, String words) {
        if (!child.kind().startsWith("ipv")) {
            throw conflict("the parent '" + parent + "' carries " + child.kind() + " link '" + child.name()
                    + "', and a parent serves one kind");
        }
        if (!child.port().equals(Optional.of(port()))) {
            throw sharedPort(parent, child.port(), words);
        }
    }

    /// Checks that the parent can be shared with other networks.
    ///
    /// @param parent the parent's name
    /// @param uses what other networks use the parent
    /// @throws ConflictException if it cannot; names the other user
    public void checkUses(String parent, Collection<PortUse> uses) {
        for (PortUse use : uses) {
            if (!use.port().equals(port())) {
                throw sharedPort(parent, Optional.of(use.port()), "network '" + use.network() + "'");
            }
            checkDisjoint(parent, use);
        }
    }

    private NamespaceState.Port port() {
        return new NamespaceState.Port(network.mode(), network.flag());
    }

    private ConflictException sharedPort(String parent, Optional<NamespaceState.Port> other, String user) {
        return conflict("mode and flag belong to the parent, and " + user + " uses '" + parent + "' as "
                + other.map(NamespaceState.Port::toString).orElse("something this library does not know")
                + ": use the same, or another parent");
    }

    private void checkDisjoint(String parent, PortUse use) {
        for (Subnet subnet : subnets) {
            if (use.subnets().stream().anyMatch(subnet.prefix()::overlaps)) {
                throw conflict("subnet " + subnet.prefix() + " overlaps one of network '" + use.network()
                        + "' on the same parent '" + parent + "'");
            }
        }
    }

    private void checkOwnAddresses(NamespaceState.Link parent, List<IpCidr> own) {
        for (Subnet subnet : subnets) {
            for (IpCidr address : own) {
                if (network.mode().isRouted() && address.prefix().overlaps(subnet.prefix())) {
                    throw conflict("subnet " + subnet.prefix() + " overlaps " + address.prefix() + ", the parent '"
                            + parent.name() + "' own (" + address + "): mode "
                            + network.mode().text()
                            + " needs a subnet of its own, to which others can have a route through this host");
                }
                if (subnet.gateway().filter(address.address()::equals).isPresent()) {
                    throw conflict("gateway " + address.address() + " of subnet " + subnet.prefix()
                            + " is the parent's own address, and a parent and its children never reach each other:"
                            + " name a router on the segment, or noGateway()");
                }
            }
        }
    }

    private ConflictException conflict(String reason) {
        return new ConflictException(operation, "'" + network.name() + "'", reason, null, null);
    }
}
