package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.netlink.Command;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What this library lists and what `ip -json` lists, for a namespace with one of everything. Both are
/// brought to the same lines of text.
class DumpIT {
    private static final List<String> STATES =
            List.of("UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP");
    private static final List<String> GENERATIONS = List.of("eui64", "none", "stable_secret", "random");
    private static final Map<Integer, String> NEIGHBOUR_STATES = Map.of(0, "", 4, "STALE", 0x80, "PERMANENT");

    private static final Map<String, Integer> LINK_FLAGS = Map.ofEntries(
            Map.entry("UP", 0x1),
            Map.entry("BROADCAST", 0x2),
            Map.entry("LOOPBACK", 0x8),
            Map.entry("POINTOPOINT", 0x10),
            Map.entry("NOARP", 0x80),
            Map.entry("PROMISC", 0x100),
            Map.entry("ALLMULTI", 0x200),
            Map.entry("MASTER", 0x400),
            Map.entry("SLAVE", 0x800),
            Map.entry("MULTICAST", 0x1000),
            Map.entry("LOWER_UP", 0x10000));
    private static final Map<Integer, String> HARDWARE_TYPES = Map.of(1, "ether", 772, "loopback", 0xfffe, "none");
    private static final int FAR_PARENT = 5000;
    private static final int FAR_NAMESPACE = 5;

    private NetNamespace namespace;
    private NetNamespace other;
    private RouteSocket socket;
    private Map<Integer, String> names;

    /// No link-local addresses: they come and change by themselves, maybe between the two listings. So does the
    /// route that a bridge gets when it finds that its port is up, which is waited for.
    @BeforeEach
    void oneOfEverything() throws NetlinkException {
        namespace = NetNamespace.create();
        other = NetNamespace.create();
        socket = RouteSocket.open(namespace);
        Command.script(namespace, """
                ip link set lo up
                ip link add d0 type dummy
                ip link add d1 txqueuelen 7 group 9 type dummy
                ip link add v0 type veth peer name v1
                ip link add link v0 name v0.139 type vlan id 139
                ip link add link v0 name v0.5 type vlan protocol 802.1ad id 5 reorder_hdr off gvrp on \\
                    ingress-qos-map 1:2 3:4 egress-qos-map 5:6
                ip link add link d0 name i0 type ipvlan mode l3s vepa
                ip link add link d1 name m0 type macvlan mode bridge
                ip link add br0 type bridge forward_delay 400 vlan_filtering 1
                ip link add b0 type bond mode active-backup miimon 100
                ip link add vrf0 type vrf table 10
                ip link add d2 type dummy
                ip link add link d2 name t0 type ipvtap mode l2 private
                ip link add d3 type dummy
                ip link add link d3 name p0 type macvlan mode passthru nopromisc
                [ -c /dev/net/tun ] || { mkdir -p /dev/net; mknod /dev/net/tun c 10 200; }
                ip tuntap add tun0 mode tun user 54321
                for link in d0 d1 d2 d3 v0 v1 v0.139 v0.5 i0 m0 p0 t0 tun0 br0 b0 vrf0; do ip link set $link addrgenmode none; done
                ip link set v1 master br0
                ip link set d0 mtu 9000
                ip link set d1 alias 'the second one'
                ip link property add dev d1 altname second altname another-name-of-the-same
                for link in d0 d1 v0 v1 v0.139 i0 m0 br0; do ip link set $link up; done
                ip address add 10.0.0.1/24 dev d0
                ip address add 10.0.0.7/24 dev d0
                ip address add 224.1.1.1/32 dev d0 autojoin
                ip address add 10.0.1.1 peer 10.0.1.2/32 dev d0
                ip address add 10.0.2.1/31 dev i0 scope link
                ip address add 10.0.3.1/24 broadcast + dev d0 label d0:x noprefixroute metric 7 \\
                    valid_lft 3000000 preferred_lft 2000000
                ip address add 2001:db8::1/64 dev d0 nodad
                ip address add 2001:db8:2::1/128 dev i0 nodad
                ip address add 2001:db8:3::1/64 dev d0 nodad preferred_lft 0 home mngtmpaddr
                ip route add default via 10.0.0.9
                ip route add 10.8.0.0/16 dev d1 table 1000 metric 50 protocol 99
                ip route add 10.7.0.0/16 dev d0 src 10.0.0.1 mtu 1400 advmss 1360 hoplimit 9 window 1000 congctl reno
                ip route add unreachable 10.9.0.0/16
                ip route add blackhole 10.10.0.0/16 table 100
                ip route add prohibit 10.11.0.0/16 tos 0x10
                ip route add throw 10.12.0.0/16 table 100
                ip route add 10.13.0.0/16 via 192.0.2.1 dev d0 onlink
                ip route add 10.14.0.0/16 via inet6 2001:db8::9 dev d0
                ip nexthop add id 3 via 10.0.0.9 dev d0
                ip route add 10.15.0.0/16 nhid 3
                ip route add 10.6.0.0/16 nexthop via 10.0.0.8 weight 2 nexthop via inet6 2001:db8::9 dev d0 \\
                    nexthop via 192.0.2.1 dev d0 onlink
                ip -6 route add default via 2001:db8::9 pref high
                ip -6 route add 2001:db8:5::/48 dev i0 metric 7
                ip -6 route add 2001:db8:6::/48 dev d0 expires 3000000
                ip -6 route add 2001:db8:7::/48 nexthop via 2001:db8::8 nexthop via 2001:db8::9 weight 3
                ip -6 route add blackhole 2001:db8:8::/48
                ip rule add from 10.0.1.0/24 to 10.9.0.0/16 table 1000 priority 100 protocol 99
                ip rule add not fwmark 7/0xff iif d0 table 200 priority 101
                ip -6 rule add oif d0 table 200 priority 102
                ip rule add ipproto udp sport 80-81 dport 443 uidrange 1000-2000 table 200 priority 103
                ip rule add goto 106 priority 104
                ip rule add table main suppress_prefixlength 0 suppress_ifgroup 9 priority 105
                ip rule add prohibit tos 0x10 priority 106
                ip rule add l3mdev priority 107
                ip rule add blackhole from 10.3.0.0/16 priority 108
                ip neigh add 10.0.0.5 lladdr 02:00:00:00:00:09 dev d0 protocol 99
                ip neigh add 2001:db8::5 lladdr 02:00:00:00:00:0a dev d0 nud stale router
                ip neigh add 10.0.0.4 lladdr 02:00:00:00:00:0b dev d0 nud permanent extern_learn
                ip neigh add proxy 10.0.0.6 dev d0
                ip neigh add proxy 2001:db8::6 dev d0
                until ip link show br0 | grep -q 'state UP'; do sleep 0.02; done""");
        try (RouteSocket there = RouteSocket.open(other)) {
            there.send(LinkRequest.create("d0", new LinkInfo.Dummy()).withIndex(FAR_PARENT));
        }
        socket.send(NamespaceIdRequest.assign(other, FAR_NAMESPACE));
        socket.send(LinkRequest.create("far", LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L2))
                .linkedTo(FAR_PARENT, FAR_NAMESPACE));
        socket.send(
                LinkRequest.change(socket.link("far").orElseThrow().index()).addressGeneration(AddressGeneration.NONE));
        names = socket.links().stream().collect(Collectors.toMap(LinkMessage::index, LinkMessage::name));
    }

    @AfterEach
    void closeEverything() {
        socket.close();
        other.close();
        namespace.close();
    }

    private String name(int index) {
        return names.getOrDefault(index, "-");
    }

    private static <T> List<String> lines(Stream<T> items, Function<T, String> line) {
        return items.map(line).sorted().toList();
    }

    @Test
    void linksAreWhatIpLists() throws NetlinkException {
        List<String> expected = lines(
                Command.ip(namespace, "-details", "link").stream(),
                link -> String.join(
                        " ",
                        link.path("ifindex").asText(),
                        link.path("ifname").asText(),
                        link.path("link_type").asText(),
                        texts(link.path("flags")).stream()
                                .filter(LINK_FLAGS::containsKey) // ip makes up others out of several things
                                .sorted()
                                .toList()
                                .toString(),
                        "carrier " + carrier(texts(link.path("flags"))),
                        link.path("mtu").asText(),
                        "of " + link.path("min_mtu").asText() + " to "
                                + link.path("max_mtu").asText(),
                        "on " + link.path("link").asText(link.path("link_index").asText("-")),
                        "of namespace " + link.path("link_netnsid").asText("-"),
                        "in " + link.path("master").asText("-"),
                        "group " + link.path("group").asText().replace("default", "0"),
                        "queue " + link.path("txqlen").asText("0"),
                        link.path("operstate").asText(),
                        "at " + link.path("address").asText(),
                        "alias " + link.path("ifalias").asText("-"),
                        "also " + texts(link.path("altnames")),
                        link.path("inet6_addr_gen_mode").asText(),
                        kind(link.path("linkinfo"))));

        assertEquals(expected, lines(socket.links().stream(), this::line));
        assertEquals(18, expected.size(), "lo and seventeen more");
    }

    /// A link that is down may or may not have one: `ip` does not say.
    private static String carrier(List<String> flags) {
        return !flags.contains("UP") ? "-" : flags.contains("NO-CARRIER") ? "no" : "yes";
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asText).toList();
    }

    private static String kind(JsonNode info) {
        JsonNode data = info.path("info_data");
        return switch (info.path("info_kind").asText()) {
            case "ipvlan", "ipvtap" ->
                info.path("info_kind").asText() + " " + data.path("mode").asText() + " "
                        + Stream.of("bridge", "private", "vepa")
                                .filter(data::has)
                                .toList();
            case "vlan" ->
                "vlan " + data.path("id").asText() + " " + data.path("protocol").asText() + " "
                        + texts(data.path("flags")) + map(data.path("ingress_qos")) + map(data.path("egress_qos"));
            case "macvlan" -> "macvlan " + data.path("mode").asText() + (data.has("nopromisc") ? " nopromisc" : "");
            case "tun" ->
                String.join(
                        " ",
                        "tun",
                        data.path("type").asText(),
                        data.path("pi").asText(),
                        data.path("vnet_hdr").asText(),
                        data.path("multi_queue").asText(),
                        data.path("persist").asText(),
                        data.path("user").asText("-"),
                        data.path("group").asText("-"));
            case "bridge" ->
                String.join(
                        " ",
                        "bridge",
                        data.path("forward_delay").asText(),
                        data.path("hello_time").asText(),
                        data.path("max_age").asText(),
                        data.path("ageing_time").asText(),
                        data.path("stp_state").asText(),
                        data.path("priority").asText(),
                        data.path("vlan_filtering").asText());
            case "bond" ->
                "bond " + data.path("mode").asText() + " " + data.path("miimon").asText();
            default -> info.path("info_kind").asText("-");
        };
    }

    private static String map(JsonNode lines) {
        return lines.valueStream()
                .map(line ->
                        " " + line.path("from").asText() + ":" + line.path("to").asText())
                .collect(Collectors.joining());
    }

    private static String map(List<LinkInfo.Vlan.PriorityMap> lines) {
        return lines.stream().map(line -> " " + line.from() + ":" + line.to()).collect(Collectors.joining());
    }

    private static String kind(LinkInfo info) {
        return switch (info) {
            case LinkInfo.Ipvlan(int mode, int flags) -> "ipvlan " + modeAndFlags(mode, flags);
            case LinkInfo.Ipvtap(int mode, int flags) -> "ipvtap " + modeAndFlags(mode, flags);
            case LinkInfo.Vlan vlan ->
                "vlan " + vlan.id() + (vlan.protocol() == LinkInfo.Vlan.DOT1Q ? " 802.1Q " : " 802.1ad ")
                        + Stream.of(
                                        (vlan.flags() & LinkInfo.Vlan.REORDER_HEADER) != 0 ? "REORDER_HDR" : "",
                                        (vlan.flags() & LinkInfo.Vlan.GVRP) != 0 ? "GVRP" : "")
                                .filter(flag -> !flag.isEmpty())
                                .toList()
                        + map(vlan.ingress()) + map(vlan.egress());
            case LinkInfo.Macvlan macvlan ->
                "macvlan "
                        + Map.of(LinkInfo.Macvlan.BRIDGE, "bridge", LinkInfo.Macvlan.PASSTHRU, "passthru")
                                .get(macvlan.mode())
                        + (macvlan.flags() == LinkInfo.Macvlan.NO_PROMISCUITY ? " nopromisc" : "");
            case LinkInfo.Tun tun ->
                String.join(
                        " ",
                        "tun",
                        tun.type() == LinkInfo.Tun.TUN ? "tun" : "tap",
                        "" + tun.packetInfo(),
                        "" + tun.vnetHeader(),
                        "" + tun.multiQueue(),
                        "" + tun.persistent(),
                        number(tun.owner()),
                        number(tun.group()));
            case LinkInfo.Bridge bridge ->
                String.join(
                        " ",
                        "bridge",
                        "" + bridge.forwardDelay(),
                        "" + bridge.helloTime(),
                        "" + bridge.maxAge(),
                        "" + bridge.ageingTime(),
                        "" + bridge.stpState(),
                        "" + bridge.priority(),
                        bridge.vlanFiltering() ? "1" : "0");
            case LinkInfo.Bond bond -> "bond " + (bond.mode() == 1 ? "active-backup" : "?") + " " + bond.miimon();
            default -> info.kind();
        };
    }

    private static String modeAndFlags(int mode, int flags) {
        return List.of("l2", "l3", "l3s").get(mode) + " ["
                + List.of("bridge", "private", "vepa").get(flags) + "]";
    }

    private String line(LinkMessage link) {
        return String.join(
                " ",
                Integer.toString(link.index()),
                link.name(),
                HARDWARE_TYPES.getOrDefault(link.hardwareType(), "?"),
                LINK_FLAGS.entrySet().stream()
                        .filter(flag -> (link.flags() & flag.getValue()) != 0)
                        .map(Map.Entry::getKey)
                        .sorted()
                        .toList()
                        .toString(),
                "carrier " + (!link.isUp() ? "-" : link.carrier() ? "yes" : "no"),
                Integer.toString(link.mtu()),
                "of " + link.minMtu() + " to " + link.maxMtu(),
                "on "
                        + (link.linkNamespace().isPresent()
                                ? number(link.link())
                                : name(link.link().orElse(0))),
                "of namespace " + number(link.linkNamespace()),
                "in " + name(link.master().orElse(0)),
                "group " + link.group(),
                "queue " + link.queueLength(),
                STATES.get(link.operationalState()),
                "at " + link.address(),
                "alias " + link.alias().orElse("-"),
                "also " + link.alternativeNames(),
                GENERATIONS.get(link.addressGeneration().orElseThrow()),
                link.info().map(DumpIT::kind).orElse("-"));
    }

    @Test
    void countersAreWhatIpLists() throws NetlinkException {
        Command.runIn(namespace, "ping", "-n", "-c", "2", "-i", "0.2", "127.0.0.1");

        JsonNode shown = Command.ip(namespace, "-statistics", "link", "show", "lo")
                .getFirst()
                .path("stats64");
        LinkStatistics statistics = socket.link(LinkLookup.byName("lo").withStatistics())
                .orElseThrow()
                .statistics()
                .orElseThrow();

        assertEquals(
                shown.path("rx").path("packets").asLong(), statistics.received().packets());
        assertEquals(
                shown.path("rx").path("bytes").asLong(), statistics.received().bytes());
        assertEquals(
                shown.path("tx").path("packets").asLong(), statistics.sent().packets());
        assertEquals(shown.path("tx").path("bytes").asLong(), statistics.sent().bytes());
        assertEquals(
                shown.path("rx").path("errors").asLong(), statistics.received().errors());
        assertEquals(
                shown.path("rx").path("dropped").asLong(), statistics.received().dropped());
        assertEquals(shown.path("rx").path("multicast").asLong(), statistics.multicast());
        assertEquals(shown.path("tx").path("errors").asLong(), statistics.sent().errors());
        assertEquals(
                shown.path("tx").path("dropped").asLong(), statistics.sent().dropped());
        assertEquals(shown.path("tx").path("collisions").asLong(), statistics.collisions());
        assertEquals(4, statistics.sent().packets());
    }

    @Test
    void addressesAreWhatIpLists() throws NetlinkException {
        List<String> expected = lines(
                Command.ip(namespace, "-N", "address").stream()
                        .flatMap(link -> link.path("addr_info")
                                .valueStream()
                                .map(address -> String.join(
                                        " ",
                                        link.path("ifname").asText(),
                                        address.path("local").asText() + "/"
                                                + address.path("prefixlen").asText(),
                                        "peer " + address.path("address").asText("-"),
                                        "broadcast " + address.path("broadcast").asText("-"),
                                        "label " + address.path("label").asText("-"),
                                        address.path("scope").asText(),
                                        "metric " + address.path("metric").asText("0"),
                                        about(address.path("valid_life_time").asLong()),
                                        about(address.path("preferred_life_time")
                                                .asLong()),
                                        Stream.of(
                                                        "secondary",
                                                        "autojoin",
                                                        "tentative",
                                                        "nodad",
                                                        "noprefixroute",
                                                        "deprecated",
                                                        "home",
                                                        "mngtmpaddr",
                                                        "dynamic")
                                                .filter(address::has)
                                                .toList()
                                                .toString()))),
                Function.identity());

        assertEquals(
                expected,
                lines(
                        socket.addresses().stream(),
                        address -> String.join(
                                " ",
                                name(address.index()),
                                address.address().toString(),
                                "peer " + address.peer().map(Object::toString).orElse("-"),
                                "broadcast "
                                        + address.broadcast()
                                                .map(Object::toString)
                                                .orElse("-"),
                                "label " + address.label().orElse("-"),
                                "" + address.scope(),
                                "metric " + address.metric(),
                                about(address.lifetime().valid()),
                                about(address.lifetime().preferred()),
                                flags(address.flags()).toString())));
        assertEquals(11, expected.size(), "two of lo and nine more");
    }

    /// Times run between the two listings.
    private static String about(long seconds) {
        return "about " + (seconds + 500) / 1000 + "000 s";
    }

    private static List<String> flags(int flags) {
        return Stream.of(
                        (flags & AddressFlag.SECONDARY) != 0 ? "secondary" : "",
                        (flags & AddressFlag.JOIN_MULTICAST) != 0 ? "autojoin" : "",
                        (flags & AddressFlag.TENTATIVE) != 0 ? "tentative" : "",
                        (flags & AddressFlag.NO_DETECTION) != 0 ? "nodad" : "",
                        (flags & AddressFlag.NO_PREFIX_ROUTE) != 0 ? "noprefixroute" : "",
                        (flags & AddressFlag.DEPRECATED) != 0 ? "deprecated" : "",
                        (flags & AddressFlag.HOME) != 0 ? "home" : "",
                        (flags & AddressFlag.MANAGE_TEMPORARY) != 0 ? "mngtmpaddr" : "",
                        (flags & AddressFlag.PERMANENT) == 0 ? "dynamic" : "")
                .filter(flag -> !flag.isEmpty())
                .toList();
    }

    @Test
    void routesAreWhatIpLists() throws NetlinkException {
        for (IpFamily family : IpFamily.values()) {
            String option = family == IpFamily.IPV4 ? "-4" : "-6";
            List<String> expected = lines(
                    Command.ip(namespace, "-N", "-details", option, "route", "show", "table", "all").stream(),
                    route -> String.join(
                            " ",
                            route.path("type").asText("1"),
                            destination(route.path("dst").asText(), family),
                            "via " + gateway(route),
                            "dev " + route.path("dev").asText("-"),
                            "src " + route.path("prefsrc").asText("-"),
                            "metric " + route.path("metric").asText("0"),
                            "table " + route.path("table").asText("254"),
                            "scope " + route.path("scope").asText("0"),
                            "protocol " + route.path("protocol").asText("3"),
                            "tos " + route.path("tos").asText("0x00"),
                            route.path("metrics").path(0).path("mtu").asText("-"),
                            route.path("metrics").path(0).path("advmss").asText("-"),
                            route.path("metrics").path(0).path("hoplimit").asText("-"),
                            route.path("metrics").path(0).path("window").asText("-"),
                            route.path("metrics").path(0).path("congestion").asText("-"),
                            texts(route.path("flags")).contains("onlink") ? "onlink" : "",
                            "object " + route.path("nhid").asText("-"),
                            about(route.path("expires").asLong(0)),
                            "pref " + route.path("pref").asText("-"),
                            route.path("nexthops")
                                    .valueStream()
                                    .map(hop -> gateway(hop) + " "
                                            + hop.path("dev").asText("-") + " "
                                            + hop.path("weight").asText()
                                            + (texts(hop.path("flags")).contains("onlink") ? " onlink" : ""))
                                    .toList()
                                    .toString()));

            assertEquals(
                    expected,
                    lines(
                            socket.routes().stream()
                                    .filter(route -> route.destination().family() == family),
                            this::line));
            assertEquals(expected, lines(socket.routes(RouteQuery.all().ofFamily(family)).stream(), this::line));
        }
    }

    private static String gateway(JsonNode route) {
        return route.path("gateway").asText(route.path("via").path("host").asText("-"));
    }

    private static String destination(String text, IpFamily family) {
        return text.equals("default")
                ? (family == IpFamily.IPV4 ? "0.0.0.0/0" : "::/0")
                : text.contains("/") ? text : text + "/" + family.bits();
    }

    private String line(RouteMessage route) {
        return String.join(
                " ",
                Integer.toString(route.type()),
                route.destination().toString(),
                "via " + route.gateway().map(Object::toString).orElse("-"),
                "dev " + name(route.device().orElse(0)),
                "src " + route.source().map(Object::toString).orElse("-"),
                "metric " + route.metric(),
                "table " + route.table(),
                "scope " + route.scope(),
                "protocol " + route.protocol(),
                "tos 0x%02x".formatted(route.typeOfService()),
                number(route.metrics().value(RouteMetrics.MTU)),
                number(route.metrics().value(RouteMetrics.ADVERTISED_SEGMENT)),
                number(route.metrics().value(RouteMetrics.HOP_LIMIT)),
                number(route.metrics().value(RouteMetrics.WINDOW)),
                route.metrics().congestionControl().orElse("-"),
                route.isOnLink() ? "onlink" : "",
                "object " + number(route.nextHopObject()),
                about(route.expires().orElse(0)),
                "pref "
                        + (route.preference().isEmpty()
                                ? "-"
                                : List.of("medium", "high")
                                        .get(route.preference().getAsInt())),
                route.nextHops().stream()
                        .map(hop -> hop.gateway().map(Object::toString).orElse("-") + " "
                                + name(hop.device().orElse(0)) + " " + hop.weight()
                                + ((hop.flags() & 4) != 0 ? " onlink" : "")) // RTNH_F_ONLINK
                        .toList()
                        .toString());
    }

    private static String number(OptionalInt number) {
        return number.isPresent() ? Integer.toString(number.getAsInt()) : "-";
    }

    @Test
    void rulesAreWhatIpLists() throws NetlinkException {
        for (IpFamily family : IpFamily.values()) {
            String option = family == IpFamily.IPV4 ? "-4" : "-6";
            List<String> expected = lines(
                    Command.ip(namespace, "-N", "-details", option, "rule").stream(),
                    rule -> String.join(
                            " ",
                            rule.path("priority").asText(),
                            prefix(rule.path("src"), rule.path("srclen"), family),
                            prefix(rule.path("dst"), rule.path("dstlen"), family),
                            rule.path("iif").asText("-"),
                            rule.path("oif").asText("-"),
                            rule.path("fwmark").asText("-"),
                            rule.path("fwmask").asText("-"),
                            rule.path("table").asText("0"),
                            rule.has("not") ? "not" : "",
                            "protocol " + rule.path("protocol").asText("0"),
                            "action " + action(rule),
                            "tos " + rule.path("tos").asText("0x00"),
                            rule.path("ipproto").asText("-").replace("ipproto-", ""),
                            "from port " + range(rule, "sport"),
                            "to port " + range(rule, "dport"),
                            "of user " + range(rule, "uid"),
                            "not shorter than "
                                    + rule.path("suppress_prefixlen").asText("-"),
                            "not of group " + rule.path("suppress_ifgroup").asText("-"),
                            rule.has("l3mdev") ? "l3mdev" : ""));

            assertEquals(expected, lines(socket.rules(family).stream(), this::line));
            assertEquals(expected, lines(socket.rules().stream().filter(rule -> rule.family() == family), this::line));
        }
    }

    private static String action(JsonNode rule) {
        return rule.has("goto")
                ? "2 to " + rule.path("goto").asText()
                : rule.path("action").asText("1") + " to -";
    }

    private static String range(JsonNode rule, String name) {
        return rule.has(name)
                ? rule.path(name).asText() + "-" + rule.path(name).asText()
                : rule.path(name + "_start").asText("") + "-"
                        + rule.path(name + "_end").asText("");
    }

    private static String range(Optional<RuleMessage.Range> range) {
        return range.map(each -> each.first() + "-" + each.last()).orElse("-");
    }

    private static String prefix(JsonNode address, JsonNode length, IpFamily family) {
        String text = address.asText("all");
        return text.equals("all") ? "all" : text + "/" + length.asText("" + family.bits());
    }

    private String line(RuleMessage rule) {
        return String.join(
                " ",
                Integer.toString(rule.priority()),
                rule.source().map(Object::toString).orElse("all"),
                rule.destination().map(Object::toString).orElse("all"),
                rule.incoming().orElse("-"),
                rule.outgoing().orElse("-"),
                rule.mark()
                        .map(mark -> "0x" + Integer.toHexString(mark.value()))
                        .orElse("-"),
                rule.mark().map(mark -> "0x" + Integer.toHexString(mark.mask())).orElse("-"),
                Integer.toString(rule.table()),
                rule.isInverted() ? "not" : "",
                "protocol " + rule.protocol(),
                "action " + rule.action() + " to " + number(rule.gotoPriority()),
                "tos 0x%02x".formatted(rule.typeOfService()),
                number(rule.ipProtocol()),
                "from port " + range(rule.sourcePorts()),
                "to port " + range(rule.destinationPorts()),
                "of user " + range(rule.users()),
                "not shorter than " + number(rule.suppressPrefixLength()),
                "not of group " + number(rule.suppressGroup()),
                rule.ofMaster() ? "l3mdev" : "");
    }

    @Test
    void neighboursAreWhatIpLists() throws NetlinkException {
        List<String> expected = lines(
                Command.ip(namespace, "-N", "neigh", "show", "nud", "all").stream()
                        .filter(neighbour ->
                                !neighbour.path("state").path(0).asText().equals("NOARP")),
                neighbour -> String.join(
                        " ",
                        neighbour.path("dst").asText(),
                        neighbour.path("dev").asText(),
                        neighbour.path("lladdr").asText("-"),
                        neighbour.path("state").path(0).asText(""),
                        neighbour.has("router") ? "router" : "",
                        neighbour.has("extern_learn") ? "learned" : "",
                        neighbour.path("protocol").asText("0")));

        assertEquals(
                expected,
                lines(
                        socket.neighbours().stream().filter(neighbour -> neighbour.state() != NeighbourState.NO_ARP),
                        this::line));
        assertEquals(
                lines(
                        Command.ip(namespace, "neigh", "show", "proxy").stream(),
                        neighbour -> neighbour.path("dst").asText() + " "
                                + neighbour.path("dev").asText()),
                lines(
                        socket.neighbours(NeighbourQuery.proxies()).stream(),
                        neighbour -> neighbour.address() + " " + name(neighbour.index())));
    }

    private String line(NeighbourMessage neighbour) {
        return String.join(
                " ",
                neighbour.address().toString(),
                name(neighbour.index()),
                neighbour.hardwareAddress().map(Object::toString).orElse("-"),
                NEIGHBOUR_STATES.getOrDefault(neighbour.state(), "" + neighbour.state()),
                (neighbour.flags() & NeighbourFlag.ROUTER) != 0 ? "router" : "",
                (neighbour.flags() & NeighbourFlag.EXTERNALLY_LEARNED) != 0 ? "learned" : "",
                "" + neighbour.protocol());
    }

    @Test
    void namespaceNumbersAreWhatIpLists() throws NetlinkException {
        assertEquals(
                Command.ip(namespace, "netns", "list-id").stream()
                        .map(each -> each.path("nsid").asInt())
                        .toList(),
                socket.namespaceIds());
        assertEquals(List.of(FAR_NAMESPACE), socket.namespaceIds());
    }

    @Test
    void filtersLeaveOutWhatIsNotAskedFor() throws NetlinkException {
        int bridge = socket.link("br0").orElseThrow().index();
        int dummy = socket.link("d0").orElseThrow().index();

        assertEquals(List.of("v0", "v1"), names(LinkQuery.all().ofKind("veth")));
        assertEquals(List.of("v1"), names(LinkQuery.all().ofMaster(bridge)));
        assertEquals(List.of("v1"), names(LinkQuery.all().ofMaster(bridge).ofKind("veth")));
        assertEquals(List.of(), names(LinkQuery.all().ofKind("there-is-none")));
        assertTrue(socket.addresses(AddressQuery.all().ofLink(dummy).ofFamily(IpFamily.IPV6)).stream()
                .allMatch(
                        address -> address.index() == dummy && address.address().family() == IpFamily.IPV6));
        assertEquals(7, socket.addresses(AddressQuery.all().ofLink(dummy)).size());
        assertEquals(1, socket.routes(RouteQuery.all().ofTable(1000)).size());
        assertEquals(2, socket.routes(RouteQuery.all().ofTable(100)).size());
        assertEquals(List.of(), socket.routes(RouteQuery.all().ofTable(7)));
        assertEquals(List.of(), socket.routes(RouteQuery.all().ofTable(7).ofFamily(IpFamily.IPV4)));
        assertEquals(List.of(), socket.routes(RouteQuery.all().ofTable(7).ofFamily(IpFamily.IPV6)));
        assertEquals(1, socket.routes(RouteQuery.all().ofProtocol(99)).size());
        assertEquals(
                2, socket.routes(RouteQuery.all().ofType(RouteType.BLACKHOLE)).size());
        assertTrue(socket.routes(RouteQuery.all().byDevice(dummy)).size() > 3);
        assertEquals(
                3,
                socket.neighbours(NeighbourQuery.all().ofLink(dummy)).stream()
                        .filter(neighbour -> neighbour.state() != NeighbourState.NO_ARP)
                        .count());
        assertEquals(
                List.of(),
                socket.neighbours(NeighbourQuery.all().ofMaster(bridge)).stream()
                        .filter(neighbour -> neighbour.state() != NeighbourState.NO_ARP)
                        .toList());
    }

    private List<String> names(LinkQuery query) throws NetlinkException {
        return socket.links(query).stream().map(LinkMessage::name).sorted().toList();
    }
}
