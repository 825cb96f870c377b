package io.ipvlan.bench;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipvlan;
import io.ipvlan.Netns;
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

/// One endpoint attached and detached again, in a network that has others already, over a kernel in memory: what an
/// attach costs beside the kernel. The kernel in memory looks at every link for each address, so the difference
/// between the rows is its own; the first row has next to nothing of it.
///
/// Run: `java -jar ipvlan-bench/target/benchmarks.jar EngineBenchmark -prof gc`
///
/// Good: some microseconds with no others, where the kernel takes 100 µs and more.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class EngineBenchmark {
    /// How many endpoints the network has.
    @Param({"0", "100", "1000"})
    private int attached;

    /// The mode of the network.
    @Param({"l2", "l3"})
    private String mode;

    private final EndpointSpec next = EndpointSpec.in(Netns.ofName("next")).withId("next");
    private Ipvlan ipvlan;
    private ActiveNetwork network;

    /// Attaches them.
    @Setup
    public void open() {
        ipvlan = Ipvlan.inMemory();
        network = ipvlan.create(Site.network(mode));
        for (int number = 0; number < attached; number++) {
            network.attach(Netns.ofName("b" + number));
        }
    }

    /// Closes the engine.
    @TearDown
    public void close() {
        ipvlan.close();
    }

    /// Attaches one more and detaches it.
    ///
    /// @return the endpoint
    @Benchmark
    public Endpoint attachAndDetach() {
        Endpoint endpoint = network.attach(next);
        endpoint.detach();
        return endpoint;
    }
}
