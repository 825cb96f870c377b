package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ipam.IpamException.NotHeld;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What a pool keeps of a lease beside its address: until when, and for whom.
class WhatIsKeptOfLeasesTest {
    private static final Map<String, String> LABELS = Map.of("host", "a");

    private final AddressPool pool = AddressPool.of(Subnet.of("10.1.214.0/24"));

    @Test
    void noLabelsAreLeftWhenTheyAreReplacedByNone() {
        Lease labelled = pool.label(pool.allocate("a"), LABELS);
        assertEquals(LABELS, labelled.labels());
        assertEquals(Map.of(), pool.label(labelled, Map.of()).labels());
        assertEquals(Map.of(), pool.lease(labelled.ip()).orElseThrow().labels());
    }

    @Test
    void labelsGoWithTheirLease() {
        pool.release(pool.label(pool.allocate("a"), LABELS));
        assertEquals(Map.of(), pool.allocate("b").labels());
    }

    @Test
    void labelsAreHandedOver() {
        Lease handed = pool.handOver(pool.label(pool.allocate("a"), LABELS), "b");
        assertEquals(LABELS, handed.labels());
        assertEquals(LABELS, pool.lease(handed.ip()).orElseThrow().labels());
    }

    @Test
    void aReservationThatIsHandedOverLapsesWhenItWouldHave() {
        ManualClock clock = new ManualClock();
        AddressPool timed = AddressPool.of(
                Subnet.of("10.1.214.0/24"), PoolOptions.of(Strategy.LOWEST).withClock(clock));
        Lease held = timed.allocate(AddressRequest.by("a").withHold(Duration.ofSeconds(9)));
        clock.advance(Duration.ofSeconds(5));
        Lease handed = timed.handOver(held, "b");
        assertEquals(held.deadline(), handed.deadline());
        clock.advance(Duration.ofSeconds(4));
        assertEquals(Optional.empty(), timed.lease(handed.ip()));
    }

    @Test
    void whoeverGetsAnAddressThatWasKeptForItsOwnerHasItAlsoWithoutAName() {
        AddressPool sticky = AddressPool.of(Subnet.of("10.0.0.0/30"), PoolOptions.of(Strategy.STICKY));
        Lease kept = sticky.allocate("a");
        sticky.release(kept);
        sticky.allocate();
        Lease nobodys = sticky.allocate();
        assertEquals(kept.ip(), nobodys.ip());
        assertEquals(Optional.of(nobodys), sticky.lease(kept.ip()));
    }

    @Test
    void aLeaseOfAnotherPoolIsNotTakenForOneOfTheSameMoment() {
        PoolOptions options = PoolOptions.of(Strategy.LOWEST).withClock(new ManualClock());
        AddressPool one = AddressPool.of(Subnet.of("10.1.214.0/24"), options);
        AddressPool other = AddressPool.of(Subnet.of("10.1.215.0/24"), options);
        Lease foreign = one.allocate("a");
        Lease held = other.allocate("a");
        assertEquals(foreign.since(), held.since());
        assertThrows(NotHeld.class, () -> other.release(foreign));
        assertEquals(Optional.of(held), other.lease(held.ip()));
    }

    @Test
    void anAddressInQuarantineThatIsWithheldIsCountedOnce() {
        IpAddress seen = IpAddress.parse("10.1.214.9");
        assertTrue(pool.quarantine(seen, Duration.ofHours(1)));
        long free = pool.free();
        assertTrue(pool.withhold(seen));
        assertEquals(free, pool.free());
        assertFalse(pool.endQuarantine(seen));
        assertEquals(0, pool.usage().quarantined());
    }

    @Test
    void ofAddressesKeptForTheirOwnersTheOldestGivesWayToOneTooMany() {
        AddressPool sticky = AddressPool.of(Subnet.of("2001:db8::/64"), PoolOptions.of(Strategy.STICKY));
        List<Lease> held = new ArrayList<>();
        for (int number = 0; number <= Ledger.MOST_FORMER; number++) {
            held.add(sticky.allocate("owner-" + number));
        }
        held.forEach(sticky::release);
        assertNotEquals(held.getFirst().ip(), sticky.allocate("owner-0").ip());
        assertEquals(held.get(1).ip(), sticky.allocate("owner-1").ip());
    }

    @Test
    void askingForAddressesKeepsNothing() {
        AddressPool wide = AddressPool.of(Subnet.of("2001:db8::/32"));
        wide.allocate();
        int before = wide.ledger().space.segments().size();
        for (int number = 1; number < 100; number++) {
            IpAddress asked = IpAddress.parse("2001:db8:" + Integer.toHexString(number) + "::7");
            assertEquals(Optional.empty(), wide.lease(asked));
        }
        assertEquals(before, wide.ledger().space.segments().size());
    }

    @Test
    void nothingIsLostWhenTheClockFails() {
        AtomicBoolean broken = new AtomicBoolean();
        InstantSource clock = () -> {
            if (broken.get()) {
                throw new IllegalStateException("no clock");
            }
            return Instant.EPOCH;
        };
        AddressPool timed = AddressPool.of(
                Subnet.of("10.1.214.0/24"),
                PoolOptions.of(Strategy.NEXT).withClock(clock).withCoolDown(Duration.ofHours(1)));
        Lease held = timed.allocate("a");
        Lease nobody = timed.allocate();
        PoolState before = timed.state();
        broken.set(true);
        List<Executable> calls = List.of(
                () -> timed.handOver(held, "b"),
                () -> timed.quarantine(held, Duration.ofHours(1)),
                () -> timed.quarantine(IpAddress.parse("10.1.214.9"), Duration.ofHours(1)),
                () -> timed.release(held),
                () -> timed.release(nobody),
                () -> timed.allocate("c"));
        for (Executable call : calls) {
            assertThrows(IllegalStateException.class, call);
        }
        broken.set(false);
        assertEquals(before, timed.state());
    }
}
