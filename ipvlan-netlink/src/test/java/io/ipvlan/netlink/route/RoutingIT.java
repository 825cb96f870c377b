package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.Command;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Addresses, routes, rules and neighbours with all that can be said of them, on a real kernel, with `ip` as
/// the witness.
class RoutingIT {
    private static final int LINK = 4000;

    private NetNamespace namespace;
    private RouteSocket socket;

    @BeforeEach
    void aLinkThatIsUp() throws NetlinkException {
        namespace = NetNamespace.create();
        socket = RouteSocket.open(namespace);
        socket.send(LinkRequest.create("eth0", new LinkInfo.Dummy()).withIndex(LINK));
        socket.send(LinkRequest.change(LINK).addressGeneration(AddressGeneration.NONE));
        socket.send(LinkRequest.change(LINK).up());
        socket.send(List.of(
                LinkRequest.change(1).up(),
                AddressRequest.add(LINK, IpCidr.parse("10.0.0.1/24")),
                AddressRequest.add(LINK, IpCidr.parse("2001:db8::1/64"))));
    }

    @AfterEach
    void closeEverything() {
        socket.close();
        namespace.close();
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    private AddressMessage address(String text) throws NetlinkException {
        return single(
                socket.addresses(), message -> message.address().toString().equals(text));
    }

    private RouteMessage route(String destination) throws NetlinkException {
        return single(
                socket.routes(), message -> message.destination().toString().equals(destination));
    }

    private static <T> T single(List<T> all, Predicate<T> wanted) {
        List<T> found = all.stream().filter(wanted).toList();
        assertEquals(1, found.size(), () -> "of " + all);
        return found.getFirst();
    }

    private Errno refusal(NetlinkRequest request) {
        return assertThrows(NetlinkException.Refused.class, () -> socket.send(request))
                .errno();
    }

    @Test
    void anAddressCarriesAllThatIsSaidOfIt() throws NetlinkException {
        socket.send(AddressRequest.add(LINK, IpCidr.parse("10.1.0.1/24"))
                .broadcast(ip("10.1.0.255"))
                .label("eth0:front")
                .scope(RouteScope.LINK)
                .addressFlags(AddressFlag.NO_PREFIX_ROUTE)
                .lifetime(new AddressLifetime(2_000_000, 1_000_000))
                .protocol(66)
                .metric(7));

        AddressMessage message = address("10.1.0.1/24");
        assertEquals(Optional.of(ip("10.1.0.255")), message.broadcast());
        assertEquals(Optional.of("eth0:front"), message.label());
        assertEquals(RouteScope.LINK, message.scope());
        assertEquals(AddressFlag.NO_PREFIX_ROUTE, message.flags());
        assertTrue(Math.abs(message.lifetime().valid() - 2_000_000) < 60);
        assertTrue(Math.abs(message.lifetime().preferred() - 1_000_000) < 60);
        assertEquals(66, message.protocol());
        assertEquals(7, message.metric());
        JsonNode shown = Command.ip(namespace, "address", "show", "label", "eth0:front")
                .getFirst()
                .path("addr_info")
                .path(0);
        assertEquals("10.1.0.1", shown.path("local").asText());
        assertTrue(shown.path("noprefixroute").asBoolean(), shown::toString);

        // Replaced: without end, and no mark that it could be known by.
        socket.send(AddressRequest.replace(LINK, IpCidr.parse("10.1.0.1/24")).lifetime(AddressLifetime.FOREVER));
        assertEquals(AddressLifetime.FOREVER, address("10.1.0.1/24").lifetime());
        assertEquals(Errno.EEXIST, refusal(AddressRequest.add(LINK, IpCidr.parse("10.1.0.1/24"))));
        socket.send(AddressRequest.delete(LINK, IpCidr.parse("10.1.0.1/24")));
        assertFalse(Command.runIn(namespace, "ip", "address").contains("10.1.0.1"));
    }

    @Test
    void anAddressEndsWithItsLifetime() throws Exception {
        socket.send(AddressRequest.add(LINK, IpCidr.parse("10.1.0.1/32")).lifetime(new AddressLifetime(1, 1)));
        for (int left = 100;
                left > 0 && Command.runIn(namespace, "ip", "address").contains("10.1.0.1");
                left--) {
            Thread.sleep(100);
        }

        assertFalse(Command.runIn(namespace, "ip", "address").contains("10.1.0.1"));
    }

    @Test
    void anAddressMayHaveAPeer() throws NetlinkException {
        socket.send(AddressRequest.add(LINK, IpCidr.parse("10.1.0.1/32")).peer(ip("10.1.0.2")));
        socket.send(AddressRequest.add(LINK, IpCidr.parse("2001:db8:1::1/128")).peer(ip("2001:db8:1::2")));

        assertEquals(Optional.of(ip("10.1.0.2")), address("10.1.0.1/32").peer());
        assertEquals(
                Optional.of(ip("2001:db8:1::2")), address("2001:db8:1::1/128").peer());
        assertTrue(Command.runIn(namespace, "ip", "address").contains("10.1.0.1 peer 10.1.0.2/32"));

        socket.send(AddressRequest.delete(LINK, IpCidr.parse("10.1.0.1/32")).peer(ip("10.1.0.2")));
        assertFalse(Command.runIn(namespace, "ip", "address").contains("10.1.0.1"));
    }

    @Test
    void anIpv6AddressTakesItsFlags() throws NetlinkException {
        socket.send(AddressRequest.add(LINK, IpCidr.parse("2001:db8:1::1/64"))
                .addressFlags(AddressFlag.NO_DETECTION | AddressFlag.MANAGE_TEMPORARY | AddressFlag.HOME)
                .lifetime(new AddressLifetime(AddressLifetime.UNLIMITED, 0))
                .protocol(66));

        AddressMessage message = address("2001:db8:1::1/64");
        assertEquals(
                AddressFlag.NO_DETECTION
                        | AddressFlag.MANAGE_TEMPORARY
                        | AddressFlag.HOME
                        | AddressFlag.DEPRECATED
                        | AddressFlag.PERMANENT,
                message.flags());
        assertEquals(66, message.protocol());
        // As it was read, once more.
        socket.send(AddressRequest.delete(LINK, message.address()));
        socket.send(AddressRequest.add(message));
        assertEquals(message, address("2001:db8:1::1/64"));
    }

    @Test
    void aRouteCarriesAllThatIsSaidOfIt() throws NetlinkException {
        socket.send(RouteRequest.add(IpPrefix.parse("10.9.0.0/16"), LINK)
                .via(ip("10.0.0.9"))
                .source(ip("10.0.0.1"))
                .metric(5)
                .table(1000)
                .protocol(98)
                .metrics(RouteMetrics.NONE.with(RouteMetrics.MTU, 1400).locked(RouteMetrics.MTU)));

        JsonNode shown = Command.ip(namespace, "-details", "route", "show", "table", "1000")
                .getFirst();
        assertEquals("10.0.0.9", shown.path("gateway").asText());
        assertEquals("10.0.0.1", shown.path("prefsrc").asText());
        assertEquals("98", shown.path("protocol").asText());
        assertEquals(5, shown.path("metric").asInt());
        RouteMessage message = route("10.9.0.0/16");
        assertTrue(message.metrics().isLocked(RouteMetrics.MTU));
        assertEquals(1000, message.table());

        // As it was read, once more.
        socket.send(RouteRequest.delete(message.destination()).table(1000));
        assertEquals(List.of(), socket.routes(RouteQuery.all().ofTable(1000)));
        socket.send(RouteRequest.add(message));
        assertEquals(message, route("10.9.0.0/16"));

        // Replaced, its metric being the same.
        socket.send(
                RouteRequest.replace(message.destination()).by(LINK).table(1000).metric(5));
        assertEquals(Optional.empty(), route("10.9.0.0/16").gateway());
        assertEquals(RouteProtocol.STATIC, route("10.9.0.0/16").protocol());
        // Appended, another beside it.
        socket.send(RouteRequest.append(message.destination())
                .via(ip("10.0.0.8"))
                .table(1000)
                .metric(5));
        assertEquals(2, socket.routes(RouteQuery.all().ofTable(1000)).size());
    }

    @Test
    void aRouteMayHaveSeveralNextHops() throws NetlinkException {
        List<NextHop> hops = List.of(
                NextHop.via(ip("10.0.0.8"), LINK).withWeight(2),
                NextHop.via(ip("2001:db8::9"), LINK).withWeight(256),
                NextHop.via(ip("192.0.2.1"), LINK).onLink());
        socket.send(RouteRequest.add(IpPrefix.parse("10.9.0.0/16")).nextHops(hops));
        socket.send(RouteRequest.add(IpPrefix.parse("2001:db8:9::/48"))
                .nextHops(List.of(
                        NextHop.via(ip("2001:db8::8")),
                        NextHop.via(ip("2001:db8::9")).withWeight(3))));

        assertEquals(hops, route("10.9.0.0/16").nextHops());
        assertEquals(
                List.of(
                        NextHop.via(ip("2001:db8::8"), LINK),
                        NextHop.via(ip("2001:db8::9"), LINK).withWeight(3)),
                route("2001:db8:9::/48").nextHops());
        JsonNode shown =
                Command.ip(namespace, "route", "show", "10.9.0.0/16").getFirst().path("nexthops");
        assertEquals(3, shown.size());
        assertEquals(256, shown.path(1).path("weight").asInt());
    }

    @Test
    void aRouteMayRefuseOrDrop() throws NetlinkException {
        socket.send(List.of(
                RouteRequest.add(IpPrefix.parse("10.6.0.0/16")).ofType(RouteType.BLACKHOLE),
                RouteRequest.add(IpPrefix.parse("10.7.0.0/16")).ofType(RouteType.UNREACHABLE),
                RouteRequest.add(IpPrefix.parse("10.8.0.0/16")).ofType(RouteType.PROHIBIT),
                RouteRequest.add(IpPrefix.parse("10.9.0.0/16")).ofType(RouteType.THROW),
                RouteRequest.add(IpPrefix.parse("2001:db8:6::/48")).ofType(RouteType.BLACKHOLE),
                RouteRequest.add(IpPrefix.parse("10.5.0.0/16"), 1)
                        .ofType(RouteType.LOCAL)
                        .table(RouteTable.LOCAL)));

        assertTrue(Command.runIn(namespace, "ip", "route").contains("blackhole 10.6.0.0/16"));
        assertEquals(RouteType.UNREACHABLE, route("10.7.0.0/16").type());
        assertEquals(RouteType.PROHIBIT, route("10.8.0.0/16").type());
        assertEquals(RouteType.THROW, route("10.9.0.0/16").type());
        assertEquals(RouteType.BLACKHOLE, route("2001:db8:6::/48").type());
        assertEquals(RouteScope.HOST, route("10.5.0.0/16").scope());
        Command.runIn(namespace, "ping", "-n", "-c", "1", "-W", "5", "10.5.7.7");
        assertEquals(Errno.EINVAL, lookUpRefusal("10.6.0.1"));
        assertEquals(Errno.EACCES, lookUpRefusal("10.8.0.1"));
        assertEquals(Errno.ENETUNREACH, lookUpRefusal("192.0.2.1"));
        socket.send(RouteRequest.delete(IpPrefix.parse("10.6.0.0/16")).ofType(RouteType.BLACKHOLE));
        assertFalse(Command.runIn(namespace, "ip", "route").contains("10.6.0.0/16"));
    }

    private Errno lookUpRefusal(String destination) {
        return assertThrows(NetlinkException.Refused.class, () -> socket.route(RouteLookup.to(ip(destination))))
                .errno();
    }

    @Test
    void anIpv6RouteEndsAndIsPreferred() throws NetlinkException {
        socket.send(RouteRequest.add(IpPrefix.parse("2001:db8:9::/48"), LINK)
                .expires(1_000_000)
                .preference(1));
        socket.send(RouteRequest.add(IpPrefix.parse("10.9.0.0/16"), LINK).via(ip("2001:db8::9")));
        socket.send(RouteRequest.add(IpPrefix.parse("10.10.0.0/16"), LINK)
                .via(ip("192.0.2.1"))
                .onLink());

        RouteMessage message = route("2001:db8:9::/48");
        assertTrue(Math.abs(message.expires().getAsInt() - 1_000_000) < 60, message::toString);
        assertEquals(OptionalInt.of(1), message.preference());
        assertEquals(Optional.of(ip("2001:db8::9")), route("10.9.0.0/16").gateway());
        assertTrue(route("10.10.0.0/16").isOnLink());
        assertEquals(
                Errno.ENETUNREACH,
                refusal(RouteRequest.add(IpPrefix.parse("10.11.0.0/16"), LINK).via(ip("192.0.2.1"))));
    }

    @Test
    void aRouteMayReferToANextHopObject() throws NetlinkException {
        Command.runIn(namespace, "ip", "nexthop", "add", "id", "3", "via", "10.0.0.9", "dev", "eth0");

        socket.send(RouteRequest.add(IpPrefix.parse("10.9.0.0/16")).nextHopObject(3));

        RouteMessage message = route("10.9.0.0/16");
        assertEquals(OptionalInt.of(3), message.nextHopObject());
        assertEquals(Optional.of(ip("10.0.0.9")), message.gateway());
        socket.send(RouteRequest.delete(message.destination()));
        socket.send(RouteRequest.add(message));
        assertEquals(message, route("10.9.0.0/16"));
    }

    @Test
    void theWayOfAPacketIsFound() throws NetlinkException {
        socket.send(RouteRequest.add(IpPrefix.parse("10.9.0.0/16"), LINK)
                .via(ip("10.0.0.9"))
                .metric(5));
        socket.send(RouteRequest.add(IpPrefix.parse("2001:db8:9::/48"), LINK).via(ip("2001:db8::9")));

        RouteMessage way = socket.route(RouteLookup.to(ip("10.9.7.7")));
        assertEquals(IpPrefix.parse("10.9.7.7/32"), way.destination());
        assertEquals(Optional.of(ip("10.0.0.9")), way.gateway());
        assertEquals(Optional.of(ip("10.0.0.1")), way.source());
        assertEquals(OptionalInt.of(LINK), way.device());
        assertEquals(RouteTable.MAIN, way.table());
        assertEquals(RouteType.UNICAST, way.type());

        RouteMessage matched = socket.route(RouteLookup.to(ip("10.9.7.7")).matchedRoute());
        assertEquals(IpPrefix.parse("10.9.0.0/16"), matched.destination());
        assertEquals(5, matched.metric());
        assertEquals(RouteProtocol.STATIC, matched.protocol());

        assertEquals(
                RouteType.LOCAL, socket.route(RouteLookup.to(ip("10.0.0.1"))).type());
        assertEquals(
                Optional.of(ip("2001:db8::9")),
                socket.route(RouteLookup.to(ip("2001:db8:9::1"))).gateway());
        assertEquals(
                IpPrefix.parse("2001:db8:9::/48"),
                socket.route(RouteLookup.to(ip("2001:db8:9::1"))
                                .from(ip("2001:db8::1"))
                                .by(LINK)
                                .user(0)
                                .matchedRoute())
                        .destination());
        // IPv4 takes for on-link what no route matches, when told the link; asked for the route it says the truth.
        assertEquals(
                Optional.empty(),
                socket.route(RouteLookup.to(ip("192.0.2.1")).by(LINK)).gateway());
        assertThrows(
                NetlinkException.Refused.class,
                () -> socket.route(RouteLookup.to(ip("192.0.2.1")).by(LINK).matchedRoute()));
    }

    @Test
    void rulesChooseTheTable() throws NetlinkException {
        socket.send(RouteRequest.add(IpPrefix.parse("10.9.0.0/16"), LINK).table(1000));
        socket.send(RuleRequest.add(IpFamily.IPV4)
                .mark(new RuleMessage.Mark(7, -1))
                .table(1000)
                .priority(100)
                .protocol(98));

        assertEquals(1000, socket.route(RouteLookup.to(ip("10.9.0.1")).mark(7)).table());
        assertEquals(Errno.ENETUNREACH, lookUpRefusal("10.9.0.1"));
        JsonNode shown =
                Command.ip(namespace, "rule", "show", "priority", "100").getFirst();
        assertEquals("0x7", shown.path("fwmark").asText());
        assertEquals("1000", shown.path("table").asText());
        assertEquals("98", shown.path("protocol").asText());

        socket.send(RuleRequest.delete(IpFamily.IPV4).priority(100));
        assertEquals(List.of(), Command.ip(namespace, "rule", "show", "priority", "100"));
        assertEquals(Errno.ENOENT, refusal(RuleRequest.delete(IpFamily.IPV4).priority(100)));
    }

    @Test
    void everyRuleCanBeMadeAgain() throws NetlinkException {
        Command.script(namespace, """
                ip rule add from 10.0.1.0/24 to 10.9.0.0/16 table 1000 priority 100 protocol 98
                ip rule add not fwmark 7/0xff iif eth0 oif lo table 200 priority 101
                ip rule add ipproto tcp sport 80-81 dport 443 uidrange 1000-2000 table 200 priority 102
                ip rule add goto 104 priority 103
                ip rule add table main suppress_prefixlength 0 suppress_ifgroup 9 priority 104
                ip rule add prohibit tos 0x10 priority 105
                ip rule add l3mdev priority 106
                ip -6 rule add from 2001:db8:1::/64 table 1000 priority 107""");
        String before = Command.runIn(namespace, "sh", "-c", "ip -4 rule; ip -6 rule");
        List<RuleMessage> rules = socket.rules().stream()
                .filter(rule -> rule.priority() >= 100 && rule.priority() <= 107)
                .toList();
        assertEquals(8, rules.size());

        socket.send(rules.stream().map(RuleRequest::delete).toList());
        assertFalse(Command.runIn(namespace, "ip", "rule").contains("10.0.1.0/24"));
        socket.send(rules.stream().map(RuleRequest::add).toList());

        assertEquals(before, Command.runIn(namespace, "sh", "-c", "ip -4 rule; ip -6 rule"));
        assertEquals(Errno.EEXIST, refusal(RuleRequest.add(rules.getFirst())));
    }

    @Test
    void neighboursAreSetFoundAndForgotten() throws NetlinkException {
        HardwareAddress hardware = HardwareAddress.parse("02:00:00:00:00:09");
        // A dummy asks nobody, and then no state but that is kept: with ARP it is like any other link.
        socket.send(LinkRequest.change(LINK).linkFlags(0, 0x80));
        socket.send(NeighbourRequest.add(LINK, ip("10.0.0.9"), hardware).protocol(98));
        socket.send(NeighbourRequest.add(LINK, ip("2001:db8::9"), hardware)
                .state(NeighbourState.STALE)
                .neighbourFlags(NeighbourFlag.ROUTER));

        NeighbourMessage message = socket.neighbour(LINK, ip("10.0.0.9")).orElseThrow();
        assertEquals(Optional.of(hardware), message.hardwareAddress());
        assertEquals(NeighbourState.PERMANENT, message.state());
        assertEquals(98, message.protocol());
        NeighbourMessage router = socket.neighbour(LINK, ip("2001:db8::9")).orElseThrow();
        assertEquals(NeighbourState.STALE, router.state());
        assertEquals(NeighbourFlag.ROUTER, router.flags());
        assertTrue(Command.runIn(namespace, "ip", "neigh").contains("10.0.0.9 dev eth0 lladdr 02:00:00:00:00:09"));
        assertEquals(Errno.EEXIST, refusal(NeighbourRequest.add(LINK, ip("10.0.0.9"), hardware)));
        HardwareAddress other = HardwareAddress.parse("02:00:00:00:00:0a");
        socket.send(NeighbourRequest.replace(LINK, ip("10.0.0.9"), other));
        assertEquals(
                Optional.of(other),
                socket.neighbour(LINK, ip("10.0.0.9")).orElseThrow().hardwareAddress());

        socket.send(NeighbourRequest.delete(LINK, ip("10.0.0.9")));
        assertEquals(Optional.empty(), socket.neighbour(LINK, ip("10.0.0.8")));
        assertFalse(socket.neighbours(NeighbourQuery.all().ofLink(LINK)).stream()
                .anyMatch(each -> each.address().equals(ip("10.0.0.9")) && each.state() == NeighbourState.PERMANENT));
    }

    @Test
    void proxyEntriesAreSetAndRemoved() throws NetlinkException {
        socket.send(NeighbourRequest.addProxy(LINK, ip("10.0.0.7")));
        socket.send(NeighbourRequest.addProxy(LINK, ip("2001:db8::7")));

        assertEquals(2, Command.ip(namespace, "neigh", "show", "proxy").size());
        List<NeighbourMessage> proxies = socket.neighbours(NeighbourQuery.proxies());
        assertEquals(2, proxies.size());
        assertTrue(proxies.stream().allMatch(NeighbourMessage::isProxy));
        assertEquals(
                List.of(ip("10.0.0.7")),
                socket.neighbours(NeighbourQuery.proxies().ofFamily(IpFamily.IPV4)).stream()
                        .map(NeighbourMessage::address)
                        .toList());
        assertEquals(
                List.of(),
                socket.neighbours().stream().filter(NeighbourMessage::isProxy).toList());

        socket.send(NeighbourRequest.deleteProxy(LINK, ip("10.0.0.7")));
        socket.send(NeighbourRequest.deleteProxy(LINK, ip("2001:db8::7")));
        assertEquals(List.of(), socket.neighbours(NeighbourQuery.proxies()));
        assertEquals(Errno.ENOENT, refusal(NeighbourRequest.deleteProxy(LINK, ip("10.0.0.7"))));
    }
}
