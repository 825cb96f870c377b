package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.Wires;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The body of a route request: struct rtmsg (family, lengths of destination and source, type of service,
/// table, protocol, scope, type, flags), then attributes in the order of their types.
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

        assertBody(request, "02 00 00 00 fe 04 00 01 00000000  0800 0400 07000000  0800 0500 0a010001");
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
                0800 0400 07000000
                1400 0500 fe800000000000000000000000000001""");
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

    @Test
    void everythingThatCanBeSaidIsWritten() {
        // ip route add 10.1.0.0/16 via 10.0.0.9 dev eth0 onlink src 10.0.0.1 metric 5 table 1000 protocol 99 tos 16 \
        //     scope site mtu lock 1400 advmss 1360 congctl reno
        RouteRequest request = RouteRequest.add(IpPrefix.parse("10.1.0.0/16"), 7)
                .via(IpAddress.parse("10.0.0.9"))
                .onLink()
                .source(IpAddress.parse("10.0.0.1"))
                .metric(5)
                .table(1000)
                .protocol(99)
                .typeOfService(16)
                .scope(RouteScope.SITE)
                .metrics(RouteMetrics.NONE
                        .with(RouteMetrics.ADVERTISED_SEGMENT, 1360)
                        .with(RouteMetrics.MTU, 1400)
                        .locked(RouteMetrics.MTU)
                        .withCongestionControl("reno"));

        assertBody(request, """
                02 10 00 10 00 63 c8 01 04000000
                0800 0100 0a010000
                0800 0400 07000000
                0800 0500 0a000009
                0800 0600 05000000
                0800 0700 0a000001
                2800 0880
                  0800 0100 04000000  0800 0200 78050000  0800 0800 50050000  0900 1000 72656e6f00 000000
                0800 0f00 e8030000""");
    }

    @Test
    void anIpv6RouteMayBeForSomeSourcesEndAndBePreferred() {
        // ip -6 route add 2001:db8:5::/48 from 2001:db8:6::/48 dev eth0 expires 600 pref high
        assertBody(
                RouteRequest.add(IpPrefix.parse("2001:db8:5::/48"), 7)
                        .from(IpPrefix.parse("2001:db8:6::/48"))
                        .expires(600)
                        .preference(1),
                """
                0a 30 30 00 fe 04 fd 01 00000000
                1400 0100 20010db8000500000000000000000000
                1400 0200 20010db8000600000000000000000000
                0800 0400 07000000
                0500 1400 01 000000
                0800 1700 58020000""");
    }

    @Test
    void severalNextHopsShareARoute() {
        // ip route add 10.6.0.0/16 nexthop via 10.0.0.8 weight 2 nexthop dev eth1 \
        //     nexthop via inet6 fe80::9 dev eth0 onlink weight 256
        RouteRequest request = RouteRequest.append(IpPrefix.parse("10.6.0.0/16"))
                .nextHops(List.of(
                        NextHop.via(IpAddress.parse("10.0.0.8")).withWeight(2),
                        NextHop.by(8),
                        NextHop.via(IpAddress.parse("fe80::9"), 7).onLink().withWeight(256)));

        assertEquals(0xc00, request.flags(), "CREATE | APPEND");
        assertBody(request, """
                02 10 00 00 fe 04 00 01 00000000
                0800 0100 0a060000
                3c00 0980
                  1000 00 01 00000000 0800 0500 0a000008
                  0800 00 00 08000000
                  2000 04 ff 07000000 1600 1200 0a00 fe800000000000000000000000000009 0000""");
        assertEquals("append route 10.6.0.0/16", request.toString());
    }

    @Test
    void anIpv4RouteMayLeadThroughAnIpv6Gateway() {
        // ip route add 10.6.0.0/16 via inet6 fe80::9 dev eth0
        assertBody(RouteRequest.add(IpPrefix.parse("10.6.0.0/16"), 7).via(IpAddress.parse("fe80::9")), """
                02 10 00 00 fe 04 00 01 00000000
                0800 0100 0a060000
                0800 0400 07000000
                1600 1200 0a00 fe800000000000000000000000000009 0000""");
    }

    @ParameterizedTest
    @CsvSource({"2, fe", "3, fd", "4, fd", "5, fd", "6, 00", "7, 00", "8, 00", "9, 00", "1, fd", "200, 00"})
    void aTypeHasItsUsualScope(int type, String scope) {
        // as ip route add chooses: ip route add blackhole 10.6.0.0/16
        assertBody(
                RouteRequest.replace(IpPrefix.parse("10.6.0.0/16")).ofType(type),
                "02 10 00 00 fe 04 %s %02x 00000000 0800 0100 0a060000".formatted(scope, type));
    }

    @Test
    void aNextHopObjectLeadsAnywhere() {
        // ip route replace 10.6.0.0/16 nhid 3
        RouteRequest request =
                RouteRequest.replace(IpPrefix.parse("10.6.0.0/16")).nextHopObject(3);

        assertEquals(0x500, request.flags(), "CREATE | REPLACE");
        assertBody(request, "02 10 00 00 fe 04 00 01 00000000  0800 0100 0a060000  0800 1e00 03000000");
    }

    @Test
    void aWeightThatCannotBeIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> NextHop.by(7).withWeight(0));
        assertThrows(IllegalArgumentException.class, () -> NextHop.by(7).withWeight(257));
    }

    @Test
    void metricsAreRead() {
        RouteMetrics metrics = RouteMetrics.NONE
                .with(RouteMetrics.HOP_LIMIT, 3)
                .with(RouteMetrics.MTU, 1)
                .with(RouteMetrics.MTU, 1400)
                .locked(RouteMetrics.MTU);

        assertEquals(OptionalInt.of(1400), metrics.value(RouteMetrics.MTU));
        assertEquals(OptionalInt.empty(), metrics.value(RouteMetrics.WINDOW));
        assertTrue(metrics.isLocked(RouteMetrics.MTU));
        assertTrue(!metrics.isLocked(RouteMetrics.HOP_LIMIT));
        assertEquals("{1=4, 2=1400, 10=3}", metrics.toString());
        assertEquals("{16=bbr}", RouteMetrics.NONE.withCongestionControl("bbr").toString());
        assertThrows(IllegalArgumentException.class, () -> metrics.with(0, 1));
        assertThrows(IllegalArgumentException.class, () -> metrics.with(16, 1));
        assertThrows(IllegalArgumentException.class, () -> metrics.with(256, 1));
        assertThrows(IllegalArgumentException.class, () -> metrics.locked(32));
    }
}
