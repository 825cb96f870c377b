package io.ipvlan.ipam;

import java.util.Comparator;

/// Something that ends by itself: a reservation that lapses, or a quarantine.
///
/// @param at when it ends, in nanoseconds of the epoch
/// @param number tells timers of the same time apart
/// @param entry what ends
record Timer(long at, long number, int entry) implements Comparable<Timer> {
    private static final Comparator<Timer> ORDER =
            Comparator.comparingLong(Timer::at).thenComparingLong(Timer::number);

    @Override
    public int compareTo(Timer other) {
        return ORDER.compare(this, other);
    }
}
