package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import io.ipvlan.ipam.IpamException.SubnetOverlap;
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

    record Step(Kind kind, String domain, IpPrefix prefix, List<IpPrefix> avoid) {}

    record Taken(String domain, IpPrefix prefix) {}

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
                        Arbitraries.of("eth0", "eth1"),
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
        List<Taken> taken = new ArrayList<>();
        for (Step step : steps) {
            switch (step.kind) {
                case DRAW -> {
                    List<IpPrefix> busy =
                            new ArrayList<>(taken.stream().map(Taken::prefix).toList());
                    busy.addAll(step.avoid);
                    Optional<IpPrefix> expected = lowestFree(pools, busy);
                    if (expected.isPresent()) {
                        assertEquals(expected.get(), allocator.allocate(step.domain, IpFamily.IPV4, step.avoid));
                        taken.add(new Taken(step.domain, expected.get()));
                    } else {
                        assertThrows(PoolExhausted.class, () -> allocator.allocate(IpFamily.IPV4, step.avoid));
                    }
                }
                case CLAIM -> {
                    if (taken.stream()
                            .anyMatch(one -> one.domain.equals(step.domain) && one.prefix.overlaps(step.prefix))) {
                        SubnetOverlap refusal =
                                assertThrows(SubnetOverlap.class, () -> allocator.claim(step.domain, step.prefix));
                        assertTrue(taken.contains(new Taken(step.domain, refusal.taken())));
                        assertTrue(refusal.taken().overlaps(step.prefix));
                    } else {
                        allocator.claim(step.domain, step.prefix);
                        taken.add(new Taken(step.domain, step.prefix));
                    }
                }
                case RELEASE -> {
                    if (!taken.contains(new Taken(step.domain, step.prefix))) {
                        assertThrows(NotHeld.class, () -> allocator.release(step.domain, step.prefix));
                    }
                    if (!taken.isEmpty()) {
                        Taken gone = taken.remove(step.avoid.size() % taken.size());
                        allocator.release(gone.domain, gone.prefix);
                    }
                }
            }
            assertEquals(
                    taken.stream()
                            .filter(one -> one.domain.equals(step.domain))
                            .map(Taken::prefix)
                            .sorted()
                            .toList(),
                    allocator.taken(step.domain));
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
