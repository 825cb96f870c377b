package io.ipvlan.bench.peer;

import io.ipvlan.ipam.AddressPool;
import io.ipvlan.ipam.Lease;
import java.util.stream.IntStream;

/// Whom the pool keeps as the owner of a lease: somebody else for each, or with the property `owners=false` nobody.
final class PoolOwners {
    /// How many steps are timed together, as the other peers do.
    static final int CHUNK = 64;

    private final String[] names;

    private PoolOwners(String[] names) {
        this.names = names;
    }

    /// Makes the names beforehand: whoever asks has them already.
    static PoolOwners of(int count) {
        boolean kept = Boolean.parseBoolean(System.getProperty("owners", "true"));
        return new PoolOwners(
                kept
                        ? IntStream.range(0, count)
                                .mapToObj(number -> "endpoint-" + number)
                                .toArray(String[]::new)
                        : new String[0]);
    }

    Lease allocate(AddressPool pool, int number) {
        return names.length == 0 ? pool.allocate() : pool.allocate(names[number]);
    }
}
