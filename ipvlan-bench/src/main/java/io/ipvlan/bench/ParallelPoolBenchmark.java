package io.ipvlan.bench;

import io.ipvlan.ipam.AddressPool;
import io.ipvlan.ipam.Lease;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// Threads that each use a pool of their own, and threads that share one: pairs of allocate and release for a
/// microsecond, all threads together. The figures of two threads and of one are to be compared.
///
/// Run: `java -jar ipvlan-bench/target/benchmarks.jar ParallelPoolBenchmark`
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ParallelPoolBenchmark {
    /// A half full pool.
    @State(Scope.Thread)
    public static class Pool {
        private final AddressPool addresses = AddressPool.of(Subnet.of("10.1.0.0/16"));

        /// Holds every second address.
        @Setup
        public void fill() {
            List<Lease> gaps = new ArrayList<>();
            for (int count = 0; count < 32_766; count++) {
                gaps.add(addresses.allocate("gap-" + count));
                addresses.allocate("kept-" + count);
            }
            gaps.forEach(addresses::release);
        }

        Lease pair() {
            Lease lease = addresses.allocate("endpoint");
            addresses.release(lease);
            return lease;
        }
    }

    /// A pool for each thread.
    @State(Scope.Thread)
    public static class Own extends Pool {}

    /// A pool for all threads.
    @State(Scope.Benchmark)
    public static class Shared extends Pool {}

    /// One thread, one pool.
    ///
    /// @param pool its own
    /// @return a lease that has ended
    @Benchmark
    @Threads(1)
    public Lease oneThread(Own pool) {
        return pool.pair();
    }

    /// Two threads, a pool for each.
    ///
    /// @param pool its own
    /// @return a lease that has ended
    @Benchmark
    @Threads(2)
    public Lease twoThreadsOnTwoPools(Own pool) {
        return pool.pair();
    }

    /// Two threads, one pool for both.
    ///
    /// @param pool that of both
    /// @return a lease that has ended
    @Benchmark
    @Threads(2)
    public Lease twoThreadsOnOnePool(Shared pool) {
        return pool.pair();
    }
}
