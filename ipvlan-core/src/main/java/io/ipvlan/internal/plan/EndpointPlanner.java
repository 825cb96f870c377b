package io.ipvlan.internal.plan;

import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Plan;
import io.ipvlan.Route;
import io.ipvlan.Step;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;

/// Plans an endpoint: child link, addresses, routes, in the order the kernel needs them. Pure.
public final class EndpointPlanner {
    private EndpointPlanner() {}

    /// Plans an endpoint. The link comes first and up, because an IPv6 address given to a link that is down
    /// may take a second until it works.
    ///
    /// @param network the description of its network
    /// @param subnets the network's subnets as they are used
    /// @param parent the parent's name
    /// @param parentIndex the parent's index
    /// @param endpoint where and how
    /// @param index the child link's index
    /// @param addresses the addresses it was given
    /// @return the plan
    public static Plan plan(
            IpvlanNetwork network,
            List<Subnet> subnets,
            String parent,
            int parentIndex,
            EndpointSpec endpoint,
            int index,
            List<IpCidr> addresses) {
        String name = endpoint.interfaceName().orElse(LinkNames.DEFAULT_INTERFACE);
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.CreateIpvlan(
                name, index, parent, parentIndex, endpoint.netns(), network.mode(), network.flag(), network.mtu()));
        for (IpCidr address : addresses) {
            steps.add(new Step.AddAddress(address, name, endpoint.netns()));
        }
        for (Route route : new RoutePlanner(network, subnets, endpoint.defaultRoute()).routes(addresses, name)) {
            steps.add(new Step.AddRoute(route, endpoint.netns()));
        }
        return new Plan(steps);
    }
}
