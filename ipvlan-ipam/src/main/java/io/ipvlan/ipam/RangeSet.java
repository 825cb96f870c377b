package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpRange;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A set of addresses kept as maximal runs, so that its cost follows the number of runs and not of addresses:
/// changing it costs the logarithm of that number plus the runs swallowed. Not for several threads at once.
final class RangeSet {
    /// First to last address of every run; no two runs overlap or touch.
    private final NavigableMap<IpAddress, IpAddress> runs = new TreeMap<>();

    boolean isEmpty() {
        return runs.isEmpty();
    }

    /// The lowest address of all.
    ///
    /// @throws NoSuchElementException if the set is empty
    IpAddress lowest() {
        return runs.firstKey();
    }

    boolean contains(IpAddress address) {
        Map.Entry<IpAddress, IpAddress> run = runs.floorEntry(address);
        return run != null && run.getValue().compareTo(address) >= 0;
    }

    /// The last address of the highest run that has an address in the range, which may well lie beyond the
    /// range.
    @Nullable
    IpAddress endOfLastRunIn(IpRange range) {
        Map.Entry<IpAddress, IpAddress> run = runs.floorEntry(range.last());
        return run != null && run.getValue().compareTo(range.first()) >= 0 ? run.getValue() : null;
    }

    void add(IpRange range) {
        IpAddress first = range.first();
        IpAddress last = range.last();
        Map.Entry<IpAddress, IpAddress> run = runs.lowerEntry(first);
        if (run != null && reaches(run.getValue(), first)) {
            first = run.getKey();
        }
        // Every run from here on that begins before the end, or right behind it, becomes part of this one.
        while ((run = runs.ceilingEntry(first)) != null && reaches(last, run.getKey())) {
            last = run.getValue().compareTo(last) > 0 ? run.getValue() : last;
            runs.remove(run.getKey());
        }
        runs.put(first, last);
    }

    void remove(IpRange range) {
        Map.Entry<IpAddress, IpAddress> run = runs.lowerEntry(range.first());
        if (run != null && run.getValue().compareTo(range.first()) >= 0) {
            runs.put(run.getKey(), range.first().plus(-1));
            keepBehind(range.last(), run.getValue());
        }
        while ((run = runs.ceilingEntry(range.first())) != null && run.getKey().compareTo(range.last()) <= 0) {
            runs.remove(run.getKey());
            keepBehind(range.last(), run.getValue());
        }
    }

    private void keepBehind(IpAddress removed, IpAddress last) {
        if (last.compareTo(removed) > 0) {
            runs.put(removed.plus(1), last);
        }
    }

    // The last address of a family has no next one: step only towards an address known to be higher.
    private static boolean reaches(IpAddress last, IpAddress first) {
        return first.compareTo(last) <= 0
                || (first.family() == last.family() && last.plus(1).equals(first));
    }
}
