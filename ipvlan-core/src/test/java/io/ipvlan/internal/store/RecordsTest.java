package io.ipvlan.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipv6Policy;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.RandomNetworks;
import io.ipvlan.Refusal;
import io.ipvlan.Route;
import io.ipvlan.internal.kernel.NamespaceId;
import io.ipvlan.internal.store.Records.EndpointRecord;
import io.ipvlan.internal.store.Records.HostRecord;
import io.ipvlan.internal.store.Records.MadeLink;
import io.ipvlan.internal.store.Records.NetworkRecord;
import io.ipvlan.internal.store.Records.Stage;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsTest {
    private static final ParentLink ETH0 =
            new ParentLink(Optional.empty(), new NamespaceId(4, 4026531999L, 1), "eth0", 2, false);
    private static final NetworkRecord NETWORK = new NetworkRecord(
            IpvlanNetwork.builder("lan")
                    .parent("eth0")
                    .subnet(Subnet.of("192.168.1.0/24")
                            .withGateway("192.168.1.254")
                            .withRange("192.168.1.128/25")
                            .withReserved("192.168.1.130", "192.168.1.131"))
                    .subnet(Subnet.of("10.1.0.0/24").noGateway())
                    .mtu(1400)
                    .label("owner", "a team")
                    .build(),
            Stage.PRESENT,
            false,
            List.of(),
            ETH0,
            Optional.empty(),
            List.of());
    private static final EndpointRecord ENDPOINT = new EndpointRecord(
            "web-1",
            Stage.PRESENT,
            Instant.parse("2026-11-26T12:00:00.123456789Z"),
            EndpointSpec.in(Netns.ofName("blue"))
                    .withId("web-1")
                    .withRoute(Route.to("10.9.0.0/16").via("192.168.1.1"))
                    .withSysctl("net.ipv4.conf.IFNAME.arp_notify", "1"),
            "eth0",
            1048577,
            List.of(IpCidr.parse("192.168.1.130/24"), IpCidr.parse("2001:db8::2/64")),
            new NamespaceId(4, 4026531840L, 8193));

    @Provide
    Arbitrary<NetworkRecord> networks() {
        Arbitrary<List<IpPrefix>> drawn = Arbitraries.of("172.17.0.0/16", "192.168.16.0/20", "fd00::/64")
                .map(IpPrefix::parse)
                .list()
                .uniqueElements()
                .ofMaxSize(3);
        Arbitrary<ParentLink> parents = Arbitraries.of(
                ETH0,
                new ParentLink(Optional.of(Netns.ofPid(17)), new NamespaceId(4, 5, 0), "é", Integer.MAX_VALUE, true));
        Arbitrary<HostRecord> hosts = Arbitraries.of(
                new HostRecord(1, List.of(), List.of()),
                new HostRecord(
                        7,
                        List.of(IpAddress.parse("10.0.0.1"), IpAddress.parse("2001:db8::1")),
                        List.of(IpCidr.parse("10.0.0.250/24"))));
        Arbitrary<List<MadeLink>> making = Arbitraries.of(
                List.of(), List.of(new MadeLink("a", 1)), List.of(new MadeLink("eth0.7", 1), new MadeLink("é", 2)));
        return Combinators.combine(
                        RandomNetworks.any(),
                        Arbitraries.of(Stage.class),
                        Arbitraries.of(true, false),
                        drawn,
                        parents,
                        hosts.optional(),
                        making)
                .as(NetworkRecord::new);
    }

    @Provide
    Arbitrary<EndpointRecord> endpoints() {
        Arbitrary<Netns> netns = Arbitraries.of(
                Netns.ofPid(1),
                Netns.ofPid(Long.MAX_VALUE),
                Netns.ofName("blue"),
                Netns.ofName(" = #é"),
                Netns.ofPath(Path.of("/run/netns/a b")),
                Netns.ofPath(Path.of("/proc/1/ns/net")));
        Arbitrary<List<IpCidr>> addresses = Arbitraries.of("10.0.0.1/24", "10.0.0.2/32", "2001:db8::1/64", "::5/0")
                .map(IpCidr::parse)
                .list()
                .ofMaxSize(12);
        return Combinators.combine(
                        RandomNetworks.names(),
                        Arbitraries.of(Stage.class),
                        Arbitraries.longs().between(0, 4_000_000_000L).map(Instant::ofEpochSecond),
                        netns.flatMap(RecordsTest::specs),
                        Arbitraries.of("eth0", "é", "a=b", "#a"),
                        Arbitraries.integers().greaterOrEqual(1),
                        addresses,
                        Combinators.combine(Arbitraries.longs(), Arbitraries.longs(), Arbitraries.longs())
                                .as(NamespaceId::new))
                .as(EndpointRecord::new);
    }

    private static Arbitrary<EndpointSpec> specs(Netns netns) {
        EndpointSpec plain = EndpointSpec.in(netns);
        Route everything = Route.to("10.0.0.0/8")
                .via("192.168.1.9")
                .metric(7)
                .table(1048577)
                .source(IpAddress.parse("192.168.1.2"))
                .mtu(1400)
                .gatewayIsOnLink();
        return Arbitraries.of(
                plain,
                plain.withId("a").withAddress("10.0.0.1").withAddress("::5").withoutDefaultRoute(),
                plain.withAddresses(IpFamily.IPV4, 7).withAddresses(IpFamily.IPV6, 0),
                plain.withInterfaceName("a=b").withDefaultRouteMetric(0).withSourceRules(),
                plain.withRoute(everything)
                        .withRoute(Route.blackhole("2001:db8::/32"))
                        .withMtu(68),
                plain.withSysctl("net.ipv6.conf.IFNAME.accept_ra", " = \\# ").withIpv6(Ipv6Policy.ROUTER));
    }

    @Property
    void aNetworkIsReadAsItWasWritten(@ForAll("networks") NetworkRecord network) {
        String text = Records.write(network);

        String key = network.description().name();
        assertEquals(network, Records.network(key, text));
        assertEquals(text, Records.write(Records.network(key, text)), "the same record is the same text");
    }

    @Property
    void anEndpointIsReadAsItWasWritten(@ForAll("endpoints") EndpointRecord endpoint) {
        String text = Records.write(endpoint);

        String key = "net/" + endpoint.id();
        assertEquals(endpoint, Records.endpoint(key, text));
        assertEquals(text, Records.write(Records.endpoint(key, text)));
    }

    @Property
    void theTextOfAnotherStageIsThatOfTheEndpointAtIt(
            @ForAll("endpoints") EndpointRecord endpoint, @ForAll Stage stage) {
        assertEquals(Records.write(endpoint.at(stage, endpoint.since())), Records.at(stage, Records.write(endpoint)));
    }

    /// A later version has to read these texts.
    @Test
    void severalRangesAndNamedReservationsAreKept() {
        Subnet subnet = Subnet.of("192.168.1.0/24")
                .withRanges("192.168.1.16/28", "192.168.1.128/25")
                .withExcluded("192.168.1.200-192.168.1.209", "192.168.1.220/32")
                .withReserved("192.168.1.131")
                .withReservation("printer", IpAddress.parse("192.168.1.132"));
        NetworkRecord network = new NetworkRecord(
                IpvlanNetwork.builder("n").parent("eth0").subnet(subnet).build(),
                Stage.PRESENT,
                false,
                List.of(),
                ETH0,
                Optional.empty(),
                List.of());

        assertEquals(network, Records.network("n", Records.write(network)));
    }

    @Test
    void theFormatStaysTheSame() {
        assertEquals("""
                auto=
                cool-down=PT0S
                ephemeral=false
                flag=BRIDGE
                host-access=false
                internal=false
                label.owner=a team
                link.index=2
                link.name=eth0
                link.netns.cookie=1
                link.netns.device=4
                link.netns.inode=4026531999
                link.owned=false
                mode=L2
                mtu=1400
                name=lan
                parent.link=eth0
                stage=PRESENT
                strategy=LOWEST
                subnet.0=192.168.1.0/24
                subnet.0.gateway=192.168.1.254
                subnet.0.range=192.168.1.128-192.168.1.255
                subnet.0.reserved=192.168.1.130 192.168.1.131
                subnet.1=10.1.0.0/24
                subnet.1.gateway=none
                version=1
                """, Records.write(NETWORK));
        assertEquals("""
                address.0=192.168.1.130/24
                address.1=2001\\:db8\\:\\:2/64
                default-route=true
                id=web-1
                link.index=1048577
                link.name=eth0
                netns.cookie=8193
                netns.device=4
                netns.inode=4026531840
                netns.name=blue
                route.0=10.9.0.0/16
                route.0.gateway=192.168.1.1
                route.0.on-link=false
                route.0.type=UNICAST
                since=2026-11-26T12\\:00\\:00.123456789Z
                source-rules=false
                stage=PRESENT
                sysctl.net.ipv4.conf.IFNAME.arp_notify=1
                version=1
                wanted.id=web-1
                """, Records.write(ENDPOINT));
    }

    /// Written by a kernel that has no cookies, or before they were.
    @Test
    void aNamespaceWithoutACookieIsReadAndMatchesTheOneItWas() {
        String text = without(Records.write(ENDPOINT), "netns.cookie");

        NamespaceId read = Records.endpoint("lan/web-1", text).namespace();
        assertEquals(new NamespaceId(4, 4026531840L, 0), read);
        assertTrue(read.matches(ENDPOINT.namespace()));
        assertTrue(ENDPOINT.namespace().matches(read));
        assertFalse(ENDPOINT.namespace().matches(new NamespaceId(4, 4026531840L, 8194)));
        assertFalse(read.matches(new NamespaceId(4, 4026531841L, 0)));
    }

    private static void unreadable(String reason, Executable reading) {
        String refused = Refusal.of(UncheckedIOException.class, reading);
        assertTrue(refused.startsWith("the network store holds an unreadable record 'lan"), refused);
        assertTrue(refused.contains(reason), refused);
    }

    @Test
    void anotherVersionIsRefusedNotGuessedAt() {
        String network = Records.write(NETWORK).replace("version=1", "version=2");
        String endpoint = Records.write(ENDPOINT).replace("version=1", "version=0");

        unreadable("its version is 2, and this library reads 1", () -> Records.network("lan/x", network));
        unreadable("its version is 0", () -> Records.endpoint("lan/web-1", endpoint));
    }

    @Test
    void aRecordUnderAnothersKeyIsRefused() {
        String endpoint = Records.write(ENDPOINT);
        unreadable("it is the record of 'web-1'", () -> Records.endpoint("lan/copy", endpoint));
        unreadable(
                "it is the record of '" + NETWORK.description().name() + "'",
                () -> Records.network("lan-copy", Records.write(NETWORK)));
    }

    private static String without(String text, String key) {
        String shorter =
                text.lines().filter(line -> !line.startsWith(key + "=")).collect(Collectors.joining("\n"));
        assertFalse(shorter.lines().count() == text.lines().count(), key);
        return shorter;
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "name", "mode", "flag", "internal", "auto", "strategy"})
    void aNetworkWithAMissingKeyIsRefusedNamingIt(String key) {
        String text = without(Records.write(NETWORK), key);

        unreadable("it has no '" + key + "'", () -> Records.network("lan/x", text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "id", "link.name", "link.index", "default-route", "netns.device", "netns.inode"})
    void anEndpointWithAMissingKeyIsRefusedNamingIt(String key) {
        String text = without(Records.write(ENDPOINT), key);

        unreadable("it has no '" + key + "'", () -> Records.endpoint("lan/web-1", text));
    }

    @Test
    void anEndpointWithoutANamespaceIsRefused() {
        String text = without(Records.write(ENDPOINT), "netns.name");

        unreadable("it names no network namespace", () -> Records.endpoint("lan/web-1", text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "garbage", "\u0000\u0001", "version=\\u00zz", "<xml/>", "version=1"})
    void garbageIsRefused(String text) {
        unreadable("", () -> Records.network("lan/x", text));
        unreadable("", () -> Records.endpoint("lan/web-1", text));
    }

    @ParameterizedTest
    @CsvSource({
        "mode=L2, mode=L4",
        "flag=BRIDGE, flag=bridge",
        "auto=, auto=IPV5",
        "auto=, auto=IPV4  IPV6",
        "mtu=1400, mtu=much",
        "mtu=1400, mtu=1",
        "name=lan, name=../lan",
        "parent.link=eth0, parent.link=lo",
        "parent.link=eth0, parent.other=eth0",
        "internal=false, internal=no",
        "cool-down=PT0S, cool-down=1s",
        "subnet.1=10.1.0.0/24, subnet.1=10.1.0.1/24",
        "subnet.1=10.1.0.0/24, subnet.1=192.168.1.0/25",
        "192.168.1.254, 10.9.9.9",
        "192.168.1.128-, 10.9.9.9-",
        "192.168.1.131, nobody"
    })
    void aNetworkThatCouldNotBeDescribedIsRefused(String found, String replacement) {
        String text = Records.write(NETWORK);
        assertTrue(text.contains(found), text);

        unreadable("", () -> Records.network("lan/x", text.replace(found, replacement)));
    }

    @ParameterizedTest
    @CsvSource({
        "index=1048577, index=x",
        "route.0.type=UNICAST, route.0.type=LOCAL",
        "arp_notify=1, arp_notify=",
        "netns.inode=4026531840, netns.inode=4026531840.5",
        "netns.cookie=8193, netns.cookie=",
        "netns.name=blue, netns.name=../blue",
        "netns.name=blue, netns.pid=0",
        "address.0=192.168.1.130/24, address.0=192.168.1.130"
    })
    void anEndpointThatCouldNotBeIsRefused(String found, String replacement) {
        String text = Records.write(ENDPOINT);
        assertTrue(text.contains(found), text);

        unreadable("", () -> Records.endpoint("lan/web-1", text.replace(found, replacement)));
    }
}
