package io.ipvlan.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ConflictException;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.NotFoundException;
import io.ipvlan.Step;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkPlannerTest {
    private static final IpvlanNetwork ON_ETH0 =
            IpvlanNetwork.builder("new").parent("eth0").subnet("10.1.0.0/24").build();

    private static final int INDEX = 1048577;

    private static NetworkPlanner.Result plan(IpvlanNetwork network, Hosts hosts, PortUse... uses) {
        NetworkPlanner planner = new NetworkPlanner("create network", network, network.subnets());
        NetworkPlanner.Result result = planner.plan(hosts.state(), Optional.empty(), () -> INDEX);
        planner.checkUses(result.parent(), List.of(uses));
        return result;
    }

    private static String conflict(IpvlanNetwork network, Hosts hosts, PortUse... uses) {
        ConflictException refused = assertThrows(ConflictException.class, () -> plan(network, hosts, uses));
        assertEquals("create network", refused.operation());
        assertEquals("'" + network.name() + "'", refused.object());
        return refused.reason();
    }

    private static PortUse use(IpvlanMode mode, IpvlanFlag flag, String... subnets) {
        List<IpPrefix> prefixes = List.of(subnets).stream().map(IpPrefix::parse).toList();
        return new PortUse("old", new NamespaceState.Port(mode, flag), prefixes);
    }

    @Test
    void withoutAParentADummyLinkIsPlanned() {
        IpvlanNetwork network =
                IpvlanNetwork.builder("ipnet210").l3().subnet("10.1.0.0/24").build();
        String name = LinkNames.dummyParent("ipnet210");

        assertEquals(
                new NetworkPlanner.Result(
                        name,
                        INDEX,
                        Optional.empty(),
                        List.<Step>of(
                                new Step.CreateDummy(name, INDEX, Optional.empty()),
                                new Step.SetAlias(name, INDEX, "ipvlan:ipnet210", Optional.empty()))),
                plan(network, new Hosts()));
    }

    @Test
    void aLinkThatHasTheNameOfTheDummyIsNotTouched() {
        IpvlanNetwork network = IpvlanNetwork.builder("n").subnet("10.1.0.0/24").build();
        String name = LinkNames.dummyParent("n");

        assertTrue(conflict(network, new Hosts().with(9, name, "dummy", 1)).contains("'" + name + "' exists already"));
    }

    @Test
    void anExistingParentIsUsedAsItIs() {
        NetworkPlanner.Result result = plan(ON_ETH0, new Hosts());

        assertEquals("eth0", result.parent());
        assertEquals(Hosts.ETH0, result.existing().orElseThrow().index());
        assertEquals(List.of(), result.steps());
    }

    @Test
    void aMissingParentIsNamedBesideTheLinksThereAre() {
        IpvlanNetwork network = ON_ETH0.toBuilder().parent("eth7").build();

        NotFoundException missing = assertThrows(NotFoundException.class, () -> plan(network, new Hosts()));
        assertTrue(missing.reason().contains("'eth7'"), missing::reason);
        assertTrue(missing.reason().contains("[lo, eth0, eth1]"), missing::reason);
    }

    @Test
    void theParentsOwnAddressIsNoGateway() {
        IpvlanNetwork network = ON_ETH0.toBuilder()
                .subnet(Subnet.of("192.168.1.0/24").withGateway("192.168.1.250"))
                .build();
        assertTrue(conflict(network, new Hosts()).contains("never reach each other"));
    }

    @Test
    void aLoopbackLinkUnderAnotherNameIsRefused() {
        Hosts host = new Hosts().with(new Hosts.Link(1, "loop").loopback());
        IpvlanNetwork network = ON_ETH0.toBuilder().parent("loop").build();

        ConflictException refused = assertThrows(ConflictException.class, () -> plan(network, host));
        assertTrue(refused.reason().contains("loopback"), refused::reason);
    }

    @Test
    void aChildLinkIsNoParent() {
        Hosts hosts = new Hosts().withChild(9, "ipvl0", Hosts.ETH0, IpvlanMode.L2, IpvlanFlag.BRIDGE);
        IpvlanNetwork network = ON_ETH0.toBuilder().parent("ipvl0").build();

        assertTrue(conflict(network, hosts).contains("'ipvl0' is itself a child link"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"macvlan", "macvtap"})
    void aParentOfAnotherKindOfChildrenIsRefusedNamingOne(String kind) {
        assertEquals(
                "the parent 'eth0' carries " + kind + " link 'mv0', and a parent serves one kind",
                conflict(ON_ETH0, new Hosts().with(9, "mv0", kind, Hosts.ETH0)));
    }

    @Test
    void macvlanOnAnotherLinkAndVlansDoNotMatter() {
        Hosts hosts = new Hosts().with(9, "mv0", "macvlan", Hosts.ETH1).with(10, "eth0.20", "vlan", Hosts.ETH0);

        assertEquals("eth0", plan(ON_ETH0, hosts).parent());
    }

    @Test
    void anotherModeOfAnotherNetworkIsRefusedNamingIt() {
        String reason = conflict(ON_ETH0, new Hosts(), use(IpvlanMode.L3, IpvlanFlag.BRIDGE));

        assertTrue(reason.contains("network 'old' uses 'eth0' as l3 bridge"), reason);
    }

    @Test
    void anotherFlagOfAnotherNetworkIsRefusedNamingIt() {
        String reason = conflict(ON_ETH0, new Hosts(), use(IpvlanMode.L2, IpvlanFlag.VEPA));

        assertTrue(reason.contains("network 'old' uses 'eth0' as l2 vepa"), reason);
    }

    @Test
    void anotherModeOfALinkInTheHostsNamespaceIsRefusedNamingIt() {
        Hosts hosts = new Hosts().withChild(9, "ipvl0", Hosts.ETH0, IpvlanMode.L3S, IpvlanFlag.BRIDGE);

        assertTrue(conflict(ON_ETH0, hosts).contains("child link 'ipvl0' uses 'eth0' as l3s bridge"));
    }

    @Test
    void aChildLinkOfAModeNobodyKnowsIsNotFlippedEither() {
        Hosts hosts = new Hosts().with(9, "ipvl0", "ipvlan", Hosts.ETH0);

        assertTrue(conflict(ON_ETH0, hosts).contains("'ipvl0' uses 'eth0' as something this library does not know"));
    }

    @Test
    void sameModeAndFlagShareAParent() {
        Hosts hosts = new Hosts().withChild(9, "ipvl0", Hosts.ETH0, IpvlanMode.L2, IpvlanFlag.BRIDGE);
        PortUse use = use(IpvlanMode.L2, IpvlanFlag.BRIDGE, "10.2.0.0/24");

        assertEquals("eth0", plan(ON_ETH0, hosts, use).parent());
    }

    @Test
    void onAnotherParentEverythingMayDiffer() {
        Hosts hosts = new Hosts().withChild(9, "ipvl0", Hosts.ETH1, IpvlanMode.L3, IpvlanFlag.VEPA);

        assertEquals("eth0", plan(ON_ETH0, hosts).parent());
    }

    @Test
    void aSubnetThatOverlapsAnotherNetworksOnTheSameParentIsRefused() {
        PortUse use = use(IpvlanMode.L2, IpvlanFlag.BRIDGE, "10.2.0.0/24", "10.1.0.128/25");

        assertEquals(
                "subnet 10.1.0.0/24 overlaps one of network 'old' on the same parent 'eth0'",
                conflict(ON_ETH0, new Hosts(), use));
    }

    @ParameterizedTest
    @EnumSource(IpvlanMode.class)
    void onlyARoutedModeNeedsASubnetOtherThanTheParents(IpvlanMode mode) {
        for (String subnet : List.of("192.168.0.0/16", "192.168.1.128/25", "2001:db8:1::/64")) {
            IpvlanNetwork network = IpvlanNetwork.builder("n")
                    .mode(mode)
                    .parent("eth0")
                    .subnet(subnet)
                    .build();
            if (mode.isRouted()) {
                String reason = conflict(network, new Hosts());
                assertTrue(reason.startsWith("subnet " + subnet + " overlaps "), reason);
                assertTrue(reason.contains("mode " + mode.text() + " needs a subnet of its own"), reason);
            } else {
                assertEquals("eth0", plan(network, new Hosts()).parent());
            }
        }
    }

    @Test
    void theAddressesOfOtherLinksDoNotMatter() {
        IpvlanNetwork network = IpvlanNetwork.builder("n")
                .l3()
                .parent("eth1")
                .subnet("192.168.1.0/24")
                .build();

        assertEquals("eth1", plan(network, new Hosts()).parent());
    }
}
