package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import org.junit.jupiter.api.Test;

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
}
