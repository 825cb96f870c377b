package io.ipvlan.internal.engine;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NetworkStore;
import io.ipvlan.Route;
import io.ipvlan.internal.engine.Lifeline.Fault;
import io.ipvlan.internal.kernel.NetlinkKernel;
import io.ipvlan.ipam.SubnetAllocator;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// A program that makes, uses and removes a network again and again until it is killed.
final class Victim {
    private static final IpvlanNetwork NETWORK = IpvlanNetwork.builder("killed")
            .parent("eth0.7")
            .subnet("10.7.0.0/24")
            .hostAccess()
            .build();

    private Victim() {}

    /// Runs until it is killed.
    ///
    /// @param arguments the directory of the store; the point at which it says so and waits, or 0; whether
    ///     before or after; the names of two namespaces
    public static void main(String... arguments) {
        Lifeline lifeline = new Lifeline();
        lifeline.atTheEnd(() -> {
            System.out.println("here");
            await();
        });
        int point = Integer.parseInt(arguments[1]);
        NetworkStore store = NetworkStore.directory(Path.of(arguments[0]));
        try (Ipvlan ipvlan =
                Engine.open(new FaultyKernel(NetlinkKernel.open(), lifeline), store, SubnetAllocator.of(List.of()))) {
            System.out.println("begins");
            if (point > 0) {
                lifeline.fail(point, Fault.valueOf(arguments[2]));
            }
            while (true) {
                live(ipvlan, Netns.ofName(arguments[3]), Netns.ofName(arguments[4]));
            }
        }
    }

    /// Does everything once.
    static void live(Ipvlan ipvlan, Netns one, Netns two) {
        ActiveNetwork network = ipvlan.create(NETWORK);
        network.attach(EndpointSpec.in(one).withSourceRules().withRoute(Route.blackhole("10.99.0.0/16")))
                .detach();
        network.attachAll(List.of(
                EndpointSpec.in(one).withSourceRules(),
                EndpointSpec.in(two).withSourceRules(),
                EndpointSpec.in(one).withSourceRules()));
        network.detachAll();
        network.delete();
    }

    private static void await() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
