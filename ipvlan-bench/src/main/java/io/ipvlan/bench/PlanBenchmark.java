package io.ipvlan.bench;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Plan;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Planning without doing it, over a kernel in memory: a network, and an endpoint of a network that has some already.
///
/// Run: `java -jar ipvlan-bench/target/benchmarks.jar PlanBenchmark -prof gc`
///
/// Good: some microseconds, and the same however many endpoints the network has, so that 10,000 are planned in well
/// under a second.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PlanBenchmark {
    /// How many endpoints the network has.
    @Param({"0", "100", "1000", "10000"})
    private int attached;

    private final IpvlanNetwork another =
            IpvlanNetwork.builder("another").l3().subnet("10.101.0.0/16").build();
    private final EndpointSpec next = EndpointSpec.in(Netns.ofName("next"));
    private Ipvlan ipvlan;
    private ActiveNetwork network;

    /// Attaches them.
    @Setup
    public void open() {
        ipvlan = Ipvlan.inMemory();
        network = ipvlan.create(Site.network("l3"));
        for (int number = 0; number < attached; number++) {
            network.attach(Netns.ofName("b" + number));
        }
    }

    /// Closes the engine.
    @TearDown
    public void close() {
        ipvlan.close();
    }

    /// Plans one more endpoint.
    ///
    /// @return the plan
    @Benchmark
    public Plan endpoint() {
        return network.plan(next);
    }

    /// Plans another network.
    ///
    /// @return the plan
    @Benchmark
    public Plan network() {
        return ipvlan.plan(another);
    }
}
