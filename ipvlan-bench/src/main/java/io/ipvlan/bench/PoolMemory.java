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
        String[] owners = new String[1_000_000];
        for (int at = 0; at < owners.length; at++) {
            owners[at] = "endpoint-" + at;
        }
        try {
            show("2001:db8::/64, 1,000,000 at random, owners kept elsewhere", owners.length, () -> random(owners));
        } finally {
            Reference.reachabilityFence(owners);
        }
        show("the owners' texts", owners.length, () -> {
            String[] texts = new String[1_000_000];
            for (int at = 0; at < texts.length; at++) {
                texts[at] = "endpoint+" + at;
            }
            return texts;
        });
    }

    private static Object many(int count, String prefix) {
        AddressPool[] pools = new AddressPool[count];
        for (int at = 0; at < count; at++) {
            pools[at] = AddressPool.of(Subnet.of(prefix));
        }
        return pools;
    }

    private static Object full(String prefix) {
        AddressPool pool = AddressPool.of(Subnet.of(prefix));
        for (long left = pool.free(); left > 0; left--) {
            pool.allocate();
        }
        return pool;
    }

    private static Object random(String[] owners) {
        AddressPool pool = AddressPool.of(
                Subnet.of("2001:db8::/64"), PoolOptions.of(Strategy.RANDOM).withRandom(new SplittableRandom(1)));
        for (String owner : owners) {
            pool.allocate(owner);
        }
        return pool;
    }

    /// In a thread of its own: what an earlier one left on its stack would count as in use.
    private static void show(String what, long parts, Supplier<Object> make) {
        Thread thread = Thread.ofPlatform().start(() -> {
            long before = used();
            Object made = make.get();
            try {
                long kept = used() - before;
                System.out.printf("%-60s %,14d bytes %10.3f each%n", what, kept, kept / (double) parts);
            } finally {
                Reference.reachabilityFence(made);
            }
        });
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /// What is in use when collecting finds nothing more for a while: what a thread that ended has left may take a
    /// moment.
    private static long used() {
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
