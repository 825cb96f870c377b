package io.ipvlan.internal.plan;

import io.ipvlan.ConflictException;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipv6Policy;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.Plan;
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
import java.util.OptionalInt;
import java.util.TreeMap;

/// Plans an endpoint: child link, sysctls, addresses, routes, rules, in the order the kernel needs them.
/// Pure.
public final class EndpointPlanner {
    private static final int SMALLEST_IPV6_MTU = 1280;

    private final IpvlanNetwork network;
    private final List<Subnet> subnets;
    private final Optional<Netns> parentNetns;

    /// @param network the description of the network
    /// @param subnets its subnets as they are used
    /// @param parentNetns the namespace its parent is in; empty for the engine's own
    public EndpointPlanner(IpvlanNetwork network, List<Subnet> subnets, Optional<Netns> parentNetns) {
        this.network = network;
        this.subnets = subnets;
        this.parentNetns = parentNetns;
    }

    /// A child link to be.
    ///
    /// @param name its name
    /// @param index its index
    /// @param parent the parent's name
    /// @param parentIndex the parent's index
    public record Child(String name, int index, String parent, int parentIndex) {}

    /// Plans an endpoint. The link's sysctls come before it is up, because some count only then, and so that
    /// IPv6 sends nothing where it is to be off; its addresses after that, because an IPv6 address given to a
    /// link that is down may take a second until it works. One sysctl comes after it is up, for that sets it
    /// anew.
    ///
    /// @param endpoint where and how
    /// @param id the endpoint's name
    /// @param child its link
    /// @param addresses the addresses it was given
    /// @return the plan
    public Plan plan(EndpointSpec endpoint, String id, Child child, List<IpCidr> addresses) {
        Optional<Netns> netns = Optional.of(endpoint.netns());
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.CreateIpvlan(
                child.name(),
                child.index(),
                child.parent(),
                child.parentIndex(),
                parentNetns,
                netns,
                network.mode(),
                network.flag(),
                mtu(endpoint)));
        settings(endpoint, id, child, netns, steps);
        for (IpCidr address : addresses) {
            steps.add(new Step.AddAddress(address, child.name(), child.index(), netns));
        }
        List<Route> routes = new RoutePlanner(network, subnets, endpoint).routes(addresses, child.name());
        if (endpoint.sourceRules()) {
            byOwnTable(addresses, routes, child, netns, steps);
        } else {
            routes.forEach(route -> steps.add(addRoute(route, child, netns)));
        }
        return new Plan(steps);
    }

    /// What a link is given before it is used. Its alias comes behind its sysctls: they are not compared with what
    /// is there, and a link that has it has them.
    private void settings(EndpointSpec endpoint, String id, Child child, Optional<Netns> netns, List<Step> steps) {
        Step alias =
                new Step.SetAlias(child.name(), child.index(), Marks.alias(network.name(), Optional.of(id)), netns);
        Step up = new Step.SetUp(child.name(), child.index(), netns);
        List<Step> late = new ArrayList<>();
        for (Sysctl sysctl : sysctls(endpoint)) {
            (sysctl.isSetByComingUp() ? late : steps).add(sysctl.of(child, netns));
        }
        if (late.isEmpty()) {
            steps.addAll(List.of(alias, up)); // which are one request
        } else {
            steps.add(up);
            steps.addAll(late);
            steps.add(alias);
        }
    }

    private static Step addRoute(Route route, Child child, Optional<Netns> netns) {
        return new Step.AddRoute(route, route.device().isPresent() ? child.index() : 0, netns);
    }

    /// The table needs the on-link routes, too, which the kernel adds to the main table only.
    private static void byOwnTable(
            List<IpCidr> addresses, List<Route> routes, Child child, Optional<Netns> netns, List<Step> steps) {
        int table = child.index();
        addresses.stream()
                .map(IpCidr::prefix)
                .distinct()
                .forEach(prefix ->
                        steps.add(addRoute(Route.onLink(prefix, child.name()).table(table), child, netns)));
        for (Route route : routes) {
            steps.add(addRoute(route.table().isPresent() ? route : route.table(table), child, netns));
        }
        for (IpCidr address : addresses) {
            IpAddress own = address.address();
            steps.add(new Step.AddRule(IpPrefix.of(own, own.family().bits()), table, netns));
        }
    }

    /// Refuses what does not fit the network or its parent.
    ///
    /// @param endpoint where and how
    /// @param id the endpoint's name
    /// @param parent the parent as it is
    /// @throws ConflictException if it does not fit
    public void check(EndpointSpec endpoint, String id, NamespaceState.Link parent) {
        if (ipv6(endpoint) == Ipv6Policy.ROUTER && network.mode().isRouted()) {
            throw conflict(
                    id,
                    "routers are not heard in mode " + network.mode().text() + ", and " + Ipv6Policy.ROUTER
                            + " was asked for: use mode l2");
        }
        if (ipv6(endpoint) == Ipv6Policy.OFF && network.has(IpFamily.IPV6)) {
            throw conflict(
                    id,
                    "IPv6 is to be off, and the network gives it an IPv6 address: "
                            + "leave the policy out, or use a network without IPv6");
        }
        mtu(endpoint).ifPresent(wanted -> {
            int least = network.has(IpFamily.IPV6) ? SMALLEST_IPV6_MTU : 0;
            if (wanted < least) {
                throw conflict(id, "mtu " + wanted + " is less than " + least + ", which IPv6 needs (RFC 8200)");
            }
            if (wanted > parent.mtu()) {
                throw conflict(
                        id,
                        "mtu " + wanted + " is more than that of the parent '" + parent.name() + "', " + parent.mtu()
                                + ", which would drop what is larger: use that or less");
            }
        });
    }

    /// Refuses a link that is not as it was made: somebody changed mode or flag of the parent at this moment.
    ///
    /// @param id the endpoint's name
    /// @param link the link as it is; empty if it is gone
    /// @return the link
    /// @throws ConflictException if it has another mode or flag
    /// @throws NotFoundException if it is gone
    public NamespaceState.Link checkPort(String id, Optional<NamespaceState.Link> link) {
        NamespaceState.Link found = link.orElseThrow(() -> new NotFoundException(
                "attach endpoint", object(id), "its link has gone, with its parent or its namespace", null, null));
        NamespaceState.Port wanted = new NamespaceState.Port(network.mode(), network.flag());
        if (!found.port().equals(Optional.of(wanted))) {
            throw conflict(
                    id,
                    "another program changed mode and flag of the parent at this moment, to "
                            + found.port().map(NamespaceState.Port::toString).orElse("something unknown")
                            + ": find out who uses it, or use another parent");
        }
        return found;
    }

    /// Whether machines outside should be told of a new endpoint's addresses: where there are any, and they
    /// ask.
    public boolean isHeardOutside() {
        return !network.mode().isRouted() && !RoutePlanner.isDummy(network.parent());
    }

    private String object(String id) {
        return "'" + id + "' to network '" + network.name() + "'";
    }

    private ConflictException conflict(String id, String reason) {
        return new ConflictException("attach endpoint", object(id), reason, null, null);
    }

    /// What the endpoint's link is to do with IPv6.
    public Ipv6Policy ipv6(EndpointSpec endpoint) {
        return endpoint.ipv6().orElse(network.has(IpFamily.IPV6) ? Ipv6Policy.STATIC : Ipv6Policy.OFF);
    }

    /// A setting of a link, whose name is put in later.
    private record Sysctl(String key, String value) {
        /// A dot in a link's name is written as a slash, as sysctl(8) has it.
        Step of(Child link, Optional<Netns> netns) {
            String named =
                    key.replace(EndpointValidator.PLACEHOLDER, link.name().replace('.', '/'));
            return new Step.SetSysctl(named, value, netns);
        }

        /// Whether the kernel sets it to the link's own MTU when that comes up: `addrconf_notify` of
        /// `net/ipv6/addrconf.c`.
        boolean isSetByComingUp() {
            return key.equals("net.ipv6.conf." + EndpointValidator.PLACEHOLDER + ".mtu");
        }
    }

    private List<Sysctl> sysctls(EndpointSpec endpoint) {
        List<Sysctl> wanted = new ArrayList<>();
        String ipv6 = "net.ipv6.conf." + EndpointValidator.PLACEHOLDER + ".";
        switch (ipv6(endpoint)) {
            case OFF -> wanted.add(new Sysctl(ipv6 + "disable_ipv6", "1"));
            case STATIC -> {
                // In the routed modes nothing a router says arrives.
                if (!network.mode().isRouted()) {
                    wanted.add(new Sysctl(ipv6 + "accept_ra", "0"));
                }
            }
            case ROUTER -> {
                wanted.add(new Sysctl(ipv6 + "disable_ipv6", "0"));
                wanted.add(new Sysctl(ipv6 + "accept_ra", "2"));
                wanted.add(new Sysctl(ipv6 + "autoconf", "1"));
            }
        }
        new TreeMap<>(endpoint.sysctls()).forEach((key, value) -> wanted.add(new Sysctl(key, value)));
        return wanted;
    }

    /// The MTU the endpoint's link is to have; empty for the parent's.
    public OptionalInt mtu(EndpointSpec endpoint) {
        return endpoint.mtu().isPresent() ? endpoint.mtu() : network.mtu();
    }
}
