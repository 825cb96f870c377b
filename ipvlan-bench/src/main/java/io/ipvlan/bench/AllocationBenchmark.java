package io.ipvlan.bench;

import io.ipvlan.ipam.AddressPool;
import io.ipvlan.ipam.Lease;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Handing out the lowest free address and taking one back, in a pool of 65,534 of which a part, chosen at random, is
/// held. The cost should hardly depend on how much is held, nor on how scattered it is.
///
/// Run: `java -jar ipvlan-bench/target/benchmarks.jar AllocationBenchmark`
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class AllocationBenchmark {
    private static final String OWNER = "benchmark";
    private static final long SEED = 214;

    /// How much of the pool is held, in percent.
    @Param({"0", "50", "99"})
    private int held;

    private AddressPool pool;
    private List<Lease> leases;
    private Random random;

    /// Takes everything, then gives back what shall be free, in random order.
    @Setup
    public void fill() {
        pool = AddressPool.of(Subnet.of("10.1.0.0/16"));
        leases = new ArrayList<>();
        random = new Random(SEED);
        for (long left = pool.free(); left > 0; left--) {
            leases.add(pool.allocate(OWNER));
        }
        int keep = leases.size() * held / 100;
        while (leases.size() > keep) {
            pool.release(takeAny());
        }
    }

    private Lease takeAny() {
        int place = random.nextInt(leases.size());
        Lease last = leases.removeLast();
        return place == leases.size() ? last : leases.set(place, last);
    }

    /// Gives an address back, if one is held, and takes the lowest free one.
    ///
    /// @return the new lease
    @Benchmark
    public Lease releaseAndAllocate() {
        if (!leases.isEmpty()) {
            pool.release(takeAny());
        }
        Lease lease = pool.allocate(OWNER);
        leases.add(lease);
        return lease;
    }
}
