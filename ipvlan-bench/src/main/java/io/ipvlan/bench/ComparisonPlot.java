package io.ipvlan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Draws a table of the comparison, as it stands in the documentation: a line for each workload, and on it a
/// dot for each peer, as far to the right as it takes longer than C.
///
/// Run, after the table was changed: `java -cp ipvlan-bench/target/benchmarks.jar
/// io.ipvlan.bench.ComparisonPlot ipvlan-bench/README.md ipvlan-bench/results`
public final class ComparisonPlot {
    /// What the tables begin with, and how their drawings are called.
    static final List<String> TABLES = List.of("Kernel", "Addresses");

    private static final int WIDTH = 760;
    private static final int LEFT = 210;
    private static final int RIGHT = 24;
    private static final int TOP = 62;
    private static final int ROW = 22;
    private static final Pattern RATIO = Pattern.compile("^[(*]*(\\d[\\d,]*(?:\\.\\d+)?)");

    /// @param workload what was carried out
    /// @param ratios one for each peer, NaN for a peer that does not know it
    private record Line(String workload, List<Double> ratios) {}

    private final List<String> peers;
    private final List<Line> lines;

    private ComparisonPlot(List<String> peers, List<Line> lines) {
        this.peers = peers;
        this.lines = lines;
    }

    /// Draws all tables.
    ///
    /// @param arguments the document, and the directory the drawings go to
    /// @throws IOException if the document cannot be read, or a drawing not be written
    public static void main(String[] arguments) throws IOException {
        String document = Files.readString(Path.of(arguments[0]));
        for (String table : TABLES) {
            Files.writeString(file(Path.of(arguments[1]), table), draw(document, table));
        }
    }

    static Path file(Path directory, String table) {
        return directory.resolve(table.toLowerCase(Locale.ROOT) + ".svg");
    }

    /// Draws the table whose first row begins with a name.
    static String draw(String document, String table) {
        List<List<String>> rows = document.lines()
                .dropWhile(line -> !line.startsWith("| " + table + " |"))
                .takeWhile(line -> line.startsWith("|"))
                .map(ComparisonPlot::cells)
                .toList();
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("no table begins with '" + table + "'");
        }
        List<String> peers = behindC(rows.getFirst())
                .map(peer -> peer.replaceFirst(" \\(.*", ""))
                .toList();
        List<Line> lines = rows.stream()
                .skip(2) // the names, and the rule below them
                .map(row -> new Line(
                        row.getFirst(), behindC(row).map(ComparisonPlot::ratio).toList()))
                .toList();
        return new ComparisonPlot(peers, lines).svg();
    }

    private static Stream<String> behindC(List<String> row) {
        return row.stream().skip(2);
    }

    private static List<String> cells(String line) {
        return Arrays.stream(line.substring(1).split("\\|")).map(String::strip).toList();
    }

    private static double ratio(String cell) {
        Matcher first = RATIO.matcher(cell);
        return first.find() ? Double.parseDouble(first.group(1).replace(",", "")) : Double.NaN;
    }

    private String svg() {
        List<Double> all = lines.stream()
                .flatMap(line -> line.ratios.stream())
                .filter(Double::isFinite)
                .toList();
        LogAxis x = LogAxis.of(all, LEFT, WIDTH - RIGHT);
        int bottom = TOP + ROW * lines.size();
        Svg svg = new Svg(WIDTH, bottom + 48);
        svg.text(LEFT, 16, "start", "How many times as long as C");
        for (int peer = 0; peer < peers.size(); peer++) {
            double at = LEFT + (WIDTH - LEFT - RIGHT) * peer / (double) peers.size();
            dot(svg, peer, at + 6, 34);
            svg.text(at + 16, 38, "start", peers.get(peer));
        }
        for (int power = x.lowest(); power <= x.highest(); power++) {
            svg.line(x.placeOf(power), TOP - 8, x.placeOf(power), bottom);
            svg.text(x.placeOf(power), bottom + 18, "middle", LogAxis.label(power));
        }
        for (int number = 0; number < lines.size(); number++) {
            Line line = lines.get(number);
            double y = TOP + ROW * number + 6;
            svg.line(LEFT, y, WIDTH - RIGHT, y);
            svg.text(LEFT - 10, y + 4, "end", line.workload);
            for (int peer = 0; peer < line.ratios.size(); peer++) {
                if (Double.isFinite(line.ratios.get(peer))) {
                    dot(svg, peer, x.place(line.ratios.get(peer)), y);
                }
            }
        }
        return svg.toString();
    }

    /// The last peer is this library, and is drawn larger.
    private void dot(Svg svg, int peer, double x, double y) {
        boolean ours = peer == peers.size() - 1;
        svg.add(
                "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" fill=\"%s\"/>",
                x, y, ours ? 6 : 4, ours ? Svg.colour(0) : Svg.colour(peer + 1));
    }
}
