package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Stops a thread at one of the points of a [Lifeline] it comes to, until it may go on.
final class Stop implements Runnable {
    static final long LIMIT_SECONDS = 20;

    private final int point;
    private final CountDownLatch reachedOrOver = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile @Nullable Thread stopped;
    private final AtomicInteger passed = new AtomicInteger();

    /// @param point the first is 1
    Stop(int point) {
        this.point = point;
    }

    /// Does the work whose points count.
    void during(Runnable work) {
        stopped = Thread.currentThread();
        try {
            work.run();
        } finally {
            reachedOrOver.countDown();
        }
    }

    @Override
    public void run() {
        if (Thread.currentThread().equals(stopped) && passed.incrementAndGet() == point) {
            reachedOrOver.countDown();
            await(released);
        }
    }

    /// Waits until the work has come to the point.
    ///
    /// @return false if it was over before
    boolean isReached() {
        await(reachedOrOver);
        return passed.get() >= point;
    }

    void release() {
        released.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(LIMIT_SECONDS, TimeUnit.SECONDS), "nobody came");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
