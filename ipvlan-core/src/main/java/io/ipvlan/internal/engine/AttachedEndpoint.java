package io.ipvlan.internal.engine;

import io.ipvlan.Endpoint;
import io.ipvlan.EndpointInfo;
import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.store.Records.EndpointRecord;
import io.ipvlan.ipam.Lease;
import java.util.List;
import java.util.Optional;

/// An endpoint of a network.
///
/// @param network its network
/// @param record what was asked for, what it got, and where
/// @param steps what was done for it, which is what has to be there
/// @param leases its addresses as leased
record AttachedEndpoint(Network network, EndpointRecord record, List<Step> steps, List<Lease> leases)
        implements Endpoint {
    @Override
    public String id() {
        return record.id();
    }

    @Override
    public EndpointInfo info() {
        return record.info();
    }

    @Override
    public void detach() {
        network.detach(this);
    }

    /// Whether a link is its own.
    boolean has(Kernel.Foreign child) {
        return child.link().index() == record.index() && child.namespace().matches(record.namespace());
    }

    /// Whether it has something in a namespace.
    boolean hasStepsAt(Optional<Netns> netns) {
        return steps.stream().anyMatch(step -> step.netns().equals(netns));
    }

    Netns netns() {
        return record.spec().netns();
    }

    @Override
    public String toString() {
        return "endpoint '" + id() + "' of network '" + network.name() + "' " + record.addresses();
    }
}
