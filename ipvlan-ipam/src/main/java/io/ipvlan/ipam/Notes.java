package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SequencedSet;
import java.util.TreeSet;

/// What is true of few addresses of a pool, and in many pools of none; apart, so that an empty pool is small.
/// Addresses with an entry in [Entries] are known by its number.
final class Notes {
    /// Nothing, and nothing can be added.
    static final Notes NONE = new Notes(
            Collections.unmodifiableSequencedSet(new LinkedHashSet<>()),
            Collections.unmodifiableSequencedSet(new LinkedHashSet<>()),
            Collections.emptyNavigableSet(),
            Collections.emptyNavigableSet(),
            Map.of(),
            Map.of());

    /// What cools down, and what is kept for its last owner, in the order in which that ends.
    final SequencedSet<Integer> cooling;

    final SequencedSet<Integer> former;
    /// What ends by itself.
    final NavigableSet<Timer> timers;

    final NavigableSet<IpAddress> withheld;
    final Map<Integer, Timer> timerOf;
    final Map<Integer, Map<String, String>> labels;

    Notes() {
        this(
                new LinkedHashSet<>(),
                new LinkedHashSet<>(),
                new TreeSet<>(),
                new TreeSet<>(),
                new HashMap<>(),
                new HashMap<>());
    }

    private Notes(
            SequencedSet<Integer> cooling,
            SequencedSet<Integer> former,
            NavigableSet<Timer> timers,
            NavigableSet<IpAddress> withheld,
            Map<Integer, Timer> timerOf,
            Map<Integer, Map<String, String>> labels) {
        this.cooling = cooling;
        this.former = former;
        this.timers = timers;
        this.withheld = withheld;
        this.timerOf = timerOf;
        this.labels = labels;
    }

    /// Whether anything ends by itself.
    boolean end() {
        return !cooling.isEmpty() || !timers.isEmpty();
    }
}
