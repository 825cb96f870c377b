package io.ipvlan;

import io.ipvlan.internal.plan.EndpointValidator;
import io.ipvlan.internal.plan.LinkNames;
import io.ipvlan.internal.plan.ObjectNames;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Where and how to attach a network namespace: an immutable value. Everything but the namespace has a
/// default. A namespace may be attached any number of times, to one network or to several.
///
/// Use [#in(Netns)] and what follows it: the constructor gets another parameter with every setting that is
/// added.
///
/// @param netns the namespace
/// @param id the endpoint's name, unique within its network; made up at random if empty
/// @param addresses the addresses it shall have
/// @param counts how many addresses of a family it shall have, those named included. For a family of the
///     network that is not mentioned, one
/// @param interfaceName the child link's name inside the namespace; the lowest free `eth0`, `eth1`, ... if
///     empty, or another that is free while several are attached there at once
/// @param defaultRoute whether it gets the default route that its network provides
/// @param defaultRouteMetric the priority of that route, the lowest first; the kernel's own if empty
/// @param routes further routes
/// @param sourceRules whether its routes are for packets from its own addresses only
/// @param mtu the largest packet of the link in bytes; the network's if empty
/// @param sysctls settings of the link
/// @param ipv6 what the link does with IPv6; if empty, as the network has subnets of it or not
public record EndpointSpec(
        Netns netns,
        Optional<String> id,
        List<IpAddress> addresses,
        Map<IpFamily, Integer> counts,
        Optional<String> interfaceName,
        boolean defaultRoute,
        OptionalInt defaultRouteMetric,
        List<Route> routes,
        boolean sourceRules,
        OptionalInt mtu,
        Map<String, String> sysctls,
        Optional<Ipv6Policy> ipv6) {
    /// Checks what can be checked without the network.
    ///
    /// @throws IllegalArgumentException if a name cannot be one, an address is given twice, a number is out
    ///     of bounds, or a sysctl is not one of a link
    public EndpointSpec {
        Objects.requireNonNull(netns, "netns");
        id.ifPresent(ObjectNames::requireId);
        interfaceName.ifPresent(LinkNames::require);
        addresses = List.copyOf(addresses);
        if (new HashSet<>(addresses).size() < addresses.size()) {
            throw new IllegalArgumentException("an address is asked for twice: " + addresses);
        }
        counts = Map.copyOf(counts);
        EndpointValidator.requireCounts(counts, addresses);
        routes = List.copyOf(routes);
        routes.forEach(EndpointValidator::requireRoute);
        if (defaultRouteMetric.orElse(0) < 0) {
            throw new IllegalArgumentException("a metric is not negative: " + defaultRouteMetric.getAsInt());
        }
        sysctls = Map.copyOf(sysctls);
        sysctls.forEach(EndpointValidator::requireSysctl);
        mtu.ifPresent(EndpointValidator::requireMtu);
    }

    /// An endpoint in a namespace, with automatic addresses, named `eth0` or the next that is free.
    ///
    /// @param netns the namespace
    /// @return the specification
    public static EndpointSpec in(Netns netns) {
        return new EndpointSpec(
                netns,
                Optional.empty(),
                List.of(),
                Map.of(),
                Optional.empty(),
                true,
                OptionalInt.empty(),
                List.of(),
                false,
                OptionalInt.empty(),
                Map.of(),
                Optional.empty());
    }

    /// Names the endpoint.
    ///
    /// @param name 1 to 128 letters, digits, `.`, `_` and `-`, the first a letter or digit
    /// @return the changed specification
    /// @throws IllegalArgumentException if it is none
    public EndpointSpec withId(String name) {
        return with(draft -> draft.id = Optional.of(name));
    }

    /// Asks for an address.
    ///
    /// @param address the address as text, without prefix length, such as `192.168.214.10`
    /// @return the changed specification
    /// @throws IllegalArgumentException if the text is no address, or asked for already
    public EndpointSpec withAddress(String address) {
        return withAddress(IpAddress.parse(address));
    }

    /// Asks for an address. It may lie outside the range that automatic ones come from. May be said several
    /// times.
    ///
    /// @param address an address of one of the network's subnets
    /// @return the changed specification
    /// @throws IllegalArgumentException if it is asked for already
    public EndpointSpec withAddress(IpAddress address) {
        return with(draft -> draft.addresses.add(address));
    }

    /// Asks for a number of addresses, those named included; the others are automatic.
    ///
    /// @param family the family
    /// @param count 0 to 256, and at least as many as are named; one unless said
    /// @return the changed specification
    /// @throws IllegalArgumentException if it is another number
    public EndpointSpec withAddresses(IpFamily family, int count) {
        return with(draft -> draft.counts.put(family, count));
    }

    /// Names the child link.
    ///
    /// @param name its name inside the namespace, at most 15 bytes
    /// @return the changed specification
    /// @throws IllegalArgumentException if it cannot name a link
    public EndpointSpec withInterfaceName(String name) {
        return with(draft -> draft.interfaceName = Optional.of(name));
    }

    /// Leaves the namespace's default route alone, for a namespace that has one already. The endpoint then
    /// reaches its own subnet, and the other subnets of its network where they are on link: in the routed
    /// modes, on a dummy parent, and in an internal network.
    ///
    /// @return the changed specification
    public EndpointSpec withoutDefaultRoute() {
        return with(draft -> draft.defaultRoute = false);
    }

    /// Sets the priority of the default route, for a namespace attached to several networks: of several
    /// default routes the one with the lowest metric is used, and if it goes, the next. Two of the same
    /// metric cannot be.
    ///
    /// @param metric 0 or more
    /// @return the changed specification
    /// @throws IllegalArgumentException if it is negative
    public EndpointSpec withDefaultRouteMetric(int metric) {
        return with(draft -> draft.defaultRouteMetric = OptionalInt.of(metric));
    }

    /// Adds a route, by the child link unless it says otherwise. Its gateway must be reachable on link. It
    /// goes with the link; one without a device, such as a blackhole, is taken away when the endpoint is
    /// detached.
    ///
    /// @param route the route
    /// @return the changed specification
    /// @throws IllegalArgumentException if it names a device
    public EndpointSpec withRoute(Route route) {
        return with(draft -> draft.routes.add(route));
    }

    /// Lets the endpoint's routes hold for packets from its own addresses only: they are put into a table of
    /// their own, whose number is the link's index, and a rule for each address leads there. So several
    /// endpoints in one namespace have each their own default route, and answers leave where the question
    /// came in.
    ///
    /// @return the changed specification
    public EndpointSpec withSourceRules() {
        return with(draft -> draft.sourceRules = true);
    }

    /// Sets the largest packet of the link.
    ///
    /// @param bytes 68 to 65535, at least 1280 with IPv6, and no more than the parent's
    /// @return the changed specification
    /// @throws IllegalArgumentException if it is less than 68 or more than 65535
    public EndpointSpec withMtu(int bytes) {
        return with(draft -> draft.mtu = OptionalInt.of(bytes));
    }

    /// Sets a sysctl of the link, before it gets its addresses.
    ///
    /// @param key a setting of `net.ipv4.conf`, `net.ipv4.neigh`, `net.ipv6.conf`, `net.ipv6.neigh` or
    ///     `net.mpls.conf` with the word `IFNAME` in place of the link's name, such as
    ///     `net.ipv4.conf.IFNAME.arp_notify`
    /// @param value its value
    /// @return the changed specification
    /// @throws IllegalArgumentException if it is another key, or the value is not one line
    public EndpointSpec withSysctl(String key, String value) {
        return with(draft -> draft.sysctls.put(key, value));
    }

    /// Sets what the link does with IPv6.
    ///
    /// @param policy the policy
    /// @return the changed specification
    public EndpointSpec withIpv6(Ipv6Policy policy) {
        return with(draft -> draft.ipv6 = Optional.of(policy));
    }

    private EndpointSpec with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finish();
    }

    /// A copy that is being changed.
    private static final class Draft {
        private final Netns netns;
        private final List<IpAddress> addresses;
        private final Map<IpFamily, Integer> counts;
        private final List<Route> routes;
        private final Map<String, String> sysctls;
        private Optional<String> id;
        private Optional<String> interfaceName;
        private boolean defaultRoute;
        private OptionalInt defaultRouteMetric;
        private boolean sourceRules;
        private OptionalInt mtu;
        private Optional<Ipv6Policy> ipv6;

        Draft(EndpointSpec spec) {
            netns = spec.netns;
            id = spec.id;
            addresses = new ArrayList<>(spec.addresses);
            counts = new TreeMap<>(spec.counts);
            interfaceName = spec.interfaceName;
            defaultRoute = spec.defaultRoute;
            defaultRouteMetric = spec.defaultRouteMetric;
            routes = new ArrayList<>(spec.routes);
            sourceRules = spec.sourceRules;
            mtu = spec.mtu;
            sysctls = new TreeMap<>(spec.sysctls);
            ipv6 = spec.ipv6;
        }

        EndpointSpec finish() {
            return new EndpointSpec(
                    netns,
                    id,
                    addresses,
                    counts,
                    interfaceName,
                    defaultRoute,
                    defaultRouteMetric,
                    routes,
                    sourceRules,
                    mtu,
                    sysctls,
                    ipv6);
        }
    }
}
