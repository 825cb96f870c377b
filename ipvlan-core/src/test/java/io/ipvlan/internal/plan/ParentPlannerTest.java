package io.ipvlan.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ConflictException;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.Parent;
import io.ipvlan.Step;
import io.ipvlan.VlanProtocol;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParentPlannerTest {
    private static final int FIRST = 1000;
    private static final int DOT1Q = VlanProtocol.DOT1Q.number();
    private static final int DOT1AD = VlanProtocol.DOT1AD.number();
    private static final String MAC_0 = "02:00:00:00:00:02";

    private static IpvlanNetwork on(Parent parent) {
        return IpvlanNetwork.builder("n").parent(parent).subnet("10.1.0.0/24").build();
    }

    private static NetworkPlanner.Result plan(IpvlanNetwork network, Hosts hosts) {
        AtomicInteger index = new AtomicInteger(FIRST);
        return new NetworkPlanner("create network", network, network.subnets())
                .plan(hosts.state(), netns(network.parent()), index::getAndIncrement);
    }

    private static Optional<Netns> netns(Parent parent) {
        return parent instanceof Parent.In(Netns where, Parent _) ? Optional.of(where) : Optional.empty();
    }

    private static NetworkPlanner.Result plan(Parent parent, Hosts hosts) {
        return plan(on(parent), hosts);
    }

    private static String found(Parent parent, Hosts hosts) {
        NetworkPlanner.Result result = plan(parent, hosts);
        assertEquals(List.of(), withoutAliases(result));
        assertEquals(result.parentIndex(), result.existing().orElseThrow().index());
        return result.parent();
    }

    private static List<String> made(Parent parent, Hosts hosts) {
        NetworkPlanner.Result result = plan(parent, hosts);
        assertEquals(Optional.empty(), result.existing());
        assertTrue(result.owned());
        return withoutAliases(result).stream().map(Step::toString).toList();
    }

    /// All but the aliases, which links of the library's own have always.
    private static List<Step> withoutAliases(NetworkPlanner.Result result) {
        return result.steps().stream()
                .filter(step -> !(step instanceof Step.SetAlias))
                .toList();
    }

    private static String conflict(Parent parent, Hosts hosts) {
        return assertThrows(ConflictException.class, () -> plan(parent, hosts)).reason();
    }

    private static String missing(Parent parent, Hosts hosts) {
        return assertThrows(NotFoundException.class, () -> plan(parent, hosts)).reason();
    }

    private static Hosts.Link vlan(int index, String name, int lower, int id, int protocol) {
        return new Hosts.Link(index, name).on(lower).tag(id, protocol);
    }

    @Test
    void aLinkIsFoundByItsNameAnAlternativeNameAndItsIndex() {
        Hosts hosts = new Hosts().with(new Hosts.Link(7, "enp7s0").alsoCalled("uplink", "a-name-longer-than-fifteen"));

        assertEquals("enp7s0", found(Parent.link("enp7s0"), hosts));
        assertEquals("enp7s0", found(Parent.link("uplink"), hosts));
        assertEquals("enp7s0", found(Parent.link("a-name-longer-than-fifteen"), hosts));
        assertEquals("enp7s0", found(Parent.index(7), hosts));
    }

    @Test
    void aLinkThatIsNotThereIsNamedAsItWasAskedFor() {
        Hosts hosts = new Hosts();

        assertTrue(missing(Parent.link("eth7"), hosts).startsWith("the parent link 'eth7' does not exist"));
        assertTrue(missing(Parent.index(77), hosts).startsWith("the parent link with index 77 does not exist"));
        assertTrue(missing(Parent.mac("02:00:00:00:00:77"), hosts)
                .startsWith("the parent link with address 02:00:00:00:00:77 does not exist"));
        assertTrue(missing(Parent.defaultRoute(), hosts).startsWith("the parent link of a default route does not"));
        assertTrue(missing(Parent.link("eth7").in(Netns.ofName("blue")), hosts).contains("does not exist in 'blue'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"vlan", "ipvlan", "ipvtap", "macvlan", "macvtap"})
    void aLinkIsFoundByTheAddressThatOthersBorrow(String borrower) {
        Hosts hosts = new Hosts()
                .with(new Hosts.Link(9, "borrower")
                        .kind(borrower)
                        .on(Hosts.ETH1)
                        .mac(MAC_0));

        assertEquals("eth0", found(Parent.mac(MAC_0), hosts));
        assertEquals("eth0", found(Parent.mac("02:00:00:00:00:02".toUpperCase(Locale.ROOT)), hosts));
    }

    @Test
    void twoLinksWithOneAddressAreAConflictThatNamesThem() {
        Hosts hosts = new Hosts().with(new Hosts.Link(9, "eth9").mac(MAC_0));

        assertEquals(
                "several links have the address 02:00:00:00:00:02: [eth0, eth9]; name one",
                conflict(Parent.mac(MAC_0), hosts));
    }

    @Test
    void theDefaultRouteOfTheLowestMetricNamesTheParent() {
        Hosts hosts = new Hosts()
                .withDefaultRoute("192.168.1.1", Hosts.ETH0, 200)
                .withDefaultRoute("192.168.1.2", Hosts.ETH1, 100);

        assertEquals("eth1", found(Parent.defaultRoute(), hosts));
    }

    @Test
    void theDefaultRouteOfIpv4ComesFirst() {
        Hosts hosts = new Hosts().withDefaultRoute("fe80::1", Hosts.ETH1, 1);
        assertEquals("eth1", found(Parent.defaultRoute(), hosts));

        hosts.withDefaultRoute("192.168.1.1", Hosts.ETH0, 500);
        assertEquals("eth0", found(Parent.defaultRoute(), hosts));
    }

    @Test
    void onlyTheMainTableAndOneDeviceCount() {
        IpPrefix everything = IpPrefix.parse("0.0.0.0/0");
        Optional<IpAddress> gateway = Optional.of(IpAddress.parse("192.168.1.1"));
        Hosts hosts = new Hosts()
                .withRoute(new NamespaceState.Entry(everything, gateway, Hosts.ETH1, 0, 100, false))
                .withRoute(new NamespaceState.Entry(everything, Optional.empty(), 0, 1, 254, false))
                .withRoute(new NamespaceState.Entry(IpPrefix.parse("0.0.0.0/1"), gateway, Hosts.ETH1, 0, 254, false));
        assertTrue(missing(Parent.defaultRoute(), hosts).contains("default route"));

        hosts.withDefaultRoute("192.168.1.1", Hosts.ETH0, 900);
        assertEquals("eth0", found(Parent.defaultRoute(), hosts));
    }

    @Test
    void whatIsMadeSaysWhoseItIs() {
        assertEquals(
                List.of("ipvlan:n", "ipvlan:n"),
                plan(Parent.vlan(Parent.vlan("eth0", 100), 5), new Hosts()).steps().stream()
                        .filter(Step.SetAlias.class::isInstance)
                        .map(step -> ((Step.SetAlias) step).alias())
                        .toList());
    }

    @Test
    void aNameThatStandsForAVlanMakesIt() {
        assertEquals(
                List.of("create VLAN link eth0.139 on eth0, id 139, up"), made(Parent.link("eth0.139"), new Hosts()));
        assertEquals(
                List.<Step>of(new Step.CreateVlan(
                        "eth0.139", FIRST, "eth0", Hosts.ETH0, 139, VlanProtocol.DOT1Q, Optional.empty())),
                withoutAliases(plan(Parent.vlan("eth0", 139), new Hosts())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"eth0.0", "eth0.4095", "eth0.0139", "eth0.+1", "eth0.", "eth0.1x", ".139", "eth0.10000"})
    void aNameThatStandsForNoVlanIsMissing(String name) {
        assertTrue(missing(Parent.link(name), new Hosts()).startsWith("the parent link '" + name + "' does not exist"));
    }

    @Test
    void theLastVlanThereCanBeIsMade() {
        assertEquals(
                List.of("create VLAN link eth0.4094 on eth0, id 4094, up"),
                made(Parent.link("eth0.4094"), new Hosts()));
    }

    @Test
    void aVlanThatIsThereUnderAnotherNameIsUsedUnchanged() {
        Hosts hosts = new Hosts().with(vlan(9, "foo", Hosts.ETH0, 139, DOT1Q).down());

        assertEquals("foo", found(Parent.link("eth0.139"), hosts));
        assertEquals("foo", found(Parent.vlan("eth0", 139), hosts));
        assertEquals("foo", found(Parent.vlan("eth0", 139).named("bar"), hosts));
        assertEquals("foo", found(Parent.vlan(Parent.mac(MAC_0), 139), hosts));
    }

    @Test
    void aVlanOfAnotherProtocolNumberOrLinkIsAnother() {
        Hosts hosts = new Hosts()
                .with(vlan(9, "foo", Hosts.ETH0, 139, DOT1AD))
                .with(vlan(10, "bar", Hosts.ETH0, 140, DOT1Q))
                .with(vlan(11, "baz", Hosts.ETH1, 139, DOT1Q));

        assertEquals(List.of("create VLAN link eth0.139 on eth0, id 139, up"), made(Parent.link("eth0.139"), hosts));
        assertEquals("foo", found(Parent.vlan("eth0", 139).protocol(VlanProtocol.DOT1AD), hosts));
    }

    @Test
    void aLinkThatOnlyLooksLikeAVlanIsUsedAsItIs() {
        Hosts hosts = new Hosts()
                .with(new Hosts.Link(9, "eth0.139").kind("veth"))
                .with(vlan(10, "eth0.200", Hosts.ETH1, 7, DOT1Q));

        assertEquals("eth0.139", found(Parent.link("eth0.139"), hosts));
        assertEquals("eth0.200", found(Parent.link("eth0.200"), hosts));
        assertEquals(
                "a link 'eth0.139' exists already, the name of the VLAN link that is to be made: delete it if it was"
                        + " left over, or choose another name",
                conflict(Parent.vlan("eth0", 139), hosts));
    }

    @Test
    void whatCarriesNoVlanIsRefusedBeforeAnyStep() {
        Hosts hosts = new Hosts().with(new Hosts.Link(Hosts.ETH1, "eth1").down());

        assertTrue(missing(Parent.vlan("eth7", 139), hosts).startsWith("the parent link 'eth7' does not exist"));
        assertTrue(missing(Parent.link("eth7.139"), hosts).startsWith("the parent link 'eth7' does not exist"));
        assertEquals(
                "the link 'eth1' is down, and VLAN 139 cannot be brought up on it: bring it up (ip link set eth1 up)",
                conflict(Parent.link("eth1.139"), hosts));
        assertEquals("the loopback link 'lo' carries no VLAN", conflict(Parent.link("lo.139"), hosts));
    }

    @Test
    void aVlanInAVlanMakesTheLowerOneFirst() {
        List<String> both = List.of(
                "create VLAN link eth0.100 on eth0, id 100, up", "create VLAN link eth0.100.5 on eth0.100, id 5, up");
        assertEquals(both, made(Parent.link("eth0.100.5"), new Hosts()));
        assertEquals(both, made(Parent.vlan(Parent.vlan("eth0", 100), 5), new Hosts()));

        NetworkPlanner.Result result =
                plan(Parent.vlan(Parent.vlan("eth0", 100).protocol(VlanProtocol.DOT1AD), 5), new Hosts());
        assertEquals(
                List.<Step>of(
                        new Step.CreateVlan(
                                "eth0.100", FIRST, "eth0", Hosts.ETH0, 100, VlanProtocol.DOT1AD, Optional.empty()),
                        new Step.CreateVlan(
                                "eth0.100.5", FIRST + 1, "eth0.100", FIRST, 5, VlanProtocol.DOT1Q, Optional.empty())),
                withoutAliases(result));
        assertEquals("eth0.100.5", result.parent());
        assertEquals(FIRST + 1, result.parentIndex());
    }

    @Test
    void ofAVlanInAVlanOnlyWhatIsMissingIsMade() {
        Hosts hosts = new Hosts().with(vlan(9, "lower", Hosts.ETH0, 100, DOT1Q));

        assertEquals(
                List.of("create VLAN link lower.5 on lower, id 5, up"),
                made(Parent.vlan(Parent.vlan("eth0", 100), 5), hosts));
    }

    @Test
    void aNameThatIsTooLongBecomesAnAlternativeOne() {
        Hosts hosts = new Hosts().with(new Hosts.Link(7, "enx0123456789ab"));
        List<String> steps = made(Parent.link("enx0123456789ab.139"), hosts);

        assertEquals(2, steps.size());
        String name = plan(Parent.link("enx0123456789ab.139"), hosts).parent();
        assertEquals(15, name.length());
        assertTrue(name.startsWith("ipvl-"), name);
        assertEquals("create VLAN link " + name + " on enx0123456789ab, id 139, up", steps.getFirst());
        assertEquals("add alternative name enx0123456789ab.139 to " + name, steps.getLast());
        assertEquals(steps, made(Parent.link("enx0123456789ab.139"), hosts), "the same each time");
        assertNotEquals(name, plan(Parent.link("enx0123456789ab.140"), hosts).parent(), "one for each VLAN");

        hosts.with(vlan(9, name, 7, 139, DOT1Q).alsoCalled("enx0123456789ab.139"));
        assertEquals(name, found(Parent.link("enx0123456789ab.139"), hosts));
    }

    @Test
    void aVlanLinkHasTheNameAskedFor() {
        assertEquals(
                List.of("create VLAN link foo on eth0, id 139, up"),
                made(Parent.vlan("eth0", 139).named("foo"), new Hosts()));
        assertTrue(conflict(Parent.vlan("eth0", 139).named("eth1"), new Hosts())
                .startsWith("a link 'eth1' exists already"));
    }

    @Test
    void whatIsOursAndDownIsBroughtUp() {
        Hosts hosts = new Hosts()
                .with(vlan(9, "eth0.139", Hosts.ETH0, 139, DOT1Q).owned().down());

        NetworkPlanner.Result result = plan(Parent.link("eth0.139"), hosts);
        assertEquals(List.<Step>of(new Step.SetUp("eth0.139", 9, Optional.empty())), withoutAliases(result));
        assertTrue(result.owned());
    }

    /// A VLAN link cannot be up on a link that is down.
    @ParameterizedTest
    @ValueSource(strings = {"eth0.100.5", "upper"})
    void whatItStandsOnIsBroughtUpFirst(String name) {
        Hosts hosts = new Hosts()
                .with(vlan(9, "eth0.100", Hosts.ETH0, 100, DOT1Q).owned().down())
                .with(vlan(10, name, 9, 5, DOT1Q).owned().down());
        List<Step> both =
                List.of(new Step.SetUp("eth0.100", 9, Optional.empty()), new Step.SetUp(name, 10, Optional.empty()));

        assertEquals(both, withoutAliases(plan(Parent.link(name), hosts)));
        assertEquals(both, plan(Parent.vlan(Parent.vlan("eth0", 100), 5), hosts).steps());
    }

    @Test
    void aNewVlanOnALinkOfOursThatIsDownBringsThatUpFirst() {
        Hosts hosts = new Hosts()
                .with(vlan(9, "eth0.100", Hosts.ETH0, 100, DOT1Q).owned().down());

        assertEquals(
                List.of("bring link eth0.100 up", "create VLAN link eth0.100.5 on eth0.100, id 5, up"),
                made(Parent.link("eth0.100.5"), hosts));
    }

    @Test
    void whatIsNotOursIsUsedDownAsItIs() {
        assertEquals("eth1", found(Parent.link("eth1"), new Hosts().with(new Hosts.Link(Hosts.ETH1, "eth1").down())));
    }

    @Test
    void inAnotherNamespaceEverythingIsMadeThere() {
        Netns blue = Netns.ofName("blue");

        assertEquals(
                List.of("create VLAN link eth0.139 on eth0 in blue, id 139, up"),
                made(Parent.link("eth0.139").in(blue), new Hosts()));
        assertEquals(
                List.<Step>of(new Step.CreateDummy(LinkNames.dummyParent("n"), FIRST, Optional.of(blue))),
                withoutAliases(plan(Parent.dummy().in(blue), new Hosts())));
        Hosts hosts = new Hosts()
                .with(vlan(9, "eth0.139", Hosts.ETH0, 139, DOT1Q).owned().down());
        assertEquals(
                List.<Step>of(new Step.SetUp("eth0.139", 9, Optional.of(blue))),
                withoutAliases(plan(Parent.link("eth0.139").in(blue), hosts)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bridge", "bond", "team", "openvswitch"})
    void aPartOfAnotherLinkIsRefusedNamingThat(String kind) {
        Hosts hosts = new Hosts()
                .with(new Hosts.Link(9, "master0").kind(kind))
                .with(new Hosts.Link(Hosts.ETH1, "eth1").partOf(9));

        assertEquals(
                "the parent 'eth1' belongs to " + kind + " 'master0': use that as the parent",
                conflict(Parent.link("eth1"), hosts));
        assertEquals("master0", found(Parent.link("master0"), hosts));
    }

    @Test
    void aPartOfAVrfReceivesItself() {
        Hosts hosts = new Hosts()
                .with(new Hosts.Link(9, "vrf0").kind("vrf"))
                .with(new Hosts.Link(Hosts.ETH1, "eth1").partOf(9));

        assertEquals("eth1", found(Parent.link("eth1"), hosts));
    }

    @ParameterizedTest
    @CsvSource({"1400, true", "1399, true", "1401, false"})
    void theMtuIsNotAboveTheParents(int mtu, boolean fits) {
        Hosts hosts = new Hosts().with(new Hosts.Link(Hosts.ETH0, "eth0").mtu(1400));
        for (Parent parent :
                List.of(Parent.link("eth0"), Parent.link("eth0.139"), Parent.vlan(Parent.vlan("eth0", 100), 5))) {
            IpvlanNetwork network = on(parent).toBuilder().mtu(mtu).build();
            if (fits) {
                assertTrue(plan(network, hosts).parent().startsWith("eth0"));
            } else {
                String reason = assertThrows(ConflictException.class, () -> plan(network, hosts))
                        .reason();
                assertTrue(reason.startsWith("mtu 1401 is more than that of the parent 'eth0', 1400"), reason);
            }
        }
    }

    /// The kernel makes it with 1500 bytes, and lets its children have more, which it then drops.
    @Test
    void aDummyLinkGetsTheMtuThatIsAskedOfIt() {
        IpvlanNetwork large = on(Parent.dummy()).toBuilder().mtu(9000).build();
        String name = LinkNames.dummyParent("n");

        assertEquals(
                List.of(
                        new Step.CreateDummy(name, FIRST, Optional.empty()),
                        new Step.SetMtu(name, FIRST, 9000, Optional.empty())),
                withoutAliases(plan(large, new Hosts())));
        IpvlanNetwork small = large.toBuilder().mtu(1500).build();
        assertEquals(1, withoutAliases(plan(small, new Hosts())).size());
    }

    @Test
    void whatItIsOnIsCheckedHoweverItIsFound() {
        Hosts hosts = new Hosts()
                .withChild(9, "ipvl0", Hosts.ETH0, IpvlanMode.L3, IpvlanFlag.BRIDGE)
                .withDefaultRoute("192.168.1.1", Hosts.ETH0, 0);
        for (Parent parent :
                List.of(Parent.link("eth0"), Parent.index(Hosts.ETH0), Parent.mac(MAC_0), Parent.defaultRoute())) {
            assertTrue(conflict(parent, hosts).contains("child link 'ipvl0' uses 'eth0' as l3 bridge"));
        }
    }

    @Test
    void aLinkInAnotherNamespaceIsNoLowerLinkOfThisOne() {
        NamespaceState state = new Hosts().state();
        List<NamespaceState.Link> links = new ArrayList<>(state.links());
        links.add(new NamespaceState.Link(
                9,
                "foo",
                List.of(),
                "",
                "",
                false,
                true,
                1500,
                false,
                "vlan",
                Optional.of(new NamespaceState.Lower(Hosts.ETH0, OptionalInt.of(3))),
                OptionalInt.empty(),
                Optional.of(new NamespaceState.Tag(139, DOT1Q)),
                Optional.empty()));
        IpvlanNetwork network = on(Parent.link("eth0.139"));

        NetworkPlanner.Result result = new NetworkPlanner("create network", network, network.subnets())
                .plan(
                        new NamespaceState(links, state.addresses(), state.routes(), state.rules()),
                        Optional.empty(),
                        () -> FIRST);
        assertEquals("eth0.139", result.parent());
    }
}
