package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.Wires;
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
        // default via 10.1.0.1 dev (7) proto static src 10.1.0.9 metric 100, with RTA_CACHEINFO
        assertEquals(
                new RouteMessage(
                        IpPrefix.parse("0.0.0.0/0"),
                        Optional.of(IpAddress.parse("10.1.0.1")),
                        OptionalInt.of(7),
                        Optional.of(IpAddress.parse("10.1.0.9")),
                        100,
                        254,
                        0,
                        1),
                decode("""
                        02 00 00 00 fe 04 00 01 00000000
                        0800 0f00 fe000000  0800 0500 0a010001  0800 0700 0a010009  0800 0600 64000000
                        0800 0400 07000000  0800 0c00 00000000"""));
    }

    @Test
    void anOnLinkRouteIsRead() throws Exception {
        assertEquals(
                new RouteMessage(
                        IpPrefix.parse("2001:db8::/32"),
                        Optional.empty(),
                        OptionalInt.of(7),
                        Optional.empty(),
                        0,
                        254,
                        253,
                        1),
                decode("""
                        0a 20 00 00 fe 04 fd 01 00000000
                        1400 0100 20010db8000000000000000000000000  0800 0400 07000000"""));
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
        "nothing at all, ''"
    })
    void whatMakesNoSenseIsMalformed(String title, String hex) {
        assertThrows(NetlinkException.Malformed.class, () -> decode(hex), title);
    }
}
