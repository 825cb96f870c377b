package io.ipvlan.bench.peer;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/// The times of one workload in nanoseconds, and the line to print about them.
final class Report {
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final String workload;
    private final int operations;
    private final StringBuilder further = new StringBuilder();
    private long[] times;
    private int taken;
    private long processorTime;

    Report(String workload, int operations) {
        this.workload = workload;
        this.operations = operations;
        this.times = new long[operations];
    }

    /// The timed part begins.
    void begin() {
        processorTime = system.getProcessCpuTime();
    }

    /// The timed part is over: what it took of the processors counts as that of so many operations.
    void end(long counted) {
        further("cpu", (system.getProcessCpuTime() - processorTime) / counted);
    }

    /// Takes the time of one operation.
    void add(long nanos) {
        if (taken == times.length) {
            times = Arrays.copyOf(times, 2 * taken + 1);
        }
        times[taken++] = nanos;
    }

    /// Says one more thing.
    void further(String name, long value) {
        further.append(",\"").append(name).append("\":").append(value);
    }

    /// Says one more thing.
    void further(String name, double value) {
        further.append(",\"").append(name).append("\":").append(String.format(Locale.ROOT, "%.2f", value));
    }

    /// Says the median and the 99th percentile of other times.
    void further(String name, Report others) {
        long[] sorted = others.sorted();
        further(name + "_med", sorted[sorted.length / 2]);
        further(name + "_p99", sorted[sorted.length * 99 / 100]);
    }

    private long[] sorted() {
        long[] sorted = Arrays.copyOf(times, taken);
        Arrays.sort(sorted);
        return sorted;
    }

    void print() {
        System.out.println(line());
    }

    /// What is printed: an object of JSON on one line.
    String line() {
        long[] sorted = sorted();
        return String.format(
                Locale.ROOT,
                "{\"w\":\"%s\",\"peer\":\"java\",\"n\":%d,\"med\":%d,\"p99\":%d,\"mean\":%.1f,\"min\":%d%s}",
                workload,
                operations,
                sorted[taken / 2],
                sorted[taken * 99 / 100],
                Arrays.stream(sorted).average().orElseThrow(),
                sorted[0],
                further);
    }
}
