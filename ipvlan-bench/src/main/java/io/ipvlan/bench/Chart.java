package io.ipvlan.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Curves over two logarithmic axes.
final class Chart {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final int LEFT = 70;
    private static final int TOP = 34;
    private static final int RIGHT = 20;
    private static final int BOTTOM = 48;
    private static final int ROW = 16;

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
        LogAxis x = LogAxis.of(all.stream().map(Point::x).toList(), LEFT, WIDTH - RIGHT);
        int top = TOP + ROW * curves.size(); // the names of the curves stand above them
        LogAxis y = LogAxis.of(all.stream().map(Point::y).toList(), HEIGHT - BOTTOM, top);
        Svg svg = new Svg(WIDTH, HEIGHT);
        svg.text(LEFT, TOP - 16, "start", title);
        svg.text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "middle", across);
        svg.add(
                "<text transform=\"translate(14 %s) rotate(-90)\" text-anchor=\"middle\">%s</text>",
                (top + HEIGHT - BOTTOM) / 2, up);
        for (int power = x.lowest(); power <= x.highest(); power++) {
            double at = x.placeOf(power);
            svg.line(at, top, at, HEIGHT - BOTTOM);
            svg.text(at, HEIGHT - BOTTOM + ROW, "middle", LogAxis.label(power));
        }
        for (int power = y.lowest(); power <= y.highest(); power++) {
            double at = y.placeOf(power);
            svg.line(LEFT, at, WIDTH - RIGHT, at);
            svg.text(LEFT - 6, at + 4, "end", LogAxis.label(power));
        }
        for (int number = 0; number < curves.size(); number++) {
            Curve curve = curves.get(number);
            String points = curve.points.stream()
                    .map(point -> Svg.round(x.place(point.x)) + "," + Svg.round(y.place(point.y)))
                    .collect(Collectors.joining(" "));
            svg.add("<polyline class=\"curve\" stroke=\"%s\" points=\"%s\"/>", Svg.colour(number), points);
            int row = TOP + ROW * number;
            svg.add(
                    "<rect x=\"%s\" y=\"%s\" width=\"14\" height=\"4\" fill=\"%s\"/>",
                    LEFT + 10, row - 6, Svg.colour(number));
            svg.text(LEFT + 30, row, "start", curve.name);
        }
        return svg.toString();
    }
}
