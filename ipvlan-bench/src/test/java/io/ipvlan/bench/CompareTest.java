package io.ipvlan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareTest {
    @TempDir
    private Path directory;

    private static Measure nanos(double score, double error) {
        return new Measure(score, error, "ns/op", false);
    }

    private static Measure throughput(double score, double error) {
        return new Measure(score, error, "ops/us", true);
    }

    @Test
    void whatTakesLongerThanTheErrorsAndAQuarterMoreIsWorse() {
        assertEquals(Compare.Verdict.WORSE, Compare.verdict(nanos(100, 10), nanos(130, 10)));
    }

    @Test
    void whatIsWithinBothErrorsIsTheSame() {
        assertEquals(Compare.Verdict.SAME, Compare.verdict(nanos(100, 40), nanos(170, 40)));
    }

    @Test
    void whatIsWithinAQuarterIsTheSame() {
        assertEquals(Compare.Verdict.SAME, Compare.verdict(nanos(100, 1), nanos(125, 1)));
        assertEquals(Compare.Verdict.SAME, Compare.verdict(nanos(125, 1), nanos(100, 1)));
    }

    @Test
    void whatTakesLessThanTheErrorsAndAQuarterIsBetter() {
        assertEquals(Compare.Verdict.BETTER, Compare.verdict(nanos(130, 10), nanos(100, 10)));
    }

    @Test
    void lessThroughputIsWorse() {
        assertEquals(Compare.Verdict.WORSE, Compare.verdict(throughput(20, 1), throughput(10, 1)));
        assertEquals(2, throughput(10, 1).ratioTo(throughput(20, 1)));
    }

    @Test
    void whatMadeNothingAndMakesSomethingIsWorse() {
        assertEquals(Compare.Verdict.WORSE, Compare.verdict(nanos(0, 0.01), nanos(16, 0.01)));
        assertEquals(Compare.Verdict.SAME, Compare.verdict(nanos(0, 0), nanos(0, 0)));
    }

    @Test
    void withoutErrorsTheQuarterCounts() {
        assertEquals(Compare.Verdict.WORSE, Compare.verdict(nanos(100, Double.NaN), nanos(126, Double.NaN)));
        assertEquals(Compare.Verdict.SAME, Compare.verdict(nanos(100, Double.NaN), nanos(124, Double.NaN)));
    }

    @Test
    void unitsMustBeTheSame() {
        assertThrows(IllegalArgumentException.class, () -> nanos(1, 0).ratioTo(throughput(2, 0)));
    }

    @Test
    void oneThatBecameWorseIsEnough() {
        Map<String, Measure> before = Map.of("a", nanos(100, 1), "b", nanos(100, 1), "gone", nanos(1, 0));
        assertTrue(Compare.worse(before, Map.of("a", nanos(50, 1), "b", nanos(200, 1))));
        assertFalse(Compare.worse(before, Map.of("a", nanos(50, 1), "new", nanos(200, 1))));
    }

    @Test
    void theTableSaysWhatChangedAndWhatOnlyOneRunHas() {
        assertEquals(
                List.of(
                        "| | Before | After | Ratio | |",
                        "|---|---|---|---|---|",
                        "| a | 100 ± 1 ns/op | 150 ± 2 ns/op | 1.50 | worse |",
                        "Only before: b",
                        "Only after: c"),
                Compare.table(
                        new TreeMap<>(Map.of("a", nanos(100, 1), "b", nanos(1, 0))),
                        new TreeMap<>(Map.of("a", nanos(150, 2), "c", nanos(1, 0)))));
    }

    @Test
    void aRunIsReadAsJmhWritesIt() throws IOException {
        Path file = Files.writeString(directory.resolve("run.json"), """
                [{
                  "benchmark": "io.ipvlan.bench.PoolBenchmark.releaseAndAllocate", "mode": "avgt",
                  "params": {"pool": "10.1.0.0/16 1 LOWEST", "owned": "true"},
                  "primaryMetric": {"score": 1.5, "scoreError": "NaN", "scoreUnit": "ns/op"},
                  "secondaryMetrics": {
                    "·gc.alloc.rate.norm": {"score": 96.0, "scoreError": 0.5, "scoreUnit": "B/op"},
                    "·gc.count": {"score": 3.0, "scoreError": "NaN", "scoreUnit": "counts"}}
                }, {
                  "benchmark": "io.ipvlan.bench.ParallelPoolBenchmark.oneThread", "mode": "thrpt",
                  "primaryMetric": {"score": 7.0, "scoreError": 0.1, "scoreUnit": "ops/us"}
                }]""");
        assertEquals(
                Map.of(
                        "PoolBenchmark.releaseAndAllocate avgt owned=true pool=10.1.0.0/16 1 LOWEST",
                        nanos(1.5, Double.NaN),
                        "PoolBenchmark.releaseAndAllocate avgt owned=true pool=10.1.0.0/16 1 LOWEST bytes",
                        new Measure(96, 0.5, "B/op", false),
                        "ParallelPoolBenchmark.oneThread thrpt",
                        throughput(7, 0.1)),
                Measure.read(file));
    }

    @Test
    void somethingElseIsNoRun() throws IOException {
        Path file = Files.writeString(directory.resolve("run.json"), "{}");
        assertThrows(IOException.class, () -> Measure.read(file));
    }
}
