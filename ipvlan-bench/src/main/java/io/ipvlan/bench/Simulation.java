package io.ipvlan.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;

/// Many hosts with many endpoints in one program: what one more host costs, and one more endpoint, in time
/// and memory. Twice: with an engine for each host over a kernel in memory, and with the addresses alone, in
/// blocks of one pool.
///
/// Run, with the most hosts and the most endpoints of a host at the end: `java -Xmx6g -XX:+UseSerialGC -cp
/// ipvlan-bench/target/benchmarks.jar io.ipvlan.bench.Simulation docs 1000 3000`
///
/// Prints the tables of `docs/scale.md` and draws its pictures into the directory. Times are processor times
/// of the thread.
///
/// Good: straight level lines.
public final class Simulation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int ENDPOINTS_OF_ENGINES = 1_000;
    private static final int ENDPOINTS_OF_BLOCKS = 1_000;
    private static final int WARMING_HOSTS = 100;
    private static final int TOGETHER = 1_000;
    private static final int PLANS = 20;
    private static final double NANOS_PER_MICRO = 1_000;

    /// Where there are so many hosts, each with so many endpoints: what the hosts since the row before cost.
    ///
    /// @param microsHost for each host, without endpoints
    /// @param microsEach for each endpoint
    /// @param bytesEach for each endpoint of all hosts
    /// @param planMicros for the plan of one more endpoint
    record Row(int hosts, int endpoints, double microsHost, double microsEach, double bytesEach, double planMicros) {}

    private Simulation() {}

    /// Measures, prints and draws.
    ///
    /// @param arguments the directory, how many hosts at most, and how many endpoints of one host at most
    /// @throws IOException if the pictures cannot be written
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        int hosts = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000;
        int endpoints = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10_000;
        warm();
        List<Row> engines = byHosts(SimulatedHosts::engines, hosts, ENDPOINTS_OF_ENGINES);
        print("Engines, %d endpoints a host".formatted(ENDPOINTS_OF_ENGINES), engines);
        List<Row> blocks = byHosts(SimulatedHosts::blocks, hosts, ENDPOINTS_OF_BLOCKS);
        print("Blocks of one pool, %d endpoints a host".formatted(ENDPOINTS_OF_BLOCKS), blocks);
        List<Row> engine = byEndpoints(SimulatedHosts::engines, endpoints);
        print("One engine", engine);
        List<Row> block = byEndpoints(SimulatedHosts::blocks, endpoints);
        print("One block", block);
        draw(
                directory.resolve("scale-hosts.svg"),
                new Chart("What an endpoint costs, by the number of hosts", "hosts", "microseconds each")
                        .curve("engine, attach, 1,000 endpoints a host", points(engines, Row::hosts, Row::microsEach))
                        .curve("block, lease, 1,000 endpoints a host", points(blocks, Row::hosts, Row::microsEach)));
        draw(
                directory.resolve("scale-endpoints.svg"),
                new Chart(
                                "What an endpoint costs, by the number of endpoints",
                                "endpoints of one host",
                                "microseconds each")
                        .curve("engine, attach", points(engine, Row::endpoints, Row::microsEach))
                        .curve("engine, plan", points(engine, Row::endpoints, Row::planMicros))
                        .curve("block, lease", points(block, Row::endpoints, Row::microsEach)));
        draw(
                directory.resolve("scale-memory.svg"),
                new Chart("What an endpoint keeps, by the number of endpoints", "endpoints of one host", "bytes each")
                        .curve("engine, with its kernel in memory", points(engine, Row::endpoints, Row::bytesEach))
                        .curve("block", points(block, Row::endpoints, Row::bytesEach)));
    }

    /// So that compiled code is measured.
    private static void warm() {
        byHosts(SimulatedHosts::engines, WARMING_HOSTS, ENDPOINTS_OF_ENGINES);
        byHosts(SimulatedHosts::blocks, WARMING_HOSTS, ENDPOINTS_OF_BLOCKS);
    }

    /// A row wherever the number of hosts is 1, 3, 10, 30 and so on.
    static List<Row> byHosts(IntFunction<SimulatedHosts> kind, int most, int endpoints) {
        return measured(kind, steps(1, most), endpoints);
    }

    /// A row for hosts with 10, 30, 100 endpoints and so on: for as many hosts as have a thousand together.
    static List<Row> byEndpoints(IntFunction<SimulatedHosts> kind, int most) {
        List<Row> rows = new ArrayList<>();
        for (int endpoints : steps(10, most)) {
            rows.addAll(measured(kind, List.of(Math.ceilDiv(TOGETHER, endpoints)), endpoints));
        }
        return rows;
    }

    /// In a thread of its own: what earlier hosts left on the stack would count as in use.
    private static List<Row> measured(IntFunction<SimulatedHosts> kind, List<Integer> counts, int endpoints) {
        List<Row> rows = new ArrayList<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            long before = PoolMemory.used();
            try (SimulatedHosts hosts = kind.apply(endpoints)) {
                int there = 0;
                for (int count : counts) {
                    rows.add(grown(hosts, there, count, endpoints, before));
                    there = count;
                }
            }
        });
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
        if (rows.size() < counts.size()) {
            throw new IllegalStateException("the hosts could not be made, see above");
        }
        return rows;
    }

    private static Row grown(SimulatedHosts hosts, int from, int to, int endpoints, long before) {
        long adding = 0;
        long filling = 0;
        for (int number = from; number < to; number++) {
            long start = THREADS.getCurrentThreadCpuTime();
            hosts.add(number);
            long between = THREADS.getCurrentThreadCpuTime();
            hosts.fill(endpoints);
            adding += between - start;
            filling += THREADS.getCurrentThreadCpuTime() - between;
        }
        return new Row(
                to,
                endpoints,
                adding / NANOS_PER_MICRO / (to - from),
                filling / NANOS_PER_MICRO / (to - from) / endpoints,
                (double) (PoolMemory.used() - before) / to / endpoints,
                planning(hosts));
    }

    /// 1, 3, 10, 30 and so on, and the last.
    static List<Integer> steps(int first, int last) {
        List<Integer> steps = new ArrayList<>();
        int step = first;
        for (int at = 0; step < last; at++) {
            steps.add(step);
            step = at % 2 == 0 ? step * 3 : step / 3 * 10;
        }
        steps.add(last);
        return steps;
    }

    private static double planning(SimulatedHosts hosts) {
        for (int at = 0; at < PLANS; at++) {
            hosts.plan();
        }
        long start = THREADS.getCurrentThreadCpuTime();
        for (int at = 0; at < PLANS; at++) {
            hosts.plan();
        }
        return Math.max(0.01, (THREADS.getCurrentThreadCpuTime() - start) / NANOS_PER_MICRO / PLANS);
    }

    private static List<Chart.Point> points(List<Row> rows, ToDoubleFunction<Row> x, ToDoubleFunction<Row> y) {
        return rows.stream()
                .map(row -> new Chart.Point(x.applyAsDouble(row), y.applyAsDouble(row)))
                .toList();
    }

    private static void print(String title, List<Row> rows) {
        System.out.printf(
                "%n%s%n%n| Hosts | Endpoints each | µs a host | µs an endpoint | Bytes an endpoint | Plan, µs |%n",
                title);
        System.out.println("|---|---|---|---|---|---|");
        for (Row row : rows) {
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %d | %.0f | %.2f | %.0f | %.1f |%n",
                    row.hosts,
                    row.endpoints,
                    row.microsHost,
                    row.microsEach,
                    row.bytesEach,
                    row.planMicros);
        }
    }

    private static void draw(Path file, Chart chart) throws IOException {
        Files.writeString(file, chart.svg());
    }
}
