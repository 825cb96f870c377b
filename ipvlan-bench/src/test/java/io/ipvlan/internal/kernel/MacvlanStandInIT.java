package io.ipvlan.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NetworkStore;
import io.ipvlan.internal.engine.Engine;
import io.ipvlan.ipam.SubnetAllocator;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkMessage;
import io.ipvlan.netlink.route.RouteSocket;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is measured with the stand-in is what an engine does: it only makes links of another kind.
class MacvlanStandInIT {
    @Test
    void theEngineWorksAndItsLinksAreMacvlan() throws NetlinkException {
        try (NetNamespace namespace = NetNamespace.create();
                RouteSocket inside = RouteSocket.open(namespace);
                Ipvlan ipvlan =
                        Engine.open(MacvlanStandIn.open(), NetworkStore.inMemory(), SubnetAllocator.of(List.of()))) {
            ActiveNetwork network = ipvlan.create(
                    IpvlanNetwork.builder("bench").l3().subnet("10.7.0.0/24").build());
            network.attach(EndpointSpec.in(Netns.ofDescriptor(namespace.descriptor())));

            assertEquals(
                    Optional.of("macvlan"),
                    inside.link("eth0").flatMap(LinkMessage::info).map(LinkInfo::kind));
            assertEquals(
                    1,
                    inside.addresses().stream()
                            .filter(address -> address.address().toString().startsWith("10.7.0."))
                            .count());
            assertEquals(List.of(), network.verify());
            network.detachAll();
            assertEquals(Optional.empty(), inside.link("eth0"));
            network.delete();
        }
    }
}
