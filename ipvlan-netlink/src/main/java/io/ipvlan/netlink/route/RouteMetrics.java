package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.internal.Uapi;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// What a route says about the connections that take it. Immutable: each method that sets something answers
/// with a changed copy. Numbers this library has no name for are kept.
///
/// Source: `RTAX_*` in `linux/rtnetlink.h`.
public final class RouteMetrics {
    /// The largest packet, in bytes. While it is not locked, path MTU discovery may lower it.
    public static final int MTU = 2;
    /// The largest receive window announced, in bytes.
    public static final int WINDOW = 3;
    /// The first guess of the round trip time, in eighths of a millisecond.
    public static final int ROUND_TRIP_TIME = 4;
    /// The first guess of its variance, in quarters of a millisecond.
    public static final int ROUND_TRIP_VARIANCE = 5;
    /// Where TCP's slow start ends at first.
    public static final int SLOW_START_THRESHOLD = 6;
    /// The largest congestion window; only if locked.
    public static final int CONGESTION_WINDOW = 7;
    /// The largest TCP segment announced, in bytes.
    public static final int ADVERTISED_SEGMENT = 8;
    /// How far packets may overtake one another before one counts as lost.
    public static final int REORDERING = 9;
    /// How many hops packets may make.
    public static final int HOP_LIMIT = 10;
    /// The first congestion window, in segments.
    public static final int INITIAL_CONGESTION_WINDOW = 11;
    /// Bits: 1 explicit congestion notification.
    public static final int FEATURES = 12;
    /// The shortest time after which TCP sends again, in milliseconds.
    public static final int MINIMUM_RETRANSMISSION = 13;
    /// The first receive window, in segments.
    public static final int INITIAL_RECEIVE_WINDOW = 14;
    /// Whether to acknowledge at once.
    public static final int QUICK_ACKNOWLEDGEMENT = 15;
    /// Whether TCP fast open needs no cookie.
    public static final int FAST_OPEN_WITHOUT_COOKIE = 17;

    /// A route that says nothing.
    public static final RouteMetrics NONE = new RouteMetrics(new int[0], new int[0], null);

    /// The kernel's policy knows 17 metrics; this leaves it room to grow, and no answer can make the array
    /// long.
    private static final int NUMBER_LIMIT = 255;

    private final int[] numbers; // ascending
    private final int[] values;
    private final @Nullable String congestionControl;

    private RouteMetrics(int[] numbers, int[] values, @Nullable String congestionControl) {
        this.numbers = numbers;
        this.values = values;
        this.congestionControl = congestionControl;
    }

    /// Sets one.
    ///
    /// @param metric one of the constants
    /// @param value its value
    /// @return the changed copy
    /// @throws IllegalArgumentException if it is not from 1 to 255, or 16, which is a text
    public RouteMetrics with(int metric, int value) {
        if (metric < 1 || metric > NUMBER_LIMIT || metric == Uapi.RTAX_CC_ALGO) {
            throw new IllegalArgumentException("there is no route metric " + metric + " that is a number");
        }
        int at = Arrays.binarySearch(numbers, metric);
        boolean replaces = at >= 0;
        int place = replaces ? at : -at - 1;
        int[] newNumbers = Arrays.copyOf(numbers, numbers.length + (replaces ? 0 : 1));
        int[] newValues = Arrays.copyOf(values, newNumbers.length);
        if (!replaces) {
            System.arraycopy(numbers, place, newNumbers, place + 1, numbers.length - place);
            System.arraycopy(values, place, newValues, place + 1, values.length - place);
        }
        newNumbers[place] = metric;
        newValues[place] = value;
        return new RouteMetrics(newNumbers, newValues, congestionControl);
    }

    /// Forbids the kernel to change one by what it learns.
    ///
    /// @param metric one of the constants, below 32
    /// @return the changed copy
    /// @throws IllegalArgumentException if it is not from 1 to 31
    public RouteMetrics locked(int metric) {
        if (metric < 1 || metric > 31) {
            throw new IllegalArgumentException("there is no route metric " + metric + " that can be locked");
        }
        return with(Uapi.RTAX_LOCK, value(Uapi.RTAX_LOCK).orElse(0) | (1 << metric));
    }

    /// Chooses TCP's congestion control.
    ///
    /// @param name its name, such as `bbr`
    /// @return the changed copy; the route is refused with `EINVAL` if the kernel has no such one
    public RouteMetrics withCongestionControl(String name) {
        return new RouteMetrics(numbers, values, Objects.requireNonNull(name, "name"));
    }

    /// The value of one.
    ///
    /// @param metric one of the constants
    /// @return its value; empty if the route says nothing about it
    public OptionalInt value(int metric) {
        int at = Arrays.binarySearch(numbers, metric);
        return at < 0 ? OptionalInt.empty() : OptionalInt.of(values[at]);
    }

    /// Whether one is locked.
    ///
    /// @param metric one of the constants
    /// @return true if locked
    public boolean isLocked(int metric) {
        return (value(Uapi.RTAX_LOCK).orElse(0) & (1 << metric)) != 0;
    }

    /// TCP's congestion control.
    ///
    /// @return its name; empty if the route says nothing about it
    public Optional<String> congestionControl() {
        return Optional.ofNullable(congestionControl);
    }

    /// What `RTA_METRICS` holds.
    RequestBody toBody() {
        RequestBody body = RequestBody.nest();
        for (int i = 0; i < numbers.length; i++) {
            body = body.u32(numbers[i], values[i]);
        }
        return congestionControl == null ? body : body.string(Uapi.RTAX_CC_ALGO, congestionControl);
    }

    static RouteMetrics read(AttributeReader attributes) throws NetlinkException.Malformed {
        RouteMetrics metrics = NONE;
        while (attributes.next()) {
            int type = attributes.type();
            if (type == Uapi.RTAX_CC_ALGO) {
                metrics = metrics.withCongestionControl(attributes.string());
            } else if (type >= 1 && type <= NUMBER_LIMIT) {
                metrics = metrics.with(type, attributes.u32());
            }
        }
        return metrics;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RouteMetrics that
                && Arrays.equals(numbers, that.numbers)
                && Arrays.equals(values, that.values)
                && Objects.equals(congestionControl, that.congestionControl);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(numbers) + Arrays.hashCode(values)) + Objects.hashCode(congestionControl);
    }

    /// The numbers that are set with their values, such as `{2=1400, 8=1360}`.
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner(", ", "{", "}");
        for (int i = 0; i < numbers.length; i++) {
            text.add(numbers[i] + "=" + Integer.toUnsignedString(values[i]));
        }
        if (congestionControl != null) {
            text.add(Uapi.RTAX_CC_ALGO + "=" + congestionControl);
        }
        return text.toString();
    }
}
