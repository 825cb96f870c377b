package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.KernelException;
import io.ipvlan.Netns;
import io.ipvlan.internal.kernel.NetlinkKernel;
import io.ipvlan.internal.store.MemoryStore;
import io.ipvlan.ipam.SubnetAllocator;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.RouteSocket;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A failure at any step of creating and attaching leaves nothing behind in the real kernel: each step is
/// made to fail in turn, before it takes effect and after it.
class FaultIT {
    private static final IpvlanNetwork DUAL = IpvlanNetwork.builder("faults")
            .l3()
            .subnet("10.7.0.0/24")
            .subnet("2001:db8:7::/64")
            .build();

    /// Everything in a namespace but link-local addresses and their routes, which come a second after their
    /// link.
    private record Picture(List<?> links, List<?> addresses, List<?> routes) {
        static Picture of(RouteSocket socket) throws NetlinkException {
            return new Picture(
                    socket.links(),
                    socket.addresses().stream()
                            .filter(address -> !address.address().address().isLinkLocal())
                            .toList(),
                    socket.routes().stream()
                            .filter(route -> !route.destination().address().isLinkLocal())
                            .toList());
        }
    }

    private interface Operation {
        void run(Engine engine) throws NetlinkException;
    }

    /// @return how many calls to the kernel there were to fail at
    private static int failEverywhere(
            Operation prepare, Operation operation, RouteSocket inside, FaultyKernel.When when)
            throws NetlinkException {
        for (int call = 1; ; call++) {
            try (NetlinkKernel real = NetlinkKernel.open();
                    RouteSocket host = RouteSocket.open()) {
                FaultyKernel kernel = new FaultyKernel(real);
                Engine engine = Engine.open(kernel, new MemoryStore(), SubnetAllocator.of(List.of()));
                prepare.run(engine);
                Picture hostBefore = Picture.of(host);
                Picture insideBefore = Picture.of(inside);
                kernel.fail(call, when);
                boolean failed = false;
                try {
                    operation.run(engine);
                } catch (KernelException e) {
                    failed = true;
                    assertEquals(List.of(), e.leftovers());
                    assertEquals(hostBefore, Picture.of(host));
                    assertEquals(insideBefore, Picture.of(inside));
                    kernel.heal();
                    operation.run(engine);
                }
                kernel.heal();
                for (ActiveNetwork network : engine.networks()) {
                    network.endpoints().forEach(endpoint -> endpoint.detach());
                    network.delete();
                }
                if (!failed) {
                    assertFalse(kernel.failed(), "a failure was swallowed");
                    return call - 1;
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void creatingLeavesNothing(FaultyKernel.When when) throws NetlinkException {
        try (NetNamespace namespace = NetNamespace.create();
                RouteSocket inside = RouteSocket.open(namespace)) {
            int calls = failEverywhere(engine -> {}, engine -> engine.create(DUAL), inside, when);
            assertTrue(calls >= 3, "only " + calls + " calls");
        }
    }

    @ParameterizedTest
    @EnumSource
    void attachingLeavesNothing(FaultyKernel.When when) throws NetlinkException {
        try (NetNamespace namespace = NetNamespace.create();
                RouteSocket inside = RouteSocket.open(namespace)) {
            Netns netns = Netns.ofPath(namespace.path());
            int calls = failEverywhere(
                    engine -> engine.create(DUAL),
                    engine -> engine.find("faults").orElseThrow().attach(EndpointSpec.in(netns)),
                    inside,
                    when);
            assertTrue(calls >= 4, "only " + calls + " calls");
        }
    }

    /// An alias, two addresses and two routes follow the link; the failure comes after some of them.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void attachingInPartLeavesNothing(int steps) throws NetlinkException {
        try (NetNamespace namespace = NetNamespace.create();
                RouteSocket inside = RouteSocket.open(namespace);
                NetlinkKernel real = NetlinkKernel.open()) {
            FaultyKernel kernel = new FaultyKernel(real);
            Engine engine = Engine.open(kernel, new MemoryStore(), SubnetAllocator.of(List.of()));
            ActiveNetwork network = engine.create(DUAL);
            Picture before = Picture.of(inside);
            kernel.configureOnly(steps);
            KernelException failure =
                    assertThrows(KernelException.class, () -> network.attach(Netns.ofPath(namespace.path())));
            assertEquals(List.of(), failure.leftovers());
            assertEquals(before, Picture.of(inside));
            kernel.heal();
            network.delete();
        }
    }
}
