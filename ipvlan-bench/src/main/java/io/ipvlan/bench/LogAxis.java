package io.ipvlan.bench;

import java.util.List;
import java.util.Locale;

/// A logarithmic axis that ends at powers of ten.
///
/// @param lowest the power at its beginning
/// @param highest the power at its end
/// @param from where it begins in the drawing
/// @param to where it ends
record LogAxis(int lowest, int highest, double from, double to) {
    /// An axis for some values.
    ///
    /// @throws IllegalArgumentException if one of them is not positive
    static LogAxis of(List<Double> values, double from, double to) {
        double least = values.stream().min(Double::compare).orElseThrow();
        double greatest = values.stream().max(Double::compare).orElseThrow();
        if (least <= 0) {
            throw new IllegalArgumentException("no place for " + least + " on a logarithmic axis");
        }
        int lowest = (int) Math.floor(Math.log10(least));
        return new LogAxis(lowest, Math.max(lowest + 1, (int) Math.ceil(Math.log10(greatest))), from, to);
    }

    double place(double value) {
        return from + (to - from) * (Math.log10(value) - lowest) / (highest - lowest);
    }

    /// Where a power of ten is.
    double placeOf(int power) {
        return place(Math.pow(10, power));
    }

    static String label(int power) {
        return power < 0
                ? String.format(Locale.ROOT, "%." + -power + "f", Math.pow(10, power))
                : String.format(Locale.ROOT, "%,.0f", Math.pow(10, power));
    }
}
