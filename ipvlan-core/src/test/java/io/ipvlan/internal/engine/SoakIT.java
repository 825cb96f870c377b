package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.kernel.NetlinkKernel;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.internal.store.MemoryStore;
import io.ipvlan.ipam.SubnetAllocator;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Many endpoints come and go again and again: nothing piles up. `-Dsoak.seconds=` says for how long, and
/// `-Dsoak.endpoints=` how many at once.
class SoakIT {
    private static final Duration LONG = Duration.ofSeconds(Long.getLong("soak.seconds", 60));
    private static final int ENDPOINTS = Integer.getInteger("soak.endpoints", 1000);

    /// What a heap may grow by, in bytes, while classes are loaded and compiled code comes and goes.
    private static final long HEAP = 8 << 20;

    @Test
    void nothingPilesUp() throws InterruptedException {
        try (NetlinkHost host = new NetlinkHost();
                Engine engine = Engine.open(NetlinkKernel.open(), new MemoryStore(), SubnetAllocator.of(List.of()))) {
            Netns place = host.newPlace();
            ActiveNetwork network = engine.create(IpvlanNetwork.builder("soak")
                    .parent("eth0")
                    .subnet("10.32.0.0/16")
                    .build());
            round(network, place); // loads what is loaded once
            List<NamespaceState> kernel = seen(host, place);
            List<String> more = host.more();
            long heap = heap();
            long first = round(network, place);
            long last = first;
            int rounds = 2;
            for (long end = System.nanoTime() + LONG.toNanos(); System.nanoTime() < end; rounds++) {
                last = round(network, place);
            }
            assertEquals(kernel, seen(host, place));
            assertEquals(more, host.more());
            long grown = heap() - heap;
            assertTrue(grown < HEAP, () -> "the heap grew by " + grown + " bytes");
            System.out.println("SoakIT: " + rounds + " times " + ENDPOINTS + " endpoints, µs for each at first " + first
                    + ", at last " + last + "; heap " + grown + " bytes more");
            network.delete();
        }
    }

    /// Attaches and detaches all.
    ///
    /// @return how long it took for each endpoint, in microseconds
    private static long round(ActiveNetwork network, Netns place) {
        long begun = System.nanoTime();
        network.attachAll(IntStream.range(0, ENDPOINTS)
                .mapToObj(i -> EndpointSpec.in(place)
                        .withId("e" + i)
                        .withInterfaceName("net" + i)
                        .withoutDefaultRoute())
                .toList());
        network.detachAll();
        return (System.nanoTime() - begun) / 1000 / ENDPOINTS;
    }

    private static List<NamespaceState> seen(NetlinkHost host, Netns place) {
        try (Kernel.Namespace inside = host.witness().open(Optional.of(place))) {
            return List.of(host.witness().open(Optional.empty()).observe(), inside.observe());
        }
    }

    /// What is in use when collecting changes nothing any more: what is found to be free is let go by threads
    /// of the JVM a while later, and is counted until then.
    private static long heap() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int unchanged = 0; unchanged < 3; unchanged++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(200);
            long used =
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            if (used < least) {
                least = used;
                unchanged = 0;
            }
        }
        return least;
    }
}
