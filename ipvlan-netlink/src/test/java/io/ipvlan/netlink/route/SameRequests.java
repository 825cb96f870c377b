package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// What the commands of `golden/requests/commands.txt` ask for, said with this library, under the same names.
/// The links are those of `capture.sh` there: `d0` is 7, `d1` is 8, `br0` is 9.
final class SameRequests {
    private static final int D0 = 7;
    private static final int D1 = 8;
    private static final int BR0 = 9;
    private static final HardwareAddress HARDWARE = HardwareAddress.parse("02:00:00:00:00:09");

    private final Map<String, NetlinkRequest> all = new LinkedHashMap<>();
    private final NetNamespace blue;

    private SameRequests(NetNamespace blue) {
        this.blue = blue;
    }

    /// All of them, by name.
    ///
    /// @param blue the namespace that the commands call so
    static Map<String, NetlinkRequest> in(NetNamespace blue) {
        SameRequests requests = new SameRequests(blue);
        requests.newLinks();
        requests.changedLinks();
        requests.addresses();
        requests.routes();
        requests.specialRoutes();
        requests.ipv6Routes();
        requests.rules();
        requests.neighbours();
        requests.queries();
        return requests.all;
    }

    private void put(String name, NetlinkRequest request) {
        if (all.put(name, request) != null) {
            throw new IllegalStateException("twice: " + name);
        }
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    private static LinkRequest x0(LinkInfo info) {
        return LinkRequest.create("x0", info);
    }

    private static LinkRequest onD0(LinkInfo info) {
        return x0(info).linkedTo(D0);
    }

    private void newLinks() {
        put("link-dummy", x0(new LinkInfo.Dummy()));
        put(
                "link-settings",
                x0(new LinkInfo.Dummy())
                        .withIndex(70)
                        .address(HardwareAddress.parse("02:00:00:00:00:01"))
                        .mtu(9000)
                        .queueLength(5)
                        .group(9)
                        .up());
        put("link-ipvlan-l2", onD0(new LinkInfo.Ipvlan(LinkInfo.Ipvlan.L2, LinkInfo.Ipvlan.BRIDGE)));
        put("link-ipvlan-l3", onD0(new LinkInfo.Ipvlan(LinkInfo.Ipvlan.L3, LinkInfo.Ipvlan.PRIVATE)));
        put("link-ipvlan-l3s", onD0(new LinkInfo.Ipvlan(LinkInfo.Ipvlan.L3S, LinkInfo.Ipvlan.VEPA)));
        put("link-ipvlan-default", onD0(LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L3)));
        put(
                "link-ipvlan-inside",
                LinkRequest.create("eth0", LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L2))
                        .linkedTo(D0)
                        .in(blue));
        put("link-ipvlan-far", x0(LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L3)).linkedTo(D0, 5));
        put("link-ipvtap", onD0(new LinkInfo.Ipvtap(LinkInfo.Ipvlan.L3S, LinkInfo.Ipvlan.VEPA)));
        put("link-vlan", LinkRequest.create("d0.5", new LinkInfo.Vlan(5)).linkedTo(D0));
        int flags =
                LinkInfo.Vlan.GVRP | LinkInfo.Vlan.LOOSE_BINDING | LinkInfo.Vlan.MVRP | LinkInfo.Vlan.BRIDGE_BINDING;
        put("link-vlan-flags", onD0(new LinkInfo.Vlan(5, LinkInfo.Vlan.DOT1AD, flags, List.of(), List.of())));
        put(
                "link-vlan-qos",
                onD0(new LinkInfo.Vlan(
                        6,
                        LinkInfo.Vlan.DOT1Q,
                        LinkInfo.Vlan.REORDER_HEADER,
                        List.of(new LinkInfo.Vlan.PriorityMap(1, 2), new LinkInfo.Vlan.PriorityMap(3, 4)),
                        List.of(new LinkInfo.Vlan.PriorityMap(5, 6)))));
        put("link-veth", x0(new LinkInfo.Veth(Optional.empty())));
        LinkRequest peer = LinkRequest.peer("x1");
        put(
                "link-veth-peer",
                x0(LinkInfo.Veth.to(
                        peer.address(HardwareAddress.parse("02:00:00:00:00:02")).mtu(1400))));
        put("link-veth-inside", x0(LinkInfo.Veth.to(peer.in(blue))));
        put("link-veth-process", x0(LinkInfo.Veth.to(peer.inNamespaceOf(1))));
        put("link-macvlan", onD0(LinkInfo.Macvlan.of(LinkInfo.Macvlan.BRIDGE)));
        put("link-macvlan-private", onD0(LinkInfo.Macvlan.of(LinkInfo.Macvlan.PRIVATE)));
        put("link-macvlan-vepa", onD0(LinkInfo.Macvlan.of(LinkInfo.Macvlan.VEPA)));
        put(
                "link-macvlan-passthru",
                onD0(new LinkInfo.Macvlan(LinkInfo.Macvlan.PASSTHRU, LinkInfo.Macvlan.NO_PROMISCUITY)));
        put("link-macvlan-source", onD0(LinkInfo.Macvlan.of(LinkInfo.Macvlan.SOURCE)));
        put("link-bridge", x0(new LinkInfo.Bridge(400, 100, 600, 10_000, 1, 4096, true)));
        put("link-bond", x0(new LinkInfo.Bond(1, 100, OptionalInt.empty())));
        put("link-bond-plain", x0(new LinkInfo.Bond(4, 0, OptionalInt.empty())));
        put("link-vrf", x0(new LinkInfo.Unknown("vrf", new byte[] {8, 0, 1, 0, 10, 0, 0, 0})));
        put("link-member", x0(new LinkInfo.Dummy()).master(BR0));
    }

    private void changedLinks() {
        LinkRequest change = LinkRequest.change(D0);
        put("link-set-up", change.up());
        put("link-set-down", change.down());
        put("link-set-mtu", change.mtu(1400));
        put("link-set-name", LinkRequest.change(D1).rename("front"));
        put("link-set-alias", change.alias("the front one"));
        put("link-set-no-alias", change.alias(""));
        put("link-set-group", change.group(9));
        put("link-set-queue", change.queueLength(5));
        put("link-set-address", change.address(HardwareAddress.parse("02:00:00:00:00:03")));
        put("link-set-master", change.master(BR0));
        put("link-set-no-master", change.master(0));
        put("link-set-generation", change.addressGeneration(AddressGeneration.NONE));
        put("link-set-generation-eui64", change.addressGeneration(AddressGeneration.EUI64));
        put("link-set-generation-random", change.addressGeneration(AddressGeneration.RANDOM));
        put("link-set-generation-stable", change.addressGeneration(AddressGeneration.STABLE_PRIVACY));
        put("link-set-namespace", change.in(blue));
        put("link-set-process", change.inNamespaceOf(1));
        put("link-set-carrier", change.carrier(false));
        put("link-set-state", change.operationalState(OperationalState.DORMANT));
        put("link-set-flags", change.linkFlags(0x80, 0x1080)); // IFF_NOARP of IFF_MULTICAST and IFF_NOARP
        put("link-set-several", change.rename("front").mtu(1400).up());
        put(
                "link-set-vlan",
                LinkRequest.change(D1)
                        .info(new LinkInfo.Vlan(
                                5,
                                LinkInfo.Vlan.DOT1Q,
                                LinkInfo.Vlan.REORDER_HEADER | LinkInfo.Vlan.GVRP,
                                List.of(new LinkInfo.Vlan.PriorityMap(7, 7)),
                                List.of())));
        put("link-set-bond", LinkRequest.change(D1).info(new LinkInfo.Bond(1, 50, OptionalInt.empty())));
        put("link-altname", LinkRequest.addAlternativeNames(D0, List.of("front", "a-name-longer-than-fifteen")));
        put("link-altname-delete", LinkRequest.deleteAlternativeNames(D0, List.of("front")));
        put("link-delete", LinkRequest.delete(D0));
        put("link-delete-group", LinkRequest.deleteGroup(9));
    }

    private static AddressRequest address(String text) {
        return AddressRequest.add(D0, IpCidr.parse(text));
    }

    private void addresses() {
        put("address-ipv4", address("10.1.0.1/24"));
        put("address-ipv4-broadcast", address("10.1.0.1/24").broadcast(ip("10.1.0.255")));
        put(
                "address-ipv4-everything",
                address("10.1.0.1/24")
                        .broadcast(ip("10.1.0.255"))
                        .label("d0:front")
                        .scope(RouteScope.LINK)
                        .addressFlags(AddressFlag.NO_PREFIX_ROUTE)
                        .metric(7)
                        .lifetime(new AddressLifetime(1_000_000, 900_000)));
        put("address-ipv4-peer", address("10.1.0.1/32").peer(ip("10.1.0.2")));
        put("address-ipv4-peer-net", address("10.1.0.1/24").peer(ip("10.2.0.2")));
        put("address-ipv4-forever", address("10.1.0.1/32").lifetime(AddressLifetime.FOREVER));
        put("address-ipv4-join", address("224.1.1.1/32").addressFlags(AddressFlag.JOIN_MULTICAST));
        put(
                "address-ipv4-loopback",
                AddressRequest.add(1, IpCidr.parse("127.0.0.2/8")).scope(RouteScope.HOST));
        put("address-ipv6", address("2001:db8:1::1/64").addressFlags(0));
        put("address-ipv6-nodad", address("2001:db8:1::1/64"));
        put(
                "address-ipv6-flags",
                address("2001:db8:1::1/64")
                        .addressFlags(AddressFlag.OPTIMISTIC
                                | AddressFlag.HOME
                                | AddressFlag.MANAGE_TEMPORARY
                                | AddressFlag.NO_PREFIX_ROUTE));
        put("address-ipv6-peer", address("2001:db8:1::1/128").peer(ip("2001:db8:1::2")));
        put(
                "address-ipv6-deprecated",
                address("2001:db8:1::1/64").lifetime(new AddressLifetime(AddressLifetime.UNLIMITED, 0)));
        put("address-ipv6-metric", address("2001:db8:1::1/64").metric(5));
        put("address-replace", AddressRequest.replace(D0, IpCidr.parse("10.1.0.1/24")));
        put("address-ipv6-replace", AddressRequest.replace(D0, IpCidr.parse("2001:db8:1::1/64")));
        put("address-delete", AddressRequest.delete(D0, IpCidr.parse("10.1.0.1/24")));
        put(
                "address-delete-peer",
                AddressRequest.delete(D0, IpCidr.parse("10.1.0.1/32")).peer(ip("10.1.0.2")));
        put("address-ipv6-delete", AddressRequest.delete(D0, IpCidr.parse("2001:db8:1::1/64")));
    }

    private static final IpPrefix NET = IpPrefix.parse("10.8.0.0/16");
    private static final IpPrefix NET6 = IpPrefix.parse("2001:db8:8::/48");
    private static final IpAddress GATEWAY = IpAddress.parse("10.0.0.9");
    private static final IpAddress GATEWAY6 = IpAddress.parse("2001:db8::9");

    private void routes() {
        put("route-gateway", RouteRequest.add(NET).via(GATEWAY));
        put("route-plain", RouteRequest.add(NET, D0).protocol(RouteProtocol.BOOT));
        put("route-device", RouteRequest.add(NET, D0));
        put("route-default", RouteRequest.add(IpPrefix.parse("0.0.0.0/0"), D0).via(GATEWAY));
        put("route-host", RouteRequest.add(IpPrefix.parse("10.8.0.1/32"), D0));
        put(
                "route-attributes",
                RouteRequest.add(NET, D0)
                        .via(GATEWAY)
                        .source(ip("10.0.0.1"))
                        .metric(50)
                        .table(1000)
                        .protocol(99)
                        .scope(RouteScope.UNIVERSE)
                        .typeOfService(0x10));
        put("route-table", RouteRequest.add(NET, D0).table(100));
        put("route-scope", RouteRequest.add(NET, D0).scope(RouteScope.SITE));
        put("route-via-ipv6", RouteRequest.add(NET, D0).via(GATEWAY6));
        put("route-onlink", RouteRequest.add(NET, D0).via(ip("192.0.2.1")).onLink());
        put(
                "route-metrics",
                RouteRequest.add(NET, D0)
                        .metrics(RouteMetrics.NONE
                                .with(RouteMetrics.MTU, 1400)
                                .locked(RouteMetrics.MTU)
                                .with(RouteMetrics.ADVERTISED_SEGMENT, 1360)
                                .with(RouteMetrics.HOP_LIMIT, 9)
                                .with(RouteMetrics.WINDOW, 1000)
                                .with(RouteMetrics.CONGESTION_WINDOW, 3)
                                .with(RouteMetrics.INITIAL_CONGESTION_WINDOW, 10)
                                .with(RouteMetrics.INITIAL_RECEIVE_WINDOW, 11)
                                .with(RouteMetrics.SLOW_START_THRESHOLD, 12)
                                .with(RouteMetrics.REORDERING, 4)
                                .with(RouteMetrics.QUICK_ACKNOWLEDGEMENT, 1)
                                .with(RouteMetrics.FAST_OPEN_WITHOUT_COOKIE, 1)
                                .withCongestionControl("reno")));
        put(
                "route-rtt", // the kernel counts eighths and quarters of milliseconds
                RouteRequest.add(NET, D0)
                        .metrics(RouteMetrics.NONE
                                .with(RouteMetrics.ROUND_TRIP_TIME, 8 * 100)
                                .with(RouteMetrics.ROUND_TRIP_VARIANCE, 4 * 50)
                                .with(RouteMetrics.MINIMUM_RETRANSMISSION, 40)
                                .locked(RouteMetrics.MINIMUM_RETRANSMISSION)));
        put(
                "route-multipath",
                RouteRequest.add(NET)
                        .nextHops(List.of(
                                NextHop.via(ip("10.0.0.8")).withWeight(2),
                                NextHop.via(GATEWAY6, D0).withWeight(256),
                                NextHop.via(ip("192.0.2.1"), D0).onLink(),
                                NextHop.by(D1))));
        put("route-object", RouteRequest.add(NET).nextHopObject(3));
        put("route-replace", RouteRequest.replace(NET).via(GATEWAY));
        put("route-append", RouteRequest.append(NET).via(GATEWAY));
        put("route-delete", RouteRequest.delete(NET));
        put("route-delete-device", RouteRequest.delete(NET, D0));
        put(
                "route-delete-all-said",
                RouteRequest.delete(NET).via(GATEWAY).metric(5).table(1000).protocol(99));
        put("route-delete-blackhole", RouteRequest.delete(NET).ofType(RouteType.BLACKHOLE));
    }

    private void specialRoutes() {
        put("route-blackhole", RouteRequest.add(NET).ofType(RouteType.BLACKHOLE));
        put(
                "route-unreachable",
                RouteRequest.add(NET).ofType(RouteType.UNREACHABLE).metric(4));
        put("route-prohibit", RouteRequest.add(NET).ofType(RouteType.PROHIBIT));
        put("route-throw", RouteRequest.add(NET).ofType(RouteType.THROW).table(100));
        put("route-local", RouteRequest.add(NET, 1).ofType(RouteType.LOCAL).table(RouteTable.LOCAL));
        put(
                "route-broadcast",
                RouteRequest.add(IpPrefix.parse("10.8.0.255/32"), D0)
                        .ofType(RouteType.BROADCAST)
                        .table(RouteTable.LOCAL));
        put(
                "route-multicast",
                RouteRequest.add(IpPrefix.parse("224.0.0.0/4"), D0).ofType(RouteType.MULTICAST));
        put(
                "route-anycast",
                RouteRequest.add(IpPrefix.parse("2001:db8:8::/128"), D0)
                        .ofType(RouteType.ANYCAST)
                        .table(RouteTable.LOCAL));
    }

    private void ipv6Routes() {
        put("route-ipv6", RouteRequest.add(NET6, D0));
        put("route-ipv6-gateway", RouteRequest.add(NET6, D0).via(GATEWAY6).preference(1));
        put(
                "route-ipv6-default",
                RouteRequest.add(IpPrefix.parse("::/0")).via(GATEWAY6).preference(3));
        put("route-ipv6-expires", RouteRequest.add(NET6, D0).expires(600));
        put("route-ipv6-from", RouteRequest.add(NET6, D0).from(IpPrefix.parse("2001:db8:1::/64")));
        put(
                "route-ipv6-multipath",
                RouteRequest.add(NET6)
                        .nextHops(List.of(NextHop.via(ip("2001:db8::8")).withWeight(2), NextHop.via(GATEWAY6, D0))));
        put("route-ipv6-blackhole", RouteRequest.add(NET6).ofType(RouteType.BLACKHOLE));
        put("route-ipv6-delete", RouteRequest.delete(NET6, D0));
    }

    private void rules() {
        IpPrefix source = IpPrefix.parse("10.0.1.0/24");
        RuleRequest add = RuleRequest.add(IpFamily.IPV4);
        put(
                "rule-table",
                add.from(source)
                        .to(IpPrefix.parse("10.9.0.0/16"))
                        .table(1000)
                        .priority(100)
                        .protocol(99));
        put("rule-main", add.from(IpPrefix.parse("10.0.1.1/32")).priority(100));
        put(
                "rule-mark",
                add.inverted()
                        .mark(new RuleMessage.Mark(7, 0xff))
                        .incoming("d0")
                        .outgoing("lo")
                        .table(200)
                        .priority(101));
        put("rule-mark-whole", add.mark(new RuleMessage.Mark(7, -1)).table(200).priority(101));
        put(
                "rule-ports",
                add.ipProtocol(6)
                        .sourcePorts(new RuleMessage.Range(80, 81))
                        .destinationPorts(new RuleMessage.Range(443, 443))
                        .users(new RuleMessage.Range(1000, 2000))
                        .table(200)
                        .priority(102));
        put("rule-goto", add.action(RuleAction.GOTO).gotoPriority(104).priority(103));
        put("rule-suppress", add.suppressPrefixLength(0).suppressGroup(9).priority(104));
        put("rule-prohibit", add.action(RuleAction.PROHIBIT).typeOfService(0x10).priority(105));
        put("rule-blackhole", add.action(RuleAction.BLACKHOLE).from(source).priority(105));
        put("rule-unreachable", add.action(RuleAction.UNREACHABLE).from(source).priority(105));
        put("rule-nothing", add.action(RuleAction.NOTHING).from(source).priority(105));
        put("rule-master", add.ofMaster().priority(106));
        put(
                "rule-ipv6",
                RuleRequest.add(IpFamily.IPV6)
                        .from(IpPrefix.parse("2001:db8:1::/64"))
                        .table(1000)
                        .priority(107));
        put("rule-delete", RuleRequest.delete(IpFamily.IPV4).priority(100));
        put(
                "rule-delete-all-said",
                RuleRequest.delete(IpFamily.IPV4).from(source).table(1000).priority(100));
        put("rule-ipv6-delete", RuleRequest.delete(IpFamily.IPV6).priority(107));
    }

    private void neighbours() {
        put("neighbour", NeighbourRequest.add(D0, ip("10.0.0.5"), HARDWARE));
        put(
                "neighbour-protocol",
                NeighbourRequest.add(D0, ip("10.0.0.5"), HARDWARE).protocol(99));
        put(
                "neighbour-ipv6",
                NeighbourRequest.add(D0, ip("2001:db8::5"), HARDWARE)
                        .state(NeighbourState.STALE)
                        .neighbourFlags(NeighbourFlag.ROUTER));
        put(
                "neighbour-learned",
                NeighbourRequest.add(D0, ip("10.0.0.6"), HARDWARE)
                        .state(NeighbourState.REACHABLE)
                        .neighbourFlags(NeighbourFlag.EXTERNALLY_LEARNED));
        put(
                "neighbour-use",
                NeighbourRequest.add(D0, ip("10.0.0.6"), HARDWARE)
                        .state(NeighbourState.NO_ARP)
                        .neighbourFlags(NeighbourFlag.USE));
        put(
                "neighbour-replace",
                NeighbourRequest.replace(D0, ip("10.0.0.5"), HardwareAddress.parse("02:00:00:00:00:0a")));
        put("neighbour-delete", NeighbourRequest.delete(D0, ip("10.0.0.5")));
        put("neighbour-proxy", NeighbourRequest.addProxy(D0, ip("10.0.0.7")));
        put(
                "neighbour-proxy-ipv6",
                NeighbourRequest.addProxy(D0, ip("2001:db8::7")).protocol(99));
        put("neighbour-proxy-delete", NeighbourRequest.deleteProxy(D0, ip("10.0.0.7")));
        put("namespace-id", NamespaceIdRequest.assign(blue, 5));
        put("namespace-id-any", NamespaceIdRequest.assign(blue));
    }

    private void queries() {
        put("query-link", LinkLookup.byName("d0"));
        put("query-link-alternative", LinkLookup.byAlternativeName("a-name-longer-than-fifteen"));
        put("query-links", LinkQuery.all());
        put("query-links-statistics", LinkQuery.all().withStatistics());
        put("query-links-kind", LinkQuery.all().ofKind("vlan"));
        put("query-links-master", LinkQuery.all().ofMaster(BR0));
        put("query-addresses", AddressQuery.all());
        put("query-addresses-link", AddressQuery.all().ofLink(D0));
        put("query-addresses-ipv6", AddressQuery.all().ofFamily(IpFamily.IPV6));
        put("query-routes", RouteQuery.all().ofFamily(IpFamily.IPV4));
        put("query-routes-ipv6", RouteQuery.all().ofFamily(IpFamily.IPV6).ofTable(RouteTable.MAIN));
        put(
                "query-routes-filtered",
                RouteQuery.all()
                        .ofFamily(IpFamily.IPV4)
                        .ofTable(1000)
                        .byDevice(D0)
                        .ofProtocol(99)
                        .ofType(RouteType.BLACKHOLE));
        put("query-route", RouteLookup.to(GATEWAY));
        put(
                "query-route-everything",
                RouteLookup.to(GATEWAY)
                        .from(ip("10.1.0.1"))
                        .arrivingBy(D1)
                        .by(D0)
                        .mark(9)
                        .user(1000)
                        .matchedRoute());
        put("query-route-ipv6", RouteLookup.to(GATEWAY6).by(D0).matchedRoute());
        put("query-rules", new RuleQuery(IpFamily.IPV4));
        put("query-rules-ipv6", new RuleQuery(IpFamily.IPV6));
        put("query-neighbours", NeighbourQuery.all());
        put(
                "query-neighbours-link",
                NeighbourQuery.all().ofFamily(IpFamily.IPV4).ofLink(D0));
        put("query-neighbours-master", NeighbourQuery.all().ofMaster(BR0));
        put("query-neighbour", NeighbourQuery.one(D0, ip("10.0.0.5")));
        put("query-proxies", NeighbourQuery.proxies());
        put("query-namespaces", NamespaceIdRequest.list());
        put("query-namespace", NamespaceIdRequest.lookUp(blue));
    }
}
