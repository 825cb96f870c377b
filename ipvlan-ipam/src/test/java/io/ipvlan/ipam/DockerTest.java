package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ip.Ipv6Address;
import io.ipvlan.ipam.IpamException.AddressInUse;
import io.ipvlan.ipam.IpamException.AddressOutsidePool;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import io.ipvlan.ipam.IpamException.SubnetOverlap;
import io.ipvlan.ipam.SubnetAllocator.Pool;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What Docker's address management promises in its own unit tests, I01 to I24, promised here; and what it does
/// not test. Where Docker is known to be wrong, the right behaviour is what is asked for.
class DockerTest {
    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    private static String next(AddressPool pool) {
        return pool.allocate("web").address().address().toString();
    }

    private static List<String> draws(SubnetAllocator allocator, IpPrefix... avoid) {
        List<String> drawn = new ArrayList<>();
        try {
            while (drawn.size() < 100) {
                drawn.add(allocator.allocate(IpFamily.IPV4, List.of(avoid)).toString());
            }
        } catch (PoolExhausted e) {
            assertTrue(e.reason().contains("taken"));
        }
        return drawn;
    }

    @Test
    @DisplayName("I01 overlapping default pools give each subnet once")
    void overlappingPoolsGiveEachSubnetOnce() {
        SubnetAllocator allocator = SubnetAllocator.of(List.of(
                new Pool(IpPrefix.parse("10.0.0.0/30"), 31),
                new Pool(IpPrefix.parse("10.0.0.0/29"), 31),
                new Pool(IpPrefix.parse("10.0.0.0/30"), 31)));
        assertEquals(List.of("10.0.0.0/31", "10.0.0.2/31", "10.0.0.4/31", "10.0.0.6/31"), draws(allocator));
    }

    @ParameterizedTest
    @DisplayName("I02 the lowest free subnet is drawn, whatever is avoided before, inside or behind the pool")
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.0/8        | 10.1.0.0/16 10.1.1.0/24 10.1.2.0/24 10.1.3.0/24",
                "10.1.0.0/24       | 10.1.1.0/24 10.1.2.0/24 10.1.3.0/24",
                "10.1.1.128/32     | 10.1.0.0/24 10.1.2.0/24 10.1.3.0/24",
                "10.1.3.255/32     | 10.1.0.0/24 10.1.1.0/24 10.1.2.0/24",
                "10.1.2.0/23       | 10.1.0.0/24 10.1.1.0/24",
                "10.1.4.0/24       | 10.1.0.0/24 10.1.1.0/24 10.1.2.0/24 10.1.3.0/24",
                "10.0.255.0/24     | 10.1.0.0/24 10.1.1.0/24 10.1.2.0/24 10.1.3.0/24",
                "0.0.0.0/0         | none"
            })
    void theLowestFreeSubnetIsDrawn(String avoided, String expected) {
        SubnetAllocator allocator = SubnetAllocator.of(List.of(new Pool(IpPrefix.parse("10.1.0.0/22"), 24)));
        List<String> drawn = draws(allocator, IpPrefix.parse(avoided.strip()));
        if (avoided.startsWith("10.0.0.0/8") || expected.equals("none")) {
            assertEquals(List.of(), drawn);
        } else {
            assertEquals(List.of(expected.split(" ", -1)), drawn);
        }
    }

    @Test
    @DisplayName("I03 I14 a subnet that equals, contains or lies in one of the domain is refused, others are not")
    void overlappingSubnetsAreRefused() {
        for (String[] family : new String[][] {
            {"10.0.0.0/16", "10.0.0.0/16 10.0.1.0/24 10.0.0.0/8 0.0.0.0/0", "10.1.0.0/16 9.0.0.0/8"},
            {"2001:db8::/48", "2001:db8::/48 2001:db8:0:1::/64 2001:db8::/32 ::/0", "2001:db8:1::/48 2001:db7::/32"}
        }) {
            SubnetAllocator allocator = SubnetAllocator.of(List.of());
            allocator.claim(IpPrefix.parse(family[0]));
            for (String text : family[1].split(" ", -1)) {
                assertThrows(SubnetOverlap.class, () -> allocator.claim(IpPrefix.parse(text)));
            }
            for (String text : family[2].split(" ", -1)) {
                allocator.claim(IpPrefix.parse(text));
            }
            List<IpPrefix> taken = new ArrayList<>(allocator.taken(SubnetAllocator.DEFAULT_DOMAIN));
            assertEquals(3, taken.size());
            Collections.sort(taken);
            assertEquals(taken, allocator.taken(SubnetAllocator.DEFAULT_DOMAIN));
        }
    }

    @Test
    @DisplayName("I04 I05 no subnet is drawn twice after releases, and a double release is refused")
    void noSubnetIsDrawnTwiceAfterReleases() {
        SubnetAllocator allocator = SubnetAllocator.of(List.of(new Pool(IpPrefix.parse("10.0.0.0/16"), 24)));
        Random random = new Random(4);
        List<IpPrefix> taken = new ArrayList<>();
        for (int turn = 0; turn < 2_000; turn++) {
            if (taken.size() == 256 || (!taken.isEmpty() && random.nextInt(3) == 0)) {
                IpPrefix gone = taken.remove(random.nextInt(taken.size()));
                allocator.release(gone);
                assertThrows(NotHeld.class, () -> allocator.release(gone));
            } else {
                IpPrefix drawn = allocator.allocate(IpFamily.IPV4, List.of());
                assertFalse(taken.contains(drawn));
                taken.add(drawn);
            }
        }
    }

    @Test
    @DisplayName("I06 a subnet of a wanted size is drawn of any pool")
    void aWantedSizeIsDrawn() {
        SubnetAllocator allocator = SubnetAllocator.of(SubnetAllocator.DOCKER_POOLS);
        Pool wanted = new Pool(IpPrefix.parse("172.16.0.0/12"), 26);
        allocator.claim(IpPrefix.parse("172.16.0.0/16"));
        assertEquals(
                "172.17.0.0/26", allocator.allocate("eth0", wanted, List.of()).toString());
        assertEquals(
                "172.18.0.0/16", allocator.allocate(IpFamily.IPV4, List.of()).toString());
    }

    @Test
    @DisplayName("I07 a second request of an address is refused, also by the same owner")
    void theSameAddressIsHandedOutOnce() {
        AddressPool pool = AddressPool.of(Subnet.of("192.168.100.0/24"));
        pool.allocate(ip("192.168.100.250"), "web");
        assertThrows(AddressInUse.class, () -> pool.allocate(ip("192.168.100.250"), "web"));
    }

    @Test
    @DisplayName("I08 a range that is the whole subnet, equal and overlapping ranges of one subnet are one pool")
    void rangesOfOneSubnetShareOnePool() {
        Subnet subnet = Subnet.of("172.25.0.0/24");
        AddressPool whole = AddressPool.of(subnet.withRange("172.25.0.0/24"));
        assertEquals(AddressPool.of(subnet).free(), whole.free());
        AddressPool overlapping =
                AddressPool.of(subnet.withRanges("172.25.0.0/30", "172.25.0.2-172.25.0.5", "172.25.0.0/30"));
        Set<String> seen = new HashSet<>();
        for (int count = 0; count < 5; count++) {
            assertTrue(seen.add(next(overlapping)), "no address twice over overlapping ranges");
        }
        assertThrows(PoolExhausted.class, () -> next(overlapping));
    }

    @Test
    @DisplayName("I09 a range is used up to its last address, and the lowest released one comes next")
    void aRangeIsUsedToItsEnd() {
        AddressPool pool = AddressPool.of(
                Subnet.of("172.28.0.0/16").withRange("172.28.30.0/24").withGateway("172.28.30.254"));
        String last = "";
        for (int count = 0; count < 255; count++) {
            last = next(pool);
        }
        assertEquals("172.28.30.255", last);
        assertThrows(PoolExhausted.class, () -> next(pool));
        pool.release(pool.lease(ip("172.28.30.201")).orElseThrow());
        pool.release(pool.lease(ip("172.28.30.200")).orElseThrow());
        assertEquals("172.28.30.200", next(pool));
        assertEquals("172.28.30.201", next(pool));
        assertEquals(
                "172.28.77.1",
                pool.allocate(ip("172.28.77.1"), "web").address().address().toString(),
                "on request outside the range");
    }

    @Test
    @DisplayName("I10 the cursor does not go back for a released address, nor on for a requested one, and wraps")
    void theCursorWraps() {
        AddressPool pool =
                AddressPool.of(Subnet.of("10.2.0.0/16").withRange("10.2.2.0/24"), PoolOptions.of(Strategy.NEXT));
        pool.allocate(ip("10.2.2.1"), "static");
        assertEquals("10.2.2.0", next(pool));
        assertEquals("10.2.2.2", next(pool));
        pool.release(pool.lease(ip("10.2.2.0")).orElseThrow());
        assertEquals("10.2.2.3", next(pool));
        pool.release(pool.lease(ip("10.2.2.1")).orElseThrow());
        assertEquals("10.2.2.4", next(pool));
        String last = "";
        for (int count = 5; count < 256; count++) {
            last = next(pool);
        }
        assertEquals("10.2.2.255", last);
        assertEquals("10.2.2.0", next(pool));
        assertEquals("10.2.2.1", next(pool));
        assertThrows(PoolExhausted.class, () -> next(pool));
    }

    @ParameterizedTest
    @DisplayName("I11 I13 every address of a subnet is handed out in order, to its last")
    @ValueSource(ints = {16, 20, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31})
    void everyAddressIsHandedOutInOrder(int length) {
        Subnet subnet = Subnet.of(IpPrefix.parse("172.28.0.0/" + length));
        AddressPool pool = AddressPool.of(subnet);
        IpAddress expected = subnet.firstUsable();
        for (long left = pool.free(); left > 0; left--) {
            IpAddress found = pool.allocate().address().address();
            assertEquals(expected, found);
            expected = found.plus(1);
        }
        assertEquals(subnet.lastUsable(), expected.plus(-1));
        assertThrows(PoolExhausted.class, pool::allocate);
    }

    @Test
    @DisplayName("I12 what is malformed is refused where it is written")
    void malformedIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Subnet.of("192.168.0.0"));
        assertThrows(IllegalArgumentException.class, () -> Subnet.of("192.168.0.1/24"));
        assertThrows(IllegalArgumentException.class, () -> Subnet.of("192.168.0.0/33"));
        Subnet subnet = Subnet.of("192.168.0.0/24");
        assertThrows(IllegalArgumentException.class, () -> subnet.withRange("2001:db8::/64"));
        assertThrows(IllegalArgumentException.class, () -> subnet.withRange("192.168.0.0/16"), "larger than the pool");
        assertThrows(IllegalArgumentException.class, () -> subnet.withRange("192.169.0.0/24"), "outside the pool");
        assertThrows(IllegalArgumentException.class, () -> subnet.withGateway("2001:db8::1"));
        AddressPool pool = AddressPool.of(subnet);
        assertThrows(AddressOutsidePool.class, () -> pool.allocate(ip("2001:db8::1"), "web"));
    }

    @ParameterizedTest
    @DisplayName("I15 unusual subnets: with one host bit or none every address is usable (RFC 3021, RFC 6164)")
    @CsvSource({"10.0.0.2/31, 2", "10.0.0.3/32, 1", "2001:db8::2/127, 2", "2001:db8::3/128, 1"})
    void unusualSubnetsGiveAllTheirAddresses(String prefix, int count) {
        AddressPool pool = AddressPool.of(Subnet.of(prefix));
        assertEquals(count, pool.free());
        for (IpAddress address : IpRange.of(IpPrefix.parse(prefix)).addresses()) {
            assertEquals(address, pool.allocate("web").address().address());
        }
        assertThrows(PoolExhausted.class, () -> next(pool));
    }

    @Test
    @DisplayName("I16 of a full subnet each released address is the next one handed out")
    void eachReleasedAddressIsTheNextOne() {
        AddressPool pool = AddressPool.of(Subnet.of("192.168.0.0/23"));
        while (pool.free() > 0) {
            next(pool);
        }
        for (String text : List.of("192.168.0.1", "192.168.0.255", "192.168.1.0", "192.168.1.254", "192.168.0.64")) {
            pool.release(pool.lease(ip(text)).orElseThrow());
            assertEquals(text, next(pool));
        }
    }

    @Test
    @DisplayName("I17 I19 racing threads never share an address, and a pool given back is as new")
    void racingThreadsNeverShare() throws Exception {
        for (int length : new int[] {21, 24, 29}) {
            AddressPool pool = AddressPool.of(Subnet.of(IpPrefix.parse("10.0.0.0/" + length)));
            PoolState empty = pool.state();
            Set<IpAddress> held = ConcurrentHashMap.newKeySet();
            race(4, thread -> {
                Random random = new Random(thread);
                List<Lease> mine = new ArrayList<>();
                for (int turn = 0; turn < 2_500; turn++) {
                    try {
                        Lease lease = pool.allocate("web-" + thread);
                        assertTrue(held.add(lease.address().address()), lease::toString);
                        mine.add(lease);
                    } catch (PoolExhausted e) {
                        assertTrue(e.usage().orElseThrow().free().signum() == 0);
                    }
                    if (!mine.isEmpty() && random.nextBoolean()) {
                        giveBack(pool, held, mine.remove(random.nextInt(mine.size())));
                    }
                }
                mine.forEach(lease -> giveBack(pool, held, lease));
            });
            assertEquals(empty.leases(), pool.state().leases());
            assertEquals(AddressPool.of(pool.subnet()).usage(), pool.usage());
        }
    }

    private static void giveBack(AddressPool pool, Set<IpAddress> held, Lease lease) {
        assertTrue(held.remove(lease.address().address()));
        pool.release(lease);
    }

    private interface Work {
        void run(int thread) throws Exception;
    }

    private static void race(int threads, Work work) throws Exception {
        List<FutureTask<Boolean>> tasks = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            int number = thread;
            FutureTask<Boolean> task = new FutureTask<>(() -> {
                work.run(number);
                return true;
            });
            tasks.add(task);
            Thread.ofPlatform().daemon().start(task);
        }
        for (FutureTask<Boolean> task : tasks) {
            assertTrue(task.get(60, TimeUnit.SECONDS));
        }
    }

    @Test
    @DisplayName("I18 racing threads draw 16,384 subnets without overlap")
    void racingDrawsNeverOverlap() throws Exception {
        SubnetAllocator allocator = SubnetAllocator.of(List.of(new Pool(IpPrefix.parse("10.0.0.0/10"), 24)));
        Set<IpPrefix> drawn = ConcurrentHashMap.newKeySet();
        race(4, thread -> {
            for (int count = 0; count < 4_096; count++) {
                assertTrue(drawn.add(allocator.allocate("eth" + thread, IpFamily.IPV4, List.of())));
            }
        });
        assertEquals(List.of(IpPrefix.parse("10.0.0.0/10")), IpPrefix.aggregate(drawn));
        assertThrows(PoolExhausted.class, () -> allocator.allocate(IpFamily.IPV4, List.of()));
    }

    @ParameterizedTest
    @DisplayName("I20 I24 ranges around and beyond 64 bits")
    @CsvSource({
        "2001:db8::/56, 2001:db8::1, 2001:db8:0:ff:ffff:ffff:ffff:ffff",
        "2001:db8::/64, 2001:db8::1, 2001:db8::ffff:ffff:ffff:ffff",
        "2001:db8::/63, 2001:db8::1, 2001:db8:0:1:ffff:ffff:ffff:ffff",
        "2001:db8::/65, 2001:db8::1, 2001:db8::7fff:ffff:ffff:ffff",
        "2001:db8::/96, 2001:db8::1, 2001:db8::ffff:ffff",
        "2001:db8::/120, 2001:db8::1, 2001:db8::ff",
        "::/0, ::1, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    })
    void largeSubnetsAreServedToTheirEnds(String prefix, String first, String last) {
        Subnet subnet = Subnet.of(prefix);
        AddressPool pool = AddressPool.of(subnet);
        assertEquals(first, next(pool));
        pool.allocate(ip(last), "web");
        assertThrows(AddressInUse.class, () -> pool.allocate(ip(last), "web"));
        assertEquals(2, pool.leases().size());
        IpRange end = IpRange.of(ip(last).plus(-2), ip(last));
        AddressPool atTheEnd = AddressPool.of(subnet.withRange(end), PoolOptions.of(Strategy.NEXT));
        assertEquals(end.first().toString(), next(atTheEnd));
        next(atTheEnd);
        assertEquals(last, next(atTheEnd));
        assertThrows(PoolExhausted.class, () -> next(atTheEnd));
        atTheEnd.release(atTheEnd.leases().get(1));
        assertEquals(end.first().plus(1).toString(), next(atTheEnd));
    }

    @Test
    @DisplayName("I20 a range across a border of 2^64 is used on both sides, in order")
    void aRangeAcrossABorderIsUsedOnBothSides() {
        for (Strategy strategy : List.of(Strategy.LOWEST, Strategy.NEXT, Strategy.STICKY)) {
            AddressPool pool = AddressPool.of(
                    Subnet.of("2001:db8::/48")
                            .withRanges(
                                    "2001:db8::ffff:ffff:ffff:fffe-2001:db8:0:1::1", "2001:db8:0:7::5-2001:db8:0:7::6"),
                    PoolOptions.of(strategy));
            List<String> seen = new ArrayList<>();
            for (int count = 0; count < 6; count++) {
                seen.add(next(pool));
            }
            assertEquals(
                    List.of(
                            "2001:db8::ffff:ffff:ffff:fffe",
                            "2001:db8::ffff:ffff:ffff:ffff",
                            "2001:db8:0:1::",
                            "2001:db8:0:1::1",
                            "2001:db8:0:7::5",
                            "2001:db8:0:7::6"),
                    seen);
            assertThrows(PoolExhausted.class, () -> next(pool));
            assertEquals(Optional.empty(), pool.usage().largestHole());
            pool.release(pool.lease(ip("2001:db8:0:1::")).orElseThrow());
            assertEquals("2001:db8:0:1::", next(pool));
        }
    }

    @Test
    @DisplayName("I20 random addresses come from all of a range of more than 64 bits")
    void randomAddressesComeFromAllOfALargeRange() {
        AddressPool pool = AddressPool.of(
                Subnet.of("2001:db8::/48"), PoolOptions.of(Strategy.RANDOM).withRandom(new SplittableRandom(1)));
        Set<Long> segments = new HashSet<>();
        int high = 0;
        for (int count = 0; count < 500; count++) {
            Ipv6Address address = (Ipv6Address) pool.allocate("web").address().address();
            segments.add(address.high());
            high += address.low() < 0 ? 1 : 0;
        }
        assertTrue(segments.size() > 480, () -> segments.size() + " of 65,536 segments");
        assertTrue(high > 180 && high < 320, "both halves of a segment");
    }

    @Test
    @DisplayName("I23 a reservation must lie in its subnet, and is handed out on request only")
    void aReservationLiesInItsSubnet() {
        Subnet subnet = Subnet.of("192.168.10.0/24");
        assertThrows(IllegalArgumentException.class, () -> subnet.withReservation("router", ip("192.168.11.1")));
        AddressPool pool = AddressPool.of(subnet.withReservation("router", ip("192.168.10.1")));
        assertEquals("192.168.10.2", next(pool));
        pool.release(pool.allocate(ip("192.168.10.1"), "router"));
        assertEquals("192.168.10.3", next(pool));
    }

    @Test
    @DisplayName("untested by Docker: network, broadcast, gateway and reserved address are never released into a pool")
    void whatWasNeverHandedOutIsNotReleased() {
        AddressPool pool = AddressPool.of(Subnet.of("10.9.0.0/24")
                .withGateway("10.9.0.1")
                .withReservation("printer", ip("10.9.0.2"))
                .withExcluded("10.9.0.3/32"));
        PoolState before = pool.state();
        for (String[] one : new String[][] {
            {"10.9.0.0", "it is the network address of the subnet"},
            {"10.9.0.255", "it is the broadcast address of the subnet"},
            {"10.9.0.1", "it is the gateway of the subnet"},
            {"10.9.0.2", "it is reserved"},
            {"10.9.0.3", "it is excluded from the subnet"},
            {"10.9.0.4", "nobody holds it"},
            {"10.8.0.4", "it lies outside the subnet"}
        }) {
            for (String owner : List.of("web", "")) {
                Lease forged = new Lease(IpCidr.of(ip(one[0]), 24), owner, Instant.EPOCH, Map.of(), Optional.empty());
                NotHeld refusal = assertThrows(NotHeld.class, () -> pool.release(forged));
                assertTrue(refusal.reason().endsWith(one[1]), refusal::reason);
                assertEquals(Optional.of(ip(one[0])), refusal.address());
            }
        }
        assertEquals(before, pool.state());
        assertEquals("10.9.0.4", next(pool));
    }

    @Test
    @DisplayName("untested by Docker: a double release is refused, and does not free the address of the next holder")
    void aDoubleReleaseIsRefused() {
        AddressPool pool = AddressPool.of(Subnet.of("10.9.0.0/30"));
        Lease first = pool.allocate("web");
        pool.release(first);
        assertThrows(NotHeld.class, () -> pool.release(first));
        Lease second = pool.allocate("web");
        assertEquals(first.address(), second.address());
        NotHeld refusal = assertThrows(NotHeld.class, () -> pool.release(first));
        assertTrue(refusal.reason().startsWith("this lease ended"), refusal::reason);
        assertEquals(List.of(second), pool.leases());
        Lease anonymous = pool.allocate();
        pool.release(anonymous);
        assertThrows(NotHeld.class, () -> pool.release(anonymous));
    }

    @Test
    @DisplayName("untested by Docker: the same gateway twice is no fault of an address, it is never handed out")
    void theGatewayIsNeverHandedOut() {
        AddressPool pool = AddressPool.of(Subnet.of("10.9.0.0/24").withGateway("10.9.0.1"));
        assertFalse(pool.withhold(ip("10.9.0.1")));
        assertThrows(AddressOutsidePool.class, () -> pool.allocate(ip("10.9.0.1"), "web"));
    }
}
