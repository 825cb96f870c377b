package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.BlockPool.Block;
import io.ipvlan.ipam.IpamException.AddressOutsidePool;
import io.ipvlan.ipam.IpamException.BlockInUse;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import io.ipvlan.ipam.IpamException.SubnetOverlap;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BlockPoolTest {
    private final ManualClock clock = new ManualClock();
    private final BlockPool pool = BlockPool.of(
            Subnet.of("10.0.0.0/28").withGateway("10.0.0.1").withExcluded("10.0.0.8/30"),
            30,
            PoolOptions.of(Strategy.LOWEST).withClock(clock).withCoolDown(Duration.ofSeconds(30)));

    private Lease allocate(String host) {
        return pool.allocate(host, AddressRequest.by("web"));
    }

    @Test
    void aHostTakesBlocksAsItNeedsThem() {
        assertEquals("10.0.0.2/28", allocate("a").address().toString());
        assertEquals("10.0.0.4/28", allocate("b").address().toString());
        assertEquals("10.0.0.3/28", allocate("a").address().toString());
        assertEquals("10.0.0.12/28", allocate("a").address().toString(), "the third block is excluded as a whole");
        assertEquals(
                List.of("10.0.0.0/30 a", "10.0.0.4/30 b", "10.0.0.12/30 a"),
                pool.blocks().stream()
                        .map(block -> block.prefix() + " " + block.host())
                        .toList());
        assertEquals(2, pool.blocks().getFirst().leases().size());
    }

    @Test
    void networkAndBroadcastAddressAreThoseOfTheSubnet() {
        Set<String> seen = new HashSet<>();
        for (int count = 0; count < 4 + 2 + 3; count++) {
            assertTrue(seen.add(allocate("a").address().address().toString()));
        }
        assertTrue(seen.contains("10.0.0.4") && seen.contains("10.0.0.7"), seen::toString);
        assertTrue(!seen.contains("10.0.0.0") && !seen.contains("10.0.0.15") && !seen.contains("10.0.0.1"));
        assertThrows(PoolExhausted.class, () -> allocate("a"));
    }

    @Test
    void anAddressIsBorrowedOfAnotherHostAndGivenBack() {
        pool.claim("a");
        pool.claim("a");
        pool.claim("a");
        PoolExhausted refusal = assertThrows(PoolExhausted.class, () -> allocate("b"));
        assertEquals(
                "no free block of /30 in subnet 10.0.0.0/28 for 'b': 3 blocks are owned by 1 hosts",
                refusal.getMessage());
        Lease borrowed = pool.borrow("b", AddressRequest.by("web"));
        assertEquals("10.0.0.2/28", borrowed.address().toString());
        Block block = pool.blocks().getFirst();
        assertEquals("a", block.host());
        assertEquals(Map.of(IpAddress.parse("10.0.0.2"), "b"), block.borrowers());
        assertThrows(PoolExhausted.class, () -> pool.borrow("a", AddressRequest.by("web")), "all blocks are its own");
        pool.release(borrowed);
        assertEquals(Map.of(), pool.blocks().getFirst().borrowers());
        assertThrows(NotHeld.class, () -> pool.release(borrowed));
    }

    @Test
    void whatLapsedAndSomebodyElseGotIsNotBorrowedAnyMore() {
        pool.claim("a");
        Lease lapsing = pool.borrow("b", AddressRequest.by("web").withHold(Duration.ofSeconds(1)));
        clock.advance(Duration.ofMinutes(1)); // it has lapsed, and cooled down
        Lease own = pool.allocate(
                "a", AddressRequest.by("db").withAddress(lapsing.address().address()));
        assertEquals(lapsing.address(), own.address());
        assertEquals(Map.of(), pool.blocks().getFirst().borrowers());
    }

    @Test
    void aBorrowedAddressThatLapsesIsBorrowedNoMore() {
        pool.claim("a");
        AddressRequest request =
                AddressRequest.by("web").withHold(Duration.ofSeconds(1)).withAddress(IpAddress.parse("10.0.0.3"));
        pool.borrow("b", request);
        clock.advance(Duration.ofSeconds(2));
        assertEquals(Map.of(), pool.blocks().getFirst().borrowers());
    }

    @Test
    void aCertainAddressIsHandedOutOfTheRightBlockOnly() {
        IpPrefix block = pool.claim("a");
        AddressRequest request = AddressRequest.by("web").withAddress(IpAddress.parse("10.0.0.3"));
        assertThrows(AddressOutsidePool.class, () -> pool.allocate("b", request));
        assertThrows(AddressOutsidePool.class, () -> pool.borrow("a", request));
        assertTrue(block.contains(pool.allocate("a", request).address().address()));
        AddressRequest nowhere = AddressRequest.by("web").withAddress(IpAddress.parse("2001:db8::1"));
        assertThrows(AddressOutsidePool.class, () -> pool.allocate("a", nowhere));
        assertThrows(AddressOutsidePool.class, () -> pool.borrow("b", nowhere));
    }

    @Test
    void onlyAnEmptyBlockIsReturnedAndOnlyByItsOwner() {
        Lease lease = allocate("a");
        IpPrefix block = IpPrefix.parse("10.0.0.0/30");
        BlockInUse refusal = assertThrows(BlockInUse.class, () -> pool.giveBack(block, "a"));
        assertEquals(
                "block 10.0.0.0/30 of subnet 10.0.0.0/28 cannot be returned by 'a': 1 of its addresses are held, "
                        + "0 cool down, 0 are in quarantine",
                refusal.getMessage());
        pool.release(lease);
        assertThrows(BlockInUse.class, () -> pool.giveBack(block, "a"), "it would lose its cool-down");
        clock.advance(Duration.ofSeconds(30));
        NotHeld stranger = assertThrows(NotHeld.class, () -> pool.giveBack(block, "b"));
        assertEquals("a", stranger.holder().orElseThrow());
        assertThrows(NotHeld.class, () -> pool.giveBack(IpPrefix.parse("10.0.0.0/29"), "a"));
        pool.giveBack(block, "a");
        assertThrows(NotHeld.class, () -> pool.giveBack(block, "a"));
        assertThrows(NotHeld.class, () -> pool.release(lease));
        assertEquals(block, pool.claim("b"));
    }

    @Test
    void aCertainBlockIsClaimedOnce() {
        IpPrefix block = IpPrefix.parse("10.0.0.4/30");
        pool.claim(block, "a");
        SubnetOverlap taken = assertThrows(SubnetOverlap.class, () -> pool.claim(block, "b"));
        assertEquals(block, taken.taken());
        assertThrows(SubnetOverlap.class, () -> pool.claim(IpPrefix.parse("10.0.0.8/30"), "b"), "excluded");
        assertThrows(IllegalArgumentException.class, () -> pool.claim(IpPrefix.parse("10.0.0.0/29"), "b"));
        assertThrows(IllegalArgumentException.class, () -> pool.claim(IpPrefix.parse("10.0.1.0/30"), "b"));
        Subnet subnet = Subnet.of("10.0.0.0/28");
        assertThrows(IllegalArgumentException.class, () -> BlockPool.of(subnet, 27, PoolOptions.of(Strategy.LOWEST)));
    }

    @Test
    void aBlankHostIsRefusedBeforeAnythingChanges() {
        AddressRequest request = AddressRequest.by("web");
        pool.claim("a");
        assertThrows(IllegalArgumentException.class, () -> pool.claim(" "));
        assertThrows(IllegalArgumentException.class, () -> pool.claim(IpPrefix.parse("10.0.0.4/30"), " "));
        assertThrows(IllegalArgumentException.class, () -> pool.allocate(" ", request));
        assertThrows(IllegalArgumentException.class, () -> pool.borrow(" ", request));
        assertEquals(1, pool.blocks().size());
        assertEquals(List.of(), pool.blocks().getFirst().leases());
    }

    @Test
    void aHostCountsAsLongAsItOwnsABlock() {
        pool.claim("a");
        pool.claim("a");
        pool.claim("b");
        pool.giveBack(IpPrefix.parse("10.0.0.0/30"), "a");
        pool.claim("c");
        assertEquals("3 blocks are owned by 3 hosts", exhausted());
        pool.giveBack(IpPrefix.parse("10.0.0.12/30"), "b");
        pool.claim("a");
        assertEquals("3 blocks are owned by 2 hosts", exhausted());
    }

    private String exhausted() {
        return assertThrows(PoolExhausted.class, () -> pool.claim("d")).reason();
    }

    @Test
    void aBlockMayBeOneAddress() {
        Subnet subnet = Subnet.of("10.0.0.0/30");
        BlockPool single = BlockPool.of(subnet, 32, PoolOptions.of(Strategy.LOWEST));
        assertEquals(subnet, single.subnet());
        Lease lease = single.allocate("a", AddressRequest.by("web"));
        assertEquals("10.0.0.1/32", single.blocks().getFirst().prefix().toString());
        single.release(lease);
        assertEquals(
                lease.address(), single.allocate("a", AddressRequest.by("web")).address());
    }

    @Test
    void thereMayBeFarMoreBlocksThanAnybodyCounts() {
        BlockPool large = BlockPool.of(Subnet.of("2001:db8::/32"), 122, PoolOptions.of(Strategy.LOWEST));
        assertEquals(
                "2001:db8::1/32",
                large.allocate("a", AddressRequest.by("web")).address().toString());
        assertEquals("2001:db8::40/122", large.claim("b").toString());
    }

    @Test
    void anAddressCostsAsManyLooksAtTheClockWithManyBlocksAsWithFew() {
        assertEquals(looks(2), looks(200));
    }

    /// Every block is full, and something ends in each: whoever asks one for room makes it look at the clock.
    private static int looks(int blocks) {
        AtomicInteger looks = new AtomicInteger();
        ManualClock time = new ManualClock();
        InstantSource counting = () -> {
            looks.incrementAndGet();
            return time.instant();
        };
        BlockPool large = BlockPool.of(
                Subnet.of("10.0.0.0/16"),
                30,
                PoolOptions.of(Strategy.LOWEST).withClock(counting).withCoolDown(Duration.ofSeconds(30)));
        AddressRequest request = AddressRequest.by("web").withHold(Duration.ofHours(1));
        List<Lease> leases = new ArrayList<>();
        for (int block = 0; block < blocks; block++) {
            large.claim(IpPrefix.of(IpAddress.parse("10.0.0.0").plus(4L * block), 30), block % 2 == 0 ? "a" : "b");
        }
        for (int count = 0; count < 2 * blocks - 1; count++) {
            leases.add(large.allocate("a", request));
            leases.add(large.allocate("b", request));
        }
        looks.set(0);
        large.allocate("a", request);
        large.allocate("a", request);
        large.borrow("b", request);
        large.release(leases.getLast());
        return looks.get();
    }

    @Test
    void aFullBlockHasRoomAgainWhenWhatIsInItEndsByItself() {
        pool.claim(IpPrefix.parse("10.0.0.12/30"), "a");
        Lease first = allocate("a");
        AddressRequest reserve = AddressRequest.by("web").withHold(Duration.ofSeconds(10));
        Lease second = pool.allocate("a", reserve);
        allocate("a");
        pool.release(first);
        clock.advance(Duration.ofSeconds(29));
        assertEquals("10.0.0.2/28", allocate("a").address().toString(), "the first cools down");
        clock.advance(Duration.ofSeconds(1));
        assertEquals(first.address(), allocate("a").address());
        clock.advance(Duration.ofSeconds(9));
        assertEquals("10.0.0.3/28", allocate("a").address().toString(), "the second lapsed, and cools down");
        clock.advance(Duration.ofSeconds(1));
        assertEquals(second.address(), pool.borrow("b", reserve).address());
    }
}
