package io.ipvlan.internal.engine;

import io.ipvlan.IpvlanNetwork;
import io.ipvlan.internal.kernel.NamespaceId;
import io.ipvlan.internal.plan.HostState;
import io.ipvlan.internal.plan.NetworkPlanner;
import io.ipvlan.internal.plan.PortUse;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which network uses which parent of a host, and how. Shared by all engines of the program on that host:
/// what one does to a parent happens to the networks of the other. Checking and claiming are one step here,
/// so that of two networks that cannot share a parent only one gets it.
final class Ports {
    private static final Map<NamespaceId, Ports> BY_HOST = new HashMap<>();

    private final NamespaceId host;
    private final Map<Claimant, PortUse> uses = new HashMap<>();
    private int engines;

    private Ports(NamespaceId host) {
        this.host = host;
    }

    /// Who claims: the same network name may occur in two engines.
    record Claimant(Engine engine, String network) {}

    /// The ports of a host, until [#leave].
    static Ports join(NamespaceId host) {
        synchronized (BY_HOST) {
            Ports ports = BY_HOST.computeIfAbsent(host, Ports::new);
            ports.engines++;
            return ports;
        }
    }

    /// Lets go of everything an engine has claimed. Its networks stay, and are claimed again by whoever opens
    /// them.
    void leave(Engine engine) {
        synchronized (BY_HOST) {
            engines--;
            if (engines == 0) {
                BY_HOST.remove(host);
            }
        }
        synchronized (this) {
            uses.keySet().removeIf(claimant -> claimant.engine() == engine);
        }
    }

    private NetworkPlanner planner(String operation, Claimant claimant, IpvlanNetwork network, List<Subnet> subnets) {
        List<PortUse> others = uses.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(claimant))
                .map(Map.Entry::getValue)
                .toList();
        return new NetworkPlanner(operation, network, subnets, others);
    }

    /// Plans a network, and claims its parent if that exists.
    synchronized NetworkPlanner.Result plan(
            Claimant claimant, IpvlanNetwork network, List<Subnet> subnets, HostState host) {
        NetworkPlanner.Result result = preview(claimant, network, subnets, host);
        result.existing().ifPresent(parent -> claim(claimant, network, subnets, parent.index()));
        return result;
    }

    /// Plans a network and claims nothing.
    synchronized NetworkPlanner.Result preview(
            Claimant claimant, IpvlanNetwork network, List<Subnet> subnets, HostState host) {
        return planner("create network", claimant, network, subnets).plan(host);
    }

    /// Checks that a parent can still be shared, and claims it: it may be another link of the same name by
    /// now.
    synchronized void renew(
            Claimant claimant,
            IpvlanNetwork network,
            List<Subnet> subnets,
            String parent,
            int parentIndex,
            List<HostState.Link> children) {
        planner("attach to network", claimant, network, subnets).checkShared(parent, parentIndex, children);
        claim(claimant, network, subnets, parentIndex);
    }

    /// Claims a parent.
    synchronized void claim(Claimant claimant, IpvlanNetwork network, List<Subnet> subnets, int parentIndex) {
        uses.put(
                claimant,
                new PortUse(
                        network.name(),
                        parentIndex,
                        new HostState.Port(network.mode(), network.flag()),
                        subnets.stream().map(Subnet::prefix).toList()));
    }

    synchronized void release(Claimant claimant) {
        uses.remove(claimant);
    }

    /// The prefixes of all networks.
    synchronized List<IpPrefix> subnets() {
        return uses.values().stream().flatMap(use -> use.subnets().stream()).toList();
    }
}
