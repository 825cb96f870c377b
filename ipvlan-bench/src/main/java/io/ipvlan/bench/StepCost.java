package io.ipvlan.bench;

import com.sun.management.ThreadMXBean;
import io.ipvlan.ip.IpAddress;
import java.lang.management.ManagementFactory;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// What single steps cost in processor time of their thread, and what a second thread beside it makes of
/// that: for machines on which other programs run. All cases take turns in each round; a line shows the
/// median of the rounds with the least and the greatest.
///
/// Run: `java -cp ipvlan-bench/target/benchmarks.jar io.ipvlan.bench.StepCost [ROUNDS]`
public final class StepCost {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM = 12;

    /// Where results go, so that they are made.
    private static Object sink = "";

    /// Does something many times.
    interface Steps {
        /// Returns the last result.
        Object run(int count) throws UnknownHostException;
    }

    private record Case(Steps steps, int count, List<Double> costs) {}

    private final int rounds;
    private final Map<String, Case> cases = new LinkedHashMap<>();

    private StepCost(int rounds) {
        this.rounds = rounds;
    }

    /// Prints a line for each case.
    ///
    /// @param arguments how many rounds, 5 if not given
    /// @throws InterruptedException if somebody interrupts it
    public static void main(String[] arguments) throws InterruptedException {
        StepCost cost = new StepCost(arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5);
        for (String text : List.of("192.168.214.10", "2001:db8::1", "2001:db8:85a3:8d3:1319:8a2e:370:7348")) {
            cost.addTexts(text, AddressTextBenchmark.of(text));
        }
        for (int taken : new int[] {1, 32_768, 65_536}) {
            SubnetBenchmark subnets = SubnetBenchmark.of(taken, 0);
            cost.add("a /24 of 10/8 given back and drawn, taken: " + taken, 20_000, count -> repeat(count, subnets));
        }
        SubnetBenchmark avoiding = SubnetBenchmark.of(65_536, 10);
        cost.add("the same, avoiding ten routes", 20_000, count -> repeat(count, avoiding));
        for (int megabytes : new int[] {1, 4, 32}) {
            int[] next = cycle(megabytes << 20);
            cost.add("a read that waits for the one before, in " + megabytes + " MB", 100_000, n -> follow(next, n));
        }
        cost.measure();
        cost.cases.forEach((name, one) -> System.out.printf("%-70s %s ns%n", name, spread(toArray(one.costs))));
        cost.scale("two pools", StepCost::pairs);
        cost.scale("arithmetic", count -> () -> arithmetic(100 * count));
    }

    private void add(String name, int count, Steps steps) {
        cases.put(name, new Case(steps, count, new ArrayList<>()));
    }

    private void addTexts(String text, AddressTextBenchmark one) {
        int count = 100_000;
        add("read " + text, count, n -> {
            for (int at = 1; at < n; at++) {
                sink = one.parseIpvlan();
            }
            return one.parseIpvlan();
        });
        add("read " + text + ", Guava", count, n -> {
            for (int at = 1; at < n; at++) {
                sink = one.parseGuava();
            }
            return one.parseGuava();
        });
        add("read " + text + ", IPAddress", count, n -> {
            for (int at = 1; at < n; at++) {
                sink = one.parseIpAddress();
            }
            return one.parseIpAddress();
        });
        add("write " + text, count, n -> {
            for (int at = 1; at < n; at++) {
                sink = one.formatIpvlan();
            }
            return one.formatIpvlan();
        });
        add("write " + text + ", Guava", count, n -> {
            for (int at = 1; at < n; at++) {
                sink = one.formatGuava();
            }
            return one.formatGuava();
        });
        add("write " + text + ", IPAddress", count, n -> {
            for (int at = 1; at < n; at++) {
                sink = one.formatIpAddress();
            }
            return one.formatIpAddress();
        });
    }

    private static Object repeat(int count, SubnetBenchmark subnets) {
        for (int at = 1; at < count; at++) {
            sink = subnets.releaseAndDraw();
        }
        return subnets.releaseAndDraw();
    }

    /// Numbers that lead all through an array at random, a line of a cache in each step.
    private static int[] cycle(int bytes) {
        int line = 64 / Integer.BYTES;
        int[] order = new SplittableRandom(1)
                .ints(0, bytes / 64)
                .distinct()
                .limit(bytes / 64)
                .toArray();
        int[] next = new int[bytes / Integer.BYTES];
        for (int at = 0; at < order.length; at++) {
            next[order[at] * line] = order[(at + 1) % order.length] * line;
        }
        return next;
    }

    private static Object follow(int[] next, int count) {
        int at = 0;
        for (int step = 0; step < count; step++) {
            at = next[at];
        }
        return at;
    }

    private void measure() {
        for (int round = -WARM; round < rounds; round++) {
            for (Case one : cases.values()) {
                double cost = cost(one.steps, one.count);
                if (round >= 0) {
                    one.costs.add(cost);
                }
            }
        }
    }

    private static double cost(Steps steps, int count) {
        long start = THREADS.getCurrentThreadCpuTime();
        try {
            sink = steps.run(count);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
        return (double) (THREADS.getCurrentThreadCpuTime() - start) / count;
    }

    private static Runnable pairs(int count) {
        ParallelPoolBenchmark.Own pool = new ParallelPoolBenchmark.Own();
        pool.fill();
        return () -> {
            for (int at = 0; at < count; at++) {
                pool.pair();
            }
        };
    }

    private static void arithmetic(int count) {
        long value = System.nanoTime();
        for (int at = 0; at < count; at++) {
            value = value * 31 + at;
        }
        sink = IpAddress.ofBytes(new byte[] {1, 2, 3, (byte) value});
    }

    /// Makes work of so many steps for one thread.
    interface Work {
        Runnable of(int count);
    }

    /// Total of two threads over one: twice what a step costs alone over what it costs beside another. More
    /// rounds than elsewhere, because what others do on the machine shows twice.
    private void scale(String name, Work work) throws InterruptedException {
        int count = 200_000;
        Runnable[] both = {work.of(count), work.of(count)};
        double[] ratios = new double[5 * rounds];
        for (int round = -WARM; round < ratios.length; round++) {
            double one = beside(List.of(both[0])) + beside(List.of(both[1]));
            double two = beside(List.of(both));
            ratios[Math.max(round, 0)] = 2 * one / two;
        }
        System.out.printf("%-70s %s%n", "two threads over one, " + name, spread(ratios));
    }

    /// The processor time of all threads that do this at the same time.
    private static double beside(List<Runnable> all) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        long[] costs = new long[all.size()];
        for (int at = 0; at < all.size(); at++) {
            int number = at;
            threads.add(Thread.ofPlatform().start(() -> {
                long start = THREADS.getCurrentThreadCpuTime();
                all.get(number).run();
                costs[number] = THREADS.getCurrentThreadCpuTime() - start;
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return Arrays.stream(costs).sum();
    }

    private static double[] toArray(List<Double> costs) {
        return costs.stream().mapToDouble(Double::doubleValue).toArray();
    }

    static String spread(double[] rounds) {
        double[] sorted = rounds.clone();
        Arrays.sort(sorted);
        String form = sorted[sorted.length - 1] < 10 ? "%.2f (%.2f-%.2f)" : "%.0f (%.0f-%.0f)";
        return form.formatted(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }
}
