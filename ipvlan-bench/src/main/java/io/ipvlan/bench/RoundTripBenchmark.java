package io.ipvlan.bench;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.route.LinkMessage;
import io.ipvlan.netlink.route.RouteSocket;
import java.util.Optional;
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

/// One question and its answer: looking up the loopback link by its index, decoded. Needs no privilege, and runs on any
/// kernel. Nearly all of it should be the kernel's own time.
///
/// Run: `java -jar ipvlan-bench/target/benchmarks.jar RoundTripBenchmark`
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class RoundTripBenchmark {
    private static final int LOOPBACK = 1;

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

    /// Looks up the loopback link.
    ///
    /// @return the link
    /// @throws NetlinkException if the kernel refuses
    @Benchmark
    public Optional<LinkMessage> lookUpLink() throws NetlinkException {
        return socket.link(LOOPBACK);
    }
}
