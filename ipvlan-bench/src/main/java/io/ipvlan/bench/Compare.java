package io.ipvlan.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Compares two runs of the benchmarks, as JMH writes them in JSON: how many times as long the second takes, or as much
/// it makes, for each benchmark of both. More is worse; for throughput the ratio is turned over. A difference counts
/// if it is more than 25 % and more than what both runs swing by.
///
/// Run: `java -cp ipvlan-bench/target/benchmarks.jar io.ipvlan.bench.Compare BEFORE.json AFTER.json`
///
/// Ends with status 1 if something became worse, and 2 if it was not called like this.
public final class Compare {
    private static final double TOLERANCE = 1.25;

    private Compare() {}

    /// What became of one measure.
    enum Verdict {
        SAME(""),
        WORSE("worse"),
        BETTER("better");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }
    }

    /// Prints the table, and ends with the status.
    ///
    /// @param arguments the two files
    /// @throws IOException if one cannot be read
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: Compare BEFORE.json AFTER.json");
            System.exit(2);
        }
        Map<String, Measure> before = Measure.read(Path.of(arguments[0]));
        Map<String, Measure> after = Measure.read(Path.of(arguments[1]));
        System.out.print(String.join("\n", table(before, after)) + "\n");
        System.exit(worse(before, after) ? 1 : 0);
    }

    /// Whether anything became worse.
    static boolean worse(Map<String, Measure> before, Map<String, Measure> after) {
        return before.entrySet().stream()
                .anyMatch(entry -> after.containsKey(entry.getKey())
                        && verdict(entry.getValue(), after.get(entry.getKey())) == Verdict.WORSE);
    }

    /// How a measure has changed.
    static Verdict verdict(Measure before, Measure after) {
        if (before.overlaps(after)) {
            return Verdict.SAME;
        }
        double ratio = after.ratioTo(before);
        if (ratio > TOLERANCE) {
            return Verdict.WORSE;
        }
        return ratio < 1 / TOLERANCE ? Verdict.BETTER : Verdict.SAME;
    }

    /// The lines to print: a table, and what only one of the runs has.
    static List<String> table(Map<String, Measure> before, Map<String, Measure> after) {
        List<String> lines = new ArrayList<>(List.of("| | Before | After | Ratio | |", "|---|---|---|---|---|"));
        before.forEach((name, old) -> {
            Measure now = after.get(name);
            if (now != null) {
                lines.add(String.format(
                        Locale.ROOT,
                        "| %s | %s | %s | %.2f | %s |",
                        name,
                        old,
                        now,
                        now.ratioTo(old),
                        verdict(old, now).word));
            }
        });
        before.keySet().stream()
                .filter(name -> !after.containsKey(name))
                .forEach(name -> lines.add("Only before: " + name));
        after.keySet().stream()
                .filter(name -> !before.containsKey(name))
                .forEach(name -> lines.add("Only after: " + name));
        return lines;
    }
}
