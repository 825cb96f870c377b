package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import io.ipvlan.ipam.SubnetAllocator.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The allocator against a model that tries every subnet of every pool.
class SubnetAllocatorPropertiesTest {
    enum Kind {
        DRAW,
        CLAIM,
        RELEASE
    }

    record Step(Kind kind, IpPrefix prefix, List<IpPrefix> avoid) {}

    // All within one /20, so that they meet.
    @Provide
    Arbitrary<IpPrefix> prefixes() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 4095),
                        Arbitraries.integers().between(20, 32))
                .as((offset, length) ->
                        IpPrefix.containing(IpAddress.parse("10.0.0.0").plus(offset), length));
    }

    @Provide
    Arbitrary<List<Pool>> pools() {
        return Combinators.combine(prefixes(), Arbitraries.integers().between(0, 6))
                .as((base, cuts) -> new Pool(base, Math.min(32, base.length() + cuts)))
                .list()
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(Kind.class),
                        prefixes(),
                        prefixes().list().ofMaxSize(3))
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }

    @Property
    void theAllocatorDrawsTheLowestPrefixThatOverlapsNothing(
            @ForAll("pools") List<Pool> pools, @ForAll("steps") List<Step> steps) {
        SubnetAllocator allocator = SubnetAllocator.of(pools);
        List<IpPrefix> taken = new ArrayList<>();
        for (Step step : steps) {
            switch (step.kind) {
                case DRAW -> {
                    List<IpPrefix> busy = new ArrayList<>(taken);
                    busy.addAll(step.avoid);
                    Optional<IpPrefix> expected = lowestFree(pools, busy);
                    if (expected.isPresent()) {
                        assertEquals(expected.get(), allocator.allocate(IpFamily.IPV4, step.avoid));
                        taken.add(expected.get());
                    } else {
                        assertThrows(PoolExhausted.class, () -> allocator.allocate(IpFamily.IPV4, step.avoid));
                    }
                }
                case CLAIM -> {
                    allocator.claim(step.prefix);
                    taken.add(step.prefix);
                }
                case RELEASE -> {
                    if (!taken.contains(step.prefix)) {
                        assertThrows(NotHeld.class, () -> allocator.release(step.prefix));
                    }
                    if (!taken.isEmpty()) {
                        allocator.release(taken.remove(step.avoid.size() % taken.size()));
                    }
                }
            }
        }
    }

    private static Optional<IpPrefix> lowestFree(List<Pool> pools, List<IpPrefix> busy) {
        for (Pool pool : pools) {
            long step = 1L << (32 - pool.size());
            for (long at = 0; at < 1L << (32 - pool.base().length()); at += step) {
                IpPrefix candidate = IpPrefix.of(pool.base().first().plus(at), pool.size());
                if (busy.stream().noneMatch(candidate::overlaps)) {
                    return Optional.of(candidate);
                }
            }
        }
        return Optional.empty();
    }
}
