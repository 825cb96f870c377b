package io.ipvlan.internal.plan;

import io.ipvlan.ConflictException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.NotFoundException;
import io.ipvlan.Parent;
import io.ipvlan.Plan;
import io.ipvlan.Step;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Plans a network: finds its parent and refuses what the kernel would accept and regret. Pure.
public final class NetworkPlanner {
    private final IpvlanNetwork network;
    private final List<IpPrefix> subnets;
    private final HostState host;
    private final Collection<PortUse> uses;

    private NetworkPlanner(IpvlanNetwork network, List<IpPrefix> subnets, HostState host, Collection<PortUse> uses) {
        this.network = network;
        this.subnets = subnets;
        this.host = host;
        this.uses = uses;
    }

    /// How a network is to be made.
    ///
    /// @param parent the name of its parent
    /// @param existing the parent, if it is a link of the host
    /// @param plan the changes
    public record Result(String parent, Optional<HostState.Link> existing, Plan plan) {}

    /// Plans a network.
    ///
    /// @param network the description
    /// @param subnets its subnets, those drawn from default pools included
    /// @param host the host as it is
    /// @param uses what other networks of this engine use
    /// @return the result
    /// @throws ConflictException if it cannot live beside what is there
    /// @throws NotFoundException if the parent does not exist
    public static Result plan(IpvlanNetwork network, List<Subnet> subnets, HostState host, Collection<PortUse> uses) {
        List<IpPrefix> prefixes = subnets.stream().map(Subnet::prefix).toList();
        return new NetworkPlanner(network, prefixes, host, uses).plan();
    }

    private Result plan() {
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
                                "create network",
                                "'" + network.name() + "'",
                                "the parent link '" + name + "' does not exist in this network namespace, which has "
                                        + host.links().stream()
                                                .map(HostState.Link::name)
                                                .toList(),
                                null,
                                null));
                checkSuitable(link);
                checkPort(link);
                checkSubnets(link);
                yield new Result(name, Optional.of(link), new Plan(List.of()));
            }
        };
    }

    private void checkSuitable(HostState.Link parent) {
        if (parent.loopback()) {
            throw conflict("the parent '" + parent.name() + "' is a loopback link, which cannot have children");
        }
        if (parent.kind().equals("ipvlan")) {
            throw conflict("the parent '" + parent.name() + "' is itself a child link, and the kernel would put the"
                    + " children on that one's own parent: name that instead");
        }
        host.links().stream()
                .filter(link -> link.standsOn(parent) && link.kind().startsWith("macv"))
                .findFirst()
                .ifPresent(link -> {
                    throw conflict("the parent '" + parent.name() + "' carries " + link.kind() + " link '" + link.name()
                            + "', and a parent serves one kind");
                });
    }

    /// The kernel would let the newest child decide for all of them, in every namespace, without a word.
    private void checkPort(HostState.Link parent) {
        HostState.Port wanted = new HostState.Port(network.mode(), network.flag());
        uses.stream()
                .filter(use ->
                        use.parentIndex() == parent.index() && !use.port().equals(wanted))
                .findFirst()
                .ifPresent(use -> {
                    throw sharedPort(parent, use.port(), "network '" + use.network() + "'");
                });
        host.links().stream()
                .filter(link -> link.standsOn(parent) && link.kind().equals("ipvlan"))
                .forEach(link -> {
                    if (!link.port().equals(Optional.of(wanted))) {
                        throw sharedPort(parent, link.port().orElse(null), "child link '" + link.name() + "'");
                    }
                });
    }

    private ConflictException sharedPort(HostState.Link parent, HostState.@Nullable Port other, String user) {
        return conflict("mode and flag belong to the parent, and " + user + " uses '" + parent.name() + "' as "
                + (other == null ? "something this library does not know" : other)
                + ": use the same, or another parent");
    }

    private void checkSubnets(HostState.Link parent) {
        for (IpPrefix subnet : subnets) {
            for (PortUse use : uses) {
                if (use.parentIndex() == parent.index() && overlaps(use.subnets(), subnet)) {
                    throw conflict("subnet " + subnet + " overlaps one of network '" + use.network()
                            + "' on the same parent '" + parent.name() + "'");
                }
            }
            if (network.mode().isRouted()) {
                for (IpCidr own : host.addressesOf(parent.index())) {
                    if (own.prefix().overlaps(subnet)) {
                        throw conflict("subnet " + subnet + " overlaps " + own.prefix() + ", the parent '"
                                + parent.name() + "' own (" + own + "): mode "
                                + network.mode().text()
                                + " needs a subnet of its own, to which others can have a route through this host");
                    }
                }
            }
        }
    }

    private static boolean overlaps(List<IpPrefix> prefixes, IpPrefix one) {
        return prefixes.stream().anyMatch(one::overlaps);
    }

    private ConflictException conflict(String reason) {
        return new ConflictException("create network", "'" + network.name() + "'", reason, null, null);
    }
}
