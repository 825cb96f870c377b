package io.ipvlan.netlink.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// Which threads are in which namespace, as `/proc` shows it: `net:[4026531840]`.
final class Places {
    private Places() {}

    /// The namespace of the calling thread, of a virtual thread that of its carrier.
    static String here() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The namespace a handle stands for.
    static String of(NetNamespace namespace) {
        return "net:[" + namespace.id().inode() + "]";
    }

    /// The namespaces of all threads of the process, those of the JVM too.
    static Set<String> everywhere() throws IOException {
        return ofThreads("");
    }

    /// Waits until all threads of the process are in one namespace. A thread that has ended for Java takes
    /// its time to end for the kernel; a carrier of virtual threads would stay for half a minute.
    static void awaitEverywhere(String namespace) throws IOException, InterruptedException {
        long end = System.nanoTime() + 5_000_000_000L;
        while (!everywhere().equals(Set.of(namespace)) && System.nanoTime() < end) {
            Thread.sleep(10);
        }
        assertEquals(Set.of(namespace), everywhere());
    }

    /// The namespaces of the threads whose name in the kernel begins so.
    static Set<String> ofThreads(String prefix) throws IOException {
        Set<String> namespaces = new TreeSet<>();
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            for (Path thread : (Iterable<Path>) threads::iterator) {
                try {
                    if (Files.readString(thread.resolve("comm")).startsWith(prefix)) {
                        namespaces.add(
                                Files.readSymbolicLink(thread.resolve("ns/net")).toString());
                    }
                } catch (IOException e) {
                    assertFalse(Files.exists(thread.resolve("ns/net")), "ended meanwhile: " + e);
                }
            }
        }
        return namespaces;
    }

    /// Runs a task on many virtual threads at once.
    static <T> List<T> onVirtualThreads(int count, Callable<T> task) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                futures.add(threads.submit(task));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> future : futures) {
                results.add(future.get());
            }
            return results;
        }
    }
}
