package io.ipvlan.bench;

import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.route.LinkLookup;
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

/// One question and its answer: looking up the loopback link by its index. Needs no privilege, and runs on
/// any kernel. Nearly all of it should be the kernel's own time. With a handler of its own, which takes
/// numbers out of the message, a caller should make no garbage at all: 0 bytes an operation.
///
/// Run: `java -jar ipvlan-bench/target/benchmarks.jar RoundTripBenchmark -prof gc`
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class RoundTripBenchmark {
    private static final int LOOPBACK = 1;

    private static final int NETLINK_ROUTE = 0;
    private static final int IFINFOMSG_SIZE = 16;
    private static final int IFLA_MTU = 4;

    private final LinkLookup question = LinkLookup.byIndex(LOOPBACK);
    private final NetlinkMessage.Handler handler = this::take;
    private RouteSocket socket;
    private NetlinkSocket plainSocket;
    private int index;
    private int mtu;

    /// Opens the sockets.
    ///
    /// @throws NetlinkException if the kernel gives none
    @Setup
    public void open() throws NetlinkException {
        socket = RouteSocket.open();
        plainSocket = NetlinkSocket.open(NETLINK_ROUTE);
    }

    /// Closes the sockets.
    @TearDown
    public void close() {
        socket.close();
        plainSocket.close();
    }

    /// Looks up the loopback link.
    ///
    /// @return the link
    /// @throws NetlinkException if the kernel refuses
    @Benchmark
    public Optional<LinkMessage> lookUpLink() throws NetlinkException {
        return socket.link(LOOPBACK);
    }

    /// Asks for the loopback link, and takes two numbers out of the answer.
    ///
    /// @return the MTU
    /// @throws NetlinkException if the kernel refuses
    @Benchmark
    public int askForLink() throws NetlinkException {
        if (!plainSocket.ask(question, handler) || index != LOOPBACK) {
            throw new IllegalStateException("the answer is link " + index);
        }
        return mtu;
    }

    private void take(NetlinkMessage message) throws NetlinkException.Malformed {
        index = message.fixed32(4);
        AttributeReader attributes = message.attributes(IFINFOMSG_SIZE);
        while (attributes.next()) {
            if (attributes.type() == IFLA_MTU) {
                mtu = attributes.u32();
            }
        }
    }
}
