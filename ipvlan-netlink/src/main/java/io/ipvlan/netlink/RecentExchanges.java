package io.ipvlan.netlink;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;

/// The last exchanges of all netlink sockets of this program, for those who look for the cause of something
/// afterwards. Nothing is kept, and it costs nothing, until [#keep] is called.
///
/// Safe for use by several threads, which wait for one another for as long as it takes to add to a queue.
public final class RecentExchanges {
    private static final ArrayDeque<Exchange> KEPT = new ArrayDeque<>(); // guards itself
    private static volatile int limit;

    private RecentExchanges() {}

    /// Requests that were sent together, and what became of them.
    ///
    /// @param at when they were sent
    /// @param duration how long it took until the last was answered
    /// @param type the type of the first, such as `RTM_NEWLINK`
    /// @param request the first in words, such as `create link 'eth0'`
    /// @param requests how many there were
    /// @param bytes what was sent, in bytes
    /// @param answers how many messages the kernel answered with; the rows of a listing count
    /// @param outcome `done`, `refused`, `timed out`, `closed` or `malformed`
    /// @param error the name of the first error number, such as `EBUSY`; empty if nothing was refused
    public record Exchange(
            Instant at,
            Duration duration,
            String type,
            String request,
            int requests,
            long bytes,
            int answers,
            String outcome,
            String error) {
        /// Checks for null.
        public Exchange {
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(duration, "duration");
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(request, "request");
            Objects.requireNonNull(outcome, "outcome");
            Objects.requireNonNull(error, "error");
        }

        /// Everything, in one line.
        @Override
        public String toString() {
            return at + " " + type + " " + request + ": " + outcome + (error.isEmpty() ? "" : " " + error) + "; "
                    + requests + " sent (" + bytes + " bytes), " + answers + " received, "
                    + duration.toNanos() / 1000 + " us";
        }
    }

    /// Sets how many exchanges are kept, for the whole program; none unless set. Those that are too many are
    /// dropped, the oldest first.
    ///
    /// @param count how many; 0 for none, which is free of cost again
    /// @throws IllegalArgumentException if it is negative
    public static void keep(int count) {
        if (count < 0) {
            throw new IllegalArgumentException("a negative number of exchanges: " + count);
        }
        synchronized (KEPT) {
            limit = count;
            trim();
        }
    }

    /// Those that are kept, the oldest first.
    ///
    /// @return a snapshot
    public static List<Exchange> list() {
        synchronized (KEPT) {
            return List.copyOf(KEPT);
        }
    }

    static boolean areKept() {
        return limit > 0;
    }

    static void add(Exchange exchange) {
        synchronized (KEPT) {
            KEPT.addLast(exchange);
            trim();
        }
    }

    private static void trim() {
        while (KEPT.size() > limit) {
            KEPT.removeFirst();
        }
    }
}
