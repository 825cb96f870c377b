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
import java.util.Optional;
import java.util.Set;
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
        assertEquals(Optional.empty(), SUBNET.range());
        assertEquals(Set.of(), SUBNET.reserved());
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
                Optional.of(IpRange.parse("10.1.214.128-10.1.214.255")),
                SUBNET.withRange("10.1.214.128/25").range());
        assertEquals(
                Optional.of(IpRange.parse("10.1.214.3-10.1.214.9")),
                SUBNET.withRange("10.1.214.3-10.1.214.9").range());
    }

    @Test
    void reservationsReplaceTheEarlierOnesAndAreSorted() {
        Set<IpAddress> reserved = SUBNET.withReserved("10.1.214.1")
                .withReserved("10.1.214.20", "10.1.214.3", "10.1.214.20")
                .reserved();
        assertEquals(List.of(IpAddress.parse("10.1.214.3"), IpAddress.parse("10.1.214.20")), List.copyOf(reserved));
        assertThrows(UnsupportedOperationException.class, reserved::clear);
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
