package io.ipvlan.internal.engine;

import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.EndpointPlanner;
import io.ipvlan.internal.plan.HostAccessPlanner;
import io.ipvlan.internal.plan.LinkNames;
import io.ipvlan.internal.store.ParentLink;
import io.ipvlan.internal.store.Records.HostRecord;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.Lease;
import io.ipvlan.ipam.Subnet;
import java.util.List;

/// The child link by which the parent's namespace and the endpoints of a network reach each other.
///
/// @param child the link
/// @param record what is remembered of it
/// @param leases its addresses as leased
/// @param planner plans what belongs to it
record HostAccess(EndpointPlanner.Child child, HostRecord record, List<Lease> leases, HostAccessPlanner planner) {
    /// Host access of a network.
    ///
    /// @param record its index, its addresses, and what the parent had when it was made: what the parent has
    ///     at another time must not change which routes there are
    static HostAccess of(
            IpvlanNetwork network, List<Subnet> subnets, ParentLink parent, HostRecord record, List<Lease> leases) {
        EndpointPlanner.Child child = new EndpointPlanner.Child(
                LinkNames.hostAccess(network.name()), record.index(), parent.name(), parent.index());
        return new HostAccess(
                child,
                record,
                leases,
                new HostAccessPlanner(network, subnets, parent.netns(), child, record.addresses(), record.parents()));
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
