package io.ipvlan.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.AddressException;
import io.ipvlan.ConflictException;
import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.KernelException;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.Route;
import io.ipvlan.Step;
import io.ipvlan.UnsupportedException;
import io.ipvlan.VlanProtocol;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the engine relies on, whichever kernel it is given. The kernel in memory has to keep it as well as
/// the real one: otherwise tests against it would prove nothing.
abstract class KernelContract {
    private static final String DUMMY = "ipvl-contract";
    private static final int PARENT = 76_000;
    private static final Optional<Netns> HOST = Optional.empty();
    private static final IpPrefix EVERYTHING = IpPrefix.parse("0.0.0.0/0");

    private Kernel kernel;
    private Kernel.Namespace host;

    /// A kernel on a host that has the loopback link `lo`.
    abstract Kernel open();

    /// A namespace with nothing in it, which lives until the test is over.
    abstract Netns namespace();

    /// Makes a macvlan link on a link of the host, which goes with that.
    abstract void makeMacvlan(Kernel kernel, String name, String parent);

    @BeforeEach
    void openKernelWithADummyLink() {
        kernel = open();
        host = kernel.open(HOST);
        host.create(new Step.CreateDummy(DUMMY, PARENT, HOST));
    }

    @AfterEach
    void deleteTheDummyLink() {
        host.delete(delete(DUMMY, PARENT, HOST));
        kernel.close();
    }

    private static Step.DeleteLink delete(String name, int index, Optional<Netns> netns) {
        return new Step.DeleteLink(name, index, netns);
    }

    /// A namespace with what the tests do in it.
    private final class Place implements AutoCloseable {
        private final Optional<Netns> netns;
        private final Kernel.Namespace namespace;

        Place() {
            this(Optional.of(KernelContract.this.namespace()));
        }

        Place(Optional<Netns> netns) {
            this.netns = netns;
            this.namespace = kernel.open(netns);
        }

        void create(String name, int index) {
            create(name, index, DUMMY, PARENT, IpvlanMode.L3);
        }

        void create(String name, int index, String parent, int parentIndex, IpvlanMode mode) {
            host.createChild(
                    new Step.CreateIpvlan(
                            name,
                            index,
                            parent,
                            parentIndex,
                            HOST,
                            netns,
                            mode,
                            IpvlanFlag.BRIDGE,
                            OptionalInt.empty()),
                    namespace);
        }

        /// Up, as `eth0`, with 10.7.0.2/24 and 2001:db8:7::2/64.
        void createDualStack(int index) {
            create("eth0", index);
            configure(up("eth0", index), address(index, "10.7.0.2/24"), address(index, "2001:db8:7::2/64"));
        }

        boolean has(int index) {
            return namespace.link(index).isPresent();
        }

        NamespaceState.Link link(int index) {
            return namespace.link(index).orElseThrow();
        }

        Step up(String name, int index) {
            return new Step.SetUp(name, index, netns);
        }

        Step sysctl(String key, String value) {
            return new Step.SetSysctl(key, value, netns);
        }

        Step address(int index, String address) {
            return new Step.AddAddress(IpCidr.parse(address), "eth0", index, netns);
        }

        Step route(int index, Route route) {
            return new Step.AddRoute(route, index, netns);
        }

        Step defaultRoute(int index) {
            return route(index, Route.onLink(EVERYTHING, "eth0"));
        }

        void configure(Step... steps) {
            namespace.configure(List.of(steps));
        }

        void delete(String name, int index) {
            namespace.delete(KernelContract.delete(name, index, netns));
        }

        @Override
        public void close() {
            namespace.close();
        }
    }

    private static String errno(IpvlanException refused) {
        return refused.kernelError().orElseThrow().name();
    }

    @Test
    void aDummyLinkIsSeenUntilItIsDeleted() {
        NamespaceState.Link link = host.observe().link(DUMMY).orElseThrow();
        assertEquals("dummy", link.kind());
        assertEquals(PARENT, link.index());
        assertTrue(link.up());
        assertTrue(link.owned());
        assertEquals(Optional.of(link), host.link(PARENT));
        host.delete(delete(DUMMY, PARENT, HOST));
        assertEquals(Optional.empty(), host.link(PARENT));
        assertFalse(host.linkNames().contains(DUMMY));
    }

    @Test
    void theLoopbackLinkIsKnownForWhatItIs() {
        NamespaceState.Link loopback = host.observe().link("lo").orElseThrow();
        assertTrue(loopback.loopback());
        assertFalse(loopback.owned());
    }

    @Test
    void aNameIsGivenOnce() {
        ConflictException refused =
                assertThrows(ConflictException.class, () -> host.create(new Step.CreateDummy(DUMMY, PARENT + 1, HOST)));
        assertEquals("EEXIST", errno(refused));
    }

    @Test
    void deletingWhatIsGoneIsSuccess() {
        host.delete(delete(DUMMY, PARENT, HOST));
        host.delete(delete(DUMMY, PARENT, HOST));
        try (Place place = new Place()) {
            place.delete("eth0", 77_000);
            place.configure(
                    new Step.DeleteRoute(Route.blackhole("10.0.0.0/8"), 0, place.netns),
                    new Step.DeleteRule(IpPrefix.parse("10.0.0.0/8"), 77_000, place.netns));
        }
    }

    @Test
    void aLinkThatIsNotOursIsNotDeleted() {
        host.delete(delete("lo", 1, HOST));
        assertTrue(host.link(1).isPresent());
    }

    @Test
    void aNamespaceIsTheSameHoweverOftenItIsOpened() {
        Optional<Netns> one = Optional.of(namespace());
        Optional<Netns> other = Optional.of(namespace());
        try (Kernel.Namespace first = kernel.open(one);
                Kernel.Namespace second = kernel.open(one);
                Kernel.Namespace third = kernel.open(other)) {
            assertEquals(first.id(), second.id());
            assertFalse(first.id().equals(third.id()));
        }
    }

    @Test
    void aNamespaceIsFoundByItsIdentity() {
        Netns one = namespace();
        try (Kernel.Namespace first = kernel.open(Optional.of(one));
                Kernel.Namespace found = kernel.find(one, first.id()).orElseThrow();
                Kernel.Namespace swept = kernel.sweep().find(one, first.id()).orElseThrow()) {
            assertEquals(first.id(), found.id());
            assertEquals(first.id(), swept.id());
        }
        assertTrue(kernel.find(one, new NamespaceId(1, 1, 0)).isEmpty());
        assertTrue(kernel.sweep().find(one, new NamespaceId(1, 1, 0)).isEmpty());
    }

    @Test
    void theHostsNamespaceStaysOpen() {
        host.close();
        assertTrue(kernel.open(HOST).link(PARENT).isPresent());
    }

    @Test
    void aChildIsThereUntilItIsDeleted() {
        try (Place place = new Place()) {
            assertFalse(place.has(77_001));
            place.create("eth0", 77_001);
            assertTrue(place.link(77_001).isIpvlan());
            assertTrue(place.link(77_001).owned());
            assertEquals(Set.of("lo", "eth0"), place.namespace.linkNames());
            place.delete("eth0", 77_001);
            assertFalse(place.has(77_001));
        }
    }

    @Test
    void aDeletedParentTakesItsChildrenAlong() {
        try (Place place = new Place()) {
            place.create("eth0", 77_002);
            host.delete(delete(DUMMY, PARENT, HOST));
            assertFalse(place.has(77_002));
        }
    }

    @Test
    void aNameAndAnIndexAreGivenOnceInANamespaceAndAgainInAnother() {
        try (Place first = new Place();
                Place second = new Place()) {
            first.create("eth0", 77_003);
            ConflictException name = assertThrows(ConflictException.class, () -> first.create("eth0", 77_004));
            assertTrue(name.reason().contains("of that name"), name.getMessage());
            ConflictException index = assertThrows(ConflictException.class, () -> first.create("eth1", 77_003));
            assertTrue(index.reason().contains("77003"), index.getMessage());
            second.create("eth0", 77_003);
            assertFalse(first.has(77_004));
        }
    }

    @Test
    void aChildNeedsAParentThatExistsAndCanHaveChildren() {
        try (Place place = new Place()) {
            assertThrows(
                    NotFoundException.class,
                    () -> place.create("eth0", 77_005, "gone", Integer.MAX_VALUE, IpvlanMode.L2));
            assertThrows(NotFoundException.class, () -> place.create("eth0", 77_005, "missing", -1, IpvlanMode.L2));
            assertThrows(ConflictException.class, () -> place.create("eth0", 77_005, "lo", 1, IpvlanMode.L2));
            assertFalse(place.has(77_005));
        }
    }

    @Test
    void aParentServesOneKindOfChildren() {
        makeMacvlan(kernel, "contract-mv", DUMMY);
        try (Place place = new Place()) {
            ConflictException refused = assertThrows(ConflictException.class, () -> place.create("eth0", 77_019));
            assertEquals("EBUSY", errno(refused));
            assertTrue(refused.reason().contains("macvlan link 'contract-mv'"), refused.getMessage());
            assertFalse(place.has(77_019));
        }
    }

    @Test
    void theNewestChildDecidesModeAndFlagForAll() {
        try (Place first = new Place();
                Place second = new Place()) {
            first.create("eth0", 77_011);
            assertEquals(
                    Optional.of(new NamespaceState.Port(IpvlanMode.L3, IpvlanFlag.BRIDGE)),
                    first.link(77_011).port());
            second.create("eth0", 77_012, DUMMY, PARENT, IpvlanMode.L2);
            NamespaceState.Port flipped = new NamespaceState.Port(IpvlanMode.L2, IpvlanFlag.BRIDGE);
            assertEquals(Optional.of(flipped), first.link(77_011).port());
            second.configure(new Step.SetPort("eth0", 77_012, IpvlanMode.L3S, IpvlanFlag.PRIVATE, second.netns));
            assertEquals(
                    Optional.of(new NamespaceState.Port(IpvlanMode.L3S, IpvlanFlag.PRIVATE)),
                    first.link(77_011).port());
        }
    }

    @Test
    void aChildMayStandBesideItsParent() {
        Place here = new Place(HOST);
        here.create("contract-child", 77_013);
        assertEquals(
                List.of(77_013),
                host.parent(PARENT).orElseThrow().children().stream()
                        .map(NamespaceState.Link::index)
                        .toList());
        assertEquals(List.of(), kernel.childrenElsewhere(host, PARENT));
        here.delete("contract-child", 77_013);
    }

    @Test
    void aVlanLinkStandsOnAnother() {
        host.create(vlan("contract.20", 77_014, 20));
        NamespaceState.Link link = host.link(77_014).orElseThrow();
        assertTrue(link.standsOn(PARENT));
        assertEquals(Optional.of(new NamespaceState.Tag(20, 0x8100)), link.tag());
        assertTrue(link.up());
        ConflictException twice =
                assertThrows(ConflictException.class, () -> host.create(vlan("other.20", 77_015, 20)));
        assertEquals("EEXIST", errno(twice));
        assertThrows(
                NotFoundException.class,
                () -> host.create(new Step.CreateVlan(
                        "contract.21", 77_016, "gone", Integer.MAX_VALUE, 21, VlanProtocol.DOT1Q, HOST)));
        host.configure(List.of(new Step.AddAlternativeName("contract.20", 77_014, "a-rather-long-name.20", HOST)));
        assertEquals(
                77_014,
                host.observe().link("a-rather-long-name.20").orElseThrow().index());
        host.delete(delete(DUMMY, PARENT, HOST));
        assertTrue(host.link(77_014).isEmpty());
    }

    private static Step.CreateVlan vlan(String name, int index, int id) {
        return vlan(name, index, DUMMY, PARENT, id);
    }

    private static Step.CreateVlan vlan(String name, int index, String lower, int lowerIndex, int id) {
        return new Step.CreateVlan(name, index, lower, lowerIndex, id, VlanProtocol.DOT1Q, HOST);
    }

    @Test
    void anAddressIsGivenOnceAmongTheChildrenOfAParent() {
        try (Place first = new Place();
                Place second = new Place()) {
            first.create("eth0", 77_006);
            second.create("eth0", 77_007);
            first.configure(first.address(77_006, "10.7.0.2/24"), first.address(77_006, "2001:db8:7::2/64"));
            for (String taken : List.of("10.7.0.2/24", "2001:db8:7::2/64")) {
                AddressException refused =
                        assertThrows(AddressException.class, () -> second.configure(second.address(77_007, taken)));
                assertEquals("EADDRINUSE", errno(refused));
            }
            first.delete("eth0", 77_006);
            second.configure(second.address(77_007, "10.7.0.2/24"), second.address(77_007, "2001:db8:7::2/64"));
            assertTrue(second.namespace.observe().addressesOf(77_007).contains(IpCidr.parse("10.7.0.2/24")));
        }
    }

    @Test
    void aRefusalDoesNotStopWhatComesAfterIt() {
        try (Place place = new Place()) {
            place.create("eth0", 77_008);
            place.configure(place.up("eth0", 77_008), place.address(77_008, "10.7.0.2/24"));
            assertThrows(
                    AddressException.class,
                    () -> place.configure(place.address(77_008, "10.7.0.2/24"), place.defaultRoute(77_008)));
            ConflictException second =
                    assertThrows(ConflictException.class, () -> place.configure(place.defaultRoute(77_008)));
            assertTrue(second.reason().contains("default route"), second.getMessage());
        }
    }

    @Test
    void routesAndRulesCarryOurMarkUntilTheyAreDeleted() {
        Route blackhole = Route.blackhole("10.99.0.0/16").table(77_017);
        IpPrefix from = IpPrefix.parse("10.7.0.2/32");
        try (Place place = new Place()) {
            place.create("eth0", 77_017);
            place.configure(
                    place.up("eth0", 77_017),
                    place.address(77_017, "10.7.0.2/24"),
                    place.route(
                            77_017, Route.onLink(EVERYTHING, "eth0").metric(7).table(77_017)),
                    place.route(0, blackhole),
                    new Step.AddRule(from, 77_017, place.netns));
            NamespaceState state = place.namespace.observe();
            assertTrue(state.routes().stream()
                    .anyMatch(entry -> entry.owned()
                            && entry.table() == 77_017
                            && entry.metric() == 7
                            && entry.device() == 77_017));
            assertTrue(state.routes().stream()
                    .anyMatch(entry -> entry.owned() && entry.destination().equals(blackhole.destination())));
            assertEquals(List.of(new NamespaceState.Rule(from, 77_017)), state.rules());
            place.configure(
                    new Step.DeleteRoute(blackhole, 0, place.netns), new Step.DeleteRule(from, 77_017, place.netns));
            state = place.namespace.observe();
            assertTrue(state.routes().stream()
                    .noneMatch(entry -> entry.destination().equals(blackhole.destination())));
            assertEquals(List.of(), state.rules());
        }
    }

    @Test
    void aRouteNeedsALinkThatIsUp() {
        try (Place place = new Place()) {
            place.create("eth0", 77_019);
            assertFalse(place.namespace.link(77_019).orElseThrow().up());
            KernelException refused =
                    assertThrows(KernelException.class, () -> place.configure(place.defaultRoute(77_019)));
            assertEquals("ENETDOWN", errno(refused));
            place.configure(place.up("eth0", 77_019), place.defaultRoute(77_019));
        }
    }

    @Test
    void aGatewayMustBeOnTheLink() {
        try (Place place = new Place()) {
            place.create("eth0", 77_009);
            ConflictException refused = assertThrows(
                    ConflictException.class,
                    () -> place.configure(
                            place.address(77_009, "10.7.0.2/24"),
                            place.route(77_009, Route.via(EVERYTHING, IpAddress.parse("10.99.0.1"), "eth0"))));
            assertEquals("ENETUNREACH", errno(refused));
        }
    }

    /// @return the error
    private static String refusesRoute(Place place, int index, Route route) {
        return errno(
                assertThrows(IpvlanException.class, () -> place.configure(place.route(index, route)), route::toString));
    }

    @Test
    void aGatewayIsLookedForOnTheLinkOnly() {
        try (Place place = new Place()) {
            place.createDualStack(77_020);
            Route ipv4 = Route.to("10.50.0.0/16");
            Route ipv6 = Route.to("2001:db8:50::/48");
            assertEquals("ENETUNREACH", refusesRoute(place, 77_020, ipv4.via("10.99.0.1")));
            assertEquals("EHOSTUNREACH", refusesRoute(place, 77_020, ipv6.via("2001:db8:99::1")));
            assertEquals("EINVAL", refusesRoute(place, 77_020, ipv6.via("2001:db8:7::2")), "its own");
            assertEquals("EINVAL", refusesRoute(place, 0, ipv6.via("fe80::1")), "of which link?");
            place.configure(
                    place.route(77_020, ipv4.via("10.7.0.2").metric(1)),
                    place.route(77_020, ipv4.via("10.7.0.1").metric(2)),
                    place.route(0, ipv4.via("10.7.0.1").metric(3)),
                    place.route(77_020, ipv6.via("2001:db8:7::1").metric(1)),
                    place.route(77_020, ipv6.via("fe80::1").metric(2)));

            place.configure(
                    place.defaultRoute(77_020), place.route(77_020, Route.onLink(IpPrefix.parse("::/0"), "eth0")));
            place.configure(
                    place.route(77_020, ipv4.via("10.99.0.1").metric(4)),
                    place.route(77_020, ipv6.via("2001:db8:99::1").metric(4)));
        }
    }

    @Test
    void aRouteNeedsADeviceOrAGateway() {
        try (Place place = new Place()) {
            assertEquals("ENODEV", refusesRoute(place, 0, Route.to("10.50.0.0/16")));
            assertEquals("ENODEV", refusesRoute(place, 0, Route.to("2001:db8:50::/48")));
        }
    }

    @Test
    void theRouteToThePrefixOfAnAddressIsThereAlready() {
        try (Place place = new Place()) {
            place.create("eth0", 77_021);
            place.configure(
                    place.address(77_021, "10.7.0.2/24"),
                    place.up("eth0", 77_021),
                    place.address(77_021, "10.8.0.2/24"),
                    place.address(77_021, "10.9.0.9/32"),
                    place.address(77_021, "2001:db8:7::2/64"),
                    place.address(77_021, "2001:db8:9::9/128"));
            Route ipv6 = Route.to("2001:db8:7::/64");
            assertEquals("EEXIST", refusesRoute(place, 77_021, Route.to("10.7.0.0/24")));
            assertEquals("EEXIST", refusesRoute(place, 77_021, Route.to("10.8.0.0/24")));
            assertEquals("EEXIST", refusesRoute(place, 77_021, ipv6.metric(256)));
            assertEquals(
                    "EEXIST",
                    refusesRoute(place, 77_021, Route.to("2001:db8:9::9/128").metric(256)));
            place.configure(
                    place.route(77_021, Route.to("10.7.0.0/24").metric(1)),
                    place.route(77_021, Route.to("10.9.0.9/32")),
                    place.route(77_021, ipv6));
        }
    }

    @Test
    void theSourceOfARouteIsAnAddressOfTheNamespace() {
        try (Place place = new Place()) {
            place.createDualStack(77_022);
            Route ipv4 = Route.to("10.50.0.0/16");
            Route ipv6 = Route.to("2001:db8:50::/48");
            assertEquals("EINVAL", refusesRoute(place, 77_022, ipv4.source(IpAddress.parse("10.7.0.3"))));
            assertEquals("EINVAL", refusesRoute(place, 77_022, ipv6.source(IpAddress.parse("2001:db8:7::3"))));
            place.configure(
                    place.route(77_022, ipv4.source(IpAddress.parse("10.7.0.2"))),
                    place.route(77_022, ipv6.source(IpAddress.parse("2001:db8:7::2"))));
        }
    }

    @Test
    void aSettingHasToExistAndToTakeTheValue() {
        try (Place place = new Place()) {
            place.create("eth0.7", 77_023);
            for (String unknown : List.of(
                    "net.ipv4.conf.eth0/7.no_such_setting",
                    "net.ipv6.conf.eth0/7.rp_filter",
                    "net.ipv6.neigh.eth0/7.gc_thresh1",
                    "net.ipv4.conf.eth1.forwarding")) {
                assertThrows(UnsupportedException.class, () -> place.configure(place.sysctl(unknown, "1")), unknown);
            }
            for (String wrong : List.of("abc", "1 2", "1x", "99999999999999", "-3000000000")) {
                ConflictException refused = assertThrows(
                        ConflictException.class,
                        () -> place.configure(place.sysctl("net.ipv4.conf.eth0/7.forwarding", wrong)),
                        wrong);
                assertEquals("EINVAL", errno(refused));
            }
            place.configure(
                    place.sysctl("net.ipv4.conf.eth0/7.forwarding", "-1"),
                    place.sysctl("net.ipv4.conf.eth0/7.rp_filter", " 0x2"),
                    place.sysctl("net.ipv4.neigh.eth0/7.gc_stale_time", "120"),
                    place.sysctl("net.ipv6.conf.eth0/7.accept_ra", "0"),
                    place.sysctl("net.ipv6.conf.eth0/7.stable_secret", "2001:db8::1"),
                    place.sysctl("net.ipv6.neigh.eth0/7.retrans_time_ms", "500"));
        }
    }

    @Test
    void eightLinksStandOnEachOther() {
        String lower = DUMMY;
        for (int i = 1; i <= 7; i++) {
            host.create(vlan("contract.v" + i, 77_030 + i, lower, i == 1 ? PARENT : 77_030 + i - 1, 5));
            lower = "contract.v" + i;
        }
        KernelException vlan = assertThrows(
                KernelException.class, () -> host.create(vlan("contract.v8", 77_038, "contract.v7", 77_037, 5)));
        assertEquals(31, vlan.kernelError().orElseThrow().errno());
        try (Place place = new Place()) {
            KernelException child = assertThrows(
                    KernelException.class, () -> place.create("eth0", 77_039, "contract.v7", 77_037, IpvlanMode.L3));
            assertEquals(31, child.kernelError().orElseThrow().errno());
            place.create("eth0", 77_039, "contract.v6", 77_036, IpvlanMode.L3);
        }
    }

    @Test
    void aLinkIsBroughtUpAndItsMtuSet() {
        try (Place place = new Place()) {
            place.create("eth0", 77_018);
            place.configure(place.up("eth0", 77_018), new Step.SetMtu("eth0", 77_018, 1400, place.netns));
            assertTrue(place.link(77_018).up());
            assertEquals(1400, place.link(77_018).mtu());
        }
    }

    @Test
    void aLinkThatIsNotThereCannotBeConfigured() {
        try (Place place = new Place()) {
            assertThrows(NotFoundException.class, () -> place.configure(place.address(77_010, "10.7.0.2/24")));
            assertThrows(NotFoundException.class, () -> place.configure(place.defaultRoute(77_010)));
        }
    }

    @Test
    void aClosedKernelSaysSo() {
        Kernel closed = open();
        Kernel.Namespace home = closed.open(HOST);
        closed.close();
        assertThrows(IllegalStateException.class, home::observe);
        assertThrows(IllegalStateException.class, () -> home.link(1));
    }
}
