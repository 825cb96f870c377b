package io.ipvlan.bench;

import io.ipvlan.NetworkStore;
import io.ipvlan.NetworkStore.Durability;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// A store that remembers some endpoints: one more remembered and forgotten, and all of them loaded. Its
/// directory is below `TMPDIR`, which must not be in memory.
///
/// Run: `TMPDIR=/var/tmp java -jar ipvlan-bench/target/benchmarks.jar StoreBenchmark`
///
/// Good: some microseconds in memory and `OPERATING_SYSTEM`; in `DISK` two times what the disk takes to sync,
/// and with sixteen threads a small part of that for each.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class StoreBenchmark {
    private static final String TEXT = "x".repeat(400); // as long as an endpoint's

    /// Where it is: `memory`, or how durable a directory is.
    @Param({"memory", "OPERATING_SYSTEM", "DISK"})
    private String store;

    /// How many endpoints it remembers.
    @Param({"1000", "10000"})
    private int remembered;

    private ScratchDirectory directory;
    private NetworkStore texts;

    /// A key for each thread.
    @State(Scope.Thread)
    public static class Own {
        private final String key = "bench/own-" + Thread.currentThread().threadId();
    }

    /// Fills the store.
    ///
    /// @throws IOException if there is no place for it
    @Setup
    public void open() throws IOException {
        directory = ScratchDirectory.create();
        texts = store.equals("memory")
                ? NetworkStore.inMemory()
                : NetworkStore.directory(directory.path(), Durability.valueOf(store));
        for (int number = 0; number < remembered; number++) {
            texts.compareAndSet("bench/endpoint-" + number, Optional.empty(), Optional.of(TEXT));
        }
        texts.sync();
    }

    /// Deletes it.
    ///
    /// @throws IOException if it stays
    @TearDown
    public void close() throws IOException {
        texts.close();
        directory.close();
    }

    /// Remembers one more, and forgets it; each is durable before the next.
    ///
    /// @param own its key
    /// @return whether both happened
    @Benchmark
    public boolean rememberAndForget(Own own) {
        boolean there = texts.compareAndSet(own.key, Optional.empty(), Optional.of(TEXT));
        texts.sync();
        boolean gone = texts.compareAndSet(own.key, Optional.of(TEXT), Optional.empty());
        texts.sync();
        return there && gone;
    }

    /// The same from sixteen threads, which share what syncing takes.
    ///
    /// @param own its key
    /// @return whether both happened
    @Benchmark
    @Threads(16)
    public boolean rememberAndForgetTogether(Own own) {
        return rememberAndForget(own);
    }

    /// Loads all.
    ///
    /// @return all
    @Benchmark
    public Map<String, String> load() {
        return texts.load();
    }
}
