package io.ipvlan.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// One number of a run of JMH.
///
/// @param score the mean
/// @param error by how much it may be wrong, up and down; `NaN` if that is not known
/// @param unit its unit
/// @param moreIsBetter whether it is a throughput
record Measure(double score, double error, String unit, boolean moreIsBetter) {
    private static final String BYTES = "gc.alloc.rate.norm";

    /// Reads what JMH writes with `-rf json`: the score of each benchmark, and the bytes an operation makes if
    /// `-prof gc` was on.
    ///
    /// @return by the name of the benchmark, its mode and its parameters
    /// @throws IOException if it cannot be read
    static Map<String, Measure> read(Path file) throws IOException {
        JsonNode runs = new ObjectMapper().readTree(file.toFile());
        if (!runs.isArray()) {
            throw new IOException(file + " is not a list of results of JMH");
        }
        Map<String, Measure> measures = new TreeMap<>();
        for (JsonNode run : runs) {
            String name = name(run);
            measures.put(
                    name,
                    of(
                            run.required("primaryMetric"),
                            run.required("mode").asText().equals("thrpt")));
            run.path("secondaryMetrics").properties().forEach(metric -> {
                if (metric.getKey().endsWith(BYTES)) {
                    measures.put(name + " bytes", of(metric.getValue(), false));
                }
            });
        }
        return measures;
    }

    private static Measure of(JsonNode metric, boolean moreIsBetter) {
        return new Measure(
                metric.required("score").asDouble(Double.NaN),
                metric.required("scoreError").asDouble(Double.NaN), // "NaN", as text, if there was one iteration only
                metric.required("scoreUnit").asText(),
                moreIsBetter);
    }

    private static String name(JsonNode run) {
        String benchmark = run.required("benchmark").asText();
        int method = benchmark.lastIndexOf('.');
        String parameters = run.path("params").properties().stream()
                .map(parameter ->
                        " " + parameter.getKey() + "=" + parameter.getValue().asText())
                .sorted()
                .collect(Collectors.joining());
        return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1)
                + " "
                + run.required("mode").asText()
                + parameters;
    }

    /// How many times as bad this one is: 2 if it takes twice as long. Where both are nothing they are the same.
    double ratioTo(Measure other) {
        if (!unit.equals(other.unit)) {
            throw new IllegalArgumentException("units differ: " + unit + " and " + other.unit);
        }
        if (Double.compare(score, other.score) == 0) {
            return 1;
        }
        return moreIsBetter ? other.score / score : score / other.score;
    }

    /// Whether both may be the same number as far as their errors say.
    boolean overlaps(Measure other) {
        double errors = (Double.isNaN(error) ? 0 : error) + (Double.isNaN(other.error) ? 0 : other.error);
        return Math.abs(score - other.score) <= errors;
    }

    @Override
    public String toString() {
        String form = score < 10 ? "%.2f" : "%.0f";
        String number = String.format(Locale.ROOT, form, score);
        return number + (Double.isNaN(error) ? "" : " ± " + String.format(Locale.ROOT, form, error)) + " " + unit;
    }
}
