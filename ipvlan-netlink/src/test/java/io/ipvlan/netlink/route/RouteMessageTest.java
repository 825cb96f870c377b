package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.Wires;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteMessageTest {
    private static final int RTM_NEWROUTE = 24;

    private static RouteMessage decode(String hex) throws NetlinkException.Malformed {
        return Objects.requireNonNull(RouteMessage.decode(Wires.message(RTM_NEWROUTE, Wires.bytes(hex))));
    }

    @Test
    void aDefaultRouteThroughAGatewayIsRead() throws Exception {
        // default via 10.1.0.1 dev (7) proto static src 10.1.0.9 metric 100, with RTA_CACHEINFO cut short by no one
        assertEquals(
                new RouteMessage(
                        IpPrefix.parse("0.0.0.0/0"),
                        new RouteDetails(
                                Optional.of(IpAddress.parse("10.1.0.1")),
                                OptionalInt.of(7),
                                Optional.of(IpAddress.parse("10.1.0.9")),
                                100,
                                254,
                                0,
                                1,
                                Optional.empty(),
                                4,
                                0,
                                0,
                                RouteMetrics.NONE,
                                List.of(),
                                OptionalInt.empty(),
                                OptionalInt.empty(),
                                OptionalInt.empty())),
                decode("""
                        02 00 00 00 fe 04 00 01 00000000
                        0800 0f00 fe000000  0800 0500 0a010001  0800 0700 0a010009  0800 0600 64000000
                        0800 0400 07000000
                        2400 0c00 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000"""));
    }

    @Test
    void everythingIsRead() throws Exception {
        assertEquals(
                new RouteMessage(
                        IpPrefix.parse("2001:db8::/32"),
                        new RouteDetails(
                                Optional.empty(),
                                OptionalInt.empty(),
                                Optional.empty(),
                                0,
                                254,
                                253,
                                1,
                                Optional.of(IpPrefix.parse("2001:db8:6::/48")),
                                99,
                                0x11,
                                8,
                                RouteMetrics.NONE.with(RouteMetrics.MTU, 1400).withCongestionControl("reno"),
                                List.of(
                                        new NextHop(
                                                Optional.of(IpAddress.parse("fe80::9")), OptionalInt.of(7), 256, 0x10),
                                        NextHop.by(8)),
                                OptionalInt.of(3),
                                OptionalInt.of(598),
                                OptionalInt.of(1))),
                decode("""
                        0a 20 30 08 fe 63 fd 01 11000000
                        1400 0100 20010db8000000000000000000000000  1400 0200 20010db8000600000000000000000000
                        1800 0800 0800 0200 78050000  0900 1000 72656e6f00 000000
                        2800 0900 1c00 10 ff 07000000 1400 0500 fe800000000000000000000000000009
                          0800 00 00 08000000
                        2400 0c00 00000000 00000000 dce90000 00000000 00000000 00000000 00000000 00000000
                        0500 1400 01 000000  0800 1e00 03000000"""));
    }

    @Test
    void anIpv4RouteMayLeadThroughAnIpv6Gateway() throws Exception {
        assertEquals(
                Optional.of(IpAddress.parse("fe80::9")),
                decode("02 00 00 00 fe 04 00 01 00000000 1600 1200 0a00 fe800000000000000000000000000009 0000")
                        .gateway());
        assertEquals(
                List.of(NextHop.via(IpAddress.parse("fe80::9"), 7)), decode("""
                        02 00 00 00 fe 04 00 01 00000000
                        2400 0900 2000 00 00 07000000 1600 1200 0a00 fe800000000000000000000000000009 0000""").nextHops());
        assertEquals(
                Optional.empty(),
                decode("02 00 00 00 fe 04 00 01 00000000 0a00 1200 1c00 00000000 0000")
                        .gateway(),
                "of a family that is none of IP's");
    }

    @Test
    void aDefaultRouteHasTheFamilyOfItsHeader() throws Exception {
        assertEquals(
                IpPrefix.parse("::/0"),
                decode("0a 00 00 00 fe 04 00 01 00000000").destination());
    }

    @Test
    void aTableWithALargeNumberIsInItsAttribute() throws Exception {
        // The header has eight bits for it, and 252 means "look there".
        assertEquals(
                1000,
                decode("02 00 00 00 fc 04 00 01 00000000 0800 0f00 e8030000").table());
    }

    @Test
    void anUnreachableRouteHasNoDevice() throws Exception {
        RouteMessage message = decode("02 08 00 00 fe 04 00 07 00000000 0800 0100 0a000000");

        assertEquals(OptionalInt.empty(), message.device());
        assertEquals(7, message.type());
    }

    @Test
    void whatIsNoRouteOfATableIsPassedOver() throws Exception {
        byte[] body = Wires.bytes("80 00 00 00 fe 04 00 01 00000000");

        assertNull(RouteMessage.decode(Wires.message(RTM_NEWROUTE, body)), "a multicast route");
        body[0] = 2;
        assertNull(RouteMessage.decode(Wires.message(RTM_NEWROUTE + 1, body)), "another message");
        body[9] = 2;
        assertNull(RouteMessage.decode(Wires.message(RTM_NEWROUTE, body)), "a cached route");
    }

    @ParameterizedTest
    @CsvSource({
        "a prefix longer than the address, 02 21 00 00 fe 04 00 01 00000000 0800 0100 0a000000",
        "a destination of two bytes, 02 08 00 00 fe 04 00 01 00000000 0600 0100 0a00 0000",
        "an index of two bytes, 02 00 00 00 fe 04 00 01 00000000 0600 0400 0700 0000",
        "a default route longer than its family, 02 21 00 00 fe 04 00 01 00000000",
        "a header cut short, 02 00 00 00 fe 04 00 01",
        "a next hop longer than what is left, 02 00 00 00 fe 04 00 01 00000000 0c00 0900 0900 0000 07000000",
        "a next hop shorter than itself, 02 00 00 00 fe 04 00 01 00000000 0c00 0900 0700 0000 07000000",
        "a next hop of two bytes, 02 00 00 00 fe 04 00 01 00000000 0600 0900 0800 0000",
        "a next hop's attribute too long, 02 00 00 00 fe 04 00 01 00000000 1000 0900 0c00 0000 07000000 0500 0500",
        "a next hop's attribute too short, 02 00 00 00 fe 04 00 01 00000000 1000 0900 0c00 0000 07000000 0300 0500",
        "another family's gateway with no family, 02 00 00 00 fe 04 00 01 00000000 0500 1200 0a000000",
        "another family's gateway cut short, 02 00 00 00 fe 04 00 01 00000000 0800 1200 0a000000",
        "times cut short, 02 00 00 00 fe 04 00 01 00000000 0c00 0c00 00000000 00000000",
        "a metric of two bytes, 02 00 00 00 fe 04 00 01 00000000 0c00 0800 0600 0200 7805 0000",
        "sources longer than their address, 02 00 21 00 fe 04 00 01 00000000 0800 0200 0a000000",
        "nothing at all, ''"
    })
    void whatMakesNoSenseIsMalformed(String title, String hex) {
        assertThrows(NetlinkException.Malformed.class, () -> decode(hex), title);
    }
}
