package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ipam.IpamException.AddressInUse;
import io.ipvlan.ipam.IpamException.AddressOutsidePool;
import io.ipvlan.ipam.IpamException.AddressResting;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import io.ipvlan.ipam.ModelPool.Kind;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/// The pool against a model that lists every address of a small subnet.
class AddressPoolPropertiesTest {
    enum Action {
        ANY,
        ANONYMOUS,
        REQUEST,
        ENSURE,
        ENSURE_REQUEST,
        RESERVE,
        COMMIT,
        RELEASE,
        HAND_OVER,
        LABEL,
        WITHHOLD,
        QUARANTINE,
        QUARANTINE_LEASE,
        END_QUARANTINE,
        WAIT,
        SNAPSHOT
    }

    /// Neither short nor Latin-1: it is kept in another way than the others.
    private static final String LONG_OWNER = "владелец-долгий-и-один";

    record Step(Action action, int offset, String owner, int millis) {}

    record Setup(Subnet subnet, Strategy strategy, int coolDown) {}

    @Provide
    Arbitrary<Setup> setups() {
        Arbitrary<Integer> offset = offsets();
        Arbitrary<Subnet> subnets = Combinators.combine(
                        Arbitraries.of("10.1.214.0", "255.255.255.0", "0.0.0.0", "2001:db8::", "::", "fd00::ff00"),
                        Arbitraries.integers().between(0, 7),
                        offset.optional(),
                        pairs().list().ofMaxSize(3),
                        pairs().list().ofMaxSize(2),
                        offset.set().ofMaxSize(4))
                .as(AddressPoolPropertiesTest::subnet);
        return Combinators.combine(subnets, Arbitraries.of(Strategy.class), Arbitraries.of(0, 0, 3, 10))
                .as(Setup::new);
    }

    private static Subnet subnet(
            String base,
            int hostBits,
            Optional<Integer> gateway,
            List<Tuple.Tuple2<Integer, Integer>> ranges,
            List<Tuple.Tuple2<Integer, Integer>> excluded,
            Set<Integer> reserved) {
        IpAddress first = IpAddress.parse(base);
        int mask = (1 << hostBits) - 1;
        Subnet subnet = Subnet.of(IpPrefix.of(first, first.family().bits() - hostBits));
        IpAddress router = first.plus(gateway.orElse(0) & mask);
        if (gateway.isPresent() && subnet.isUsable(router)) {
            subnet = subnet.withGateway(router);
        }
        IpRange usable = IpRange.of(subnet.firstUsable(), subnet.lastUsable());
        subnet = subnet.withRanges(ranges.stream()
                .map(pair -> range(first, pair, mask))
                .filter(usable::overlaps)
                .toArray(IpRange[]::new));
        IpRange[] never =
                excluded.stream().map(pair -> range(first, pair, mask & 15)).toArray(IpRange[]::new);
        return subnet.withExcluded(never)
                .withReserved(reserved.stream()
                        .map(at -> first.plus(at & mask))
                        .filter(address -> List.of(never).stream().noneMatch(range -> range.contains(address)))
                        .toArray(IpAddress[]::new));
    }

    private static IpRange range(IpAddress first, Tuple.Tuple2<Integer, Integer> pair, int mask) {
        int one = pair.get1() & mask;
        int other = pair.get2() & mask;
        return IpRange.of(first.plus(Math.min(one, other)), first.plus(Math.max(one, other)));
    }

    private static Arbitrary<Tuple.Tuple2<Integer, Integer>> pairs() {
        return Combinators.combine(offsets(), offsets()).as(Tuple::of);
    }

    // Mostly low ones: that is where addresses are handed out, and so where gateway, ranges and reservations matter.
    private static Arbitrary<Integer> offsets() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(0, 12), Arbitraries.integers().between(0, 127));
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Action> action = Arbitraries.frequency(
                Tuple.of(8, Action.ANY),
                Tuple.of(2, Action.ANONYMOUS),
                Tuple.of(3, Action.REQUEST),
                Tuple.of(2, Action.ENSURE),
                Tuple.of(1, Action.ENSURE_REQUEST),
                Tuple.of(3, Action.RESERVE),
                Tuple.of(2, Action.COMMIT),
                Tuple.of(8, Action.RELEASE),
                Tuple.of(1, Action.HAND_OVER),
                Tuple.of(1, Action.LABEL),
                Tuple.of(1, Action.WITHHOLD),
                Tuple.of(1, Action.QUARANTINE),
                Tuple.of(1, Action.QUARANTINE_LEASE),
                Tuple.of(1, Action.END_QUARANTINE),
                Tuple.of(4, Action.WAIT),
                Tuple.of(1, Action.SNAPSHOT));
        return Combinators.combine(
                        action,
                        offsets(),
                        Arbitraries.of("a", "b", LONG_OWNER),
                        Arbitraries.integers().between(0, 8))
                .as(Step::new)
                .list()
                .ofMaxSize(80);
    }

    @Property(tries = 400)
    void thePoolDoesWhatAListOfAddressesWould(@ForAll("setups") Setup setup, @ForAll("steps") List<Step> steps) {
        Run run = new Run(setup);
        for (Step step : steps) {
            run.carryOut(step);
            run.compare();
        }
    }

    /// The pool and its model, side by side.
    private static final class Run {
        private final ManualClock clock = new ManualClock();
        private final Subnet subnet;
        private final PoolOptions options;
        private final ModelPool model;
        private final List<Lease> seen = new ArrayList<>();
        private AddressPool pool;

        Run(Setup setup) {
            subnet = setup.subnet;
            options = PoolOptions.of(setup.strategy)
                    .withCoolDown(Duration.ofMillis(setup.coolDown))
                    .withClock(clock)
                    .withRandom(new SplittableRandom(1));
            pool = AddressPool.of(subnet, options);
            model = new ModelPool(subnet, setup.strategy, setup.coolDown);
        }

        void carryOut(Step step) {
            IpAddress address = subnet.prefix().first().plus(step.offset);
            AddressRequest any = AddressRequest.by(step.owner);
            switch (step.action) {
                case ANY -> any(any);
                case ANONYMOUS -> anonymous();
                case REQUEST -> request(any.withAddress(address));
                case RESERVE -> {
                    AddressRequest held = any.withHold(Duration.ofMillis(step.millis));
                    if (step.offset % 2 == 0) {
                        any(held);
                    } else {
                        request(held.withAddress(address));
                    }
                }
                case ENSURE -> {
                    Optional<IpAddress> oldest = model.oldest(step.owner);
                    if (oldest.isPresent()) {
                        List<Lease> before = pool.leases();
                        assertEquals(
                                oldest.get(), pool.ensure(step.owner).address().address());
                        assertEquals(before, pool.leases());
                    } else {
                        any(any, true);
                    }
                }
                case ENSURE_REQUEST -> {
                    if (model.isHeldBy(address, step.owner)) {
                        assertEquals(pool.lease(address).orElseThrow(), pool.ensure(any.withAddress(address)));
                    } else {
                        request(any.withAddress(address), true);
                    }
                }
                case COMMIT ->
                    withSeen(step, lease -> {
                        Lease committed = pool.commit(lease);
                        assertEquals(Optional.empty(), committed.deadline());
                        assertEquals(committed, pool.commit(lease));
                        model.commit(lease.address().address());
                    });
                case RELEASE -> release(step);
                case HAND_OVER ->
                    withSeen(step, lease -> {
                        seen.add(pool.handOver(lease, step.owner));
                        model.handOver(lease.address().address(), step.owner);
                        assertThrows(NotHeld.class, () -> pool.release(lease));
                    });
                case LABEL ->
                    withSeen(step, lease -> {
                        Map<String, String> labels = Map.of("step", Integer.toString(step.offset));
                        assertEquals(labels, pool.label(lease, labels).labels());
                        assertEquals(
                                labels,
                                pool.lease(lease.address().address())
                                        .orElseThrow()
                                        .labels());
                    });
                case WITHHOLD -> {
                    if (model.isHeld(address)) {
                        assertThrows(AddressInUse.class, () -> pool.withhold(address));
                    } else {
                        assertEquals(model.mayBeHandedOut(address), pool.withhold(address));
                        model.withhold(address);
                    }
                }
                case QUARANTINE -> {
                    Duration duration = Duration.ofMillis(step.millis);
                    if (model.isHeld(address)) {
                        assertThrows(AddressInUse.class, () -> pool.quarantine(address, duration));
                    } else {
                        assertEquals(model.mayBeHandedOut(address), pool.quarantine(address, duration));
                        model.quarantine(address, step.millis);
                    }
                }
                case QUARANTINE_LEASE ->
                    withSeen(step, lease -> {
                        pool.quarantine(lease, Duration.ofMillis(step.millis));
                        model.quarantine(lease.address().address(), step.millis);
                    });
                case END_QUARANTINE -> assertEquals(model.endQuarantine(address), pool.endQuarantine(address));
                case WAIT -> {
                    clock.advance(Duration.ofMillis(step.millis));
                    model.advance(step.millis);
                }
                case SNAPSHOT -> {
                    PoolState state = pool.state();
                    assertEquals(state, PoolState.ofBytes(state.toBytes()));
                    pool = AddressPool.restore(state, options);
                    assertEquals(state, pool.state());
                }
            }
        }

        private void any(AddressRequest request) {
            any(request, false);
        }

        private void any(AddressRequest request, boolean ensure) {
            Set<IpAddress> allowed = model.choices(request.owner());
            if (allowed.isEmpty()) {
                PoolExhausted refusal = assertThrows(PoolExhausted.class, () -> pool.allocate(request));
                assertEquals(Optional.of(pool.usage()), refusal.usage());
                return;
            }
            if (allowed.size() == 1) {
                assertTrue(allowed.contains(pool.preview(request.owner()).address()));
            }
            Lease lease = ensure ? pool.ensure(request) : pool.allocate(request);
            assertTrue(allowed.contains(lease.address().address()), () -> lease + " not of " + allowed);
            granted(request, lease, true);
        }

        private void anonymous() {
            Set<IpAddress> allowed = model.choices("");
            if (allowed.isEmpty()) {
                assertThrows(PoolExhausted.class, () -> pool.allocate());
                return;
            }
            Lease lease = pool.allocate();
            assertTrue(allowed.contains(lease.address().address()));
            model.lease(lease.address().address(), "", Optional.empty(), true);
            seen.add(lease);
        }

        private void request(AddressRequest request) {
            request(request, false);
        }

        private void request(AddressRequest request, boolean ensure) {
            IpAddress address = request.address().orElseThrow();
            if (!model.mayBeHandedOut(address)) {
                assertThrows(AddressOutsidePool.class, () -> pool.allocate(request));
            } else if (model.isHeld(address)) {
                AddressInUse refusal = assertThrows(AddressInUse.class, () -> pool.allocate(request));
                assertEquals(model.owner(address), refusal.holder());
            } else if (model.isResting(address, request.owner())) {
                AddressResting refusal = assertThrows(AddressResting.class, () -> pool.allocate(request));
                assertEquals(model.kind(address) == Kind.QUARANTINED, refusal.isQuarantined());
                assertTrue(refusal.until().isAfter(clock.instant()));
            } else {
                assertEquals(address, pool.preview(address, request.owner()).address());
                granted(request, ensure ? pool.ensure(request) : pool.allocate(request), false);
            }
        }

        private void granted(AddressRequest request, Lease lease, boolean chosen) {
            request.address()
                    .ifPresent(address -> assertEquals(address, lease.address().address()));
            assertEquals(request.owner(), lease.owner());
            assertEquals(subnet.prefix().length(), lease.address().length());
            assertEquals(request.hold().isPresent(), lease.deadline().isPresent());
            model.lease(
                    lease.address().address(), request.owner(), request.hold().map(Duration::toMillis), chosen);
            seen.add(lease);
        }

        private void withSeen(Step step, Consumer<Lease> action) {
            if (seen.isEmpty()) {
                return;
            }
            Lease lease = seen.get(step.offset % seen.size());
            if (!lease.owner().isEmpty() && isCurrent(lease)) {
                action.accept(lease);
            } else if (!lease.owner().isEmpty()) {
                assertThrows(NotHeld.class, () -> pool.commit(lease));
                assertThrows(NotHeld.class, () -> pool.handOver(lease, "d"));
                assertThrows(NotHeld.class, () -> pool.label(lease, Map.of()));
                assertThrows(NotHeld.class, () -> pool.quarantine(lease, Duration.ZERO));
            }
        }

        private boolean isCurrent(Lease lease) {
            IpAddress address = lease.address().address();
            return model.isHeldBy(address, lease.owner())
                    && (lease.owner().isEmpty()
                            || pool.lease(address).orElseThrow().since().equals(lease.since()));
        }

        private void release(Step step) {
            if (seen.isEmpty()) {
                return;
            }
            Lease lease = seen.get(step.offset % seen.size());
            if (isCurrent(lease)) {
                Lease strangers = new Lease(lease.address(), "stranger", lease.since(), Map.of(), Optional.empty());
                assertThrows(NotHeld.class, () -> pool.release(strangers));
                pool.release(lease);
                model.release(lease.address().address());
            }
            if (!isCurrent(lease)) {
                assertThrows(NotHeld.class, () -> pool.release(lease));
            }
        }

        void compare() {
            assertEquals(
                    model.held(),
                    pool.leases().stream()
                            .map(lease -> lease.address().address() + " " + lease.owner())
                            .toList());
            for (String owner : List.of("a", "b", LONG_OWNER)) {
                assertEquals(
                        model.heldBy(owner),
                        pool.leases(owner).stream()
                                .map(lease -> lease.address().address())
                                .toList());
            }
            PoolUsage usage = pool.usage();
            assertEquals(
                    model.usage(),
                    usage.held() + " " + usage.pending() + " " + usage.cooling() + " " + usage.quarantined() + " "
                            + usage.reserved() + " " + usage.excluded() + " " + usage.free());
            assertEquals(model.largestHole(), usage.largestHole());
            assertEquals(usage.free(), BigInteger.valueOf(pool.free()));
            assertEquals(
                    usage.size(),
                    BigInteger.valueOf(usage.held() + usage.cooling() + usage.quarantined() + usage.reserved())
                            .add(usage.excluded())
                            .add(usage.free()));
            assertFalse(usage.excluded().signum() < 0);
        }
    }
}
