package io.ipvlan.bench.peer;

import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;

/// From the start of the JVM to the first endpoint: a network on a dummy parent, and a namespace that is made for it.
/// The line is printed as soon as the endpoint is there; then everything is removed.
final class ColdAttach {
    private ColdAttach() {}

    static void run() throws NetlinkException {
        try (Ipvlan ipvlan = Ipvlan.open();
                NetNamespace namespace = NetNamespace.create();
                EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("cold")
                        .l3()
                        .subnet("10.100.0.0/16")
                        .build())) {
            network.attach(Netns.ofDescriptor(namespace.descriptor()));
            // As in ColdStart.
            System.out.print("{\"w\":\"cold-attach\",\"peer\":\"java\",\"endpoints\":");
            System.out.print(network.endpoints().size());
            System.out.println("}");
        }
    }
}
