package io.ipvlan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Benchmarks on a kernel with ipvlan, for a moment each.
class BenchmarksIT {
    @Test
    void benchmarksOnTheKernelRun() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(AttachBenchmark.class.getSimpleName())
                        .include(RestartBenchmark.class.getSimpleName())
                        .include(WatchBenchmark.class.getSimpleName())
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(10))
                        .shouldFailOnError(true)
                        .param("kernel", Site.REAL)
                        .param("mode", "l3")
                        .param("endpoints", "150")
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();

        Set<String> ran = results.stream()
                .map(result -> result.getParams().getBenchmark())
                .collect(Collectors.toSet());
        assertEquals(
                Set.of(
                        AttachBenchmark.class.getName() + ".attach",
                        AttachBenchmark.class.getName() + ".attachFirst",
                        AttachBenchmark.class.getName() + ".detach",
                        RestartBenchmark.class.getName() + ".restart",
                        WatchBenchmark.class.getName() + ".heard",
                        WatchBenchmark.class.getName() + ".made"),
                ran);
        results.forEach(result -> assertTrue(result.getPrimaryResult().getScore() > 0));
    }
}
