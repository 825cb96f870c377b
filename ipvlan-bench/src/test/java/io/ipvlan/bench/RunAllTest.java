package io.ipvlan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunAllTest {
    @TempDir
    private Path directory;

    @Test
    void resultsAndMachineAreWrittenAndCanBeCompared() throws Exception {
        Path results = directory.resolve("results/last.json");

        RunAll.main(new String[] {
            results.toString(), "RequestBenchmark.route", "-f", "0", "-wi", "0", "-i", "1", "-r", "10ms", "-v", "SILENT"
        });

        assertTrue(Measure.read(results).containsKey("RequestBenchmark.route avgt"));
        assertFalse(Files.readString(results).contains("rawData"));
        JsonNode machine = new ObjectMapper()
                .readTree(directory.resolve("results/last.machine.json").toFile());
        assertTrue(machine.required("kernel").asText().startsWith("Linux "));
        assertTrue(machine.required("loadAfter").isNumber());
    }

    @Test
    void singleSamplesAreLeftOut() throws IOException {
        JsonNode runs = new ObjectMapper().readTree("""
                [{"jvm": "/usr/bin/java", "primaryMetric": {"score": 1, "rawData": [[1]]},
                  "secondaryMetrics": {"gc": {"score": 2, "rawDataHistogram": []}}}]""");

        assertEquals(
                "[{\"primaryMetric\":{\"score\":1},\"secondaryMetrics\":{\"gc\":{\"score\":2}}}]",
                RunAll.withoutSamples(runs).toString());
    }

    @Test
    void theMachineStandsBesideTheResults() {
        assertEquals(Path.of("results/host.machine.json"), RunAll.machineFile(Path.of("results/host.json")));
    }
}
