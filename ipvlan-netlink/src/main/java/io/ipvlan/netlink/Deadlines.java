package io.ipvlan.netlink;

import java.time.Duration;

/// Durations as deadlines count them.
final class Deadlines {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Deadlines() {}

    /// The timeout in nanoseconds, few enough to be added to a time without overflow.
    static long nanos(Duration timeout) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("a timeout is positive: " + timeout);
        }
        return timeout.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : timeout.toNanos();
    }
}
