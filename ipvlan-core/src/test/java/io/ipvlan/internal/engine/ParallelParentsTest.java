package io.ipvlan.internal.engine;

import static io.ipvlan.internal.engine.Bench.BLUE;
import static io.ipvlan.internal.engine.Bench.DUMMY;
import static io.ipvlan.internal.engine.Bench.ETH0;
import static io.ipvlan.internal.engine.Bench.GREEN;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.EndpointSpec;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// While an operation waits for the kernel or for the store, those on another parent go on, as far as it is the
/// engine's to say: over netlink they share the socket in the engine's namespace.
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
    /// @return at how many
    private int stopAtEachPoint(Consumer<ActiveNetwork> work)
            throws ExecutionException, InterruptedException, TimeoutException {
        ActiveNetwork slow = bench.engine.create(DUMMY);
        ActiveNetwork other = bench.engine.create(ETH0);
        for (int point = 1; ; point++) {
            Stop stop = new Stop(point);
            bench.lifeline.beforeEach(stop);
            Future<?> stopped = threads.submit(() -> {
                stop.begin();
                work.accept(slow);
                stop.reached.countDown();
            });
            Stop.await(stop.reached);
            if (stopped.isDone() || stop.passed < point) {
                stopped.get(LIMIT_SECONDS, TimeUnit.SECONDS);
                return point - 1;
            }
            threads.submit(() ->
                            other.attach(EndpointSpec.in(GREEN).withId("other")).detach())
                    .get(LIMIT_SECONDS, TimeUnit.SECONDS);
            stop.released.countDown();
            stopped.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void whoAttachesAndDetachesKeepsNobodyWaiting() throws Exception {
        int points = stopAtEachPoint(
                network -> network.attach(EndpointSpec.in(BLUE).withId("slow")).detach());
        assertTrue(points > 10, () -> "it was stopped at " + points + " points");
    }

    @Test
    void whoAttachesAndDetachesManyKeepsNobodyWaiting() throws Exception {
        int points = stopAtEachPoint(network -> {
            network.attachAll(List.of(
                    EndpointSpec.in(BLUE).withId("slow"),
                    EndpointSpec.in(BLUE).withId("slower").withoutDefaultRoute()));
            network.detachAll();
        });
        assertTrue(points > 10, () -> "it was stopped at " + points + " points");
    }
}
