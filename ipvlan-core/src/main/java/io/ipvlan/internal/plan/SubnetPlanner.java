package io.ipvlan.internal.plan;

import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import java.util.List;
import java.util.stream.Stream;

/// Says which subnets a network really uses. Pure.
public final class SubnetPlanner {
    private SubnetPlanner() {}

    /// The named subnets with their gateways, then the drawn ones without.
    ///
    /// A gateway is chosen only where one can be expected to answer: in mode L2, on a parent of the host, in
    /// a network that is not internal, for a subnet that the user named without refusing one. It is the first
    /// usable address.
    public static List<Subnet> effective(IpvlanNetwork network, List<IpPrefix> drawn) {
        boolean gatewayExpected =
                network.mode() == IpvlanMode.L2 && !RoutePlanner.isDummy(network.parent()) && !network.internal();
        return Stream.concat(
                        network.subnets().stream().map(subnet -> gatewayExpected ? withGateway(subnet) : subnet),
                        drawn.stream().map(Subnet::of))
                .toList();
    }

    private static Subnet withGateway(Subnet subnet) {
        boolean single = subnet.prefix().length() == subnet.family().bits();
        return subnet.gateway().isPresent() || subnet.refusesGateway() || single
                ? subnet
                : subnet.withGateway(subnet.firstUsable());
    }
}
