package io.ipvlan.bench;

import java.util.Locale;

/// A drawing as SVG, which can be read on white and on black.
final class Svg {
    private static final String[] COLOURS = {"#2a78d6", "#d9662a", "#2a9d5c", "#9a5fd0", "#888888"};

    private final StringBuilder text = new StringBuilder();

    Svg(int width, int height) {
        text.append("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <style>text{fill:#222}.grid{stroke:#8886;stroke-width:1}.curve{fill:none;stroke-width:2}
                @media (prefers-color-scheme:dark){text{fill:#ddd}}</style>
                """.formatted(width, height));
    }

    /// One of a few colours that can be told apart.
    static String colour(int number) {
        return COLOURS[number % COLOURS.length];
    }

    void line(double x1, double y1, double x2, double y2) {
        add("<line class=\"grid\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>", x1, y1, x2, y2);
    }

    void text(double x, double y, String anchor, String words) {
        add("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>", x, y, anchor, words);
    }

    /// Adds an element.
    ///
    /// @param format what stands in it for each value is `%s`
    /// @param values numbers, which are rounded, and words, which are escaped
    void add(String format, Object... values) {
        Object[] written = new Object[values.length];
        for (int at = 0; at < values.length; at++) {
            written[at] = values[at] instanceof Double number ? round(number) : escaped(values[at].toString());
        }
        text.append(format.formatted(written)).append('\n');
    }

    static String round(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;");
    }

    @Override
    public String toString() {
        return text + "</svg>\n";
    }
}
