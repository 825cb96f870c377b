package io.ipvlan.ipam;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// How a pool hands out its addresses. Immutable; each `with` method returns a changed copy.
///
/// @param strategy which free address is handed out
/// @param coolDown how long a released address is kept from others, to the millisecond; zero for not at all
/// @param clock what time it is, from the year 1970 to 2261; read to the millisecond. A clock that is set back,
///     also before 1970, lengthens what is running. Of one that shows a time that cannot be counted, every call that
/// needs it
///     throws [IllegalStateException], and changes nothing
/// @param random where random addresses come from; used by one thread at a time, if no other pool has it
public record PoolOptions(Strategy strategy, Duration coolDown, InstantSource clock, RandomGenerator random) {
    /// The longest time that can be counted: about 146 years.
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    /// Checks the cool-down.
    ///
    /// @param strategy which free address is handed out
    /// @param coolDown how long a released address is kept from others
    /// @param clock what time it is
    /// @param random where random addresses come from
    /// @throws IllegalArgumentException if the cool-down is negative or longer than 146 years
    public PoolOptions {
        Objects.requireNonNull(strategy, "strategy");
        Objects.requireNonNull(clock, "clock");
        Objects.requireNonNull(random, "random");
        check("cool-down", coolDown);
    }

    /// A strategy without cool-down, by the clock of the system, and a random source that cannot be guessed by
    /// accident but can by intent.
    ///
    /// @param strategy which free address is handed out
    /// @return the options
    public static PoolOptions of(Strategy strategy) {
        return new PoolOptions(strategy, Duration.ZERO, InstantSource.system(), new SplittableRandom());
    }

    /// A copy with a cool-down.
    ///
    /// @param duration how long a released address is kept from others; zero for not at all
    /// @return the changed copy
    /// @throws IllegalArgumentException if it is negative or longer than 146 years
    public PoolOptions withCoolDown(Duration duration) {
        return new PoolOptions(strategy, duration, clock, random);
    }

    /// A copy with a clock.
    ///
    /// @param source what time it is
    /// @return the changed copy
    public PoolOptions withClock(InstantSource source) {
        return new PoolOptions(strategy, coolDown, source, random);
    }

    /// A copy with a random source, for example a [java.security.SecureRandom].
    ///
    /// @param source where random addresses come from
    /// @return the changed copy
    public PoolOptions withRandom(RandomGenerator source) {
        return new PoolOptions(strategy, coolDown, clock, source);
    }

    static void check(String what, Duration duration) {
        if (duration.isNegative() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    what + " " + duration + ": choose a time from zero to " + LONGEST.toDays() + " days");
        }
    }
}
