package io.ipvlan.bench;

import com.google.common.net.InetAddresses;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork;
import inet.ipaddr.IPAddressString;
import io.ipvlan.ip.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
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
import org.openjdk.jmh.annotations.Warmup;

/// Reading and writing an address, against Guava and IPAddress. The latter keeps the text of an address once
/// it was made, so its addresses are made anew from their bytes for writing, and so are the others.
///
/// Run: `java -jar ipvlan-bench/target/benchmarks.jar AddressTextBenchmark`
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class AddressTextBenchmark {
    /// The address.
    @Param({"192.168.214.10", "2001:db8::1", "2001:db8:85a3:8d3:1319:8a2e:370:7348"})
    private String text;

    private byte[] bytes;

    static AddressTextBenchmark of(String text) {
        AddressTextBenchmark one = new AddressTextBenchmark();
        one.text = text;
        one.parse();
        return one;
    }

    /// Makes its bytes.
    @Setup
    public void parse() {
        bytes = IpAddress.parse(text).toBytes();
    }

    /// The address read by this library.
    ///
    /// @return the address
    @Benchmark
    public IpAddress parseIpvlan() {
        return IpAddress.parse(text);
    }

    /// The address read by Guava.
    ///
    /// @return the address
    @Benchmark
    public InetAddress parseGuava() {
        return InetAddresses.forString(text);
    }

    /// The address read by IPAddress.
    ///
    /// @return the address
    @Benchmark
    public IPAddress parseIpAddress() {
        return new IPAddressString(text).getAddress();
    }

    /// The text written by this library.
    ///
    /// @return the text
    @Benchmark
    public String formatIpvlan() {
        return IpAddress.ofBytes(bytes).toString();
    }

    /// The text written by Guava.
    ///
    /// @return the text
    /// @throws UnknownHostException never
    @Benchmark
    public String formatGuava() throws UnknownHostException {
        return InetAddresses.toAddrString(InetAddress.getByAddress(bytes));
    }

    /// The text written by IPAddress.
    ///
    /// @return the text
    @Benchmark
    public String formatIpAddress() {
        return new IPAddressNetwork.IPAddressGenerator().from(bytes).toCanonicalString();
    }
}
