package io.ipvlan.bench;

import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.SubnetAllocator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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

/// Giving a /24 of 10.0.0.0/8 back and drawing one, while ten routes of the host are avoided: one operation
/// is the pair.
///
/// Run: `java -jar ipvlan-bench/target/benchmarks.jar SubnetBenchmark`
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class SubnetBenchmark {
    /// How many are taken, of 65,536.
    @Param({"1", "32768", "65536"})
    private int taken;

    /// Whether the ten routes are avoided.
    @Param({"0", "10"})
    private int avoided;

    private SubnetAllocator allocator;
    private IpPrefix[] subnets;
    private List<IpPrefix> avoid;
    private SplittableRandom random;

    static SubnetBenchmark of(int taken, int avoided) {
        SubnetBenchmark one = new SubnetBenchmark();
        one.taken = taken;
        one.avoided = avoided;
        one.fill();
        return one;
    }

    /// Draws as many as shall be taken.
    @Setup
    public void fill() {
        random = new SplittableRandom(1);
        allocator = SubnetAllocator.of(List.of(new SubnetAllocator.Pool(IpPrefix.parse("10.0.0.0/8"), 24)));
        subnets = new IpPrefix[taken];
        for (int at = 0; at < taken; at++) {
            subnets[at] = allocator.allocate(IpFamily.IPV4, List.of());
        }
        avoid = IntStream.range(0, avoided)
                .mapToObj(at -> IpPrefix.parse("172." + (16 + at) + ".0.0/16"))
                .toList();
    }

    /// Gives one back and draws one.
    ///
    /// @return the subnet drawn
    @Benchmark
    public IpPrefix releaseAndDraw() {
        int at = random.nextInt(subnets.length);
        allocator.release(subnets[at]);
        subnets[at] = allocator.allocate(IpFamily.IPV4, avoid);
        return subnets[at];
    }
}
