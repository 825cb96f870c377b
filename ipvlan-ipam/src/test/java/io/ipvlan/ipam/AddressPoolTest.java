package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ipam.IpamException.AddressInUse;
import io.ipvlan.ipam.IpamException.AddressOutsidePool;
import io.ipvlan.ipam.IpamException.AddressOutsidePool.Reason;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressPoolTest {
    private final AddressPool pool =
            AddressPool.of(Subnet.of("10.1.214.0/24").withGateway("10.1.214.1").withReserved("10.1.214.3"));

    @Test
    void theLowestFreeAddressIsHandedOutWithTheLengthOfItsSubnet() {
        Lease first = pool.allocate("web-1");
        assertEquals(IpCidr.parse("10.1.214.2/24"), first.address());
        assertEquals("web-1", first.owner());
        assertEquals("10.1.214.4/24 held by 'web-1'", pool.allocate("web-1").toString());
    }

    @Test
    void aReleasedAddressIsTheNextOneHandedOut() {
        List<Lease> leases = new ArrayList<>();
        for (int count = 0; count < 20; count++) {
            leases.add(pool.allocate("web"));
        }
        for (Lease lease : leases) {
            pool.release(lease);
            assertEquals(lease.address(), pool.allocate("web").address());
        }
    }

    @Test
    void aReservedAddressIsHandedOutOnRequestAndIsReservedAgainAfterwards() {
        Lease lease = pool.allocate(IpAddress.parse("10.1.214.3"), "router");
        pool.release(lease);
        assertEquals("10.1.214.2", pool.allocate("a").address().address().toString());
        assertEquals("10.1.214.4", pool.allocate("a").address().address().toString());
    }

    @Test
    void anAddressInUseNamesItsOwner() {
        IpAddress address = IpAddress.parse("10.1.214.9");
        pool.allocate(address, "web-1");
        AddressInUse refusal = assertThrows(AddressInUse.class, () -> pool.allocate(address, "web-2"));
        assertEquals(
                "address 10.1.214.9 of subnet 10.1.214.0/24 is not free for 'web-2': it is held by 'web-1'",
                refusal.getMessage());
        assertEquals("web-1", refusal.holder());
        assertEquals(Optional.of("web-2"), refusal.owner());
        assertEquals("10.1.214.0/24", refusal.pool());
        assertEquals("it is held by 'web-1'", refusal.reason());
        assertEquals(Optional.of(address), refusal.address());
        assertEquals(
                "address 10.1.214.9 of subnet 10.1.214.0/24 cannot be withheld: it is held by 'web-1'",
                assertThrows(AddressInUse.class, () -> pool.withhold(address)).getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.214.0/24, 10.1.215.1, OUTSIDE_SUBNET, lies outside",
        "10.1.214.0/24, 2001:db8::1, OUTSIDE_SUBNET, lies outside",
        "10.1.214.0/24, 10.1.214.0, NETWORK_ADDRESS, is the network address of",
        "10.1.214.0/24, 10.1.214.255, BROADCAST_ADDRESS, is the broadcast address of",
        "10.1.214.0/24, 10.1.214.7, GATEWAY, is the gateway of",
        "10.1.214.0/24, 10.1.214.8, WITHHELD, is withheld from",
        "2001:db8::/64, 2001:db8::, SUBNET_ROUTER_ANYCAST, is the subnet-router anycast address of"
    })
    void anAddressThatIsNeverHandedOutIsRefusedWithTheReason(String prefix, String text, Reason reason, String words) {
        Subnet subnet = Subnet.of(prefix);
        AddressPool other =
                AddressPool.of(subnet.withGateway(subnet.prefix().first().plus(7)));
        IpAddress withheld = subnet.prefix().first().plus(8);
        assertTrue(other.withhold(withheld));
        IpAddress address = IpAddress.parse(text);
        AddressOutsidePool refusal = assertThrows(AddressOutsidePool.class, () -> other.allocate(address, "web"));
        assertEquals(reason, refusal.why());
        assertEquals(Optional.of(address), refusal.address());
        assertEquals(
                "address " + text + " cannot be handed out to 'web': it " + words + " subnet " + prefix,
                refusal.getMessage());
        assertFalse(other.withhold(address));
    }

    @Test
    void onlyTheExactLeaseIsTakenBack() {
        Lease lease = pool.allocate("web-1");
        assertNotHeld(
                like(lease, lease.address(), "web-2"),
                "address 10.1.214.2/24 cannot be released by 'web-2' in subnet 10.1.214.0/24: it is held by 'web-1'",
                Optional.of("web-1"));
        assertNotHeld(
                like(lease, IpCidr.parse("10.1.214.2/32"), "web-1"),
                "address 10.1.214.2/32 cannot be released by 'web-1' in subnet 10.1.214.0/24: "
                        + "it is held as 10.1.214.2/24",
                Optional.of("web-1"));
        pool.release(lease);
        assertNotHeld(
                lease,
                "address 10.1.214.2/24 cannot be released by 'web-1' in subnet 10.1.214.0/24: nobody holds it",
                Optional.empty());
    }

    @Test
    void noOtherAddressBecomesFreeByARelease() {
        for (String text : List.of("10.1.214.0", "10.1.214.1", "10.1.214.3", "10.1.214.255", "10.9.0.0")) {
            Lease lease =
                    new Lease(IpCidr.of(IpAddress.parse(text), 24), "web", Instant.EPOCH, Map.of(), Optional.empty());
            assertThrows(NotHeld.class, () -> pool.release(lease));
        }
        assertEquals(252, pool.free());
    }

    @Test
    void anExhaustedPoolSaysWhatIsHeldAndReserved() {
        AddressPool small =
                AddressPool.of(Subnet.of("10.0.0.0/29").withReserved("10.0.0.1").withRange("10.0.0.0-10.0.0.3"));
        small.withhold(IpAddress.parse("10.0.0.2"));
        small.allocate("a");
        PoolExhausted refusal = assertThrows(PoolExhausted.class, () -> small.allocate("b"));
        assertEquals(
                "no free address for 'b' in subnet 10.0.0.0/29 in ranges [10.0.0.0-10.0.0.3]: 8 addresses: 1 held, "
                        + "0 cooling, 0 quarantined, 2 reserved, 5 excluded, 0 free",
                refusal.getMessage());
        assertEquals(Optional.of(small.usage()), refusal.usage());
        assertEquals(0, small.free());
        assertEquals(
                "10.0.0.6/29",
                small.allocate(IpAddress.parse("10.0.0.6"), "b").address().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/32, 1", "10.0.0.0/31, 2", "10.0.0.0/30, 2", "10.0.0.0/23, 510",
        "2001:db8::/128, 1", "2001:db8::/127, 2", "2001:db8::/126, 3", "2001:db8::/120, 255"
    })
    void everyUsableAddressIsHandedOutOnce(String prefix, int count) {
        AddressPool all = AddressPool.of(Subnet.of(prefix));
        assertEquals(count, all.free());
        Set<IpAddress> seen = new HashSet<>();
        for (int turn = 0; turn < count; turn++) {
            assertTrue(seen.add(all.allocate("a").address().address()));
        }
        assertEquals(0, all.free());
        assertThrows(PoolExhausted.class, () -> all.allocate("a"));
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0, 4294967294",
        "10.0.0.0/8, 16777214",
        "2001:db8::/64, 9223372036854775807",
        "::/0, 9223372036854775807",
        "2001:db8::/65, 9223372036854775807"
    })
    void aLargePoolIsAsQuickAsASmallOne(String prefix, long free) {
        AddressPool large = AddressPool.of(Subnet.of(prefix));
        assertEquals(free, large.free());
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            List<Lease> leases = new ArrayList<>();
            for (int count = 0; count < 20_000; count++) {
                leases.add(large.allocate("a"));
            }
            Collections.shuffle(leases, new Random(1));
            leases.subList(0, 10_000).forEach(large::release);
            Set<Lease> held = new HashSet<>(leases.subList(10_000, 20_000));
            for (int count = 0; count < 10_000; count++) {
                assertTrue(held.add(large.allocate("a")));
            }
            assertEquals(held, new HashSet<>(large.leases()));
        });
    }

    @Test
    void theCountStaysExactWhereItLeavesTheRangeOfALong() {
        AddressPool edge = AddressPool.of(Subnet.of("2001:db8::/65"));
        assertEquals(Long.MAX_VALUE, edge.free());
        edge.allocate("a");
        assertEquals(Long.MAX_VALUE - 1, edge.free());
    }

    @Test
    void leasesAreListedInAddressOrderAndStayAsTheyWere() {
        Lease high = pool.allocate(IpAddress.parse("10.1.214.200"), "a");
        Lease low = pool.allocate("b");
        List<Lease> before = pool.leases();
        pool.release(high);
        assertEquals(List.of(low, high), before);
        assertEquals(List.of(low), pool.leases());
    }

    @Test
    void anOwnerMustBeNamedBeforeAnythingChanges() {
        assertThrows(IllegalArgumentException.class, () -> pool.allocate(" "));
        assertThrows(IllegalArgumentException.class, () -> pool.allocate(IpAddress.parse("10.1.214.9"), ""));
        assertEquals(252, pool.free());
        assertEquals(List.of(), pool.leases());
    }

    @Test
    void whatIsPreviewedIsWhatWouldBeHandedOut() {
        IpAddress address = IpAddress.parse("10.1.214.9");
        assertEquals(IpCidr.parse("10.1.214.9/24"), pool.preview(address, "a"));
        assertEquals(IpCidr.parse("10.1.214.2/24"), pool.preview("a"));
        pool.allocate(address, "b");
        assertThrows(AddressInUse.class, () -> pool.preview(address, "a"));
        assertEquals(1, pool.leases().size());
    }

    @Test
    void theCursorGoesOnBehindABorderOfTwoToThe64AndNotBack() {
        AddressPool next = AddressPool.of(
                Subnet.of("2001:db8::/48").withRange("2001:db8::ffff:ffff:ffff:fffe-2001:db8:0:1::1"),
                PoolOptions.of(Strategy.NEXT));
        Lease first = next.allocate("a");
        next.allocate("a");
        next.release(first);
        assertEquals("2001:db8:0:1::/48", next.allocate("a").address().toString());
    }

    @Test
    void aQuarantineIsEndedOnce() {
        IpAddress address = IpAddress.parse("10.1.214.2");
        assertTrue(pool.quarantine(address, Duration.ofDays(1)));
        assertTrue(pool.endQuarantine(address));
        assertFalse(pool.endQuarantine(address));
        assertEquals(address, pool.allocate("a").address().address());
    }

    @Test
    void aLeaseIsNotHandedOverToNobody() {
        Lease lease = pool.allocate("a");
        assertThrows(IllegalArgumentException.class, () -> pool.handOver(lease, " "));
        assertEquals(List.of(lease), pool.leases());
    }

    @Test
    void anAddressOfTheOtherFamilyIsAnotherEvenIfItsNumberIsTheSame() {
        Lease anonymous = pool.allocate();
        assertEquals("10.1.214.2/24 held by nobody", anonymous.toString());
        IpAddress other = IpAddress.parse("::a01:d602");
        assertEquals(Optional.empty(), pool.lease(other));
        Lease forged = new Lease(IpCidr.of(other, 24), "", Instant.EPOCH, Map.of(), Optional.empty());
        assertThrows(NotHeld.class, () -> pool.release(forged));
        assertEquals(Optional.of(anonymous), pool.lease(IpAddress.parse("10.1.214.2")));
    }

    @Test
    void threadsNeverShareAnAddress() throws Exception {
        AddressPool shared = AddressPool.of(Subnet.of("10.0.0.0/20"));
        // Daemons, waited for with a limit: a broken tree may send a thread round in circles for ever.
        List<Future<List<Lease>>> results = new ArrayList<>();
        for (String owner : List.of("one", "two")) {
            FutureTask<List<Lease>> task = new FutureTask<>(() -> churn(shared, owner));
            Thread.ofPlatform().daemon().start(task);
            results.add(task);
        }
        Set<IpAddress> all = new HashSet<>();
        for (Future<List<Lease>> result : results) {
            for (Lease lease : result.get(10, TimeUnit.SECONDS)) {
                assertTrue(all.add(lease.address().address()), lease::toString);
            }
        }
        assertEquals(all.size(), shared.leases().size());
        assertEquals(IpRange.of(IpPrefix.parse("10.0.0.0/20")).size() - 2 - all.size(), shared.free());
    }

    private static List<Lease> churn(AddressPool pool, String owner) {
        Random random = new Random(owner.hashCode());
        List<Lease> mine = new ArrayList<>();
        for (int turn = 0; turn < 20_000; turn++) {
            if (mine.size() < 1_000 || (mine.size() < 2_000 && random.nextBoolean())) {
                mine.add(pool.allocate(owner));
            } else {
                // Refused if the other thread had been given the same address.
                pool.release(mine.remove(random.nextInt(mine.size())));
            }
        }
        return mine;
    }

    private static Lease like(Lease lease, IpCidr address, String owner) {
        return new Lease(address, owner, lease.since(), Map.of(), Optional.empty());
    }

    private void assertNotHeld(Lease lease, String message, Optional<String> holder) {
        NotHeld refusal = assertThrows(NotHeld.class, () -> pool.release(lease));
        assertEquals(message, refusal.getMessage());
        assertEquals(holder, refusal.holder());
    }
}
