package io.ipvlan.internal.engine;

import static io.ipvlan.internal.engine.Bench.BLUE;
import static io.ipvlan.internal.engine.Bench.DUMMY;
import static io.ipvlan.internal.engine.Bench.ETH0;
import static io.ipvlan.internal.engine.Bench.GREEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Drift;
import io.ipvlan.DriftListener;
import io.ipvlan.DriftWatch;
import io.ipvlan.EndpointSpec;
import io.ipvlan.internal.engine.Lifeline.Fault;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A watch tells what differs, and may mend it.
@Timeout(30)
class WatcherTest {
    private final Bench bench = new Bench();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final DriftListener listener = new DriftListener() {
        @Override
        public void changed(ActiveNetwork network, List<Drift> drifts) {
            told.add(network.name() + " " + drifts);
        }

        @Override
        public void failed(ActiveNetwork network, RuntimeException failure) {
            told.add(network.name() + " failed");
        }
    };

    @AfterEach
    void close() {
        bench.close();
    }

    private String next() throws InterruptedException {
        String next = told.poll(10, TimeUnit.SECONDS);
        assertNotNull(next, "nothing is told");
        return next;
    }

    private static EndpointSpec web() {
        return EndpointSpec.in(BLUE).withId("web");
    }

    @Test
    void whatDiffersIsToldAndSoIsThatItDoesNoMore() throws InterruptedException {
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.attach(web());
        try (DriftWatch _ = bench.engine.watch(listener)) {
            bench.kernel.empty(BLUE);
            assertEquals("dummy [endpoint 'web': link 'eth0' is gone]", next());
            assertEquals(List.of(), network.repair());
            assertEquals("dummy []", next());
        }
        bench.kernel.empty(BLUE);
        assertEquals(null, told.poll(200, TimeUnit.MILLISECONDS), "it is over");
    }

    @Test
    void whatDiffersAlreadyIsToldAndWhatComesLaterIsWatchedToo() throws InterruptedException {
        bench.engine.create(DUMMY).attach(web());
        bench.kernel.empty(BLUE);
        try (DriftWatch _ = bench.engine.watch(listener)) {
            assertEquals("dummy [endpoint 'web': link 'eth0' is gone]", next());
            bench.engine.create(ETH0).attach(EndpointSpec.in(GREEN).withId("late"));
            bench.kernel.empty(GREEN);
            assertEquals("lan [endpoint 'late': link 'eth0' is gone]", next());
        }
    }

    @Test
    void whatIsDetachedDiffersNoMore() throws InterruptedException {
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.attach(web());
        bench.kernel.empty(BLUE);
        try (DriftWatch _ = bench.engine.watch(listener)) {
            assertEquals("dummy [endpoint 'web': link 'eth0' is gone]", next());
            network.detachAll();
            assertEquals("dummy []", next());
        }
    }

    @Test
    void whatCanBeMendedIs() throws InterruptedException {
        bench.engine.create(DUMMY).attach(web());
        try (DriftWatch _ = bench.engine.watchAndRepair(listener)) {
            bench.kernel.empty(BLUE);
            assertEquals("dummy [endpoint 'web': link 'eth0' is gone]", next());
            assertEquals("dummy []", next());
            assertEquals(List.of("eth0 in blue"), bench.kernel.children());
        }
    }

    @Test
    void whatCouldNotBeLookedAtIsToldAndTriedAgain() throws InterruptedException {
        bench.engine.create(DUMMY).attach(web());
        bench.lifeline.failFrom(1, Fault.REFUSED);
        try (DriftWatch _ = bench.engine.watchAndRepair(listener)) {
            assertEquals("dummy failed", next());
            bench.lifeline.heal();
            bench.kernel.empty(BLUE);
            String last = next();
            while (!last.equals("dummy []")) {
                last = next();
            }
            assertEquals(List.of("eth0 in blue"), bench.kernel.children());
        }
    }

    @Test
    void aListenerMayFailAndMayUseTheEngineAndEndTheWatch() throws InterruptedException {
        ActiveNetwork network = bench.engine.create(DUMMY);
        network.attach(web());
        CountDownLatch ended = new CountDownLatch(1);
        BlockingQueue<DriftWatch> watches = new LinkedBlockingQueue<>();
        watches.add(bench.engine.watch((changed, drifts) -> {
            told.add("called");
            if (drifts.isEmpty()) {
                watches.remove().close();
                ended.countDown();
            } else {
                changed.repair();
                throw new AssertionError("on purpose");
            }
        }));
        bench.kernel.empty(BLUE);
        assertTrue(ended.await(10, TimeUnit.SECONDS));
        assertEquals(2, told.size());
    }

    /// Other tests' watches may just be ending.
    private static Set<Thread> watching() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("ipvlan-watch"))
                .collect(Collectors.toCollection(HashSet::new));
    }

    @Test
    void closingTheEngineEndsItsWatches() {
        bench.engine.create(DUMMY);
        Set<Thread> before = watching();
        DriftWatch watch = bench.engine.watch(listener);
        Set<Thread> own = watching();
        own.removeAll(before);
        assertEquals(1, own.size());
        bench.engine.close();

        assertTrue(own.stream().noneMatch(Thread::isAlive));
        watch.close();
        assertThrows(IllegalStateException.class, () -> bench.engine.watch(listener));
    }
}
