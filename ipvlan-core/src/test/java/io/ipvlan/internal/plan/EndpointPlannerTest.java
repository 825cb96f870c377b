package io.ipvlan.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ConflictException;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipv6Policy;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.Plan;
import io.ipvlan.RandomNetworks;
import io.ipvlan.Refusal;
import io.ipvlan.Route;
import io.ipvlan.Step;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EndpointPlannerTest {
    private static final EndpointSpec BLUE = EndpointSpec.in(Netns.ofName("blue"));
    private static final int INDEX = 1048577;

    private static Plan plan(IpvlanNetwork network, EndpointSpec endpoint, String... addresses) {
        return new EndpointPlanner(network, SubnetPlanner.effective(network, List.of()), Optional.empty())
                .plan(
                        endpoint,
                        "web",
                        new EndpointPlanner.Child(endpoint.interfaceName().orElse("eth0"), INDEX, "eth0", 2),
                        List.of(addresses).stream().map(IpCidr::parse).toList());
    }

    @Test
    void theLinkComesFirstThenAddressesThenRoutes() {
        IpvlanNetwork network = IpvlanNetwork.builder("n")
                .parent("eth0")
                .subnet("192.168.1.0/24")
                .subnet("2001:db8::/64")
                .mtu(1400)
                .build();

        assertEquals(
                List.of(
                        "ip link add link eth0 name eth0 index 1048577 group 1768978028 mtu 1400 netns blue type ipvlan"
                                + " mode l2 bridge",
                        "ip netns exec blue sysctl -w 'net.ipv6.conf.eth0.accept_ra=0'",
                        "ip -n blue link set dev eth0 alias ipvlan:n/web",
                        "ip -n blue link set eth0 up",
                        "ip -n blue address add 192.168.1.2/24 dev eth0",
                        "ip -n blue address add 2001:db8::2/64 dev eth0 nodad",
                        "ip -n blue route add default via 192.168.1.1 dev eth0 proto 105",
                        "ip -n blue -6 route add default via 2001:db8::1 dev eth0 proto 105"),
                plan(network, BLUE, "192.168.1.2/24", "2001:db8::2/64").commands());
    }

    @Test
    void theNameAskedForIsUsedThroughout() {
        IpvlanNetwork network =
                IpvlanNetwork.builder("n").l3().subnet("10.1.0.0/24").build();

        assertEquals(
                List.of(
                        "create child link web on eth0 in blue, l3 bridge",
                        "set net.ipv6.conf.web.disable_ipv6 to 1 in blue",
                        "set alias of web in blue to ipvlan:n/web",
                        "bring link web in blue up",
                        "add address 10.1.0.2/24 to web in blue",
                        "add route default dev web in blue"),
                plan(network, BLUE.withInterfaceName("web"), "10.1.0.2/24").steps().stream()
                        .map(Step::toString)
                        .toList());
    }

    @Test
    void aDefaultRouteThatIsNotWantedIsNotPlanned() {
        IpvlanNetwork network =
                IpvlanNetwork.builder("n").l3().subnet("10.1.0.0/24").build();

        assertTrue(plan(network, BLUE.withoutDefaultRoute(), "10.1.0.2/24").steps().stream()
                .noneMatch(Step.AddRoute.class::isInstance));
    }

    private static List<String> words(IpvlanNetwork network, EndpointSpec endpoint, String... addresses) {
        return plan(network, endpoint, addresses).steps().stream()
                .map(Step::toString)
                .toList();
    }

    private static List<String> words(Class<? extends Step> kind, IpvlanNetwork network, EndpointSpec endpoint) {
        return plan(network, endpoint, "10.1.0.2/24").steps().stream()
                .filter(kind::isInstance)
                .map(Step::toString)
                .toList();
    }

    private static IpvlanNetwork.Builder lan() {
        return IpvlanNetwork.builder("n").parent("eth0").subnet("10.1.0.0/24");
    }

    private static IpvlanNetwork.Builder dualStack() {
        return lan().subnet("2001:db8::/64");
    }

    /// The table is the link's own, by its index, and a rule for each address leads into it.
    @Test
    void sourceRulesLeadIntoATableOfTheLinksOwn() {
        assertEquals(
                List.of(
                        "create child link eth0 on eth0 in blue, l2 bridge",
                        "set net.ipv6.conf.eth0.accept_ra to 0 in blue",
                        "set alias of eth0 in blue to ipvlan:n/web",
                        "bring link eth0 in blue up",
                        "add address 10.1.0.2/24 to eth0 in blue",
                        "add address 10.1.0.3/24 to eth0 in blue",
                        "add address 2001:db8::2/64 to eth0 in blue",
                        "add route 10.1.0.0/24 dev eth0 table 1048577 in blue",
                        "add route 2001:db8::/64 dev eth0 table 1048577 in blue",
                        "add route default via 10.1.0.1 dev eth0 table 1048577 in blue",
                        "add route default via 2001:db8::1 dev eth0 table 1048577 in blue",
                        "add route 203.0.113.0/24 via 10.1.0.9 dev eth0 table 7 in blue",
                        "add route blackhole 198.51.100.0/24 table 1048577 in blue",
                        "add rule from 10.1.0.2/32 lookup 1048577 in blue",
                        "add rule from 10.1.0.3/32 lookup 1048577 in blue",
                        "add rule from 2001:db8::2/128 lookup 1048577 in blue"),
                words(
                        dualStack().build(),
                        BLUE.withSourceRules()
                                .withRoute(Route.to("203.0.113.0/24")
                                        .via("10.1.0.9")
                                        .table(7))
                                .withRoute(Route.blackhole("198.51.100.0/24")),
                        "10.1.0.2/24",
                        "10.1.0.3/24",
                        "2001:db8::2/64"));
    }

    @Test
    void theDefaultRoutesMetricIsTheOneAskedFor() {
        assertEquals(
                List.of("add route default via 10.1.0.1 dev eth0 metric 50 in blue"),
                words(Step.AddRoute.class, lan().build(), BLUE.withDefaultRouteMetric(50)));
        assertEquals(
                List.of("add route default dev eth0 metric 0 in blue"),
                words(Step.AddRoute.class, lan().l3().build(), BLUE.withDefaultRouteMetric(0)));
    }

    @Test
    void furtherRoutesComeLastAndLeaveByTheLinkUnlessTheyLeadNowhere() {
        Plan plan = plan(
                lan().build(),
                BLUE.withRoute(Route.to("203.0.113.0/24").via("10.1.0.9").metric(3))
                        .withRoute(Route.to("198.51.100.0/24"))
                        .withRoute(Route.blackhole("192.0.2.0/24")),
                "10.1.0.2/24");

        assertEquals(
                List.of(
                        new Step.AddRoute(
                                Route.to("0.0.0.0/0").via("10.1.0.1").by("eth0"), INDEX, Optional.of(BLUE.netns())),
                        new Step.AddRoute(
                                Route.to("203.0.113.0/24")
                                        .via("10.1.0.9")
                                        .metric(3)
                                        .by("eth0"),
                                INDEX,
                                Optional.of(BLUE.netns())),
                        new Step.AddRoute(Route.to("198.51.100.0/24").by("eth0"), INDEX, Optional.of(BLUE.netns())),
                        new Step.AddRoute(Route.blackhole("192.0.2.0/24"), 0, Optional.of(BLUE.netns()))),
                plan.steps().subList(5, 9));
    }

    @ParameterizedTest
    @CsvSource({
        "four, l2, ,       disable_ipv6=1",
        "four, l2, OFF,    disable_ipv6=1",
        "four, l3, ,       disable_ipv6=1",
        "four, l2, STATIC, accept_ra=0",
        "four, l3, STATIC, ''",
        "four, l2, ROUTER, disable_ipv6=0 accept_ra=2 autoconf=1",
        "dual, l2, ,       accept_ra=0",
        "dual, l2, STATIC, accept_ra=0",
        "dual, l3, ,       ''",
        "dual, l2, ROUTER, disable_ipv6=0 accept_ra=2 autoconf=1",
    })
    void ipv6IsWhatThePolicySays(String families, String mode, @Nullable Ipv6Policy policy, String settings) {
        IpvlanNetwork.Builder network = families.equals("dual") ? dualStack() : lan();
        EndpointSpec endpoint = policy == null ? BLUE : BLUE.withIpv6(policy);

        assertEquals(
                Stream.of(settings.split(" "))
                        .filter(setting -> !setting.isEmpty())
                        .map(setting -> "set net.ipv6.conf.eth0." + setting.replace("=", " to ") + " in blue")
                        .toList(),
                words(Step.SetSysctl.class, (mode.equals("l3") ? network.l3() : network).build(), endpoint));
    }

    @Test
    void sysctlsAreOfTheLinkWhateverItIsCalledAndComeInTheirOrder() {
        EndpointSpec endpoint = BLUE.withInterfaceName("web.1")
                .withSysctl("net.ipv4.conf.IFNAME.rp_filter", "2")
                .withSysctl("net.ipv4.conf.IFNAME.arp_notify", "1");

        assertEquals(
                List.of(
                        "set net.ipv6.conf.web/1.disable_ipv6 to 1 in blue",
                        "set net.ipv4.conf.web/1.arp_notify to 1 in blue",
                        "set net.ipv4.conf.web/1.rp_filter to 2 in blue"),
                words(Step.SetSysctl.class, lan().build(), endpoint));
    }

    /// The kernel sets it when the link comes up.
    @Test
    void theMtuOfIpv6IsSetWhenTheLinkIsUp() {
        EndpointSpec endpoint =
                BLUE.withSysctl("net.ipv6.conf.IFNAME.mtu", "1300").withSysctl("net.ipv6.conf.IFNAME.hop_limit", "9");

        assertEquals(
                List.of(
                        "set net.ipv6.conf.eth0.accept_ra to 0 in blue",
                        "set net.ipv6.conf.eth0.hop_limit to 9 in blue",
                        "bring link eth0 in blue up",
                        "set net.ipv6.conf.eth0.mtu to 1300 in blue",
                        "set alias of eth0 in blue to ipvlan:n/web"),
                words(dualStack().build(), endpoint).subList(1, 6));
    }

    @Test
    void theEndpointsMtuComesBeforeTheNetworks() {
        IpvlanNetwork network = lan().mtu(1400).build();

        assertTrue(words(network, BLUE).getFirst().endsWith(", mtu 1400"));
        assertTrue(words(network, BLUE.withMtu(1300)).getFirst().endsWith(", mtu 1300"));
        assertFalse(words(lan().build(), BLUE).getFirst().contains("mtu"));
    }

    private static void check(IpvlanNetwork network, EndpointSpec endpoint) {
        new EndpointPlanner(network, network.subnets(), Optional.empty())
                .check(endpoint, "web", new Hosts.Link(2, "eth0").mtu(1500).built());
    }

    private static String refused(IpvlanNetwork network, EndpointSpec endpoint) {
        return Refusal.of(ConflictException.class, () -> check(network, endpoint));
    }

    @ParameterizedTest
    @EnumSource(names = {"L3", "L3S"})
    void noRouterIsHeardInARoutedMode(IpvlanMode mode) {
        EndpointSpec endpoint = BLUE.withIpv6(Ipv6Policy.ROUTER);

        assertEquals(
                "attach endpoint 'web' to network 'n': routers are not heard in mode " + mode.text()
                        + ", and ROUTER was asked for: use mode l2",
                refused(lan().mode(mode).build(), endpoint));
        check(lan().build(), endpoint);
    }

    @Test
    void ipv6IsNotOffWhereAnAddressOfItIsGiven() {
        EndpointSpec endpoint = BLUE.withIpv6(Ipv6Policy.OFF);

        assertTrue(refused(dualStack().build(), endpoint).contains("IPv6 is to be off"));
        assertTrue(refused(lan().autoSubnet(IpFamily.IPV6).build(), endpoint).contains("IPv6 is to be off"));
        check(lan().build(), endpoint);
    }

    @Test
    void theMtuFitsTheParentAndTheFamily() {
        assertEquals(
                "attach endpoint 'web' to network 'n': mtu 1501 is more than that of the parent 'eth0', 1500, which"
                        + " would drop what is larger: use that or less",
                refused(lan().build(), BLUE.withMtu(1501)));
        assertEquals(
                "attach endpoint 'web' to network 'n': mtu 1279 is less than 1280, which IPv6 needs (RFC 8200)",
                refused(dualStack().build(), BLUE.withMtu(1279)));
        assertTrue(refused(lan().mtu(1501).build(), BLUE).contains("mtu 1501 is more"));
        check(lan().build(), BLUE.withMtu(1500));
        check(lan().build(), BLUE.withMtu(68));
        check(dualStack().build(), BLUE.withMtu(1280));
        check(lan().mtu(9000).build(), BLUE.withMtu(1500));
    }

    @Test
    void aLinkThatIsNotAsItWasMadeIsRefused() {
        EndpointPlanner planner =
                new EndpointPlanner(lan().build(), lan().build().subnets(), Optional.empty());
        Hosts.Link link = new Hosts.Link(INDEX, "eth0");

        planner.checkPort(
                "web", Optional.of(link.port(IpvlanMode.L2, IpvlanFlag.BRIDGE).built()));
        assertTrue(Refusal.of(
                        ConflictException.class,
                        () -> planner.checkPort(
                                "web",
                                Optional.of(link.port(IpvlanMode.L3, IpvlanFlag.BRIDGE)
                                        .built())))
                .contains("changed mode and flag of the parent at this moment, to l3 bridge"));
        assertTrue(Refusal.of(NotFoundException.class, () -> planner.checkPort("web", Optional.empty()))
                .contains("its link has gone"));
    }

    @Provide
    Arbitrary<IpvlanNetwork> networks() {
        return RandomNetworks.any();
    }

    /// Left out, the kernel would take l3 and bridge, for every sibling in every namespace.
    @Property
    void modeAndFlagAreAlwaysSaid(@ForAll("networks") IpvlanNetwork network) {
        Step.CreateIpvlan create = assertInstanceOf(
                Step.CreateIpvlan.class, plan(network, BLUE).steps().getFirst());

        assertEquals(
                new Step.CreateIpvlan(
                        "eth0",
                        INDEX,
                        "eth0",
                        2,
                        Optional.empty(),
                        Optional.of(BLUE.netns()),
                        network.mode(),
                        network.flag(),
                        network.mtu()),
                create);
    }
}
