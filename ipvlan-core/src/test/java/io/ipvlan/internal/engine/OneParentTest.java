package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.ConflictException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Parent;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.NamespaceState;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What two threads do to one parent of the library's own at once: one of them is stopped at each point it comes
/// to until the other is over, or waits for it.
class OneParentTest {
    private static final IpvlanNetwork VLAN = IpvlanNetwork.builder("a")
            .parent("eth0.10")
            .subnet("10.1.0.0/24")
            .hostAccess()
            .build();

    private final Bench bench = new Bench();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final NamespaceState before = bench.kernel.host().observe();

    @AfterEach
    void close() {
        threads.shutdownNow();
        bench.close();
    }

    /// Does both.
    ///
    /// @param point where the first is stopped
    /// @return whether it came to that point
    private boolean meet(int point, Runnable first, Runnable second)
            throws ExecutionException, InterruptedException, TimeoutException {
        Stop stop = new Stop(point);
        bench.lifeline.beforeEach(stop);
        Future<?> stopped = threads.submit(() -> stop.during(first));
        boolean reached = stop.isReached();
        AtomicReference<Thread> thread = new AtomicReference<>();
        Future<?> other = threads.submit(() -> {
            thread.set(Thread.currentThread());
            second.run();
        });
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(Stop.LIMIT_SECONDS);
        while (!other.isDone() && !isWaiting(thread.get())) {
            assertTrue(System.nanoTime() < limit, () -> "what does " + thread + " do?");
            Thread.sleep(1);
        }
        stop.release();
        stopped.get(Stop.LIMIT_SECONDS, TimeUnit.SECONDS);
        other.get(Stop.LIMIT_SECONDS, TimeUnit.SECONDS);
        return reached;
    }

    private static boolean isWaiting(@Nullable Thread thread) {
        Thread.State state = thread == null ? Thread.State.NEW : thread.getState();
        return state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING;
    }

    private void assertNothingIsLeft(int point) {
        bench.engine.networks().forEach(ActiveNetwork::delete);
        assertEquals(before, bench.kernel.host().observe(), () -> "stopped at point " + point);
        assertEquals(Map.of(), Bench.texts(bench.store), () -> "stopped at point " + point);
    }

    /// Does both, the first being stopped at each point it comes to in turn, and then looks for what is left.
    ///
    /// @param prepare what is done before
    /// @param check what holds before everything is deleted
    private void meetAtEachPoint(Runnable prepare, Runnable first, Runnable second, Runnable check) throws Exception {
        boolean reached = true;
        int points = -1;
        while (reached) {
            points++;
            prepare.run();
            reached = meet(points + 1, first, second);
            check.run();
            assertNothingIsLeft(points + 1);
        }
        assertTrue(points > 5, "it was stopped at " + points + " points");
    }

    private void createWithoutVlan() {
        bench.engine.create(VLAN);
        bench.kernel
                .host()
                .observe()
                .link("eth0.10")
                .ifPresent(link ->
                        bench.kernel.host().delete(new Step.DeleteLink(link.name(), link.index(), Optional.empty())));
    }

    private void ensure() {
        try {
            bench.engine.ensure(VLAN);
        } catch (ConflictException | IllegalStateException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("delete"), e::toString); // it went meanwhile
        }
    }

    private void delete() {
        bench.engine.find("a").ifPresent(ActiveNetwork::delete);
    }

    @Test
    void oneVlanUnderTwoNamesIsOneLink() throws Exception {
        IpvlanNetwork named = IpvlanNetwork.builder("b")
                .parent(Parent.vlan("eth0", 10).named("v10"))
                .subnet("10.2.0.0/24")
                .build();
        Runnable oneLink = () -> assertEquals(
                1,
                bench.kernel.host().observe().links().stream()
                        .filter(link -> link.tag().isPresent())
                        .count());
        Runnable plain = () -> bench.engine.create(VLAN);
        Runnable other = () -> bench.engine.create(named);
        meetAtEachPoint(() -> {}, plain, other, oneLink);
        meetAtEachPoint(() -> {}, other, plain, oneLink);
    }

    @Test
    void aNetworkThatIsMadeWholeWhileItIsDeletedLeavesNothing() throws Exception {
        meetAtEachPoint(this::createWithoutVlan, this::ensure, this::delete, () -> {});
    }

    @Test
    void aNetworkThatIsDeletedWhileItIsMadeWholeLeavesNothing() throws Exception {
        meetAtEachPoint(this::createWithoutVlan, this::delete, this::ensure, () -> {});
    }
}
