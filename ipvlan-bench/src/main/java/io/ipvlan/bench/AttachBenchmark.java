package io.ipvlan.bench;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.netlink.NetlinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Attaching and detaching through the API with everything on: an address out of the pool, the checks of the
/// parent, marks, undo, the store in memory. One operation is one endpoint, out of a hundred in namespaces of their
/// own.
///
/// Run what is not the kernel's, anywhere:
/// `java -jar ipvlan-bench/target/benchmarks.jar AttachBenchmark -prof gc`
///
/// Run on the kernel, as root where it has ipvlan: the same with `-p kernel=real`; elsewhere in the test kernel:
/// `test-kernel/run -- java -jar ipvlan-bench/target/benchmarks.jar AttachBenchmark -p kernel=real`
///
/// Good: in memory a small part of what the kernel takes, some 100 µs; the first hundred of a JVM at most three
/// times the others. Detaching on a kernel of several processors waits some 20 ms each: see [BatchBenchmark].
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 60)
@Measurement(iterations = 20)
@Fork(value = 3, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class AttachBenchmark {
    private static final int ENDPOINTS = 100;

    /// A network, and namespaces to attach.
    @State(Scope.Thread)
    public static class Place {
        /// The kernel: `memory` or `real`.
        @Param(Site.MEMORY)
        private String kernel = Site.MEMORY;

        /// The mode of the network.
        @Param({"l2", "l3"})
        private String mode = "l3";

        private Site site;
        private ActiveNetwork network;
        private List<EndpointSpec> specs;

        /// Makes them.
        ///
        /// @throws NetlinkException if the kernel gives no namespaces
        @Setup
        public void open() throws NetlinkException {
            site = Site.open(kernel, ENDPOINTS);
            network = site.ipvlan().create(Site.network(mode));
            specs = site.endpoints(ENDPOINTS);
        }

        List<Endpoint> attach() {
            List<Endpoint> attached = new ArrayList<>(ENDPOINTS);
            for (EndpointSpec spec : specs) {
                attached.add(network.attach(spec));
            }
            return attached;
        }

        /// Detaches what is left.
        @TearDown(Level.Invocation)
        public void detach() {
            network.detachAll();
        }

        /// Removes them.
        @TearDown
        public void close() {
            network.delete();
            site.close();
        }
    }

    /// A network with endpoints.
    @State(Scope.Thread)
    public static class Attached extends Place {
        private List<Endpoint> endpoints = List.of();

        /// Attaches them.
        @Setup(Level.Invocation)
        public void fill() {
            endpoints = attach();
        }
    }

    /// Attaches one after the other.
    ///
    /// @param place where
    /// @return the endpoints
    @Benchmark
    @OperationsPerInvocation(ENDPOINTS)
    public List<Endpoint> attach(Place place) {
        return place.attach();
    }

    /// The first hundred of a JVM, which run interpreted.
    ///
    /// @param place where
    /// @return the endpoints
    @Benchmark
    @OperationsPerInvocation(ENDPOINTS)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    @Fork(value = 10, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
    public List<Endpoint> attachFirst(Place place) {
        return place.attach();
    }

    /// Detaches one after the other.
    ///
    /// @param place where
    @Benchmark
    @OperationsPerInvocation(ENDPOINTS)
    public void detach(Attached place) {
        place.endpoints.forEach(Endpoint::detach);
    }
}
