package io.ipvlan.it;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.DriftWatch;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A program that works in its own namespace only: makes networks with host access, and watches them.
final class AtHome {
    private AtHome() {}

    public static void main(String[] arguments) throws InterruptedException {
        IpvlanNetwork.Builder dual = IpvlanNetwork.builder("dual")
                .l2()
                .subnet("10.1.0.0/24")
                .subnet("2001:db8:1::/64")
                .hostAccess();
        IpvlanNetwork.Builder single =
                IpvlanNetwork.builder("single").l3().subnet("10.2.0.0/24").hostAccess();
        try (Ipvlan ipvlan = Ipvlan.open()) {
            for (IpvlanNetwork.Builder description : List.of(dual, single)) {
                ActiveNetwork network = ipvlan.create(description.build());
                BlockingQueue<String> told = new LinkedBlockingQueue<>();
                try (DriftWatch _ = ipvlan.watch((_, drifts) -> told.add(drifts.toString()))) {
                    String parent = network.inspect().parent();
                    Command.run(List.of("ip", "link", "set", parent, "down")).checked();
                    System.out.println(network.name() + " is told " + told.poll(20, TimeUnit.SECONDS));
                }
                network.delete();
            }
        }
    }
}
