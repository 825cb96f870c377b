package io.ipvlan.bench;

import io.ipvlan.ipam.AddressPool;
import io.ipvlan.ipam.PoolOptions;
import io.ipvlan.ipam.Strategy;
import io.ipvlan.ipam.Subnet;
import java.lang.ref.Reference;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// The heap that pools keep: what is in use after a collection with them, less what was without them.
///
/// Run: `java -Xmx2g -XX:+UseSerialGC -cp ipvlan-bench/target/benchmarks.jar io.ipvlan.bench.PoolMemory`
public final class PoolMemory {
    private PoolMemory() {}

    /// Prints a line for each kind of pool.
    ///
    /// @param arguments none
    public static void main(String[] arguments) {
        full("10.0.0.0/24"); // so that all classes are loaded
        show("an empty 10.0.0.0/8 with its description", 10_000, () -> many(10_000, "10.0.0.0/8"));
        show("an empty 2001:db8::/64 with its description", 10_000, () -> many(10_000, "2001:db8::/64"));
        show("10.0.0.0/16 full, no owners", 65_534, () -> full("10.0.0.0/16"));
        show("10.0.0.0/8 full, no owners", 16_777_214, () -> full("10.0.0.0/8"));
        show("2001:db8::/64, 1,000,000 at random, with owners", 1_000_000, () -> random(1_000_000, ""));
        show("the same, owners of 36 characters", 1_000_000, () -> random(1_000_000, "a-longer-name-for-a-"));
    }

    static Object many(int count, String prefix) {
        AddressPool[] pools = new AddressPool[count];
        for (int at = 0; at < count; at++) {
            pools[at] = AddressPool.of(Subnet.of(prefix));
        }
        return pools;
    }

    static Object full(String prefix) {
        AddressPool pool = AddressPool.of(Subnet.of(prefix));
        for (long left = pool.free(); left > 0; left--) {
            pool.allocate();
        }
        return pool;
    }

    /// A pool of random leases whose owners have texts of 16 characters, and more in front. Nobody else keeps
    /// these.
    static Object random(int count, String front) {
        AddressPool pool = AddressPool.of(
                Subnet.of("2001:db8::/64"), PoolOptions.of(Strategy.RANDOM).withRandom(new SplittableRandom(1)));
        for (int at = 0; at < count; at++) {
            pool.allocate(front + "endpoint" + (10_000_000 + at));
        }
        return pool;
    }

    private static void show(String what, long parts, Supplier<Object> make) {
        long kept = kept(make);
        System.out.printf("%-60s %,14d bytes %10.3f each%n", what, kept, kept / (double) parts);
    }

    /// How many bytes the heap has more with what is made than without. Made in a thread of its own: what an
    /// earlier one left on its stack would count as in use.
    static long kept(Supplier<Object> make) {
        long[] kept = new long[1];
        Thread thread = Thread.ofPlatform().start(() -> {
            long before = used();
            Object made = make.get();
            try {
                kept[0] = used() - before;
            } finally {
                Reference.reachabilityFence(made);
            }
        });
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
        return kept[0];
    }

    /// What is in use when collecting finds nothing more for a while: what a thread that ended has left may
    /// take a moment.
    static long used() {
        long least = Long.MAX_VALUE;
        for (int inVain = 0; inVain < 5; inVain++) {
            System.gc();
            long used =
                    Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
            if (used < least) {
                least = used;
                inVain = 0;
            }
            LockSupport.parkNanos(20_000_000);
        }
        return least;
    }
}
