package io.ipvlan.it;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Endpoint;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.netlink.netns.NetNamespace;

/// A program that makes a network and a namespace of its own, attaches and detaches.
final class Rootless {
    private Rootless() {}

    public static void main(String[] arguments) throws Exception {
        try (Ipvlan ipvlan = Ipvlan.open();
                NetNamespace namespace = NetNamespace.create()) {
            ActiveNetwork network = ipvlan.create(
                    IpvlanNetwork.builder("rootless").l3().subnet("10.1.0.0/24").build());
            Endpoint endpoint = network.attach(Netns.ofPath(namespace.path()));
            String address = endpoint.info().addresses().getFirst().toString();
            endpoint.detach();
            network.delete();
            System.out.println("attached " + address + " and detached");
        }
    }
}
