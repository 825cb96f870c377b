package io.ipvlan.internal.engine;

import static io.ipvlan.internal.engine.Bench.BLUE;
import static io.ipvlan.internal.engine.Bench.DUMMY;
import static io.ipvlan.internal.engine.Bench.ETH0;
import static io.ipvlan.internal.engine.Bench.GREEN;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// While an operation waits for the kernel or for the store, those on another parent go on. That they do over
/// netlink, too, is shown by `NetlinkKernelIT`.
class ParallelParentsTest {
    private final Bench bench = new Bench();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @AfterEach
    void close() {
        threads.shutdownNow();
        bench.close();
    }

    /// @param work what is stopped at each of its points in turn
    /// @param other what is done meanwhile
    /// @return at how many
    private int stopAtEachPoint(Runnable work, Runnable other)
            throws ExecutionException, InterruptedException, TimeoutException {
        for (int point = 1; ; point++) {
            Stop stop = new Stop(point);
            bench.lifeline.beforeEach(stop);
            Future<?> stopped = threads.submit(() -> stop.during(work));
            boolean reached = stop.isReached();
            if (reached) {
                threads.submit(other).get(Stop.LIMIT_SECONDS, TimeUnit.SECONDS);
                stop.release();
            }
            stopped.get(Stop.LIMIT_SECONDS, TimeUnit.SECONDS);
            if (!reached) {
                return point - 1;
            }
        }
    }

    private Runnable attachAndDetach(IpvlanNetwork description, Netns netns) {
        ActiveNetwork network = bench.engine.create(description);
        return () -> network.attach(EndpointSpec.in(netns)).detach();
    }

    @Test
    void whoAttachesAndDetachesKeepsNobodyWaiting() throws Exception {
        int points = stopAtEachPoint(attachAndDetach(DUMMY, BLUE), attachAndDetach(ETH0, GREEN));
        assertTrue(points > 10, () -> "it was stopped at " + points + " points");
    }

    @Test
    void whoAttachesAndDetachesManyKeepsNobodyWaiting() throws Exception {
        ActiveNetwork network = bench.engine.create(DUMMY);
        int points = stopAtEachPoint(
                () -> {
                    network.attachAll(List.of(
                            EndpointSpec.in(BLUE).withId("slow"),
                            EndpointSpec.in(BLUE).withId("slower").withoutDefaultRoute()));
                    network.detachAll();
                },
                attachAndDetach(ETH0, GREEN));
        assertTrue(points > 10, () -> "it was stopped at " + points + " points");
    }

    /// Makes the parent, too, and takes it away.
    private Runnable createAndDelete(IpvlanNetwork description) {
        return () -> {
            ActiveNetwork network = bench.engine.create(description);
            assertSame(network, bench.engine.ensure(description));
            network.delete();
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "eth0.20", "eth0.20.30"})
    void whoMakesAndRemovesAParentKeepsNobodyWaiting(String parent) throws Exception {
        IpvlanNetwork.Builder other = IpvlanNetwork.builder("other").l3().subnet("10.2.0.0/24");
        IpvlanNetwork slow = IpvlanNetwork.builder("slow")
                .l3()
                .parent("eth0.10")
                .subnet("10.1.0.0/24")
                .build();
        int points = stopAtEachPoint(
                createAndDelete(slow), createAndDelete((parent.isEmpty() ? other : other.parent(parent)).build()));
        assertTrue(points > 10, () -> "it was stopped at " + points + " points");
    }
}
