package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpRange;
import java.util.Optional;

/// The addresses of one range that are still free, lowest first. Every operation costs the logarithm of the
/// number of gaps, however large the range is. Not for several threads at once.
final class FreeAddresses {
    private final IpRange range;
    private final RangeSet free = new RangeSet();
    private long taken;

    FreeAddresses(IpRange range) {
        this.range = range;
        free.add(range);
    }

    Optional<IpAddress> lowest() {
        return free.isEmpty() ? Optional.empty() : Optional.of(free.lowest());
    }

    /// Takes an address, if it is in the range and free.
    boolean take(IpAddress address) {
        if (!free.contains(address)) {
            return false;
        }
        free.remove(IpRange.of(address, address));
        taken++;
        return true;
    }

    /// Frees an address that was taken; of one outside the range there is nothing to free.
    void giveBack(IpAddress address) {
        if (range.contains(address)) {
            free.add(IpRange.of(address, address));
            taken--;
        }
    }

    /// How many are free, up to [Long#MAX_VALUE].
    long count() {
        // As many as if the taken ones had all been the last of the range: exact beyond 64 bits without counting there.
        return free.isEmpty()
                ? 0
                : IpRange.of(range.first(), range.last().plus(-taken)).size();
    }
}
