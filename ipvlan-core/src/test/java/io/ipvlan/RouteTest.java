package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RouteTest {
    private static final IpPrefix EVERYTHING = IpPrefix.parse("0.0.0.0/0");
    private static final IpPrefix SUBNET = IpPrefix.parse("10.1.214.0/24");
    private static final IpAddress GATEWAY = IpAddress.parse("192.168.1.1");

    @Test
    void itReadsAsIpRouteTakesIt() {
        assertEquals("10.1.214.0/24 dev eth0", Route.onLink(SUBNET, "eth0").toString());
        assertEquals(
                "10.1.214.0/24 via 192.168.1.1 dev eth0",
                Route.via(SUBNET, GATEWAY, "eth0").toString());
        assertEquals("default dev eth0", Route.onLink(EVERYTHING, "eth0").toString());
        assertEquals(
                "default via 192.168.1.1 dev eth0",
                Route.via(EVERYTHING, GATEWAY, "eth0").toString());
    }

    @Test
    void onlyARouteToEverythingIsADefaultRoute() {
        assertTrue(Route.onLink(EVERYTHING, "eth0").isDefault());
        assertTrue(Route.onLink(IpPrefix.parse("::/0"), "eth0").isDefault());
        assertFalse(Route.onLink(IpPrefix.parse("0.0.0.0/1"), "eth0").isDefault());
        assertFalse(Route.via(SUBNET, GATEWAY, "eth0").isDefault());
    }

    @Test
    void everythingItSaysIsRead() {
        Route full = Route.to("10.1.214.0/24")
                .via("192.168.1.1")
                .by("eth0")
                .source(IpAddress.parse("192.168.1.9"))
                .metric(7)
                .table(100)
                .mtu(1400)
                .gatewayIsOnLink();

        assertEquals(
                "10.1.214.0/24 via 192.168.1.1 dev eth0 src 192.168.1.9 metric 7 table 100 mtu 1400 onlink",
                full.toString());
        assertEquals(
                "blackhole 203.0.113.0/24", Route.blackhole("203.0.113.0/24").toString());
        assertEquals(
                "unreachable default metric 5",
                Route.to("::/0").ofType(Route.Type.UNREACHABLE).metric(5).toString());
        assertEquals(
                "prohibit 10.0.0.0/8",
                Route.to("10.0.0.0/8").ofType(Route.Type.PROHIBIT).toString());
    }

    @Test
    void eachSettingChangesACopy() {
        Route plain = Route.to("10.1.214.0/24");

        assertEquals(
                List.of(
                        "10.1.214.0/24 via 10.0.0.1",
                        "10.1.214.0/24 dev eth0",
                        "10.1.214.0/24 src 10.0.0.2",
                        "10.1.214.0/24 metric 0",
                        "10.1.214.0/24 table 1",
                        "10.1.214.0/24 mtu 68"),
                List.of(
                        plain.via("10.0.0.1").toString(),
                        plain.by("eth0").toString(),
                        plain.source(IpAddress.parse("10.0.0.2")).toString(),
                        plain.metric(0).toString(),
                        plain.table(1).toString(),
                        plain.mtu(68).toString()));
        assertEquals(Route.to(SUBNET), plain);
        assertEquals(Route.via(SUBNET, GATEWAY, "eth0"), plain.by("eth0").via(GATEWAY), "in any order");
    }

    private static String refused(Executable making) {
        return Refusal.of(IllegalArgumentException.class, making);
    }

    @Test
    void whatMakesNoSenseIsRefusedNamingTheRoute() {
        Route route = Route.to("10.1.214.0/24");

        assertEquals(
                "route to 10.1.214.0/24: gateway 2001:db8::1 is of the other address family",
                refused(() -> route.via("2001:db8::1")));
        assertEquals(
                "route to 10.1.214.0/24: source 2001:db8::1 is of the other address family",
                refused(() -> route.source(IpAddress.parse("2001:db8::1"))));
        assertEquals("route to 10.1.214.0/24: a link's name is not blank", refused(() -> route.by(" ")));
        for (Route.Type type : List.of(Route.Type.BLACKHOLE, Route.Type.UNREACHABLE, Route.Type.PROHIBIT)) {
            String reason = "route to 10.1.214.0/24: packets that are not sent on have neither gateway nor device";
            assertEquals(reason, refused(() -> route.by("eth0").ofType(type)));
            assertEquals(reason, refused(() -> route.via(GATEWAY).ofType(type)));
            assertEquals(reason, refused(() -> route.ofType(type).via(GATEWAY)));
        }
        assertEquals(
                "route to 10.1.214.0/24: there is no gateway that could be on-link",
                refused(() -> route.gatewayIsOnLink()));
        assertEquals("route to 10.1.214.0/24: a metric is not negative", refused(() -> route.metric(-1)));
        assertEquals("route to 10.1.214.0/24: a table has a positive number", refused(() -> route.table(0)));
        assertEquals("route to 10.1.214.0/24: an MTU is at least 68 bytes", refused(() -> route.mtu(67)));
        assertThrows(IllegalArgumentException.class, () -> Route.to("10.1.214.5/24"));
    }

    /// What is a word for people may be several for a shell.
    @Test
    void aShellTakesTheNameOfALinkForOneWord() {
        assertEquals("10.1.214.0/24 dev 'a b;c'", Route.onLink(SUBNET, "a b;c").command());
        assertEquals("10.1.214.0/24 dev a b;c", Route.onLink(SUBNET, "a b;c").toString());
    }
}
