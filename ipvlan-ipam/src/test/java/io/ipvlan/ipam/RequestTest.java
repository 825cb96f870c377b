package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What is asked of a pool, and how it is made.
class RequestTest {
    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE / 2);

    private static String refusal(Executable call) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void aTimeIsNeitherNegativeNorLongerThanCanBeCounted() {
        PoolOptions options = PoolOptions.of(Strategy.LOWEST);
        assertEquals(LONGEST, options.withCoolDown(LONGEST).coolDown());
        String days = ": choose a time from zero to 53375 days";
        assertEquals("cool-down PT-0.000000001S" + days, refusal(() -> options.withCoolDown(Duration.ofNanos(-1))));
        assertEquals(
                "cool-down " + LONGEST.plusNanos(1) + days, refusal(() -> options.withCoolDown(LONGEST.plusNanos(1))));
        AddressRequest request = AddressRequest.by("a");
        assertEquals("hold PT-1S" + days, refusal(() -> request.withHold(Duration.ofSeconds(-1))));
        AddressPool pool = AddressPool.of(Subnet.of("10.0.0.0/29"));
        IpAddress address = IpAddress.parse("10.0.0.1");
        assertEquals("quarantine PT-1S" + days, refusal(() -> pool.quarantine(address, Duration.ofSeconds(-1))));
        Lease lease = pool.allocate("a");
        assertEquals("quarantine PT-1S" + days, refusal(() -> pool.quarantine(lease, Duration.ofSeconds(-1))));
        assertEquals(List.of(lease), pool.leases());
    }

    /// It has no UTF-8, so a snapshot could not tell it from another.
    @Test
    void halfASurrogatePairIsNoText() {
        AddressPool pool = AddressPool.of(Subnet.of("10.0.0.0/29"));
        Lease lease = pool.allocate("whole \ud83d\ude00");
        IpAddress address = IpAddress.parse("10.0.0.3");
        for (String half : List.of("\ud83d", "\ude00", "a\ude00\ud83d", "more than sixteen \ud83d characters")) {
            String reason = "'" + half + "' has half a surrogate pair, and cannot be written down: choose another text";
            assertEquals(reason, refusal(() -> pool.allocate(half)));
            assertEquals(reason, refusal(() -> pool.allocate(address, half)));
            assertEquals(reason, refusal(() -> pool.ensure(half)));
            assertEquals(reason, refusal(() -> pool.handOver(lease, half)));
            assertEquals(reason, refusal(() -> pool.label(lease, Map.of("zone", half))));
            assertEquals(reason, refusal(() -> pool.label(lease, Map.of(half, "b"))));
            assertEquals(reason, refusal(() -> AddressRequest.by("a").withLabels(Map.of(half, "b"))));
            assertEquals(reason, refusal(() -> GroupRequest.by("a").withLabels(Map.of(half, "b"))));
            assertEquals(
                    reason,
                    refusal(() -> Subnet.of("10.0.0.0/29").withReservation(half.replace(" ", ""), address))
                            .replace(half.replace(" ", ""), half));
            assertEquals(List.of(), pool.leases(half));
        }
        assertEquals(List.of(lease), pool.leases());
    }

    @Test
    void eachChangeLeavesTheRestAsItWas() {
        AddressRequest request = AddressRequest.by("a")
                .withAddress(IpAddress.parse("10.0.0.1"))
                .withLabels(Map.of("zone", "b"))
                .withHold(Duration.ofSeconds(1));
        assertEquals(request, request.withHold(Duration.ofSeconds(1)));
        assertEquals(request, request.withLabels(Map.of("zone", "b")));
        assertEquals(request, request.withAddress(IpAddress.parse("10.0.0.1")));
        GroupRequest group = GroupRequest.by("a")
                .withAddress(IpAddress.parse("10.0.0.1"))
                .withCount(IpFamily.IPV4, 2)
                .withLabels(Map.of("zone", "b"));
        assertEquals(group, group.withCount(IpFamily.IPV4, 2));
        assertEquals(group, group.withLabels(Map.of("zone", "b")));
        assertEquals(
                2, group.withAddress(IpAddress.parse("10.0.0.2")).addresses().size());
        PoolOptions options = PoolOptions.of(Strategy.NEXT)
                .withClock(new ManualClock())
                .withCoolDown(Duration.ofSeconds(1))
                .withRandom(new SplittableRandom(1));
        assertEquals(options, options.withClock(options.clock()));
        assertEquals(options, options.withRandom(options.random()));
        assertEquals(options, options.withCoolDown(Duration.ofSeconds(1)));
        assertEquals(options, AddressPool.of(Subnet.of("10.0.0.0/29"), options).options());
    }

    @Test
    void usageIsReadByPeople() {
        AddressPool pool = AddressPool.of(Subnet.of("10.0.0.0/29"));
        pool.allocate("a");
        assertEquals(
                "8 addresses: 1 held, 0 cooling, 0 quarantined, 0 reserved, 2 excluded, 5 free, "
                        + "largest hole 10.0.0.2-10.0.0.6",
                pool.usage().toString());
        pool.allocate(AddressRequest.by("a").withHold(Duration.ofDays(1)));
        assertEquals(
                "8 addresses: 2 held (1 of them pending), 0 cooling, 0 quarantined, 0 reserved, 2 excluded, 4 free, "
                        + "largest hole 10.0.0.3-10.0.0.6",
                pool.usage().toString());
    }
}
