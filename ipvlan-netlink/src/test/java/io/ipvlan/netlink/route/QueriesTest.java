package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.Wires;
import io.ipvlan.netlink.netns.NetNamespace;
import org.junit.jupiter.api.Test;

/// The bodies of questions, which strict checking of the kernel would refuse for one byte too many.
class QueriesTest {
    private static final int RTM_NEWNSID = 88;

    private static void assertQuery(NetlinkRequest query, int type, String expected, String words) {
        assertEquals(type, query.type());
        assertEquals(0, query.flags());
        assertEquals(expected.replaceAll("\\s", ""), Wires.bodyOf(query));
        assertEquals(words, query.toString());
    }

    @Test
    void addressesAreFilteredByLinkAndFamily() {
        // ip address; ip -6 address show dev eth0
        assertQuery(AddressQuery.all(), 22, "00 00 00 00 00000000", "list the addresses");
        assertQuery(
                AddressQuery.all().ofLink(7).ofFamily(IpFamily.IPV6),
                22,
                "0a 00 00 00 07000000",
                "list the addresses of link 7 of IPV6");
    }

    @Test
    void routesAreFilteredByAllThatTheKernelFilters() {
        // ip route show table all; ip -4 route show table 1000 dev eth0 proto 99 type blackhole
        assertQuery(RouteQuery.all(), 26, "00 00 00 00 00 00 00 00 00000000", "list the routes");
        assertQuery(
                RouteQuery.all()
                        .ofFamily(IpFamily.IPV4)
                        .ofTable(1000)
                        .byDevice(7)
                        .ofProtocol(99)
                        .ofType(RouteType.BLACKHOLE),
                26,
                "02 00 00 00 00 63 00 06 00000000  0800 0400 07000000  0800 0f00 e8030000",
                "list the routes of IPV4 of table 1000 by link 7 of protocol 99 of type 6");
    }

    @Test
    void theWayOfAPacketIsAskedFor() {
        // ip route get 10.0.0.9; IPv4 is asked for the table, IPv6 says it by itself and refuses to be asked
        assertQuery(
                RouteLookup.to(IpAddress.parse("10.0.0.9")),
                26,
                "02 20 00 00 00 00 00 00 00100000  0800 0100 0a000009",
                "look up the route to 10.0.0.9");
        // ip route get fibmatch 2001:db8::9
        assertQuery(
                RouteLookup.to(IpAddress.parse("2001:db8::9")).matchedRoute(),
                26,
                "0a 80 00 00 00 00 00 00 00200000  1400 0100 20010db8000000000000000000000009",
                "look up the route to 2001:db8::9, as in its table");
        // ip route get fibmatch 10.0.0.9 from 10.1.0.1 iif eth1 oif eth0 mark 7 uid 1000
        assertQuery(
                RouteLookup.to(IpAddress.parse("10.0.0.9"))
                        .from(IpAddress.parse("10.1.0.1"))
                        .arrivingBy(8)
                        .by(7)
                        .mark(9)
                        .user(1000)
                        .matchedRoute(),
                26,
                """
                02 20 20 00 00 00 00 00 00300000
                0800 0100 0a000009  0800 0200 0a010001  0800 0300 08000000  0800 0400 07000000
                0800 1000 09000000  0800 1900 e8030000""",
                "look up the route to 10.0.0.9 from 10.1.0.1 arriving by link 8 by link 7 with mark 9 of user 1000,"
                        + " as in its table");
    }

    @Test
    void rulesAreFilteredByFamilyOnly() {
        // ip rule; ip -6 rule
        assertQuery(new RuleQuery(null), 34, "00000000 00000000 00000000", "list the rules");
        assertQuery(new RuleQuery(IpFamily.IPV6), 34, "0a000000 00000000 00000000", "list the rules of IPV6");
    }

    @Test
    void neighboursAreFilteredByLinkMasterAndFamily() {
        // ip neigh; ip -4 neigh show dev eth0 master br0; ip neigh show proxy
        assertQuery(NeighbourQuery.all(), 30, "00000000 00000000 0000 00 00", "list the neighbours");
        assertQuery(
                NeighbourQuery.all().ofFamily(IpFamily.IPV4).ofLink(7).ofMaster(8),
                30,
                "02000000 00000000 0000 00 00  0800 0800 07000000  0800 0900 08000000",
                "list the neighbours of IPV4 of link 7 of master 8");
        assertQuery(NeighbourQuery.proxies(), 30, "00000000 00000000 0000 08 00", "list the proxy entries");
        // ip neigh get 10.0.0.9 dev eth0
        assertQuery(
                NeighbourQuery.one(7, IpAddress.parse("10.0.0.9")),
                30,
                "02000000 07000000 0000 00 00  0800 0100 0a000009",
                "look up neighbour 10.0.0.9 on link 7");
    }

    @Test
    void namespacesAreNumbered() throws Exception {
        // ip netns set blue 5; ip netns set blue auto; ip netns list-id
        try (NetNamespace namespace = NetNamespace.current()) {
            String descriptor = "%08x".formatted(Integer.reverseBytes(namespace.descriptor()));
            assertQuery(
                    NamespaceIdRequest.assign(namespace, 5),
                    88,
                    "00000000  0800 0100 05000000  0800 0300 " + descriptor,
                    "know network namespace of this thread as 5");
            assertQuery(
                    NamespaceIdRequest.assign(namespace),
                    88,
                    "00000000  0800 0100 ffffffff  0800 0300 " + descriptor,
                    "know network namespace of this thread by a number");
            assertQuery(
                    NamespaceIdRequest.lookUp(namespace),
                    90,
                    "00000000  0800 0300 " + descriptor,
                    "look up the number of network namespace of this thread");
        }
        assertQuery(
                NamespaceIdRequest.lookUpProcess(17),
                90,
                "00000000  0800 0200 11000000",
                "look up the number of the network namespace of process 17");
        assertQuery(NamespaceIdRequest.list(), 90, "00000000", "list the numbers of namespaces");
    }

    @Test
    void theNumberOfANamespaceIsRead() throws Exception {
        byte[] body = Wires.bytes("00000000 0800 0100 05000000 0800 0500 07000000");

        assertEquals(5, NamespaceIdRequest.decode(Wires.message(RTM_NEWNSID, body)));
        assertNull(NamespaceIdRequest.decode(Wires.message(RTM_NEWNSID + 1, body)), "another message");
        assertNull(
                NamespaceIdRequest.decode(Wires.message(RTM_NEWNSID, Wires.bytes("00000000 0800 0100 ffffffff"))),
                "none given");
        assertThrows(
                NetlinkException.Malformed.class,
                () -> NamespaceIdRequest.decode(
                        Wires.message(RTM_NEWNSID, Wires.bytes("00000000 0600 0100 0500 0000"))));
    }
}
