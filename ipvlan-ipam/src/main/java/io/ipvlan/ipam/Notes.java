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
    final SequencedSet<Entry> cooling;

    final SequencedSet<Entry> former;
    /// What ends by itself.
    final NavigableSet<Timer> timers;

    final NavigableSet<IpAddress> withheld;
    final Map<Entry, Timer> timerOf;
    final Map<Entry, Map<String, String>> labels;

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
            SequencedSet<Entry> cooling,
            SequencedSet<Entry> former,
            NavigableSet<Timer> timers,
            NavigableSet<IpAddress> withheld,
            Map<Entry, Timer> timerOf,
            Map<Entry, Map<String, String>> labels) {
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
