package io.ipvlan.bench;

import io.ipvlan.ipam.AddressPool;
import io.ipvlan.ipam.Lease;
import io.ipvlan.ipam.PoolOptions;
import io.ipvlan.ipam.Strategy;
import io.ipvlan.ipam.Subnet;
import java.util.Arrays;
import java.util.SplittableRandom;
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

/// Releasing a lease chosen at random and taking a new one, in pools of which a part, chosen at random, is
/// held: one operation is the pair. Every lease has an owner of its own, or none has one.
///
/// Run: `java -jar ipvlan-bench/target/benchmarks.jar PoolBenchmark`
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PoolBenchmark {
    private static final long SEED = 214;

    /// The subnet, how many of its addresses are held, and the strategy.
    @Param({
        "10.1.0.0/16 32767 LOWEST",
        "10.1.0.0/16 58980 LOWEST",
        "10.1.0.0/16 65468 LOWEST",
        "10.1.0.0/16 32767 NEXT",
        "10.1.0.0/16 65468 NEXT",
        "10.0.0.0/8 1000000 LOWEST",
        "2001:db8::/64 20000 RANDOM",
        "2001:db8::/64 1000000 RANDOM"
    })
    private String pool;

    /// Whether leases have owners.
    @Param({"true", "false"})
    private boolean owned;

    private AddressPool addresses;
    private Lease[] leases;
    private String[] owners;
    private SplittableRandom random;

    /// Takes addresses all over the pool, and leaves so many of them as shall be held.
    @Setup
    public void fill() {
        String[] words = pool.split(" ", -1);
        Subnet subnet = Subnet.of(words[0]);
        int count = Integer.parseInt(words[1]);
        random = new SplittableRandom(SEED);
        addresses = AddressPool.of(
                subnet, PoolOptions.of(Strategy.valueOf(words[2])).withRandom(new SplittableRandom(SEED)));
        // Twice as many as wanted, so that those that stay lie scattered.
        int all = (int) Math.min(addresses.free(), 2L * count);
        owners = new String[all];
        Lease[] taken = new Lease[all];
        for (int at = 0; at < all; at++) {
            owners[at] = "endpoint-" + at;
            taken[at] = take(at);
        }
        for (int left = all; left > count; left--) {
            int gone = random.nextInt(left);
            addresses.release(taken[gone]);
            taken[gone] = taken[left - 1];
        }
        leases = Arrays.copyOf(taken, count);
        for (int at = 0; at < count; at++) {
            owners[at] = owned ? leases[at].owner() : "";
        }
    }

    private Lease take(int at) {
        return owned ? addresses.allocate(owners[at]) : addresses.allocate();
    }

    /// Gives an address back and takes one for the same owner.
    ///
    /// @return the new lease
    @Benchmark
    public Lease releaseAndAllocate() {
        int at = random.nextInt(leases.length);
        addresses.release(leases[at]);
        leases[at] = take(at);
        return leases[at];
    }
}
