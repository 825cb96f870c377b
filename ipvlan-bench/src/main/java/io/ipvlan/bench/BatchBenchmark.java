package io.ipvlan.bench;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.netlink.NetlinkException;
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

/// A thousand endpoints attached by one call, each in a namespace of its own or all in one, and detached by one
/// call. One operation is one endpoint.
///
/// Run: `java -jar ipvlan-bench/target/benchmarks.jar BatchBenchmark -prof gc`, and on the kernel as
/// [AttachBenchmark], with `-p kernel=real`; the test kernel has room for a thousand namespaces.
///
/// Good: no more than `AttachBenchmark.attach` takes for one; detaching on several processors about 2 ms each, a
/// tenth of what `AttachBenchmark.detach` takes.
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 10)
@Measurement(iterations = 10)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class BatchBenchmark {
    private static final int ENDPOINTS = 1_000;

    /// A network, and namespaces to attach.
    @State(Scope.Thread)
    public abstract static class Place {
        /// The kernel: `memory` or `real`.
        @Param(Site.MEMORY)
        private String kernel = Site.MEMORY;

        /// The mode of the network.
        @Param("l3")
        private String mode = "l3";

        private Site site;
        private ActiveNetwork network;
        private List<EndpointSpec> specs;

        abstract int namespaces();

        /// Makes them.
        ///
        /// @throws NetlinkException if the kernel gives no namespaces
        @Setup
        public void open() throws NetlinkException {
            site = Site.open(kernel, namespaces());
            network = site.ipvlan().create(Site.network(mode));
            specs = site.endpoints(ENDPOINTS);
        }

        List<Endpoint> attach() {
            return network.attachAll(specs);
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

    /// A namespace for each endpoint.
    @State(Scope.Thread)
    public static class ManyNamespaces extends Place {
        @Override
        int namespaces() {
            return ENDPOINTS;
        }
    }

    /// One namespace for all endpoints.
    @State(Scope.Thread)
    public static class OneNamespace extends Place {
        @Override
        int namespaces() {
            return 1;
        }
    }

    /// A namespace for each endpoint, which are attached.
    @State(Scope.Thread)
    public static class Attached extends ManyNamespaces {
        /// Attaches them.
        @Setup(Level.Invocation)
        public void fill() {
            attach();
        }
    }

    /// Attaches all, each in a namespace of its own.
    ///
    /// @param place where
    /// @return the endpoints
    @Benchmark
    @OperationsPerInvocation(ENDPOINTS)
    public List<Endpoint> attachAll(ManyNamespaces place) {
        return place.attach();
    }

    /// Attaches all in one namespace.
    ///
    /// @param place where
    /// @return the endpoints
    @Benchmark
    @OperationsPerInvocation(ENDPOINTS)
    public List<Endpoint> attachAllInOneNamespace(OneNamespace place) {
        return place.attach();
    }

    /// Detaches all.
    ///
    /// @param place where
    @Benchmark
    @OperationsPerInvocation(ENDPOINTS)
    public void detachAll(Attached place) {
        place.detach();
    }
}
