package io.ipvlan.bench;

import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.Ipv4Address;
import io.ipvlan.netlink.route.AddressRequest;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.RouteRequest;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Making the three requests of an attachment, without sending them: what a program spends and leaves to the garbage
/// collector before the kernel is asked.
///
/// Run: `java -jar ipvlan-bench/target/benchmarks.jar RequestBenchmark -prof gc`
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class RequestBenchmark {
    private static final LinkInfo KIND = LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L2);
    private static final int PARENT = 2;
    private static final int INDEX = 1_000;
    private static final int LENGTH = 16;

    private final Ipv4Address first = Ipv4Address.parse("10.1.0.1");
    private final Ipv4Address gateway = Ipv4Address.parse("10.1.255.254");
    private final IpPrefix everywhere = IpPrefix.parse("0.0.0.0/0");
    private int number;

    /// A request for a link.
    ///
    /// @return the request
    @Benchmark
    public LinkRequest link() {
        return LinkRequest.create("eth0", KIND)
                .linkedTo(PARENT)
                .withIndex(INDEX)
                .up();
    }

    /// A request for an address.
    ///
    /// @return the request
    @Benchmark
    public AddressRequest address() {
        number = (number + 1) & 0x3fff;
        return AddressRequest.add(INDEX, IpCidr.of(first.plus(number), LENGTH));
    }

    /// A request for a route.
    ///
    /// @return the request
    @Benchmark
    public RouteRequest route() {
        return RouteRequest.add(everywhere, INDEX).via(gateway);
    }
}
