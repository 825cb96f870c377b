package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointSpecTest {
    private static final Netns BLUE = Netns.ofName("blue");
    private static final EndpointSpec PLAIN = EndpointSpec.in(BLUE);

    @Test
    void everythingButTheNamespaceHasADefault() {
        assertEquals(
                new EndpointSpec(
                        BLUE,
                        Optional.empty(),
                        List.of(),
                        Map.of(),
                        Optional.empty(),
                        true,
                        OptionalInt.empty(),
                        List.of(),
                        false,
                        OptionalInt.empty(),
                        Map.of(),
                        Optional.empty()),
                PLAIN);
    }

    @Test
    void eachSettingChangesACopy() {
        EndpointSpec all = PLAIN.withId("web-1")
                .withAddress("192.168.214.10")
                .withAddress(IpAddress.parse("2001:db8::10"))
                .withAddresses(IpFamily.IPV4, 2)
                .withInterfaceName("eth1")
                .withoutDefaultRoute()
                .withDefaultRouteMetric(100)
                .withRoute(Route.to("10.0.0.0/8").via("192.168.214.1"))
                .withSourceRules()
                .withMtu(1400)
                .withSysctl("net.ipv4.conf.IFNAME.arp_notify", "1")
                .withIpv6(Ipv6Policy.STATIC);

        assertEquals(
                new EndpointSpec(
                        BLUE,
                        Optional.of("web-1"),
                        List.of(IpAddress.parse("192.168.214.10"), IpAddress.parse("2001:db8::10")),
                        Map.of(IpFamily.IPV4, 2),
                        Optional.of("eth1"),
                        false,
                        OptionalInt.of(100),
                        List.of(Route.to("10.0.0.0/8").via("192.168.214.1")),
                        true,
                        OptionalInt.of(1400),
                        Map.of("net.ipv4.conf.IFNAME.arp_notify", "1"),
                        Optional.of(Ipv6Policy.STATIC)),
                all);
        assertEquals(EndpointSpec.in(BLUE), PLAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "-a", "a b", ".."})
    void anIdOfOtherCharactersIsRefusedByName(String id) {
        String refused = Refusal.of(IllegalArgumentException.class, () -> PLAIN.withId(id));

        assertTrue(refused.startsWith("'" + id + "' cannot be the id of an endpoint"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sixteen-bytes-xx", "a/b", "eth%d", "."})
    void anInterfaceNameThatNoLinkCanHaveIsRefusedByName(String name) {
        String refused = Refusal.of(IllegalArgumentException.class, () -> PLAIN.withInterfaceName(name));

        assertTrue(refused.startsWith("'" + name + "' cannot name a link"));
    }

    @Test
    void anAddressIsAskedForOnce() {
        EndpointSpec one = PLAIN.withAddress("2001:db8::1");

        String refused = Refusal.of(IllegalArgumentException.class, () -> one.withAddress("2001:0db8:0::1"));
        assertTrue(refused.contains("2001:db8::1"), refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.168.214.10/24", "192.168.214", "localhost", ""})
    void anAddressIsPlain(String text) {
        assertFalse(Refusal.of(IllegalArgumentException.class, () -> PLAIN.withAddress(text))
                .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 257})
    void theNumberOfAddressesCoversThoseNamed(int count) {
        EndpointSpec one = PLAIN.withAddress("10.0.0.1");

        String refused = Refusal.of(IllegalArgumentException.class, () -> one.withAddresses(IpFamily.IPV4, count));
        assertTrue(refused.contains("1, those that are named, to 256"), refused);
    }

    @Test
    void aFamilyMayBeLeftOut() {
        assertEquals(
                Map.of(IpFamily.IPV6, 0), PLAIN.withAddresses(IpFamily.IPV6, 0).counts());
    }

    @Test
    void aRouteLeavesByTheEndpointsOwnLink() {
        String refused = Refusal.of(
                IllegalArgumentException.class,
                () -> PLAIN.withRoute(Route.to("10.0.0.0/8").by("eth7")));
        assertTrue(refused.startsWith("route '10.0.0.0/8 dev eth7' names a device"), refused);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "net.ipv4.ip_forward",
                "net.ipv4.conf.all.forwarding",
                "net.ipv4.conf.eth0.forwarding",
                "net.ipv4.conf.IFNAME",
                "net.ipv4.conf.IFNAME.a.b",
                "net.ipv4.conf.IFNAME../../x",
                "net.core.somaxconn",
                "kernel.hostname",
                ""
            })
    void aSysctlIsOneOfTheLink(String key) {
        String refused = Refusal.of(IllegalArgumentException.class, () -> PLAIN.withSysctl(key, "1"));
        assertTrue(refused.startsWith("'" + key + "' is no setting of a link"), refused);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1\n2", "\u0000", "é"})
    void theValueOfASysctlIsOneLine(String value) {
        String refused = Refusal.of(
                IllegalArgumentException.class, () -> PLAIN.withSysctl("net.ipv6.conf.IFNAME.accept_ra", value));
        assertTrue(refused.contains("must be one line"), refused);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 67, 65536})
    void anMtuIsOneThatALinkCanHave(int bytes) {
        assertTrue(Refusal.of(IllegalArgumentException.class, () -> PLAIN.withMtu(bytes))
                .contains("68 to 65535"));
    }

    @Test
    void aMetricIsNotNegative() {
        assertTrue(Refusal.of(IllegalArgumentException.class, () -> PLAIN.withDefaultRouteMetric(-1))
                .contains("-1"));
    }

    @Test
    void theCollectionsAreItsOwn() {
        List<IpAddress> addresses = new ArrayList<>(List.of(IpAddress.parse("10.0.0.1")));
        List<Route> routes = new ArrayList<>(List.of(Route.blackhole("10.0.0.0/8")));
        EndpointSpec spec = new EndpointSpec(
                BLUE,
                Optional.empty(),
                addresses,
                Map.of(),
                Optional.empty(),
                true,
                OptionalInt.empty(),
                routes,
                false,
                OptionalInt.empty(),
                Map.of(),
                Optional.empty());
        addresses.clear();
        routes.clear();

        assertEquals(List.of(IpAddress.parse("10.0.0.1")), spec.addresses());
        assertEquals(List.of(Route.blackhole("10.0.0.0/8")), spec.routes());
    }
}
