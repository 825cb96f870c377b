package io.ipvlan.bench;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.NetworkStore;
import io.ipvlan.netlink.NetlinkException;
import java.io.IOException;
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

/// An engine opened on a store that remembers a network with many endpoints, as after a restart, and closed again.
/// The endpoints are there, a hundred to a namespace.
///
/// Run, as root where the kernel has ipvlan, else in the test kernel:
/// `test-kernel/run --memory 4G -- java -jar ipvlan-bench/target/benchmarks.jar RestartBenchmark`
///
/// Good: a second for 10,000 endpoints, and ten times what 1,000 take.
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class RestartBenchmark {
    private static final int IN_A_NAMESPACE = 100;

    /// How many endpoints there are.
    @Param({"1000", "10000"})
    private int endpoints;

    private ScratchDirectory directory;
    private Site site;

    /// Attaches them.
    ///
    /// @throws NetlinkException if the kernel gives no namespaces
    /// @throws IOException if there is no place for the store
    @Setup
    public void open() throws NetlinkException, IOException {
        directory = ScratchDirectory.create();
        site = Site.of(reopen(), true, Math.ceilDiv(endpoints, IN_A_NAMESPACE));
        ActiveNetwork network = site.ipvlan().create(Site.network("l3"));
        network.attachAll(site.endpoints(endpoints));
        site.ipvlan().close();
    }

    private Ipvlan reopen() {
        return Ipvlan.builder().store(NetworkStore.directory(directory.path())).open();
    }

    /// Opens an engine.
    ///
    /// @return how many endpoints it knows
    @Benchmark
    public int restart() {
        try (Ipvlan ipvlan = reopen()) {
            return ipvlan.networks().getFirst().endpoints().size();
        }
    }

    /// Removes them.
    ///
    /// @throws IOException if the store stays
    @TearDown
    public void close() throws IOException {
        try (Ipvlan ipvlan = reopen()) {
            for (ActiveNetwork network : ipvlan.networks()) {
                network.detachAll();
                network.delete();
            }
        }
        site.close();
        directory.close();
    }
}
