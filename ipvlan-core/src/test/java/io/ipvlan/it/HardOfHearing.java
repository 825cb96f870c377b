package io.ipvlan.it;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.DriftWatch;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A program that attaches a namespace and watches it while somebody takes away what is in it.
final class HardOfHearing {
    private HardOfHearing() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (Ipvlan ipvlan = Ipvlan.open();
                Machine machine = Machine.create()) {
            ActiveNetwork network = ipvlan.create(
                    IpvlanNetwork.builder("late").l3().subnet("10.1.0.0/24").build());
            network.attach(EndpointSpec.in(machine.netns()).withId("a"));
            BlockingQueue<String> told = new LinkedBlockingQueue<>();
            try (DriftWatch _ = ipvlan.watch((_, drifts) -> told.add(drifts.toString()))) {
                TimeUnit.SECONDS.sleep(2); // until it has looked for the first time
                machine.run("ip address delete 10.1.0.1/24 dev eth0");
                System.out.println("is told " + told.poll(30, TimeUnit.SECONDS));
                machine.run("ip link delete eth0");
                System.out.println("is told " + told.poll(30, TimeUnit.SECONDS));
            }
            network.detachAll();
            network.delete();
        }
    }
}
