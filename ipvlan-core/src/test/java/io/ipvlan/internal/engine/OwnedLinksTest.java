package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.internal.kernel.NamespaceId;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OwnedLinksTest {
    private static final NamespaceId HERE = new NamespaceId(4, 1_001, 1);
    private static final NamespaceId THERE = new NamespaceId(4, 1_002, 2);

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    private static OwnedLinks.Held lock(NamespaceId namespace, String... names) {
        return OwnedLinks.lock(namespace, () -> Set.of(names));
    }

    /// Locks and lets go, on another thread.
    private Future<?> elsewhere(NamespaceId namespace, String... names) {
        return threads.submit(() -> lock(namespace, names).close());
    }

    private static void assertWaits(Future<?> waiting) {
        assertThrows(TimeoutException.class, () -> waiting.get(30, TimeUnit.MILLISECONDS));
    }

    private static void assertGets(Future<?> waiting)
            throws ExecutionException, InterruptedException, TimeoutException {
        waiting.get(20, TimeUnit.SECONDS);
    }

    @Test
    void onlyWhoNeedsTheSameLinkWaits() throws Exception {
        Future<?> waiting;
        try (OwnedLinks.Held _ = lock(HERE, "eth0.10", "eth0.10.20")) {
            waiting = elsewhere(HERE, "eth0.10", "eth0.10.30");
            assertWaits(waiting);
            assertGets(elsewhere(HERE, "eth0.30"));
            assertGets(elsewhere(THERE, "eth0.10"));
        }
        assertGets(waiting);
    }

    @Test
    void furtherLinksAreLockedByLettingGoOfAllForAMoment() throws Exception {
        CountDownLatch mayEnd = new CountDownLatch(1);
        CountDownLatch locked = new CountDownLatch(1);
        try (OwnedLinks.Held held = lock(HERE, "a")) {
            assertTrue(held.lockAlso(Set.of("a")));
            Future<?> other = threads.submit(() -> {
                try (OwnedLinks.Held _ = lock(HERE, "b")) {
                    locked.countDown();
                    assertTrue(mayEnd.await(20, TimeUnit.SECONDS));
                }
                return null;
            });
            assertTrue(locked.await(20, TimeUnit.SECONDS));
            Future<?> between = elsewhere(HERE, "a");
            assertWaits(between);
            Future<?> release = threads.submit(() -> {
                assertGets(between);
                mayEnd.countDown();
                return null;
            });
            assertFalse(held.lockAlso(Set.of("b")));
            assertGets(release);
            assertGets(other);
            assertTrue(held.lockAlso(Set.of("a", "b")));
            assertWaits(elsewhere(HERE, "a"));
        }
    }

    @Test
    void whatIsWaitedForMayChangeMeanwhile() throws Exception {
        AtomicReference<String> name = new AtomicReference<>("old");
        try (OwnedLinks.Held _ = lock(HERE, "new")) {
            Future<?> waiting;
            try (OwnedLinks.Held _ = lock(HERE, "old")) {
                waiting = threads.submit(
                        () -> OwnedLinks.lock(HERE, () -> Set.of(name.get())).close());
                assertWaits(waiting);
                name.set("new");
            }
            assertWaits(waiting);
            name.set("third");
            assertGets(elsewhere(HERE, "fourth")); // whoever lets go lets all look again
            assertGets(waiting);
        }
    }

    @Test
    void anInterruptedThreadWaitsOnAndStaysInterrupted() throws Exception {
        Future<Boolean> waiting;
        try (OwnedLinks.Held _ = lock(HERE, "a")) {
            waiting = threads.submit(() -> {
                Thread.currentThread().interrupt();
                lock(HERE, "a").close();
                return Thread.interrupted();
            });
            assertWaits(waiting);
        }
        assertEquals(true, waiting.get(20, TimeUnit.SECONDS));
    }
}
