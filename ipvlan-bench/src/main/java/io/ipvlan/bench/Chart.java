package io.ipvlan.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Curves over two logarithmic axes, as SVG that can be read on white and on black.
final class Chart {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final int LEFT = 70;
    private static final int TOP = 34;
    private static final int RIGHT = 20;
    private static final int BOTTOM = 48;
    private static final int ROW = 16;
    private static final List<String> COLOURS = List.of("#2a78d6", "#d9662a", "#2a9d5c", "#9a5fd0");

    /// A point.
    record Point(double x, double y) {}

    private record Curve(String name, List<Point> points) {}

    private final String title;
    private final String across;
    private final String up;
    private final List<Curve> curves = new ArrayList<>();

    /// @param title what it shows
    /// @param across what the axis across counts
    /// @param up what the axis up counts
    Chart(String title, String across, String up) {
        this.title = title;
        this.across = across;
        this.up = up;
    }

    /// Adds a curve through points, all of whose numbers are positive.
    Chart curve(String name, List<Point> points) {
        curves.add(new Curve(name, List.copyOf(points)));
        return this;
    }

    /// The drawing.
    String svg() {
        List<Point> all = curves.stream().flatMap(one -> one.points.stream()).toList();
        Axis x = Axis.of(all.stream().map(Point::x).toList(), LEFT, WIDTH - RIGHT);
        int top = TOP + ROW * curves.size(); // the names of the curves stand above them
        Axis y = Axis.of(all.stream().map(Point::y).toList(), HEIGHT - BOTTOM, top);
        StringBuilder svg = new StringBuilder();
        svg.append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <style>text{fill:#222}.grid{stroke:#8886;stroke-width:1}.curve{fill:none;stroke-width:2}
                @media (prefers-color-scheme:dark){text{fill:#ddd}}</style>
                """.formatted(WIDTH, HEIGHT));
        text(svg, LEFT, TOP - 16, "start", title);
        text(svg, (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "middle", across);
        svg.append("<text transform=\"translate(14 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>\n"
                .formatted((top + HEIGHT - BOTTOM) / 2, escaped(up)));
        for (int power = x.lowest; power <= x.highest; power++) {
            double at = x.place(Math.pow(10, power));
            line(svg, at, top, at, HEIGHT - BOTTOM);
            text(svg, at, HEIGHT - BOTTOM + ROW, "middle", label(power));
        }
        for (int power = y.lowest; power <= y.highest; power++) {
            double at = y.place(Math.pow(10, power));
            line(svg, LEFT, at, WIDTH - RIGHT, at);
            text(svg, LEFT - 6, at + 4, "end", label(power));
        }
        for (int number = 0; number < curves.size(); number++) {
            Curve curve = curves.get(number);
            String colour = COLOURS.get(number % COLOURS.size());
            svg.append("<polyline class=\"curve\" stroke=\"%s\" points=\"%s\"/>\n"
                    .formatted(
                            colour,
                            curve.points.stream()
                                    .map(point -> "%s,%s".formatted(round(x.place(point.x)), round(y.place(point.y))))
                                    .collect(Collectors.joining(" "))));
            int row = TOP + ROW * number;
            svg.append("<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>\n"
                    .formatted(LEFT + 10, row - 6, colour));
            text(svg, LEFT + 30, row, "start", curve.name);
        }
        return svg.append("</svg>\n").toString();
    }

    /// @param lowest the power of ten at its beginning
    /// @param highest the power of ten at its end
    private record Axis(int lowest, int highest, double from, double to) {
        static Axis of(List<Double> values, double from, double to) {
            double least = values.stream().min(Double::compare).orElseThrow();
            double greatest = values.stream().max(Double::compare).orElseThrow();
            if (least <= 0) {
                throw new IllegalArgumentException("no place for " + least + " on a logarithmic axis");
            }
            int lowest = (int) Math.floor(Math.log10(least));
            return new Axis(lowest, Math.max(lowest + 1, (int) Math.ceil(Math.log10(greatest))), from, to);
        }

        double place(double value) {
            return from + (to - from) * (Math.log10(value) - lowest) / (highest - lowest);
        }
    }

    private static String label(int power) {
        return power < 0
                ? String.format(Locale.ROOT, "%." + -power + "f", Math.pow(10, power))
                : String.format(Locale.ROOT, "%,.0f", Math.pow(10, power));
    }

    private static String round(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append("<line class=\"grid\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n"
                .formatted(round(x1), round(y1), round(x2), round(y2)));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String words) {
        svg.append("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
                .formatted(round(x), round(y), anchor, escaped(words)));
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;");
    }
}
