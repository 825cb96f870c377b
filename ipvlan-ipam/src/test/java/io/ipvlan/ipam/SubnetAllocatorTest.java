package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import io.ipvlan.ipam.SubnetAllocator.Pool;
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
        assertEquals(31, refusal.held());
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
                "no free IPv4 subnet in pools [10.0.0.0/23 in /24s]: 1 held, 1 to avoid",
                assertThrows(PoolExhausted.class, () -> small.allocate(IpFamily.IPV4, avoid))
                        .getMessage());
    }

    @Test
    void aPrefixIsFreeWhenEveryClaimOnItIsGone() {
        SubnetAllocator allocator = SubnetAllocator.of(List.of(Pool.parse("10.0.0.0/23")));
        allocator.claim(IpPrefix.parse("10.0.0.0/24"));
        allocator.claim(IpPrefix.parse("10.0.0.0/24"));
        allocator.claim(IpPrefix.parse("10.0.0.0/16"));
        allocator.claim(IpPrefix.parse("10.0.0.64/26"));
        assertThrows(PoolExhausted.class, () -> draw(allocator));
        allocator.release(IpPrefix.parse("10.0.0.0/16"));
        allocator.release(IpPrefix.parse("10.0.0.0/24"));
        assertEquals("10.0.1.0/24", draw(allocator));
        allocator.release(IpPrefix.parse("10.0.0.0/24"));
        assertThrows(PoolExhausted.class, () -> draw(allocator));
        allocator.release(IpPrefix.parse("10.0.0.64/26"));
        assertEquals("10.0.0.0/24", draw(allocator));
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
    void aLargePoolIsDrawnWithoutWalkingIt() {
        SubnetAllocator allocator = SubnetAllocator.of(List.of(Pool.parse("10.0.0.0/8")));
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            for (int count = 0; count < 65_536; count++) {
                draw(allocator);
            }
        });
        assertThrows(PoolExhausted.class, () -> draw(allocator));
    }

    private static String draw(SubnetAllocator allocator) {
        return allocator.allocate(IpFamily.IPV4, List.of()).toString();
    }
}
