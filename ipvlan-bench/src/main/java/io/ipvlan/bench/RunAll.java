package io.ipvlan.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Runs benchmarks and writes two files: the results as JMH writes them, without the single samples, which would be
/// most of it; and beside them, with `.machine.json` at the end of its name, what machine that was.
///
/// Run: `java -cp ipvlan-bench/target/benchmarks.jar io.ipvlan.bench.RunAll RESULTS.json [OPTIONS OF JMH]`
public final class RunAll {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private RunAll() {}

    /// Runs them.
    ///
    /// @param arguments where the results go, and options of JMH
    /// @throws IOException if they cannot be written
    /// @throws CommandLineOptionException if JMH does not know an option
    /// @throws RunnerException if a benchmark fails
    public static void main(String[] arguments) throws IOException, CommandLineOptionException, RunnerException {
        Path results = Path.of(arguments[0]);
        Files.createDirectories(results.toAbsolutePath().getParent());
        ObjectNode machine = machine();
        new Runner(new OptionsBuilder()
                        .parent(new CommandLineOptions(Arrays.copyOfRange(arguments, 1, arguments.length)))
                        .shouldFailOnError(true)
                        .resultFormat(ResultFormatType.JSON)
                        .result(results.toString())
                        .build())
                .run();
        machine.put("loadAfter", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
        JSON.writeValue(results.toFile(), withoutSamples(JSON.readTree(results.toFile())));
        JSON.writeValue(machineFile(results).toFile(), machine);
    }

    /// Where it says what machine that was.
    static Path machineFile(Path results) {
        String name = results.getFileName().toString().replaceFirst("\\.json$", "");
        return results.resolveSibling(name + ".machine.json");
    }

    /// Takes the single samples away, and what only says where the JVM was.
    static JsonNode withoutSamples(JsonNode runs) {
        for (JsonNode run : runs) {
            ((ObjectNode) run).remove("jvm");
            Stream.concat(
                            Stream.of(run.required("primaryMetric")),
                            run.path("secondaryMetrics").valueStream())
                    .forEach(metric -> ((ObjectNode) metric).remove(List.of("rawData", "rawDataHistogram")));
        }
        return runs;
    }

    /// What is known of the machine.
    static ObjectNode machine() throws IOException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return JSON.createObjectNode()
                .put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"))
                .put("architecture", System.getProperty("os.arch"))
                .put("processor", processor())
                .put("processors", system.getAvailableProcessors())
                .put("memoryMegabytes", system.getTotalMemorySize() >> 20)
                .put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"))
                .put("loadBefore", system.getSystemLoadAverage());
    }

    private static String processor() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        }
    }
}
