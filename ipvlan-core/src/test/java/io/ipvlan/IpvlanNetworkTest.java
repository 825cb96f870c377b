package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.Strategy;
import io.ipvlan.ipam.Subnet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpvlanNetworkTest {
    private static IpvlanNetwork.Builder valid() {
        return IpvlanNetwork.builder("n").subnet("10.1.214.0/24");
    }

    private static List<String> faults(IpvlanNetwork.Builder builder) {
        InvalidNetworkException refused = assertThrows(InvalidNetworkException.class, builder::build);
        return refused.violations().stream().map(Violation::toString).toList();
    }

    private static String fault(IpvlanNetwork.Builder builder) {
        List<String> faults = faults(builder);
        assertEquals(1, faults.size(), faults::toString);
        return faults.getFirst();
    }

    @Test
    void whatIsNotSaidHasADefault() {
        IpvlanNetwork network = valid().build();

        assertEquals(
                new IpvlanNetwork(
                        "n",
                        IpvlanMode.L2,
                        IpvlanFlag.BRIDGE,
                        Parent.dummy(),
                        List.of(Subnet.of("10.1.214.0/24")),
                        Set.of(),
                        false,
                        false,
                        OptionalInt.empty(),
                        Strategy.LOWEST,
                        Duration.ZERO,
                        Map.of()),
                network);
    }

    @Test
    void aNetworkWithoutANameGetsOneOfItsOwn() {
        IpvlanNetwork one = IpvlanNetwork.builder().l3().subnet("10.1.214.0/24").build();
        IpvlanNetwork other =
                IpvlanNetwork.builder().l3().subnet("10.1.214.0/24").build();

        assertTrue(one.name().startsWith("ipvlan-"), one::name);
        assertNotEquals(one.name(), other.name());
    }

    @Provide
    Arbitrary<IpvlanNetwork> networks() {
        return RandomNetworks.any();
    }

    @Property
    void aCopyIsEqual(@ForAll("networks") IpvlanNetwork network) {
        assertEquals(network, network.toBuilder().build());
    }

    @Test
    void everyFaultIsReportedAtOnce() {
        InvalidNetworkException refused = assertThrows(
                InvalidNetworkException.class,
                () -> IpvlanNetwork.builder("a b")
                        .l3()
                        .parent("lo")
                        .subnet("nonsense")
                        .subnet("10.1.214.5/24")
                        .subnet("10.1.0.0/16")
                        .subnet(Subnet.of("10.1.2.0/24").withGateway("10.1.2.1"))
                        .subnet("127.0.0.0/24")
                        .mtu(67)
                        .build());

        assertEquals(
                List.of(
                        "subnet 'nonsense'",
                        "subnet '10.1.214.5/24'",
                        "name 'a b'",
                        "parent 'lo'",
                        "subnet '10.1.2.0/24'",
                        "subnet '127.0.0.0/24'",
                        "subnet '10.1.2.0/24'",
                        "mtu 67"),
                refused.violations().stream().map(Violation::setting).toList());
        for (Violation violation : refused.violations()) {
            assertTrue(refused.getMessage().contains(violation.toString()), refused::getMessage);
        }
    }

    @Test
    void aMissingSubnetIsReportedBesideOtherFaults() {
        List<String> faults = faults(IpvlanNetwork.builder("").parent("lo"));

        assertEquals(3, faults.size(), faults::toString);
        assertTrue(faults.getLast().startsWith("subnets: there is none"), faults::toString);
    }

    /// And that is the only fault: the subnet is not reported as missing as well.
    @Test
    void hostBitsAreRefusedWithThePrefixThatWasMeant() {
        String fault = fault(IpvlanNetwork.builder("n").subnet("10.1.214.5/24"));

        assertTrue(fault.contains("10.1.214.0/24"), fault);
    }

    @Test
    void aBuilderBuildsOnceItsFaultsAreMended() {
        IpvlanNetwork.Builder builder = IpvlanNetwork.builder("n").parent("lo");
        assertEquals(faults(builder), faults(builder), "asking again adds nothing");

        assertEquals(
                Parent.link("eth0"),
                builder.parent("eth0").subnet("10.1.214.0/24").build().parent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "-a", ".", "a/b", "é", "a\n"})
    void aNameOfOtherCharactersIsRefused(String name) {
        assertTrue(fault(IpvlanNetwork.builder(name).subnet("10.1.214.0/24")).startsWith("name '" + name + "': "));
    }

    @Test
    void aNameHasAtMost128Characters() {
        String longest = "n".repeat(128);

        assertEquals(
                longest,
                IpvlanNetwork.builder(longest).autoSubnet(IpFamily.IPV4).build().name());
        assertFalse(faults(IpvlanNetwork.builder(longest + "n").autoSubnet(IpFamily.IPV4))
                .isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a b", "a:b", "%d", "\t", "à"})
    void aParentThatNoLinkCanBeIsRefused(String name) {
        assertTrue(fault(valid().parent(name)).startsWith("parent '" + name + "': no link can have this name"));
    }

    /// A longer name may be an alternative name of a link.
    @Test
    void aParentsNameIsNoLongerThanAnAlternativeNameMayBe() {
        valid().parent("a".repeat(127)).build();

        assertTrue(fault(valid().parent("a".repeat(128))).contains("longer than 127 bytes"));
    }

    @Test
    void aVlanHasANumberALinkThatCanCarryItAndANameALinkCanHave() {
        valid().parent(Parent.vlan("eth0", 1)).build();
        valid().parent(Parent.vlan("eth0", 4094)).build();

        assertTrue(fault(valid().parent(Parent.vlan("eth0", 0))).contains("the number of a VLAN is 1 to 4094"));
        assertTrue(fault(valid().parent(Parent.vlan("eth0", 4095))).contains("the number of a VLAN is 1 to 4094"));
        assertTrue(fault(valid().parent(Parent.vlan("lo", 7))).contains("cannot be a parent"));
        assertTrue(fault(valid().parent(Parent.vlan(Parent.dummy(), 7))).contains("leads nowhere"));
        assertTrue(fault(valid().parent(Parent.vlan("eth0", 7).named("sixteen-bytes-xx")))
                .contains("longer than 15 bytes"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "02:00", "02:00:00:00:00:0g", "020000000001", "02:00:00:00:00:00:01"})
    void aHardwareAddressHasSixPairsOfDigits(String address) {
        assertTrue(fault(valid().parent(Parent.mac(address))).contains("six pairs of hexadecimal digits"));
    }

    @Test
    void anIndexIsPositiveAndANamespaceIsNamedOnce() {
        Netns blue = Netns.ofName("blue");

        assertTrue(fault(valid().parent(Parent.index(0))).contains("an index is positive"));
        assertTrue(fault(valid().parent(Parent.link("eth0").in(blue).in(blue))).contains("outermost"));
    }

    @ParameterizedTest
    @EnumSource(names = {"PRIVATE", "VEPA"})
    void hostAccessNeedsChildrenThatReachEachOther(IpvlanFlag flag) {
        assertTrue(fault(valid().flag(flag).hostAccess()).contains("keeps the children apart"));
    }

    @Test
    void anAddressDoesNotRestForEver() {
        assertTrue(fault(valid().coolDown(Duration.ofDays(366))).contains("365 days"));
        assertTrue(fault(valid().coolDown(Duration.ofMillis(-1))).contains("365 days"));
    }

    @Test
    void theLoopbackLinkCannotBeAParent() {
        assertTrue(fault(valid().parent("lo")).contains("leave the parent out"));
    }

    @ParameterizedTest
    @EnumSource(names = {"L3", "L3S"})
    void aGatewayInARoutedModeIsRefusedByName(IpvlanMode mode) {
        Subnet subnet = Subnet.of("10.1.2.0/24").withGateway("10.1.2.7");
        String fault = fault(IpvlanNetwork.builder("n").mode(mode).subnet(subnet));

        assertTrue(fault.contains("gateway 10.1.2.7 has no meaning in mode " + mode.text()), fault);
    }

    @Test
    void subnetsThatOverlapAreRefusedInPairs() {
        List<String> faults =
                faults(valid().subnet("10.1.0.0/16").subnet("10.2.0.0/16").subnet("10.1.214.128/25"));

        assertEquals(
                List.of(
                        "subnet '10.1.0.0/16': it overlaps subnet '10.1.214.0/24'",
                        "subnet '10.1.214.128/25': it overlaps subnet '10.1.214.0/24'",
                        "subnet '10.1.214.128/25': it overlaps subnet '10.1.0.0/16'"),
                faults);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0/0",
                "0.1.0.0/16",
                "127.0.0.0/8",
                "126.0.0.0/7",
                "224.0.1.0/24",
                "255.255.255.255/32",
                "::/0",
                "::1/128",
                "fe80::/64",
                "ff02::/16"
            })
    void aSubnetNoHostCanBeInIsRefused(String prefix) {
        assertTrue(fault(IpvlanNetwork.builder("n").subnet(prefix)).contains("no endpoint can have an address of"));
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 67, false",
        "10.1.0.0/16, 68, true",
        "10.1.0.0/16, 65535, true",
        "10.1.0.0/16, 65536, false",
        "10.1.0.0/16, -1, false",
        "2001:db8::/64, 1279, false",
        "2001:db8::/64, 1280, true",
        "2001:db8::/64, 65536, false"
    })
    void theMtuHasLimits(String subnet, int mtu, boolean allowed) {
        IpvlanNetwork.Builder builder =
                IpvlanNetwork.builder("n").subnet(subnet).mtu(mtu);

        if (allowed) {
            assertEquals(OptionalInt.of(mtu), builder.build().mtu());
        } else {
            assertTrue(fault(builder).startsWith("mtu " + mtu + ": it must be "));
        }
    }

    @Test
    void aDrawnIpv6SubnetNeedsTheMtuOfIpv6() {
        assertTrue(fault(valid().autoSubnet(IpFamily.IPV6).mtu(1000)).contains("1280"));
    }

    @Test
    void nothingIsSentForADescriptionWithFaults() {
        try (Ipvlan ipvlan = Ipvlan.inMemory()) {
            assertThrows(
                    InvalidNetworkException.class,
                    () -> ipvlan.create(valid().mtu(1).build()));
            assertEquals(List.of(), ipvlan.networks());
        }
    }

    @Test
    void whatABuilderIsGivenLaterDoesNotChangeWhatItBuilt() {
        IpvlanNetwork.Builder builder = valid().label("a", "b");
        IpvlanNetwork built = builder.build();
        builder.label("a", "c").subnet("10.2.0.0/16").autoSubnet(IpFamily.IPV6);

        assertEquals(valid().label("a", "b").build(), built);
    }
}
