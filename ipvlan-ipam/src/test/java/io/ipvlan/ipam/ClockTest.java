package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a pool makes of a clock that shows a time far from ours.
class ClockTest {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private Instant now = Instant.EPOCH;
    private final PoolOptions options =
            PoolOptions.of(Strategy.STICKY).withCoolDown(LONGEST).withClock(() -> now);
    private final AddressPool pool = AddressPool.of(Subnet.of("10.0.0.0/29"), options);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1000000000-01-01T00:00:00Z",
                "1677-01-01T00:00:00Z",
                "2263-01-01T00:00:00Z",
                "+1000000000-12-31T23:59:59.999999999Z"
            })
    void aTimeThatCannotBeCountedIsRefusedAndChangesNothing(Instant time) {
        Lease lease = pool.allocate("a");
        now = time;
        List<Runnable> calls = List.of(
                () -> pool.allocate("b"),
                () -> pool.release(lease),
                () -> pool.handOver(lease, "b"),
                () -> pool.quarantine(IpAddress.parse("10.0.0.6"), Duration.ofSeconds(1)));
        for (Runnable call : calls) {
            assertEquals(
                    "the clock of the pool shows a time that cannot be counted: it must lie from the year 1970 to 2261",
                    assertThrows(IllegalStateException.class, call::run).getMessage());
        }
        now = Instant.EPOCH;
        assertEquals(List.of(lease), pool.leases());
        pool.release(lease);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00.001Z", "2261-12-31T23:59:59.999Z"})
    void betweenThemTimeIsCounted(Instant time) {
        now = time;
        Lease lease = pool.allocate("a");
        assertEquals(time, lease.since());
        pool.release(lease);
        assertEquals(pool.state(), PoolState.ofBytes(pool.state().toBytes()));
        assertEquals(1, pool.usage().cooling());
    }

    /// Not before it began.
    @Test
    void whatWouldEndAfterTheLastTimeGoesOnForEver() {
        now = Instant.parse("2261-01-01T00:00:00Z");
        IpAddress strange = IpAddress.parse("10.0.0.6");
        Lease held = pool.allocate(AddressRequest.by("a").withHold(LONGEST));
        assertTrue(held.deadline().orElseThrow().isAfter(now));
        pool.quarantine(strange, LONGEST);
        Lease cooling = pool.allocate("b");
        pool.release(cooling);

        now = Instant.parse("2261-12-31T00:00:00Z");
        assertEquals(List.of(held), pool.leases());
        assertEquals(1, pool.usage().cooling());
        assertEquals(1, pool.usage().quarantined());
        assertEquals(
                Optional.of(held),
                AddressPool.restore(pool.state(), options).lease(held.address().address()));
    }
}
