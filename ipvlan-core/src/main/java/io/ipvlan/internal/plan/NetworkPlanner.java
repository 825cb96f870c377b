package io.ipvlan.internal.plan;

import io.ipvlan.ConflictException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.NotFoundException;
import io.ipvlan.Parent;
import io.ipvlan.Plan;
import io.ipvlan.Step;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.Subnet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Plans a network: finds its parent and refuses what the kernel would accept and regret. Pure.
public final class NetworkPlanner {
    private final String operation;
    private final IpvlanNetwork network;
    private final List<Subnet> subnets;
    private final Collection<PortUse> uses;

    /// @param operation what is being done, for what is refused
    /// @param network the description
    /// @param subnets its subnets as they are used
    /// @param uses what other networks use
    public NetworkPlanner(String operation, IpvlanNetwork network, List<Subnet> subnets, Collection<PortUse> uses) {
        this.operation = operation;
        this.network = network;
        this.subnets = subnets;
        this.uses = uses;
    }

    /// How a network is to be made.
    ///
    /// @param parent the name of its parent
    /// @param existing the parent, if it is a link of the host
    /// @param plan the changes
    public record Result(String parent, Optional<HostState.Link> existing, Plan plan) {}

    /// Plans the network.
    ///
    /// @param host the host as it is
    /// @return the result
    /// @throws ConflictException if it cannot live beside what is there
    /// @throws NotFoundException if the parent does not exist
    public Result plan(HostState host) {
        return switch (network.parent()) {
            case Parent.Dummy() -> {
                String name = LinkNames.dummyParent(network.name());
                if (host.link(name).isPresent()) {
                    throw conflict(
                            "a link '" + name + "' exists already, the name its dummy parent would get: delete it"
                                    + " if it was left over, or choose another name for the network");
                }
                yield new Result(name, Optional.empty(), new Plan(List.of(new Step.CreateDummy(name))));
            }
            case Parent.Link(String name) -> {
                HostState.Link link = host.link(name)
                        .orElseThrow(() -> new NotFoundException(
                                operation,
                                "'" + network.name() + "'",
                                "the parent link '" + name + "' does not exist in this network namespace, which has "
                                        + host.links().stream()
                                                .map(HostState.Link::name)
                                                .toList(),
                                null,
                                null));
                checkSuitable(link);
                checkShared(
                        name,
                        link.index(),
                        host.links().stream()
                                .filter(candidate -> candidate.standsOn(link) && candidate.isChild())
                                .toList());
                checkOwnAddresses(link, host.addressesOf(name));
                yield new Result(name, Optional.of(link), new Plan(List.of()));
            }
        };
    }

    private void checkSuitable(HostState.Link parent) {
        if (parent.loopback()) {
            throw conflict("the parent '" + parent.name() + "' is a loopback link, which cannot have children");
        }
        if (parent.kind().startsWith("ipv")) {
            throw conflict("the parent '" + parent.name() + "' is itself a child link, and the kernel would put the"
                    + " children on that one's own parent: name that instead");
        }
    }

    /// Checks that the parent can be shared with whoever else uses it. The kernel would let the newest child
    /// decide the mode for all of them, in every namespace, without a word.
    ///
    /// @param parent the parent's name
    /// @param parentIndex the parent's index
    /// @param children the child links on it that the host's namespace shows
    /// @throws ConflictException if it cannot; names the other user
    public void checkShared(String parent, int parentIndex, List<HostState.Link> children) {
        HostState.Port wanted = new HostState.Port(network.mode(), network.flag());
        for (HostState.Link child : children) {
            if (!child.kind().startsWith("ipv")) {
                throw conflict("the parent '" + parent + "' carries " + child.kind() + " link '" + child.name()
                        + "', and a parent serves one kind");
            }
            if (!child.port().equals(Optional.of(wanted))) {
                throw sharedPort(parent, child.port(), "child link '" + child.name() + "'");
            }
        }
        for (PortUse use : uses) {
            if (use.parentIndex() == parentIndex) {
                if (!use.port().equals(wanted)) {
                    throw sharedPort(parent, Optional.of(use.port()), "network '" + use.network() + "'");
                }
                checkDisjoint(parent, use);
            }
        }
    }

    private ConflictException sharedPort(String parent, Optional<HostState.Port> other, String user) {
        return conflict("mode and flag belong to the parent, and " + user + " uses '" + parent + "' as "
                + other.map(HostState.Port::toString).orElse("something this library does not know")
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

    private void checkOwnAddresses(HostState.Link parent, List<IpCidr> own) {
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
