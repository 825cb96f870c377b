package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ipam.IpamException.NotHeld;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What has ended by itself has ended for every call, also for the first one after the end.
class WhatEndsByItselfTest {
    private static final IpAddress LAPSED = IpAddress.parse("10.0.0.1");
    private static final IpAddress LEFT_ALONE = IpAddress.parse("10.0.0.2");

    private final ManualClock clock = new ManualClock();
    private final AddressPool pool = AddressPool.of(
            Subnet.of("10.0.0.0/29"), PoolOptions.of(Strategy.LOWEST).withClock(clock));
    private final Lease lapsed =
            pool.allocate(AddressRequest.by("a").withHold(Duration.ofSeconds(1)).withLabels(Map.of("zone", "b")));

    static List<Arguments> calls() {
        return List.of(
                call("release", test -> test.refused("released", () -> test.pool.release(test.lapsed))),
                call("commit", test -> test.refused("committed", () -> test.pool.commit(test.lapsed))),
                call("hand over", test -> test.refused("handed over", () -> test.pool.handOver(test.lapsed, "b"))),
                call("label", test -> test.refused("labelled", () -> test.pool.label(test.lapsed, Map.of()))),
                call(
                        "quarantine lease",
                        test -> test.refused(
                                "put in quarantine", () -> test.pool.quarantine(test.lapsed, Duration.ofSeconds(1)))),
                call("quarantine", test -> assertTrue(test.pool.quarantine(LAPSED, Duration.ofSeconds(1)))),
                call("end quarantine", test -> assertFalse(test.pool.endQuarantine(LEFT_ALONE))),
                call("withhold", test -> assertTrue(test.pool.withhold(LAPSED))),
                call(
                        "ensure",
                        test -> assertEquals(
                                Optional.empty(), test.pool.ensure("a").deadline())),
                call(
                        "allocate",
                        test -> assertEquals(
                                LAPSED, test.pool.allocate("b").address().address())),
                call(
                        "allocate anonymously",
                        test -> assertEquals(
                                LAPSED, test.pool.allocate().address().address())),
                call(
                        "allocate requested",
                        test -> assertEquals(
                                "b", test.pool.allocate(LEFT_ALONE, "b").owner())),
                call(
                        "grant",
                        test -> assertEquals(
                                LAPSED,
                                PoolGroup.of(List.of(test.pool))
                                        .allocate("b")
                                        .getFirst()
                                        .address()
                                        .address())),
                call(
                        "preview",
                        test -> assertEquals(LAPSED, test.pool.preview("b").address())),
                call(
                        "preview requested",
                        test -> assertEquals(
                                LAPSED, test.pool.preview(LAPSED, "b").address())),
                call("leases", test -> assertEquals(List.of(), test.pool.leases())),
                call("leases of owner", test -> assertEquals(List.of(), test.pool.leases("a"))),
                call("lease", test -> assertEquals(Optional.empty(), test.pool.lease(LAPSED))),
                call("free", test -> assertEquals(6, test.pool.free())),
                call(
                        "usage",
                        test -> assertEquals(
                                BigInteger.valueOf(6), test.pool.usage().free())),
                call("state", test -> assertEquals(List.of(), test.pool.state().leases())));
    }

    private static Arguments call(String name, Consumer<WhatEndsByItselfTest> first) {
        return Arguments.of(Named.of(name, first));
    }

    private void refused(String wish, Runnable call) {
        NotHeld refusal = assertThrows(NotHeld.class, call::run);
        assertEquals(
                "address 10.0.0.1/29 cannot be " + wish + " by 'a' in subnet 10.0.0.0/29: "
                        + "its reservation lapsed at 2026-11-26T12:00:01Z",
                refusal.getMessage());
    }

    @ParameterizedTest
    @MethodSource("calls")
    void hasEndedForTheFirstCallAfterwards(Consumer<WhatEndsByItselfTest> first) {
        assertTrue(pool.quarantine(LEFT_ALONE, Duration.ofSeconds(1)));
        clock.advance(Duration.ofSeconds(1));
        first.accept(this);
    }
}
