package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
}
