package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.netlink.Command;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What this library lists and what `ip -json` lists, for a namespace with one of everything. Both are brought to
/// the same lines of text.
class DumpIT {
    private static final Map<Integer, String> SCOPES = Map.of(0, "global", 253, "link", 254, "host");
    private static final Map<Integer, String> TABLES = Map.of(254, "main", 255, "local");
    private static final Map<Integer, String> TYPES =
            Map.of(1, "unicast", 2, "local", 3, "broadcast", 4, "anycast", 5, "multicast", 7, "unreachable");

    private NetNamespace namespace;
    private RouteSocket socket;
    private Map<Integer, String> names;

    /// No link-local addresses: they come and change by themselves, maybe between the two listings.
    @BeforeEach
    void oneOfEverything() throws NetlinkException {
        namespace = NetNamespace.create();
        socket = RouteSocket.open(namespace);
        Command.script(namespace, """
                ip link set lo up
                ip link add d0 type dummy
                ip link add d1 type dummy
                ip link add v0 type veth peer name v1
                ip link add link v0 name v0.139 type vlan id 139
                ip link add link d0 name i0 type ipvlan mode l3s vepa
                ip link add link d1 name m0 type macvlan mode bridge
                ip link add br0 type bridge
                for link in d0 d1 v0 v1 v0.139 i0 m0 br0; do ip link set $link addrgenmode none; done
                ip link set v1 master br0
                ip link set d0 mtu 9000
                for link in d0 d1 v0 v1 v0.139 i0 m0 br0; do ip link set $link up; done
                ip address add 10.0.0.1/24 dev d0
                ip address add 10.0.1.1 peer 10.0.1.2/32 dev d0
                ip address add 10.0.2.1/31 dev i0 scope link
                ip address add 2001:db8::1/64 dev d0 nodad
                ip address add 2001:db8:2::1/128 dev i0 nodad
                ip route add default via 10.0.0.9
                ip route add 10.8.0.0/16 dev d1 table 1000 metric 50
                ip route add 10.7.0.0/16 dev d0 src 10.0.0.1
                ip route add unreachable 10.9.0.0/16
                ip route add 10.6.0.0/16 nexthop via 10.0.0.8 nexthop via 10.0.0.9
                ip -6 route add default via 2001:db8::9
                ip -6 route add 2001:db8:5::/48 dev i0 metric 7""");
        names = socket.links().stream().collect(Collectors.toMap(LinkMessage::index, LinkMessage::name));
    }

    @AfterEach
    void closeEverything() {
        socket.close();
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
                        link.path("flags")
                                        .valueStream()
                                        .anyMatch(flag -> flag.asText().equals("UP"))
                                ? "up"
                                : "down",
                        link.path("mtu").asText(),
                        "on " + link.path("link").asText("-"),
                        "in " + link.path("master").asText("-"),
                        kind(link.path("linkinfo"))));

        assertEquals(expected, lines(socket.links().stream(), this::line));
        assertEquals(9, expected.size(), "lo and eight more");
    }

    private static String kind(JsonNode info) {
        JsonNode data = info.path("info_data");
        return switch (info.path("info_kind").asText()) {
            case "ipvlan" -> "ipvlan " + data.path("mode").asText() + (data.has("vepa") ? " vepa" : "");
            case "vlan" -> "vlan " + data.path("id").asText();
            default -> info.path("info_kind").asText("-");
        };
    }

    private String line(LinkMessage link) {
        String kind = link.info()
                .map(info -> switch (info) {
                    case LinkInfo.Ipvlan(int mode, int flags) ->
                        "ipvlan " + List.of("l2", "l3", "l3s").get(mode) + (flags == 2 ? " vepa" : "");
                    case LinkInfo.Vlan(int id) -> "vlan " + id;
                    case LinkInfo.Dummy dummy -> dummy.kind();
                    case LinkInfo.Unknown unknown -> unknown.kind();
                })
                .orElse("-");
        return String.join(
                " ",
                Integer.toString(link.index()),
                link.name(),
                link.isUp() ? "up" : "down",
                Integer.toString(link.mtu()),
                "on " + name(link.link().orElse(0)),
                "in " + name(link.master().orElse(0)),
                kind);
    }

    @Test
    void addressesAreWhatIpLists() throws NetlinkException {
        List<String> expected = lines(
                Command.ip(namespace, "address").stream()
                        .flatMap(link -> link.path("addr_info")
                                .valueStream()
                                .map(address -> String.join(
                                        " ",
                                        link.path("ifname").asText(),
                                        address.path("local").asText() + "/"
                                                + address.path("prefixlen").asText(),
                                        address.path("scope").asText(),
                                        address.has("tentative") ? "tentative" : "usable"))),
                Function.identity());

        assertEquals(
                expected,
                lines(
                        socket.addresses().stream(),
                        address -> String.join(
                                " ",
                                name(address.index()),
                                address.address().toString(),
                                SCOPES.get(address.scope()),
                                address.isTentative() ? "tentative" : "usable")));
        assertEquals(7, expected.size(), "two of lo and five more");
    }

    @Test
    void routesAreWhatIpLists() throws NetlinkException {
        for (IpFamily family : IpFamily.values()) {
            String option = family == IpFamily.IPV4 ? "-4" : "-6";
            List<String> expected = lines(
                    Command.ip(namespace, option, "route", "show", "table", "all").stream(),
                    route -> String.join(
                            " ",
                            route.path("type").asText("unicast"),
                            destination(route.path("dst").asText(), family),
                            "via " + route.path("gateway").asText("-"),
                            "dev " + route.path("dev").asText("-"),
                            "src " + route.path("prefsrc").asText("-"),
                            "metric " + route.path("metric").asText("0"),
                            "table " + route.path("table").asText("main"),
                            // ip shows no scope of IPv6 routes: the kernel has none
                            "scope "
                                    + (family == IpFamily.IPV6
                                            ? "-"
                                            : route.path("scope").asText("global"))));

            assertEquals(
                    expected,
                    lines(
                            socket.routes().stream()
                                    .filter(route -> route.destination().family() == family),
                            this::line));
        }
    }

    private static String destination(String text, IpFamily family) {
        return text.equals("default")
                ? (family == IpFamily.IPV4 ? "0.0.0.0/0" : "::/0")
                : text.contains("/") ? text : text + "/" + family.bits();
    }

    private String line(RouteMessage route) {
        return String.join(
                " ",
                TYPES.get(route.type()),
                route.destination().toString(),
                "via " + route.gateway().map(Object::toString).orElse("-"),
                "dev " + name(route.device().orElse(0)),
                "src " + route.source().map(Object::toString).orElse("-"),
                "metric " + route.metric(),
                "table " + TABLES.getOrDefault(route.table(), Integer.toString(route.table())),
                "scope " + (route.destination().family() == IpFamily.IPV6 ? "-" : SCOPES.get(route.scope())));
    }
}
