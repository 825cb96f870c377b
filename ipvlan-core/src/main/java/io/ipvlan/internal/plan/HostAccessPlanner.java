package io.ipvlan.internal.plan;

import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Route;
import io.ipvlan.Step;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Plans how the parent's namespace and the endpoints of a network reach each other: by a child link in that
/// namespace, with an address in each subnet so that endpoints find it without a gateway, and routes through
/// it. Pure.
public final class HostAccessPlanner {
    private final IpvlanNetwork network;
    private final List<Subnet> subnets;
    private final Optional<Netns> netns;
    private final EndpointPlanner.Child child;
    private final List<IpAddress> own;
    private final List<IpCidr> parents;

    /// @param network the description
    /// @param subnets its subnets as they are used
    /// @param netns the namespace of the parent; empty for the engine's own
    /// @param child the child link there
    /// @param own its addresses, one of each subnet
    /// @param parents the parent's own addresses
    public HostAccessPlanner(
            IpvlanNetwork network,
            List<Subnet> subnets,
            Optional<Netns> netns,
            EndpointPlanner.Child child,
            List<IpAddress> own,
            List<IpCidr> parents) {
        this.network = network;
        this.subnets = subnets;
        this.netns = netns;
        this.child = child;
        this.own = own;
        this.parents = parents;
    }

    /// What is made with the network.
    public List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.CreateIpvlan(
                child.name(),
                child.index(),
                child.parent(),
                child.parentIndex(),
                netns,
                netns,
                network.mode(),
                network.flag(),
                network.mtu()));
        if (!network.has(IpFamily.IPV6)) {
            steps.add(sysctl("disable_ipv6", "1"));
        } else if (!network.mode().isRouted()) {
            steps.add(sysctl("accept_ra", "0"));
        }
        steps.add(new Step.SetAlias(child.name(), child.index(), Marks.alias(network.name(), Optional.empty()), netns));
        steps.add(new Step.SetUp(child.name(), child.index(), netns));
        own.forEach(address -> steps.add(
                new Step.AddAddress(IpCidr.of(address, address.family().bits()), child.name(), child.index(), netns)));
        for (Subnet subnet : subnets) {
            if (!isParents(subnet)) {
                steps.add(route(subnet.prefix()));
            }
        }
        return steps;
    }

    private Step sysctl(String setting, String value) {
        return new Step.SetSysctl("net.ipv6.conf." + child.name() + "." + setting, value, netns);
    }

    /// What is made with an endpoint: routes to its addresses where the subnet has to stay the parent's.
    public List<Step> steps(List<IpCidr> endpoint) {
        return endpoint.stream()
                .map(IpCidr::address)
                .filter(address -> subnets.stream().anyMatch(subnet -> contains(subnet, address) && isParents(subnet)))
                .map(address -> route(IpPrefix.of(address, address.family().bits())))
                .toList();
    }

    /// Whether the namespace reaches other machines of the subnet by the parent.
    private boolean isParents(Subnet subnet) {
        return parents.stream().anyMatch(address -> address.prefix().overlaps(subnet.prefix()));
    }

    private static boolean contains(Subnet subnet, IpAddress address) {
        return subnet.prefix().contains(address);
    }

    private Step route(IpPrefix destination) {
        Subnet subnet = subnets.stream()
                .filter(candidate -> candidate.prefix().overlaps(destination))
                .findFirst()
                .orElseThrow();
        IpAddress source = own.stream()
                .filter(address -> contains(subnet, address))
                .findFirst()
                .orElseThrow();
        return new Step.AddRoute(Route.onLink(destination, child.name()).source(source), child.index(), netns);
    }
}
