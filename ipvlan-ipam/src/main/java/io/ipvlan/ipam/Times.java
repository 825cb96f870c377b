package io.ipvlan.ipam;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Times as one number: nanoseconds since the epoch, which last until the year 2262.
final class Times {
    private static final long NANOS = 1_000_000_000;
    private static final long NANOS_OF_MILLI = 1_000_000;

    private Times() {}

    /// The time of a pool's clock.
    ///
    /// @throws IllegalStateException if it has no number
    static long nanos(InstantSource clock) {
        try {
            return Math.multiplyExact(clock.millis(), NANOS_OF_MILLI);
        } catch (ArithmeticException e) {
            throw new IllegalStateException(
                    "the clock of the pool shows a time that cannot be counted: it must lie from the year 1970 to 2261",
                    e);
        }
    }

    /// A time so much later, or the last one there is, which never comes.
    static long later(long time, long duration) {
        long later = time + duration;
        return later < time ? Long.MAX_VALUE : later;
    }

    static long nanos(Duration duration) {
        return duration.toMillis() * NANOS_OF_MILLI;
    }

    /// The time without what tells it from others in its millisecond.
    static long wholeMillis(long nanos) {
        return nanos - Math.floorMod(nanos, NANOS_OF_MILLI);
    }

    /// The number of a time.
    ///
    /// @throws ArithmeticException if it has none
    static long exactNanos(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), NANOS), time.getNano());
    }

    static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    }
}
