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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// While an operation waits for the kernel or for the store, those on another parent go on. That they do over
/// netlink, too, is shown by `NetlinkKernelIT`.
class ParallelParentsTest {
    private static final long LIMIT_SECONDS = 20;

    private final Bench bench = new Bench();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @AfterEach
    void close() {
        threads.shutdownNow();
        bench.close();
    }

    /// Stops a thread at one of the points it comes to, until it may go on.
    private static final class Stop implements Runnable {
        private final int point;
        private final CountDownLatch reached = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);
        private volatile @Nullable Thread stopped;
        private int passed;

        Stop(int point) {
            this.point = point;
        }

        void begin() {
            stopped = Thread.currentThread();
        }

        @Override
        public void run() {
            if (Thread.currentThread().equals(stopped) && ++passed == point) {
                reached.countDown();
                await(released);
            }
        }

        static void await(CountDownLatch latch) {
            try {
                assertTrue(latch.await(LIMIT_SECONDS, TimeUnit.SECONDS), "nobody came");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// @param work what is stopped at each of its points in turn
    /// @param other what is done meanwhile
    /// @return at how many
    private int stopAtEachPoint(Runnable work, Runnable other)
            throws ExecutionException, InterruptedException, TimeoutException {
        for (int point = 1; ; point++) {
            Stop stop = new Stop(point);
            bench.lifeline.beforeEach(stop);
            Future<?> stopped = threads.submit(() -> {
                stop.begin();
                work.run();
                stop.reached.countDown();
            });
            Stop.await(stop.reached);
            if (stopped.isDone() || stop.passed < point) {
                stopped.get(LIMIT_SECONDS, TimeUnit.SECONDS);
                return point - 1;
            }
            threads.submit(other).get(LIMIT_SECONDS, TimeUnit.SECONDS);
            stop.released.countDown();
            stopped.get(LIMIT_SECONDS, TimeUnit.SECONDS);
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
