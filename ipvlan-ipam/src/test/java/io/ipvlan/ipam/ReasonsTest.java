package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ipam.IpamException.NotHeld;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Whoever gives back what is not held is told why it is not.
class ReasonsTest {
    private final ManualClock clock = new ManualClock();
    private final AddressPool pool = AddressPool.of(
            Subnet.of("10.0.0.0/29").withReservation("printer", IpAddress.parse("10.0.0.3")),
            PoolOptions.of(Strategy.LOWEST).withClock(clock).withCoolDown(Duration.ofSeconds(30)));

    private NotHeld refusal(Lease lease) {
        return assertThrows(NotHeld.class, () -> pool.release(lease));
    }

    @Test
    void aLeaseThatWasReleasedBefore() {
        Lease lease = pool.allocate("a");
        pool.release(lease);
        assertEquals("nobody holds it: it was released before", refusal(lease).reason());
        Lease others = new Lease(lease.address(), "b", lease.since(), Map.of(), Optional.empty());
        assertEquals("nobody holds it", refusal(others).reason());
        assertEquals(Optional.empty(), refusal(others).holder());
    }

    @Test
    void aLeaseThatEndedAndItsOwnerHasTheAddressAnew() {
        Lease lease = pool.allocate("a");
        pool.release(lease);
        clock.advance(Duration.ofSeconds(30));
        pool.allocate("a");
        assertEquals(
                "this lease ended, and 'a' holds it anew since 2026-11-26T12:00:30Z",
                refusal(lease).reason());
        assertEquals(Optional.of("a"), refusal(lease).holder());
    }

    @Test
    void aLeaseOfAnAddressThatIsInQuarantine() {
        Lease lease = pool.allocate("a");
        pool.quarantine(lease, Duration.ofSeconds(30));
        assertEquals("nobody holds it: it is in quarantine", refusal(lease).reason());
    }

    @Test
    void aLeaseOfAnAddressThatNobodyInParticularHolds() {
        Lease anonymous = pool.allocate();
        Lease forged = new Lease(anonymous.address(), "a", clock.instant(), Map.of(), Optional.empty());
        assertEquals("it is held by nobody in particular", refusal(forged).reason());
        assertEquals(Optional.of(""), refusal(forged).holder());
        pool.release(anonymous);
        assertEquals("nobody holds it", refusal(forged).reason());
    }

    @Test
    void aLeaseWithADeadlineThatIsStillToCome() {
        Lease lease = pool.allocate(AddressRequest.by("a").withHold(Duration.ofSeconds(10)));
        pool.release(lease);
        clock.advance(Duration.ofMillis(9_999));
        assertEquals("nobody holds it: it was released before", refusal(lease).reason());
        clock.advance(Duration.ofMillis(1));
        assertEquals(
                "its reservation lapsed at 2026-11-26T12:00:10Z", refusal(lease).reason());
    }

    @Test
    void aLeaseOfAReservedAddress() {
        Lease lease = pool.allocate(IpAddress.parse("10.0.0.3"), "a");
        pool.release(lease);
        clock.advance(Duration.ofSeconds(30));
        assertEquals("nobody holds it: it is reserved", refusal(lease).reason());
    }
}
