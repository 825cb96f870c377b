package io.ipvlan.bench;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.route.LinkMessage;
import io.ipvlan.netlink.route.LinkQuery;
import io.ipvlan.netlink.route.RouteMessage;
import io.ipvlan.netlink.route.RouteQuery;
import io.ipvlan.netlink.route.RouteSocket;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// Whole listings of the namespace it runs in, into objects. Needs no privilege. The numbers mean something where there
/// are many links and routes, see the README: divide by how many there are for what a row costs, and a row makes.
///
/// Run: `java -jar ipvlan-bench/target/benchmarks.jar ListingBenchmark -prof gc`
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class ListingBenchmark {
    private RouteSocket socket;

    /// Opens the socket.
    ///
    /// @throws NetlinkException if the kernel gives none
    @Setup
    public void open() throws NetlinkException {
        socket = RouteSocket.open();
    }

    /// Closes the socket.
    @TearDown
    public void close() {
        socket.close();
    }

    /// Lists the links.
    ///
    /// @return the links
    /// @throws NetlinkException if the kernel refuses
    @Benchmark
    public List<LinkMessage> links() throws NetlinkException {
        return socket.links();
    }

    /// Lists the links, one by one.
    ///
    /// @param blackhole takes them
    /// @throws NetlinkException if the kernel refuses
    @Benchmark
    public void linksOneByOne(Blackhole blackhole) throws NetlinkException {
        socket.links(LinkQuery.all(), blackhole::consume);
    }

    /// Lists the routes.
    ///
    /// @return the routes
    /// @throws NetlinkException if the kernel refuses
    @Benchmark
    public List<RouteMessage> routes() throws NetlinkException {
        return socket.routes();
    }

    /// Lists the routes, one by one.
    ///
    /// @param blackhole takes them
    /// @throws NetlinkException if the kernel refuses
    @Benchmark
    public void routesOneByOne(Blackhole blackhole) throws NetlinkException {
        socket.routes(RouteQuery.all(), blackhole::consume);
    }
}
