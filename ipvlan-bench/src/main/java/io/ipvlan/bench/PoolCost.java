package io.ipvlan.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// What allocate and release cost in processor time of the thread, each by itself: for machines on which
/// other programs run, where elapsed time says more about those. [PoolBenchmark] measures the same in elapsed
/// time.
///
/// A batch of leases, chosen at random, is released, and then as many are taken; a figure is the median over
/// all batches of a round, and the line shows the median of the rounds with the least and the greatest. The
/// last line is a measure of the machine: removing and putting random owners of a hash map of 32,767.
///
/// Run: `java -cp ipvlan-bench/target/benchmarks.jar io.ipvlan.bench.PoolCost [ROUNDS [PART OF A LINE]]`
public final class PoolCost {
    private static final int BATCH = 512;
    private static final int BATCHES = 400;
    private static final int WARM = 12;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /// Two kinds of steps that take turns.
    interface Pair {
        /// Does what a caller has done before: looked up the leases, and got the texts of owners.
        void prepare(int[] chosen);

        /// Gives back some of what is held.
        void release(int[] chosen);

        /// Takes as much again.
        void allocate(int[] chosen);
    }

    private PoolCost() {}

    /// Prints a line for each pool.
    ///
    /// @param arguments how many rounds, 5 if not given; and a part of the names of those wanted
    public static void main(String[] arguments) {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        String part = arguments.length > 1 ? arguments[1] : "";
        System.out.printf("%-46s %20s %20s %9s%n", "", "allocate, ns", "release, ns", "B a pair");
        for (String pool : HeldPool.KINDS) {
            for (boolean owned : List.of(true, false)) {
                String name = pool + (owned ? " owned" : "");
                if (name.contains(part)) {
                    HeldPool held = new HeldPool(pool, owned);
                    show(name, rounds, held.size(), held);
                }
            }
        }
        show("HashMap", rounds, 32_767, new Control(32_767));
    }

    private static void show(String name, int rounds, int size, Pair pair) {
        SplittableRandom random = new SplittableRandom(2);
        double[] allocate = new double[rounds];
        double[] release = new double[rounds];
        long bytes = 0;
        for (int warm = 0; warm < WARM; warm++) {
            round(pair, size, random, new long[BATCHES], new long[BATCHES]);
        }
        for (int round = 0; round < rounds; round++) {
            long[] allocated = new long[BATCHES];
            long[] released = new long[BATCHES];
            bytes += round(pair, size, random, allocated, released);
            allocate[round] = median(allocated);
            release[round] = median(released);
        }
        System.out.printf(
                "%-46s %20s %20s %9d%n",
                name, StepCost.spread(allocate), StepCost.spread(release), bytes / rounds / BATCHES / BATCH);
    }

    /// One round; what it allocated is the answer.
    private static long round(Pair pair, int size, SplittableRandom random, long[] allocated, long[] released) {
        long bytes = 0;
        for (int batch = 0; batch < BATCHES; batch++) {
            int[] chosen = random.ints(0, size).distinct().limit(BATCH).toArray();
            pair.prepare(chosen);
            long before = THREADS.getCurrentThreadAllocatedBytes();
            long start = THREADS.getCurrentThreadCpuTime();
            pair.release(chosen);
            long middle = THREADS.getCurrentThreadCpuTime();
            pair.allocate(chosen);
            allocated[batch] = THREADS.getCurrentThreadCpuTime() - middle;
            released[batch] = middle - start;
            bytes += THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        return bytes;
    }

    private static double median(long[] times) {
        Arrays.sort(times);
        return (double) times[times.length / 2] / BATCH;
    }

    /// A hash map of owners.
    private static final class Control implements Pair {
        private final Map<String, Object> map = new HashMap<>();
        private final String[] keys;

        Control(int size) {
            keys = new String[size];
            for (int at = 0; at < size; at++) {
                keys[at] = "endpoint-" + at;
                map.put(keys[at], this);
            }
        }

        @Override
        public void prepare(int[] chosen) {
            for (int at : chosen) {
                keys[at] = "endpoint-" + at;
            }
        }

        @Override
        public void release(int[] chosen) {
            for (int at : chosen) {
                map.remove(keys[at]);
            }
        }

        @Override
        public void allocate(int[] chosen) {
            for (int at : chosen) {
                map.put(keys[at], this);
            }
        }
    }
}
