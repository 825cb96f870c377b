package io.ipvlan.model;

import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Parent;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Networks with their guests, and what is around them:
///
///     guests on dummy parents
///     guests, host (eth0) ===== (eth0) neighbour (eth1) ===== (eth0) beyond
///
/// @param networks the networks, on dummy parents or on the host's `eth0`
/// @param guests the namespaces attached to them
/// @param outside what the other end of the wire does
public record Topology(List<IpvlanNetwork> networks, List<Guest> guests, Outside outside) {
    /// The name of the host.
    public static final String HOST = "host";
    /// The name of the machine at the other end of the wire.
    public static final String NEIGHBOUR = "neighbour";
    /// The name of the machine beyond it.
    public static final String BEYOND = "beyond";

    /// The addresses of the host's `eth0`, of IPv4 those that the engine in memory has, too.
    public static final List<IpCidr> HOST_ADDRESSES = both("192.168.1.250/24", "2001:db8:1::250/64");
    /// The addresses of the neighbour towards the host.
    public static final List<IpCidr> NEIGHBOUR_ADDRESSES = both("192.168.1.1/24", "2001:db8:1::1/64");
    /// The addresses of the neighbour towards what is beyond.
    public static final List<IpCidr> UPLINK_ADDRESSES = both("10.99.0.1/24", "2001:db8:99::1/64");
    /// The addresses of what is beyond the neighbour.
    public static final List<IpCidr> BEYOND_ADDRESSES = both("10.99.0.2/24", "2001:db8:99::2/64");

    /// An endpoint to be.
    ///
    /// @param network the place of its network in the list
    /// @param addresses the addresses it asks for
    /// @param defaultRoute whether it wants a default route
    public record Guest(int network, List<IpAddress> addresses, boolean defaultRoute) {
        EndpointSpec in(Netns netns) {
            EndpointSpec spec = EndpointSpec.in(netns);
            for (IpAddress address : addresses) {
                spec = spec.withAddress(address);
            }
            return defaultRoute ? spec : spec.withoutDefaultRoute();
        }
    }

    /// The other end of the wire.
    ///
    /// @param forwards whether the neighbour is a router
    /// @param knows what it knows of the subnets
    /// @param hostDefault whether the host's default route leads to it
    /// @param reflects whether a switch before it sends frames back to where they came from
    public record Outside(boolean forwards, Knows knows, boolean hostDefault, boolean reflects) {}

    /// What the neighbour knows of the subnets of the networks on the wire.
    public enum Knows {
        /// Nothing.
        NOTHING,
        /// It takes them for its own segment, and has an address in each: the gateway, if there is one.
        ON_LINK,
        /// It has a route to each, by the host.
        BY_HOST
    }

    /// Whether a network is on the wire.
    static boolean onWire(IpvlanNetwork network) {
        return network.parent() instanceof Parent.Link;
    }

    /// The gateway of a subnet, as the documentation of the builder has it: the one named; in mode L2 on a
    /// parent of the host, unless internal or refused, the first usable address.
    static Optional<IpAddress> gateway(IpvlanNetwork network, Subnet subnet) {
        boolean invented =
                network.mode() == IpvlanMode.L2 && onWire(network) && !network.internal() && !subnet.refusesGateway();
        return subnet.gateway().or(() -> Optional.of(subnet.firstUsable()).filter(_ -> invented));
    }

    /// The addresses that the neighbour has on the wire.
    public List<IpCidr> neighbourAddresses() {
        Stream<IpCidr> more = networks.stream()
                .filter(network -> onWire(network) && outside.knows() == Knows.ON_LINK)
                .flatMap(network -> network.subnets().stream()
                        .filter(subnet -> !isOwnSegment(subnet.firstUsable()))
                        .map(subnet -> IpCidr.of(
                                gateway(network, subnet).orElse(subnet.lastUsable()),
                                subnet.prefix().length())));
        return Stream.concat(NEIGHBOUR_ADDRESSES.stream(), more).toList();
    }

    /// The prefixes to which the neighbour has a route by the host.
    public List<IpPrefix> neighbourRoutes() {
        return networks.stream()
                .filter(network -> onWire(network) && outside.knows() == Knows.BY_HOST)
                .flatMap(network -> network.subnets().stream())
                .map(Subnet::prefix)
                .filter(prefix -> !isOwnSegment(prefix.first()))
                .toList();
    }

    /// Whether an address is of the subnet that host and neighbour share.
    static boolean isOwnSegment(IpAddress address) {
        return HOST_ADDRESSES.stream().anyMatch(own -> own.prefix().contains(address));
    }

    /// The address of one family among those of a machine.
    public static IpAddress of(IpFamily family, List<IpCidr> addresses) {
        return addresses.stream()
                .filter(candidate -> candidate.family() == family)
                .findFirst()
                .orElseThrow()
                .address();
    }

    private static List<IpCidr> both(String ipv4, String ipv6) {
        return List.of(IpCidr.parse(ipv4), IpCidr.parse(ipv6));
    }
}
