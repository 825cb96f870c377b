package io.ipvlan.internal.engine;

import io.ipvlan.Step;
import io.ipvlan.internal.plan.EndpointPlanner;
import io.ipvlan.internal.plan.HostAccessPlanner;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.Lease;
import java.util.List;

/// The child link by which the parent's namespace and the endpoints of a network reach each other.
///
/// @param child the link
/// @param leases its addresses, one of each subnet
/// @param planner plans what belongs to it
record HostAccess(EndpointPlanner.Child child, List<Lease> leases, HostAccessPlanner planner) {
    List<IpAddress> addresses() {
        return leases.stream().map(lease -> lease.address().address()).toList();
    }

    /// What is there with the network.
    List<Step> steps() {
        return planner.steps();
    }

    /// What is there with an endpoint.
    List<Step> steps(List<IpCidr> endpoint) {
        return planner.steps(endpoint);
    }
}
