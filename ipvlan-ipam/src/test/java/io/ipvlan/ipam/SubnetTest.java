package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubnetTest {
    private static final Subnet SUBNET = Subnet.of("10.1.214.0/24");

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0, 0.0.0.1, 255.255.255.254",
        "10.1.214.0/24, 10.1.214.1, 10.1.214.254",
        "10.1.214.4/30, 10.1.214.5, 10.1.214.6",
        "10.1.214.4/31, 10.1.214.4, 10.1.214.5",
        "10.1.214.4/32, 10.1.214.4, 10.1.214.4",
        "2001:db8::/64, 2001:db8::1, 2001:db8::ffff:ffff:ffff:ffff",
        "2001:db8::4/126, 2001:db8::5, 2001:db8::7",
        "2001:db8::4/127, 2001:db8::4, 2001:db8::5",
        "2001:db8::4/128, 2001:db8::4, 2001:db8::4"
    })
    void theAddressesWithAMeaningAreNotUsable(String prefix, String first, String last) {
        Subnet subnet = Subnet.of(prefix);
        assertEquals(IpAddress.parse(first), subnet.firstUsable());
        assertEquals(IpAddress.parse(last), subnet.lastUsable());
        assertTrue(subnet.isUsable(subnet.firstUsable()) && subnet.isUsable(subnet.lastUsable()));
        assertEquals(
                first.equals(subnet.prefix().first().toString()),
                subnet.isUsable(subnet.prefix().first()));
        assertEquals(
                last.equals(subnet.prefix().last().toString()),
                subnet.isUsable(subnet.prefix().last()));
    }

    @Test
    void aPlainSubnetLeavesEverythingOpen() {
        assertEquals(IpPrefix.parse("10.1.214.0/24"), SUBNET.prefix());
        assertEquals(Optional.empty(), SUBNET.gateway());
        assertEquals(List.of(), SUBNET.ranges());
        assertEquals(List.of(), SUBNET.excluded());
        assertEquals(Map.of(), SUBNET.reserved());
        assertFalse(SUBNET.refusesGateway());
    }

    @Test
    void theLastWordOnTheGatewayCounts() {
        assertTrue(SUBNET.withGateway("10.1.214.1").noGateway().refusesGateway());
        assertEquals(
                Optional.empty(), SUBNET.withGateway("10.1.214.1").noGateway().gateway());
        Subnet subnet = SUBNET.noGateway().withGateway("10.1.214.1").withGateway("10.1.214.254");
        assertEquals(Optional.of(IpAddress.parse("10.1.214.254")), subnet.gateway());
        assertFalse(subnet.refusesGateway());
    }

    @Test
    void aRangeIsAPrefixOrTwoAddresses() {
        assertEquals(
                List.of(IpRange.parse("10.1.214.128-10.1.214.255")),
                SUBNET.withRange("10.1.214.128/25").ranges());
        assertEquals(
                List.of(IpRange.parse("10.1.214.3-10.1.214.9")),
                SUBNET.withRange("10.1.214.3-10.1.214.9").ranges());
    }

    @Test
    void reservationsReplaceTheEarlierOnesAndAreSorted() {
        Map<IpAddress, String> reserved = SUBNET.withReserved("10.1.214.1")
                .withReserved("10.1.214.20", "10.1.214.3", "10.1.214.20")
                .reserved();
        assertEquals(
                List.of(IpAddress.parse("10.1.214.3"), IpAddress.parse("10.1.214.20")), List.copyOf(reserved.keySet()));
        assertThrows(UnsupportedOperationException.class, reserved::clear);
    }

    @Test
    void rangesAndExcludedRangesAreJoinedAndSorted() {
        Subnet subnet = SUBNET.withRanges("10.1.214.128/25", "10.1.214.9-10.1.214.20", "10.1.214.15-10.1.214.30")
                .withExcluded("10.1.214.200-10.1.214.210", "10.1.214.211/32");
        assertEquals(
                List.of(IpRange.parse("10.1.214.9-10.1.214.30"), IpRange.parse("10.1.214.128-10.1.214.255")),
                subnet.ranges());
        assertEquals(List.of(IpRange.parse("10.1.214.200-10.1.214.211")), subnet.excluded());
        assertEquals(List.of(), subnet.withRanges(new String[0]).ranges());
        assertEquals(
                "10.1.214.0/24 range 10.1.214.9-10.1.214.30 range 10.1.214.128-10.1.214.255"
                        + " without 10.1.214.200-10.1.214.211",
                subnet.toString());
    }

    @Test
    void aReservationMayHaveAName() {
        IpAddress router = IpAddress.parse("10.1.214.5");
        Subnet subnet = SUBNET.withReserved("10.1.214.9").withReservation("router", router);
        assertEquals(Map.of(router, "router", IpAddress.parse("10.1.214.9"), ""), subnet.reserved());
        assertEquals("10.1.214.0/24 reserved [router=10.1.214.5, 10.1.214.9]", subnet.toString());
        assertRefused(
                "more than one reservation 'router'",
                () -> subnet.withReservation("router", IpAddress.parse("10.1.214.6")));
        assertRefused("without blanks and equals signs", () -> SUBNET.withReservation("a router", router));
        assertRefused("without blanks and equals signs", () -> SUBNET.withReservation("a=b", router));
        assertRefused("is both reserved and excluded", () -> subnet.withExcluded("10.1.214.0/29"));
    }

    @Test
    void whatLiesOutsideIsRefused() {
        assertRefused(
                "gateway 10.1.215.1 lies outside subnet 10.1.214.0/24: choose from 10.1.214.1 to 10.1.214.254",
                () -> SUBNET.withGateway("10.1.215.1"));
        assertRefused("gateway 2001:db8::1 lies outside", () -> SUBNET.withGateway("2001:db8::1"));
        assertRefused("gateway 10.1.214.0 is the network address", () -> SUBNET.withGateway("10.1.214.0"));
        assertRefused("gateway 10.1.214.255 is the broadcast address", () -> SUBNET.withGateway("10.1.214.255"));
        assertRefused("range 10.1.0.0-10.1.255.255 does not lie inside", () -> SUBNET.withRange("10.1.0.0/16"));
        assertRefused("does not lie inside", () -> SUBNET.withRange("10.1.214.9-10.1.215.9"));
        assertRefused("does not lie inside", () -> SUBNET.withRange("2001:db8::/64"));
        assertRefused("has no usable address", () -> SUBNET.withRange("10.1.214.255/32"));
        assertRefused("reserved address 10.1.213.255 lies outside", () -> SUBNET.withReserved("10.1.213.255"));
        assertRefused("excluded range 10.1.214.0-10.1.215.255 leaves", () -> SUBNET.withExcluded("10.1.214.0/23"));
        assertRefused("did you mean 10.1.214.0/24?", () -> Subnet.of("10.1.214.1/24"));
    }

    @Test
    void theRoutersOfIpv6MayUseTheirAnycastAddress() {
        Subnet subnet = Subnet.of("2001:db8::/64").withGateway("2001:db8::");
        assertEquals(subnet.prefix().first(), subnet.gateway().orElseThrow());
        assertEquals(
                "10.0.0.1",
                Subnet.of("10.0.0.0/31")
                        .withGateway("10.0.0.1")
                        .gateway()
                        .orElseThrow()
                        .toString());
    }

    @Test
    void equalPropertiesMakeEqualSubnets() {
        Subnet one =
                SUBNET.withGateway("10.1.214.1").withRange("10.1.214.128/25").withReserved("10.1.214.200");
        Subnet same = SUBNET.withReserved(IpAddress.parse("10.1.214.200"))
                .withRange("10.1.214.128-10.1.214.255")
                .withGateway(IpAddress.parse("10.1.214.1"));
        assertEquals(one, same);
        assertEquals(one.hashCode(), same.hashCode());
        assertNotEquals(one, SUBNET);
        assertNotEquals(SUBNET.noGateway(), SUBNET);
        assertEquals(
                "10.1.214.0/24 gateway 10.1.214.1 range 10.1.214.128-10.1.214.255 reserved [10.1.214.200]",
                one.toString());
        assertEquals("10.1.214.0/24 no gateway", SUBNET.noGateway().toString());
    }

    private static void assertRefused(String reason, Executable call) {
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, call).getMessage());
        assertTrue(message.contains(reason), message);
    }
}
