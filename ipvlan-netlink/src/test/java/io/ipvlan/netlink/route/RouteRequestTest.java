package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.Wires;
import org.junit.jupiter.api.Test;

/// The body of a route request: struct rtmsg (family, lengths of destination and source, type of service, table,
/// protocol, scope, type, flags), then attributes.
class RouteRequestTest {
    private static final IpPrefix EVERYWHERE = IpPrefix.parse("0.0.0.0/0");

    private static void assertBody(RouteRequest request, String expected) {
        assertEquals(expected.replaceAll("\\s", ""), Wires.bodyOf(request));
    }

    @Test
    void aDefaultRouteByALinkIsOnLink() {
        // ip route add default dev eth0 protocol static, where eth0 has index 7
        RouteRequest request = RouteRequest.add(EVERYWHERE, 7);

        assertEquals(24, request.type());
        assertEquals(0x600, request.flags(), "CREATE | EXCL");
        assertBody(request, "02 00 00 00 fe 04 fd 01 00000000  0800 0400 07000000");
        assertEquals("add route 0.0.0.0/0 by link 7", request.toString());
    }

    @Test
    void aDefaultRouteOfIpv6IsOfItsFamily() {
        // ip -6 route add default dev eth0 protocol static
        assertBody(RouteRequest.add(IpPrefix.parse("::/0"), 7), "0a 00 00 00 fe 04 fd 01 00000000  0800 0400 07000000");
    }

    @Test
    void aRouteThroughAGatewayLeadsAnywhere() {
        // ip route add default via 10.1.0.1 dev eth0 protocol static
        RouteRequest request = RouteRequest.add(EVERYWHERE, 7).via(IpAddress.parse("10.1.0.1"));

        assertBody(request, "02 00 00 00 fe 04 00 01 00000000  0800 0500 0a010001  0800 0400 07000000");
        assertEquals("add route 0.0.0.0/0 via 10.1.0.1 by link 7", request.toString());
    }

    @Test
    void aRouteToAPrefixCarriesItsAddress() {
        // ip route add 10.1.214.0/24 dev eth0 protocol static
        assertBody(RouteRequest.add(IpPrefix.parse("10.1.214.0/24"), 7), """
                02 18 00 00 fe 04 fd 01 00000000  0800 0100 0a01d600  0800 0400 07000000""");
    }

    @Test
    void aRouteToAnIpv6PrefixThroughAGateway() {
        // ip route add 2001:db8:1::/48 via fe80::1 dev eth0 protocol static
        assertBody(RouteRequest.add(IpPrefix.parse("2001:db8:1::/48"), 7).via(IpAddress.parse("fe80::1")), """
                0a 30 00 00 fe 04 00 01 00000000
                1400 0100 20010db8000100000000000000000000
                1400 0500 fe800000000000000000000000000001
                0800 0400 07000000""");
    }

    @Test
    void aRouteIsDeletedWhateverItsProtocolScopeAndType() {
        // ip route del 10.1.214.0/24 dev eth0
        RouteRequest request = RouteRequest.delete(IpPrefix.parse("10.1.214.0/24"), 7);

        assertEquals(25, request.type());
        assertEquals(0, request.flags());
        assertBody(request, "02 18 00 00 fe 00 ff 00 00000000  0800 0100 0a01d600  0800 0400 07000000");
        assertEquals("delete route 10.1.214.0/24 by link 7", request.toString());
    }
}
