package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.netlink.Command;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.Wires;
import io.ipvlan.netlink.netns.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Makes one of everything with `ip`, and writes down what the kernel says about it, into
/// `target/it-reports/golden/<kernel release>`. Copied to `src/test/resources/golden`, and read there, they
/// are what [GoldenTest] holds the decoders against on any machine.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenCaptureIT {
    /// A name, a command, and what to look for: its sort and its name, index, destination and so on.
    private static final String EXAMPLES = """
            link-loopback | ip link set lo up | link lo
            link-statistics | ip link set lo up | statistics lo
            link-dummy | ip link add dummy1 address 02:00:00:00:00:01 mtu 9000 txqueuelen 5 group 9 type dummy | link dummy1
            link-alias | ip link set dummy1 alias front | link dummy1
            link-altname | ip link property add dev dummy1 altname front altname a-name-longer-than-fifteen | link dummy1
            link-addrgenmode | ip link set dummy1 addrgenmode none | link dummy1
            link-veth | ip link add veth0 address 02:00:00:00:00:02 type veth peer name veth1 address 02:00:00:00:00:03 | link veth0
            link-vlan | ip link add link d0 name vlan5 type vlan id 5 gvrp on loose_binding on mvrp on | link vlan5
            link-vlan-qos | ip link add link d0 name vlan6 type vlan id 6 reorder_hdr off ingress-qos-map 1:2 3:4 egress-qos-map 5:6 | link vlan6
            link-vlan-ad | ip link add link d0 name vlan7 type vlan protocol 802.1ad id 7 | link vlan7
            link-ipvlan | ip link add link d0 name ipvlan0 type ipvlan mode l3s vepa | link ipvlan0
            link-ipvtap | ip link add link dummy1 name ipvtap0 type ipvtap mode l2 | link ipvtap0
            link-macvlan | ip link add link veth0 name macvlan0 address 02:00:00:00:00:04 type macvlan mode passthru nopromisc | link macvlan0
            link-bridge | ip link add bridge0 address 02:00:00:00:00:05 type bridge forward_delay 400 stp_state 1 priority 4096 | link bridge0
            link-member | ip link set veth1 master bridge0 | link veth1
            link-bond | ip link add bond0 address 02:00:00:00:00:06 type bond mode active-backup miimon 100 | link bond0
            link-tun | [ -c /dev/net/tun ] || { mkdir -p /dev/net; mknod /dev/net/tun c 10 200; }; ip tuntap add tun0 mode tun user 1000 | link tun0
            link-unknown | ip link add vrf0 address 02:00:00:00:00:07 type vrf table 10 | link vrf0
            address-loopback | ip link set lo up | address 127.0.0.1/8
            address-ipv4 | ip address add 10.1.0.1/24 dev d0 | address 10.1.0.1/24
            address-peer | ip address add 10.2.0.1 peer 10.2.0.2/32 dev d0 | address 10.2.0.1/32
            address-everything | ip address add 10.3.0.1/24 broadcast 10.3.0.255 dev d0 label d0:front scope link noprefixroute metric 7 valid_lft 1000000 preferred_lft 900000 | address 10.3.0.1/24
            address-ipv6 | ip address add 2001:db8:1::1/64 dev d0 nodad | address 2001:db8:1::1/64
            address-ipv6-flags | ip address add 2001:db8:2::1/64 dev d0 optimistic home mngtmpaddr noprefixroute | address 2001:db8:2::1/64
            address-ipv6-peer | ip address add 2001:db8:3::1 peer 2001:db8:3::2/128 dev d0 nodad | address 2001:db8:3::1/128
            address-deprecated | ip address add 2001:db8:4::1/64 dev d0 nodad preferred_lft 0 | address 2001:db8:4::1/64
            route-gateway | ip route add 10.10.0.0/16 via 10.0.0.9 | route 10.10.0.0/16
            route-default | ip route add default dev d0 src 10.0.0.1 metric 50 protocol 99 | route 0.0.0.0/0
            route-onlink | ip route add 10.11.0.0/16 via 192.0.2.1 dev d0 onlink | route 10.11.0.0/16
            route-metrics | ip route add 10.12.0.0/16 dev d0 mtu lock 1400 advmss 1360 hoplimit 9 congctl reno | route 10.12.0.0/16
            route-multipath | ip route add 10.13.0.0/16 nexthop via 10.0.0.8 weight 2 nexthop via inet6 2001:db8::9 dev d0 weight 3 nexthop dev d0 | route 10.13.0.0/16
            route-via-ipv6 | ip route add 10.14.0.0/16 via inet6 2001:db8::9 dev d0 | route 10.14.0.0/16
            route-blackhole | ip route add blackhole 10.15.0.0/16 table 1000 | route 10.15.0.0/16
            route-unreachable | ip route add unreachable 10.16.0.0/16 table 100 | route 10.16.0.0/16
            route-prohibit | ip route add prohibit 10.17.0.0/16 tos 0x10 | route 10.17.0.0/16
            route-throw | ip route add throw 10.18.0.0/16 | route 10.18.0.0/16
            route-local | ip route add local 10.19.0.0/16 dev lo | route 10.19.0.0/16
            route-object | ip nexthop add id 3 via 10.0.0.9 dev d0 && ip route add 10.20.0.0/16 nhid 3 | route 10.20.0.0/16
            route-ipv6-gateway | ip -6 route add 2001:db8:10::/48 via 2001:db8::9 pref high | route 2001:db8:10::/48
            route-ipv6-expires | ip -6 route add 2001:db8:11::/48 dev d0 expires 600000 | route 2001:db8:11::/48
            route-ipv6-multipath | ip -6 route add 2001:db8:12::/48 nexthop via 2001:db8::8 weight 2 nexthop via 2001:db8::9 | route 2001:db8:12::/48
            route-ipv6-blackhole | ip -6 route add blackhole 2001:db8:13::/48 | route 2001:db8:13::/48
            route-get | ip route get 10.10.0.1 | get 10.10.0.1
            route-get-fibmatch | ip route get fibmatch 10.10.0.1 | match 10.10.0.1
            route-get-ipv6 | ip route get 2001:db8:10::1 | get 2001:db8:10::1
            rule-local | ip rule | rule 0
            rule-table | ip rule add from 10.0.1.0/24 to 10.9.0.0/16 table 1000 priority 100 protocol 99 | rule 100
            rule-mark | ip rule add not fwmark 7/0xff iif d0 oif lo table 200 priority 101 | rule 101
            rule-ports | ip rule add ipproto tcp sport 80-81 dport 443 uidrange 1000-2000 table 200 priority 102 | rule 102
            rule-goto | ip rule add goto 104 priority 103 | rule 103
            rule-suppress | ip rule add table main suppress_prefixlength 0 suppress_ifgroup 9 priority 104 | rule 104
            rule-prohibit | ip rule add prohibit tos 0x10 priority 105 | rule 105
            rule-master | ip rule add l3mdev priority 106 | rule 106
            rule-ipv6 | ip -6 rule add from 2001:db8:1::/64 table 1000 priority 107 | rule 107
            neighbour-permanent | ip neigh add 10.0.0.5 lladdr 02:00:00:00:00:09 dev d0 protocol 99 | neighbour 10.0.0.5
            neighbour-ipv6 | ip neigh add 2001:db8::5 lladdr 02:00:00:00:00:09 dev d0 nud stale router | neighbour 2001:db8::5
            neighbour-learned | ip neigh add 10.0.0.6 lladdr 02:00:00:00:00:09 dev d0 nud reachable extern_learn | neighbour 10.0.0.6
            neighbour-proxy | ip neigh add proxy 10.0.0.7 dev d0 | proxy 10.0.0.7
            namespace-id | ip netns add golden; ip netns set golden 5; ip netns del golden | namespace 5
            """;

    private NetNamespace namespace;
    private NetlinkSocket socket;
    private Path directory;

    @BeforeAll
    void prepare() throws NetlinkException, IOException {
        namespace = NetNamespace.create();
        socket = namespace.openSocket(0);
        directory = Path.of(
                "target/it-reports/golden",
                Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
        Command.script(namespace, """
                ip link set lo up
                ip link add d0 address 02:00:00:00:00:00 type dummy
                ip link set d0 addrgenmode none
                ip link set d0 up
                ip address add 10.0.0.1/24 dev d0
                ip address add 2001:db8::1/64 dev d0 nodad""");
    }

    @AfterAll
    void close() {
        socket.close();
        namespace.close();
    }

    @Test
    void everyExampleIsWrittenDown() {
        List<String> examples = EXAMPLES.lines().toList();

        assertAll(examples.stream().map(example -> () -> {
            String[] parts = example.split(" \\| ", -1);
            assertEquals(3, parts.length, example);
            Command.script(namespace, parts[1].contains("netns") ? "true" : parts[1]);
            capture(parts[0], parts[1], parts[2].split(" ", 2)[0], parts[2].split(" ", 2)[1]);
        }));
    }

    private void capture(String name, String command, String sort, String wanted) throws NetlinkException {
        GoldenMessage found = switch (sort) {
            case "link" -> single(name, command, LinkLookup.byName(wanted));
            case "statistics" -> single(name, command, LinkLookup.byName(wanted).withStatistics());
            case "get" -> single(name, command, RouteLookup.to(IpAddress.parse(wanted)));
            case "match" ->
                single(name, command, RouteLookup.to(IpAddress.parse(wanted)).matchedRoute());
            case "address" ->
                listed(
                        name,
                        command,
                        AddressQuery.all(),
                        value -> value instanceof AddressMessage message
                                && message.address().toString().equals(wanted));
            case "route" ->
                listed(
                        name,
                        command,
                        RouteQuery.all(),
                        value -> value instanceof RouteMessage message
                                && message.destination().toString().equals(wanted));
            case "rule" ->
                listed(
                        name,
                        command,
                        new RuleQuery(null),
                        value ->
                                value instanceof RuleMessage message && message.priority() == Integer.parseInt(wanted));
            case "neighbour" -> listed(name, command, NeighbourQuery.all(), isNeighbour(wanted));
            case "proxy" -> listed(name, command, NeighbourQuery.proxies(), isNeighbour(wanted));
            case "namespace" -> namespaceId(name, command, Integer.parseInt(wanted));
            default -> throw new AssertionError(sort);
        };
        found.write(directory);
    }

    private static Predicate<Object> isNeighbour(String wanted) {
        return value -> value instanceof NeighbourMessage message
                && message.address().toString().equals(wanted);
    }

    private GoldenMessage single(String name, String command, NetlinkRequest query) throws NetlinkException {
        return socket.get(
                        query,
                        message -> new GoldenMessage(
                                name,
                                command,
                                message.type(),
                                hex(message),
                                String.valueOf(GoldenMessage.decode(message))))
                .orElseThrow();
    }

    private GoldenMessage listed(String name, String command, NetlinkRequest query, Predicate<Object> wanted)
            throws NetlinkException {
        List<GoldenMessage> found = socket.dump(query, message -> {
            Object value = GoldenMessage.decode(message);
            return value != null && wanted.test(value)
                    ? new GoldenMessage(name, command, message.type(), hex(message), value.toString())
                    : null;
        });
        assertNotNull(found.isEmpty() ? null : found, () -> name + ": not found after " + command);
        return found.getFirst();
    }

    private static String hex(NetlinkMessage message) {
        return HexFormat.of().formatHex(Wires.bodyOf(message));
    }

    /// The names of namespaces are those of the whole machine: the one that is numbered has none here.
    private GoldenMessage namespaceId(String name, String command, int id) throws NetlinkException {
        try (NetNamespace other = NetNamespace.create()) {
            socket.send(List.of(NamespaceIdRequest.assign(other, id)));
            return single(name, command, NamespaceIdRequest.lookUp(other));
        }
    }
}
