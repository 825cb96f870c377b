package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Drift;
import io.ipvlan.DriftWatch;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What others change in the kernel is told, wherever it happens, and mended if that is wanted.
@Timeout(120)
class WatchIT {
    private static final IpvlanNetwork DUAL = IpvlanNetwork.builder("watched")
            .l2()
            .parent("p0")
            .subnet("10.5.0.0/24")
            .subnet("2001:db8:5::/64")
            .build();

    private final BlockingQueue<List<String>> told = new LinkedBlockingQueue<>();
    private List<String> last = List.of();
    private final Lab lab = new Lab();
    private final Machine a = lab.machine();
    private final Machine b = lab.machine();
    private final Ipvlan ipvlan = Ipvlan.open();

    @BeforeEach
    void makeAParent() {
        lab.link("p0 up type dummy");
    }

    @AfterEach
    void nothingIsLeft() {
        ipvlan.networks().forEach(network -> {
            network.detachAll();
            network.delete();
        });
        ipvlan.close();
        lab.close();
    }

    private void changed(ActiveNetwork network, List<Drift> drifts) {
        told.add(drifts.stream().map(Drift::toString).toList());
    }

    private ActiveNetwork network() {
        ActiveNetwork network = ipvlan.create(DUAL);
        network.attach(EndpointSpec.in(a.netns()).withId("a"));
        network.attach(EndpointSpec.in(b.netns()).withId("b"));
        return network;
    }

    private List<String> next() throws InterruptedException {
        List<String> next = told.poll(30, TimeUnit.SECONDS);
        assertNotNull(next, () -> "nothing is told any more, at last " + last);
        last = next;
        return next;
    }

    /// What is told may come in parts; what counts is where it ends.
    private void comesTo(List<String> expected) throws InterruptedException {
        while (!next().equals(expected)) {
            // it is not over yet
        }
    }

    private void comesToHold(String expected) throws InterruptedException {
        while (!next().contains(expected)) {
            // it is not over yet
        }
    }

    @Test
    void whatOthersTakeAwayInAnyNamespaceIsTold() throws InterruptedException {
        ActiveNetwork network = network();
        try (DriftWatch _ = ipvlan.watch(this::changed)) {
            a.run("ip address delete 10.5.0.2/24 dev eth0");
            comesTo(List.of(
                    "endpoint 'a': address 10.5.0.2/24 of 'eth0' is gone",
                    "endpoint 'a': route 'default via 10.5.0.1 dev eth0' is gone"));
            network.repair();
            comesTo(List.of());

            b.run("ip -6 route delete default");
            comesTo(List.of("endpoint 'b': route 'default via 2001:db8:5::1 dev eth0' is gone"));
            network.repair();
            comesTo(List.of());

            b.run("ip link set eth0 mtu 1400");
            b.run("ip link set eth0 down");
            comesToHold("endpoint 'b': link 'eth0' is down");
            lab.host().run("ip link set p0 down");
            comesToHold("network: its parent 'p0' is down");
            lab.host().run("ip link set p0 up");
        }
    }

    /// Counted from before the command that takes something away, which is a process of its own.
    @Test
    void itIsToldWithinASecond() throws InterruptedException {
        ActiveNetwork network = network();
        List<Duration> waits = new ArrayList<>();
        try (DriftWatch _ = ipvlan.watch(this::changed)) {
            for (int i = 0; i < 5; i++) {
                long since = System.nanoTime();
                a.run("ip address delete 10.5.0.2/24 dev eth0");
                comesToHold("endpoint 'a': address 10.5.0.2/24 of 'eth0' is gone");
                waits.add(Duration.ofNanos(System.nanoTime() - since));
                network.repair();
                comesTo(List.of());
            }
        }
        waits.sort(Comparator.naturalOrder());
        System.out.println("WatchIT: told after " + waits);
        assertTrue(waits.get(waits.size() / 2).compareTo(Duration.ofSeconds(1)) < 0, waits::toString);
    }

    @Test
    void aModeThatAStrangerFlippedIsSetBack() throws InterruptedException {
        network();
        try (DriftWatch _ = ipvlan.watchAndRepair(this::changed)) {
            a.run("ip link set eth0 type ipvlan mode l3 bridge");
            comesTo(List.of());
            b.waitsFor("ip -d link show eth0", "mode l2");
            a.reaches("10.5.0.3");
        }
    }

    @Test
    void aParentThatReturnsIsUsedAgain() throws InterruptedException {
        network();
        try (DriftWatch _ = ipvlan.watchAndRepair(this::changed)) {
            lab.host().run("ip link delete p0");
            comesToHold("network: its parent 'p0' is gone");
            lab.host().run("ip link add p0 up type dummy");
            comesTo(List.of());
            a.reaches("10.5.0.3");
            a.reaches("2001:db8:5::3");
        }
    }

    @Test
    void anEndpointWhoseNamespaceDiesIsTold() throws InterruptedException {
        ActiveNetwork network = ipvlan.create(DUAL);
        try (DriftWatch _ = ipvlan.watch(this::changed)) {
            try (Contained container = Contained.start()) {
                network.attach(EndpointSpec.in(Netns.ofPid(container.pid())).withId("c"));
                TimeUnit.SECONDS.sleep(1); // until it is followed
            }
            comesTo(List.of("endpoint 'c': its namespace is gone"));
            assertEquals(1, network.verify().size());
        }
    }

    /// Its number goes to the next namespace.
    @Test
    void othersAreStillHeardOfWhenANamespaceHasDied() throws InterruptedException {
        ActiveNetwork network = network();
        try (DriftWatch _ = ipvlan.watch(this::changed)) {
            try (Contained container = Contained.start()) {
                network.attach(EndpointSpec.in(Netns.ofPid(container.pid())).withId("c"));
                TimeUnit.SECONDS.sleep(1); // until it is followed
            }
            comesTo(List.of("endpoint 'c': its namespace is gone"));
            TimeUnit.SECONDS.sleep(1); // until its number is gone, too

            b.run("ip -6 route delete default");
            comesToHold("endpoint 'b': route 'default via 2001:db8:5::1 dev eth0' is gone");
        }
    }
}
