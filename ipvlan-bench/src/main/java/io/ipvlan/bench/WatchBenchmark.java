package io.ipvlan.bench;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkMessage;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.RouteEvent;
import io.ipvlan.netlink.route.RouteSocket;
import io.ipvlan.netlink.route.RouteWatch;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// From the request for a link to the event about it, as an object, in a namespace of its own. The thread that asks
/// is also the one that reads, so nobody has to be woken; `made` is the same without the watch, and to be taken off.
/// Waking is what the workload `monitor-latency` of the comparison measures.
///
/// Run as root: `java -jar ipvlan-bench/target/benchmarks.jar WatchBenchmark`, or in the test kernel:
/// `test-kernel/run -- java -jar ipvlan-bench/target/benchmarks.jar WatchBenchmark`
///
/// Good: the median of `heard` a few microseconds above that of `made`.
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
public class WatchBenchmark {
    private static final String LINK = "watched";

    private NetNamespace namespace;
    private RouteSocket socket;
    private RouteWatch watch;

    /// Opens socket and watch.
    ///
    /// @throws NetlinkException if the kernel gives none
    @Setup
    public void open() throws NetlinkException {
        namespace = NetNamespace.create();
        socket = RouteSocket.open(namespace);
        watch = RouteWatch.builder().links().open(namespace);
        RouteEvent event;
        do { // what is there
            event = watch.next();
        } while (!(event instanceof RouteEvent.Complete));
    }

    /// Closes them.
    @TearDown
    public void close() {
        watch.close();
        socket.close();
        namespace.close();
    }

    /// Deletes the link, and hears that it is gone.
    ///
    /// @throws NetlinkException if the kernel refuses
    @TearDown(Level.Invocation)
    public void delete() throws NetlinkException {
        int index = socket.link(LINK).orElseThrow().index();
        socket.send(LinkRequest.delete(index));
        RouteEvent event;
        do {
            event = watch.next();
        } while (!(event instanceof RouteEvent.Gone));
    }

    /// Makes a link.
    ///
    /// @throws NetlinkException if the kernel refuses
    @Benchmark
    public void made() throws NetlinkException {
        socket.send(LinkRequest.create(LINK, LinkInfo.Bridge.DEFAULT));
    }

    /// Makes a link, and hears of it.
    ///
    /// @return what was heard
    /// @throws NetlinkException if the kernel refuses
    @Benchmark
    public LinkMessage heard() throws NetlinkException {
        made();
        while (true) {
            if (watch.next() instanceof RouteEvent.Present told
                    && told.object() instanceof LinkMessage link
                    && link.name().equals(LINK)) {
                return link;
            }
        }
    }
}
