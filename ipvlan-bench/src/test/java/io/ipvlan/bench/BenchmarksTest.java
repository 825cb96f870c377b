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

/// Every benchmark is run for a moment, so that none rots; those that need ipvlan or a privilege by
/// [BenchmarksIT]. What was measured in that moment means nothing.
class BenchmarksTest {
    @Test
    void everyBenchmarkRuns() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .exclude(RestartBenchmark.class.getSimpleName())
                        .exclude(WatchBenchmark.class.getSimpleName())
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(10))
                        .shouldFailOnError(true)
                        .param("pool", "10.1.0.0/24 100 LOWEST", "2001:db8::/64 100 RANDOM")
                        .param("taken", "100")
                        .param("attached", "10")
                        .param("remembered", "10")
                        .threads(1)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();

        Set<String> ran = results.stream()
                .map(result -> result.getParams().getBenchmark())
                .collect(Collectors.toSet());
        assertEquals(
                Set.of(
                        AddressTextBenchmark.class.getName() + ".formatGuava",
                        AddressTextBenchmark.class.getName() + ".formatIpAddress",
                        AddressTextBenchmark.class.getName() + ".formatIpvlan",
                        AddressTextBenchmark.class.getName() + ".parseGuava",
                        AddressTextBenchmark.class.getName() + ".parseIpAddress",
                        AddressTextBenchmark.class.getName() + ".parseIpvlan",
                        AttachBenchmark.class.getName() + ".attach",
                        AttachBenchmark.class.getName() + ".attachFirst",
                        AttachBenchmark.class.getName() + ".detach",
                        BatchBenchmark.class.getName() + ".attachAll",
                        BatchBenchmark.class.getName() + ".attachAllInOneNamespace",
                        BatchBenchmark.class.getName() + ".detachAll",
                        EngineBenchmark.class.getName() + ".attachAndDetach",
                        PlanBenchmark.class.getName() + ".endpoint",
                        PlanBenchmark.class.getName() + ".network",
                        ParallelPoolBenchmark.class.getName() + ".oneThread",
                        ParallelPoolBenchmark.class.getName() + ".twoThreadsOnOnePool",
                        ParallelPoolBenchmark.class.getName() + ".twoThreadsOnTwoPools",
                        PoolBenchmark.class.getName() + ".releaseAndAllocate",
                        StoreBenchmark.class.getName() + ".load",
                        StoreBenchmark.class.getName() + ".rememberAndForget",
                        StoreBenchmark.class.getName() + ".rememberAndForgetTogether",
                        SubnetBenchmark.class.getName() + ".releaseAndDraw",
                        ListingBenchmark.class.getName() + ".links",
                        ListingBenchmark.class.getName() + ".linksOneByOne",
                        ListingBenchmark.class.getName() + ".routes",
                        ListingBenchmark.class.getName() + ".routesOneByOne",
                        RequestBenchmark.class.getName() + ".address",
                        RequestBenchmark.class.getName() + ".link",
                        RequestBenchmark.class.getName() + ".route",
                        RoundTripBenchmark.class.getName() + ".askForLink",
                        RoundTripBenchmark.class.getName() + ".lookUpLink"),
                ran);
        results.forEach(result -> assertTrue(result.getPrimaryResult().getScore() > 0));
    }
}
