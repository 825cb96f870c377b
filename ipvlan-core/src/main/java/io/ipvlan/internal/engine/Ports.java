package io.ipvlan.internal.engine;

import io.ipvlan.IpvlanNetwork;
import io.ipvlan.internal.plan.HostState;
import io.ipvlan.internal.plan.NetworkPlanner;
import io.ipvlan.internal.plan.PortUse;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which network uses which parent, and how. Planning and claiming are one step here, so that of two networks that
/// cannot
/// share a parent only one gets it.
final class Ports {
    private final Map<String, PortUse> uses = new HashMap<>();

    /// Plans a network, and claims its parent if that exists.
    synchronized NetworkPlanner.Result plan(IpvlanNetwork network, List<Subnet> subnets, HostState host) {
        NetworkPlanner.Result result = preview(network, subnets, host);
        result.existing().ifPresent(parent -> claim(network, subnets, parent.index()));
        return result;
    }

    /// Plans a network and claims nothing.
    synchronized NetworkPlanner.Result preview(IpvlanNetwork network, List<Subnet> subnets, HostState host) {
        return NetworkPlanner.plan(network, subnets, host, List.copyOf(uses.values()));
    }

    /// Claims a parent.
    synchronized void claim(IpvlanNetwork network, List<Subnet> subnets, int parentIndex) {
        uses.put(
                network.name(),
                new PortUse(
                        network.name(),
                        parentIndex,
                        new HostState.Port(network.mode(), network.flag()),
                        subnets.stream().map(Subnet::prefix).toList()));
    }

    synchronized void release(String network) {
        uses.remove(network);
    }

    /// The prefixes of all networks.
    synchronized List<IpPrefix> subnets() {
        return uses.values().stream().flatMap(use -> use.subnets().stream()).toList();
    }
}
