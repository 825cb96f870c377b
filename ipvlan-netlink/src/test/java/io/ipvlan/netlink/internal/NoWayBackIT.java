package io.ipvlan.netlink.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.netlink.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Root of a user namespace alone may make a network namespace, and may not return to the one it came from.
/// The thread that cannot come back must start no thread when it wakes its callers: to wake a virtual thread
/// may start a carrier, which would be lost with it.
class NoWayBackIT {
    @Test
    void carriersStartAtHome() {
        assertEquals("made 12, threads elsewhere 0", printedBy(Probe.class));
    }

    @Test
    void whoGivesUpStartsNoThread() {
        assertEquals("answered true, threads 0", printedBy(GivingUp.class));
    }

    private static String printedBy(Class<?> program) {
        return Command.run(
                        "unshare",
                        "--user",
                        "--map-root-user",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Djdk.virtualThreadScheduler.parallelism=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName())
                .strip();
    }

    /// Runs in a JVM of its own: of two visits that wait for one thread, the first is its last.
    static final class GivingUp {
        private static final CountDownLatch BEGUN = new CountDownLatch(1);

        private GivingUp() {}

        public static void main(String[] arguments) throws Exception {
            int target = NamespaceThread.createNamespace();
            NamespaceThread.Pending first = NamespaceThread.begin(target, (_, _) -> {
                awaitQuietly(BEGUN);
                return 0;
            });
            NamespaceThread.Pending second = NamespaceThread.begin(target, (_, _) -> 0);
            BEGUN.countDown();
            first.await();
            boolean answered = second.giveUp() < 0 && second.await() < 0;
            System.out.println("answered " + answered + ", threads " + namespaceThreads());
        }

        private static void awaitQuietly(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /// Those that have not ended; the last one is about to.
        private static long namespaceThreads() throws InterruptedException {
            List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().startsWith("ipvlan-namespace"))
                    .toList();
            for (Thread thread : threads) {
                thread.join(1_000);
            }
            return threads.stream().filter(Thread::isAlive).count();
        }
    }

    /// Runs in a JVM of its own.
    static final class Probe {
        private Probe() {}

        private static final int CALLERS = 12;
        private static final AtomicInteger WOKEN = new AtomicInteger();

        /// All callers wait before the first of them is woken, since there is one carrier, and none is given
        /// back: whoever wakes the others needs a new one.
        public static void main(String[] arguments) throws Exception {
            String home = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
            int made = 0;
            Set<String> elsewhere = new TreeSet<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Integer>> callers = new ArrayList<>();
                for (int i = 0; i < CALLERS; i++) {
                    callers.add(threads.submit(Probe::makeAndKeepTheCarrier));
                }
                while (WOKEN.get() == 0) {
                    Thread.sleep(1);
                }
                allowCarriers(2 * CALLERS);
                for (Future<Integer> caller : callers) {
                    made += caller.get() >= 0 ? 1 : 0;
                }
                elsewhere.addAll(notAt(home));
            }
            System.out.println("made " + made + ", threads elsewhere " + elsewhere.size());
        }

        /// By reflection: the module under test does not read `java.management`.
        private static void allowCarriers(int count) throws ReflectiveOperationException {
            Class<?> type = Class.forName("jdk.management.VirtualThreadSchedulerMXBean");
            Object bean = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getPlatformMXBean", Class.class)
                    .invoke(null, type);
            type.getMethod("setParallelism", int.class).invoke(bean, count);
        }

        private static int makeAndKeepTheCarrier() {
            int descriptor = NamespaceThread.createNamespace();
            WOKEN.incrementAndGet();
            while (WOKEN.get() < CALLERS) {
                Thread.onSpinWait();
            }
            return descriptor;
        }

        /// The threads that are not at home, but for the one that has gone for the others.
        private static Set<String> notAt(String home) throws IOException {
            Set<String> threads = new TreeSet<>();
            try (Stream<Path> all = Files.list(Path.of("/proc/self/task"))) {
                for (Path thread : (Iterable<Path>) all::iterator) {
                    try {
                        String name = Files.readString(thread.resolve("comm")).strip();
                        boolean away = !Files.readSymbolicLink(thread.resolve("ns/net"))
                                .toString()
                                .equals(home);
                        if (away && !name.startsWith("ipvlan-namespac")) {
                            threads.add(thread + " " + name);
                        }
                    } catch (IOException e) { // it has ended
                        threads.remove(thread.toString());
                    }
                }
            }
            return threads;
        }
    }
}
