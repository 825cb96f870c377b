package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.IpamException.AddressInUse;
import io.ipvlan.ipam.IpamException.AddressOutsidePool;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolGroupTest {
    private final PoolGroup group = group(Strategy.LOWEST);

    private static PoolGroup group(Strategy strategy) {
        PoolOptions options =
                PoolOptions.of(strategy).withClock(new ManualClock()).withCoolDown(Duration.ofSeconds(30));
        return PoolGroup.of(List.of(
                AddressPool.of(Subnet.of("2001:db8::/126"), options),
                AddressPool.of(Subnet.of("10.0.0.0/30"), options),
                AddressPool.of(Subnet.of("10.0.1.0/30"), options)));
    }

    private static List<String> texts(List<Lease> leases) {
        return leases.stream().map(lease -> lease.address().toString()).toList();
    }

    @Test
    void eachFamilyGivesOneAddressOfItsFirstSubnetThatHasOne() {
        assertEquals(List.of("10.0.0.1/30", "2001:db8::1/126"), texts(group.allocate("a")));
        assertEquals(List.of("10.0.0.2/30", "2001:db8::2/126"), texts(group.allocate("b")));
        assertEquals(List.of("10.0.1.1/30", "2001:db8::3/126"), texts(group.allocate("c")));
        PoolExhausted refusal = assertThrows(PoolExhausted.class, () -> group.allocate("d"));
        assertTrue(refusal.reason().startsWith("4 addresses: 3 held"), refusal::reason);
        assertEquals(1, group.pools().get(2).free());
    }

    @Test
    void anAddressAskedForReplacesOnlyThatOfItsFamily() {
        GroupRequest request = GroupRequest.by("a").withAddress(IpAddress.parse("10.0.1.2"));
        assertEquals(List.of("10.0.1.2/30", "2001:db8::1/126"), texts(group.allocate(request)));
    }

    @Test
    void severalAddressesOfAFamilyAreHandedOutOnRequest() {
        GroupRequest request = GroupRequest.by("a")
                .withAddress(IpAddress.parse("10.0.1.1"))
                .withCount(IpFamily.IPV4, 3)
                .withCount(IpFamily.IPV6, 0)
                .withLabels(Map.of("role", "web"));
        List<Lease> leases = group.allocate(request);
        assertEquals(List.of("10.0.1.1/30", "10.0.0.1/30", "10.0.0.2/30"), texts(leases));
        leases.forEach(lease -> assertEquals(Map.of("role", "web"), lease.labels()));
        assertEquals(3, group.pools().getFirst().free());
    }

    @ParameterizedTest
    @EnumSource(Strategy.class)
    void whatCannotBeMetInFullChangesNothing(Strategy strategy) {
        PoolGroup all = group(strategy);
        all.release(all.allocate(GroupRequest.by("a").withCount(IpFamily.IPV4, 2)));
        all.release(all.allocate(GroupRequest.by("b")));
        all.allocate("c");
        List<PoolState> before = all.pools().stream().map(AddressPool::state).toList();
        GroupRequest tooMany = GroupRequest.by("a").withCount(IpFamily.IPV4, 2).withCount(IpFamily.IPV6, 4);
        assertThrows(PoolExhausted.class, () -> all.allocate(tooMany));
        GroupRequest outside = GroupRequest.by("a")
                .withAddress(IpAddress.parse("2001:db8::1"))
                .withAddress(IpAddress.parse("10.9.9.9"));
        assertThrows(IpamException.class, () -> all.allocate(outside));
        assertEquals(before, all.pools().stream().map(AddressPool::state).toList());
    }

    @Test
    void aRefusalNamesTheAddressItsHolderAndAllSubnets() {
        group.allocate(GroupRequest.by("a").withAddress(IpAddress.parse("10.0.1.2")));
        AddressInUse taken = assertThrows(
                AddressInUse.class,
                () -> group.allocate(GroupRequest.by("b").withAddress(IpAddress.parse("10.0.1.2"))));
        assertEquals("a", taken.holder());
        AddressOutsidePool outside = assertThrows(
                AddressOutsidePool.class,
                () -> group.allocate(GroupRequest.by("b").withAddress(IpAddress.parse("10.9.9.9"))));
        assertEquals(
                "address 10.9.9.9 cannot be handed out to 'b': it lies outside every one of the subnets "
                        + "[2001:db8::/126, 10.0.0.0/30, 10.0.1.0/30]",
                outside.getMessage());
        PoolExhausted none = assertThrows(
                PoolExhausted.class,
                () -> PoolGroup.of(List.of()).allocate(GroupRequest.by("b").withCount(IpFamily.IPV6, 1)));
        assertEquals("there is no pool of that family", none.reason());
        assertEquals(List.of(), PoolGroup.of(List.of()).allocate("b"));
    }

    @Test
    void allAreTakenBackAndTheFirstRefusalIsTold() {
        List<Lease> leases = group.allocate("a");
        group.release(leases.subList(0, 1));
        NotHeld refusal = assertThrows(NotHeld.class, () -> group.release(leases));
        assertEquals(0, refusal.getSuppressed().length);
        assertEquals(0, group.pools().getFirst().usage().held(), "the second one is taken back");
        refusal = assertThrows(NotHeld.class, () -> group.release(leases));
        assertEquals(1, refusal.getSuppressed().length);
    }

    @Test
    void aClockThatFailsKeepsNothingOfTheOtherPools() {
        AtomicBoolean broken = new AtomicBoolean(true);
        InstantSource clock = () -> {
            if (broken.get()) {
                throw new IllegalStateException("no clock");
            }
            return Instant.EPOCH;
        };
        PoolOptions options = PoolOptions.of(Strategy.LOWEST).withClock(clock).withCoolDown(Duration.ofHours(1));
        AddressPool whole = AddressPool.of(Subnet.of("10.0.0.0/30"));
        AddressPool timed = AddressPool.of(Subnet.of("2001:db8::/126"), options);
        PoolGroup both = PoolGroup.of(List.of(whole, timed));
        assertThrows(IllegalStateException.class, () -> both.allocate("a"));
        assertEquals(0, whole.usage().held());

        broken.set(false);
        List<Lease> leases = both.allocate("a");
        broken.set(true);
        assertThrows(IllegalStateException.class, () -> both.release(leases.reversed()));
        assertEquals(0, whole.usage().held());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatFailedIsSaidAlsoIfTakingBackFails(boolean forTheSameReason) {
        IllegalStateException failure = new IllegalStateException("no clock");
        IllegalStateException second = forTheSameReason ? failure : new IllegalStateException("still no clock");
        AtomicBoolean broken = new AtomicBoolean();
        InstantSource cooled = () -> {
            if (broken.get()) {
                throw second;
            }
            return Instant.EPOCH;
        };
        InstantSource fresh = () -> {
            broken.set(true);
            throw failure;
        };
        PoolOptions options = PoolOptions.of(Strategy.LOWEST).withCoolDown(Duration.ofHours(1));
        AddressPool cooling = AddressPool.of(Subnet.of("10.0.0.0/29"), options.withClock(cooled));
        cooling.release(cooling.allocate("a"));
        PoolGroup both =
                PoolGroup.of(List.of(cooling, AddressPool.of(Subnet.of("2001:db8::/126"), options.withClock(fresh))));
        assertSame(failure, assertThrows(IllegalStateException.class, () -> both.allocate("b")));
        assertEquals(forTheSameReason ? List.of() : List.of(second), List.of(failure.getSuppressed()));
    }

    @Test
    void aLeaseOfNoPoolOfTheGroupIsNotTakenBack() {
        Lease foreign = AddressPool.of(Subnet.of("10.9.0.0/24")).allocate("a");
        NotHeld refusal = assertThrows(NotHeld.class, () -> group.release(List.of(foreign)));
        assertEquals("[2001:db8::/126, 10.0.0.0/30, 10.0.1.0/30]", refusal.pool());
        assertEquals(Optional.of("a"), refusal.owner());
    }

    @Test
    void everyExhaustedPoolIsNamedWithWhatItHas() {
        group.allocate(GroupRequest.by("a").withCount(IpFamily.IPV4, 4).withCount(IpFamily.IPV6, 0));
        PoolExhausted refusal = assertThrows(PoolExhausted.class, () -> group.allocate("b"));
        String full = "4 addresses: 2 held, 0 cooling, 0 quarantined, 0 reserved, 2 excluded, 0 free";
        assertEquals("10.0.0.0/30 has " + full + "; 10.0.1.0/30 has " + full, refusal.reason());
        assertEquals("[10.0.0.0/30, 10.0.1.0/30]", refusal.pool());
    }

    @Test
    void whatIsRevokedIsAsIfItNeverHadBeen() {
        GroupGrant grant = group.grant(GroupRequest.by("a"));
        assertEquals(List.of("10.0.0.1/30", "2001:db8::1/126"), texts(grant.leases()));
        grant.revoke();

        assertEquals(List.of("10.0.0.1/30", "2001:db8::1/126"), texts(group.allocate("b")), "it does not cool down");
        NotHeld refusal = assertThrows(NotHeld.class, grant::revoke);
        assertEquals(1, refusal.getSuppressed().length);
    }

    @Test
    void revokingLeavesTheCursorWhereSomebodyElseMovedIt() {
        AddressPool pool = AddressPool.of(Subnet.of("10.0.0.0/24"), PoolOptions.of(Strategy.NEXT));
        PoolGroup one = PoolGroup.of(List.of(pool));
        GroupGrant undone = one.grant(GroupRequest.by("a"));
        undone.revoke();
        assertEquals(List.of("10.0.0.1/24"), texts(one.allocate("a")), "as if it never had been");
        GroupGrant first = one.grant(GroupRequest.by("a"));
        GroupGrant second = one.grant(GroupRequest.by("b"));
        first.revoke();
        assertEquals(List.of("10.0.0.4/24"), texts(one.allocate("c")));
        second.revoke();
        assertEquals(List.of("10.0.0.5/24"), texts(one.allocate("d")));
    }

    @Test
    void aRefusedRevocationSaysWhatIsTrueThen() {
        ManualClock clock = new ManualClock();
        PoolOptions options = PoolOptions.of(Strategy.LOWEST).withClock(clock).withCoolDown(Duration.ofSeconds(30));
        PoolGroup one = PoolGroup.of(List.of(AddressPool.of(Subnet.of("10.0.0.0/24"), options)));
        GroupGrant grant = one.grant(GroupRequest.by("a"));
        one.release(grant.leases());
        assertEquals(
                "nobody holds it: it was released before",
                assertThrows(NotHeld.class, grant::revoke).reason());
        clock.advance(Duration.ofSeconds(30));
        assertEquals(
                "nobody holds it", assertThrows(NotHeld.class, grant::revoke).reason());
    }

    @Test
    void impossibleGroupsAndRequestsAreRefused() {
        AddressPool pool = AddressPool.of(Subnet.of("10.0.0.0/24"));
        AddressPool inside = AddressPool.of(Subnet.of("10.0.0.128/25"));
        assertThrows(IllegalArgumentException.class, () -> PoolGroup.of(List.of(pool, inside)));
        GroupRequest request = GroupRequest.by("a").withAddress(IpAddress.parse("10.0.0.1"));
        assertThrows(IllegalArgumentException.class, () -> request.withAddress(IpAddress.parse("10.0.0.1")));
        assertThrows(IllegalArgumentException.class, () -> request.withCount(IpFamily.IPV4, -1));
        assertThrows(IllegalArgumentException.class, () -> GroupRequest.by(" "));
    }

    @Test
    void aRevokedGrantPutsNothingBackThatAnEarlierOneDisplaced() {
        AddressPool pool = AddressPool.of(Subnet.of("10.0.0.0/29"), PoolOptions.of(Strategy.STICKY));
        PoolGroup one = PoolGroup.of(List.of(pool));
        Lease kept = pool.allocate("a");
        pool.release(kept);
        one.grant(GroupRequest.by("b").withAddress(kept.ip()));
        PoolState before = pool.state();
        one.grant(GroupRequest.by("c")).revoke();
        assertEquals(before, pool.state());
    }

    @Test
    void whatARevokedGrantDisplacedIsItsOwnersInTheOldOrder() {
        AddressPool sticky = AddressPool.of(Subnet.of("10.1.214.0/24"), PoolOptions.of(Strategy.STICKY));
        List<Lease> held = Stream.of(20, 30, 40)
                .map(last -> sticky.allocate(at(last), "a"))
                .toList();
        held.forEach(sticky::release);
        PoolGroup.of(List.of(sticky))
                .grant(GroupRequest.by("b").withAddress(at(30)))
                .revoke();

        assertEquals(
                List.of(at(40), at(30), at(20)),
                Stream.generate(() -> sticky.allocate("a").address().address())
                        .limit(3)
                        .toList());
    }

    private static IpAddress at(int last) {
        return IpAddress.parse("10.1.214." + last);
    }
}
