package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import io.ipvlan.ipam.IpamException.SubnetOverlap;
import io.ipvlan.ipam.SubnetAllocator.Pool;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubnetAllocatorTest {
    @Test
    void dockersPoolsGiveThirtyOneSubnetsInItsOrder() {
        SubnetAllocator allocator = SubnetAllocator.of(SubnetAllocator.DOCKER_POOLS);
        for (int second = 17; second <= 31; second++) {
            assertEquals("172." + second + ".0.0/16", draw(allocator));
        }
        for (int third = 0; third < 256; third += 16) {
            assertEquals("192.168." + third + ".0/20", draw(allocator));
        }
        PoolExhausted refusal = assertThrows(PoolExhausted.class, () -> draw(allocator));
        assertTrue(refusal.reason().startsWith("31 taken"), refusal::reason);
        allocator.release(IpPrefix.parse("172.20.0.0/16"));
        assertEquals("172.20.0.0/16", draw(allocator));
    }

    @ParameterizedTest
    @CsvSource({
        "10.200.0.0/14, 10.200.0.0/14 in /24s",
        "10.200.0.0/24, 10.200.0.0/24 in /24s",
        "10.200.0.0/28, 10.200.0.0/28 in /28s",
        "fd00::/48, fd00::/48 in /64s",
        "fd00::/80, fd00::/80 in /80s"
    })
    void aPoolGivenAsTextIsCutIntoSubnetsOfTheUsualSize(String text, String expected) {
        assertEquals(expected, Pool.parse(text).toString());
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/16, 15", "10.0.0.0/16, 33", "fd00::/48, 129", "10.0.0.0/16, -1"})
    void aPoolIsNotCutIntoLargerOrImpossibleSubnets(String base, int size) {
        IpPrefix prefix = IpPrefix.parse(base);
        assertThrows(IllegalArgumentException.class, () -> new Pool(prefix, size));
    }

    @Test
    void anAvoidedPrefixIsSkippedAtOnce() {
        SubnetAllocator allocator = SubnetAllocator.of(List.of(Pool.parse("fd00::/16")));
        IpPrefix half = IpPrefix.parse("fd00::/17");
        assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertEquals(
                        "fd00:8000::/64",
                        allocator.allocate(IpFamily.IPV6, List.of(half)).toString()));
        assertEquals("fd00::/64", allocator.allocate(IpFamily.IPV6, List.of()).toString());
    }

    @Test
    void aPoolAtTheEndOfItsFamilyEnds() {
        SubnetAllocator allocator = SubnetAllocator.of(
                List.of(new Pool(IpPrefix.parse("255.255.255.0/24"), 25), new Pool(IpPrefix.parse("0.0.0.0/0"), 0)));
        assertEquals("255.255.255.0/25", draw(allocator));
        assertEquals("255.255.255.128/25", draw(allocator));
        assertThrows(PoolExhausted.class, () -> draw(allocator));
    }

    @Test
    void aFamilyWithoutPoolIsExhaustedAndSaysWhy() {
        SubnetAllocator allocator = SubnetAllocator.of(SubnetAllocator.DOCKER_POOLS);
        assertEquals(
                "no free IPv6 subnet: there is no default pool of that family",
                assertThrows(PoolExhausted.class, () -> allocator.allocate(IpFamily.IPV6, List.of()))
                        .getMessage());
        SubnetAllocator small = SubnetAllocator.of(List.of(Pool.parse("10.0.0.0/23")));
        draw(small);
        List<IpPrefix> avoid = List.of(IpPrefix.parse("10.0.1.128/32"));
        assertEquals(
                "no free IPv4 subnet in pools [10.0.0.0/23 in /24s]: 1 taken, 1 to avoid",
                assertThrows(PoolExhausted.class, () -> small.allocate(IpFamily.IPV4, avoid))
                        .getMessage());
    }

    @Test
    void aPrefixIsDrawnWhenEveryDomainIsDoneWithIt() {
        SubnetAllocator allocator = SubnetAllocator.of(List.of(Pool.parse("10.0.0.0/23")));
        allocator.claim("eth0", IpPrefix.parse("10.0.0.0/24"));
        allocator.claim("eth1", IpPrefix.parse("10.0.0.0/24"));
        allocator.claim("eth2", IpPrefix.parse("10.0.0.0/16"));
        allocator.claim("eth3", IpPrefix.parse("10.0.0.64/26"));
        assertThrows(PoolExhausted.class, () -> draw(allocator));
        allocator.release("eth2", IpPrefix.parse("10.0.0.0/16"));
        allocator.release("eth0", IpPrefix.parse("10.0.0.0/24"));
        assertEquals("10.0.1.0/24", draw(allocator));
        allocator.release("eth1", IpPrefix.parse("10.0.0.0/24"));
        assertThrows(PoolExhausted.class, () -> draw(allocator));
        allocator.release("eth3", IpPrefix.parse("10.0.0.64/26"));
        assertEquals("10.0.0.0/24", draw(allocator));
        assertEquals(List.of(SubnetAllocator.DEFAULT_DOMAIN), allocator.domains());
    }

    @Test
    void theSameSubnetIsClaimedOnTwoParentsButNeverTwiceOnOne() {
        SubnetAllocator allocator = SubnetAllocator.of(List.of());
        IpPrefix subnet = IpPrefix.parse("192.168.1.0/24");
        allocator.claim("eth0", subnet);
        allocator.claim("eth1", subnet);
        for (String text : List.of("192.168.1.0/24", "192.168.0.0/16", "192.168.1.128/25", "0.0.0.0/0")) {
            SubnetOverlap refusal =
                    assertThrows(SubnetOverlap.class, () -> allocator.claim("eth0", IpPrefix.parse(text)));
            assertEquals(
                    "subnet " + text + " cannot be taken: it overlaps 192.168.1.0/24, which is taken in domain 'eth0'",
                    refusal.getMessage());
            assertEquals(subnet, refusal.taken());
            assertEquals(text, refusal.subnet().toString());
            assertEquals("eth0", refusal.pool());
        }
        allocator.claim("eth0", IpPrefix.parse("192.168.0.0/24"));
        assertEquals(List.of(IpPrefix.parse("192.168.0.0/24"), subnet), allocator.taken("eth0"));
        assertEquals(List.of(subnet), allocator.taken("eth1"));
        assertEquals(List.of("eth0", "eth1"), allocator.domains());
        assertThrows(NotHeld.class, () -> allocator.release("eth2", subnet));
        assertThrows(NotHeld.class, () -> allocator.release(subnet));
        allocator.release("eth1", subnet);
        assertThrows(NotHeld.class, () -> allocator.release("eth1", subnet));
        assertEquals(List.of("eth0"), allocator.domains());
        assertEquals(List.of(), allocator.taken("eth1"));
    }

    @Test
    void aHostsOwnIpv6PrefixIsMadeOfItsIdentity() throws Exception {
        Pool pool = Pool.uniqueLocal("4f1a9a1c2b7d4f27a0d0a1f6f0d3c5e7");
        byte[] digest = MessageDigest.getInstance("SHA-256")
                .digest("4f1a9a1c2b7d4f27a0d0a1f6f0d3c5e7".getBytes(StandardCharsets.UTF_8));
        byte[] address = pool.base().first().toBytes();
        assertEquals((byte) 0xfd, address[0]);
        for (int at = 0; at < 5; at++) {
            assertEquals(digest[27 + at], address[1 + at]);
        }
        assertEquals(48, pool.base().length());
        assertEquals(64, pool.size());
        assertEquals(pool, Pool.uniqueLocal("4f1a9a1c2b7d4f27a0d0a1f6f0d3c5e7"));
        assertNotEquals(pool, Pool.uniqueLocal("another"));
        assertThrows(IllegalArgumentException.class, () -> Pool.uniqueLocal(" "));
    }

    @Test
    void subnetsOfIpv6AreDrawnOnBothSidesOfTheMiddleOfAnAddress() {
        SubnetAllocator allocator = SubnetAllocator.of(List.of());
        Pool pool = new Pool(IpPrefix.parse("8000::/62"), 66);
        allocator.claim("eth1", IpPrefix.parse("8000::/64"));
        allocator.claim("eth1", IpPrefix.parse("8000:0:0:1::/66"));
        for (String expected :
                List.of("8000:0:0:1:4000::/66", "8000:0:0:1:8000::/66", "8000:0:0:1:c000::/66", "8000:0:0:2::/66")) {
            assertEquals(expected, allocator.allocate("eth0", pool, List.of()).toString());
        }
    }

    @Test
    void anyBaseAndSizeCanBeDrawnFrom() {
        SubnetAllocator allocator = SubnetAllocator.of(List.of());
        Pool pool = new Pool(IpPrefix.parse("10.0.0.0/29"), 31);
        List<IpPrefix> avoid = List.of(IpPrefix.parse("10.0.0.0/32"), IpPrefix.parse("2001:db8::/32"));
        assertEquals("10.0.0.2/31", allocator.allocate("eth0", pool, avoid).toString());
        assertEquals("10.0.0.0/31", allocator.allocate("eth1", pool, List.of()).toString());
        assertEquals("10.0.0.4/31", allocator.allocate("eth0", pool, List.of()).toString());
        assertEquals(List.of(IpPrefix.parse("10.0.0.0/31")), allocator.taken("eth1"));
    }

    @Test
    void thePoolsAreThoseGiven() {
        List<Pool> pools = List.of(Pool.parse("10.0.0.0/16"), Pool.parse("fd00::/48"));
        assertEquals(pools, SubnetAllocator.of(pools).pools());
    }

    @Test
    void whatIsAvoidedInOneFamilyIsFreeInTheOther() {
        SubnetAllocator allocator = SubnetAllocator.of(List.of(Pool.parse("10.0.0.0/16"), Pool.parse("fd00::/48")));
        List<IpPrefix> allIpv6 = List.of(IpPrefix.parse("::/0"));
        assertEquals("10.0.0.0/24", allocator.allocate(IpFamily.IPV4, allIpv6).toString());
        assertThrows(PoolExhausted.class, () -> allocator.allocate(IpFamily.IPV6, allIpv6));
    }

    @Test
    void whatNamesNoDomainIsOfTheDefaultOne() {
        SubnetAllocator allocator = SubnetAllocator.of(List.of());
        IpPrefix prefix = IpPrefix.parse("10.0.0.0/24");
        allocator.claim(prefix);
        assertEquals(List.of(prefix), allocator.taken(SubnetAllocator.DEFAULT_DOMAIN));
        allocator.release(prefix);
        assertEquals(List.of(), allocator.domains());
    }

    @Test
    void onlyAPrefixTakenIsReleased() {
        SubnetAllocator allocator = SubnetAllocator.of(List.of(Pool.parse("10.0.0.0/16")));
        draw(allocator);
        for (String text : List.of("10.0.0.0/16", "10.0.0.0/25", "10.0.1.0/24")) {
            assertEquals(
                    "subnet " + text + " cannot be released: nobody holds it",
                    assertThrows(NotHeld.class, () -> allocator.release(IpPrefix.parse(text)))
                            .getMessage());
        }
    }

    @Test
    void aLargePoolIsDrawnInOrderToItsEnd() {
        SubnetAllocator allocator = SubnetAllocator.of(List.of(Pool.parse("10.0.0.0/8")));
        for (int count = 0; count < 65_536; count++) {
            assertEquals("10." + count / 256 + "." + count % 256 + ".0/24", draw(allocator));
        }
        assertThrows(PoolExhausted.class, () -> draw(allocator));
        allocator.release(IpPrefix.parse("10.99.214.0/24"));
        assertEquals("10.99.214.0/24", draw(allocator));
    }

    private static String draw(SubnetAllocator allocator) {
        return allocator.allocate(IpFamily.IPV4, List.of()).toString();
    }
}
