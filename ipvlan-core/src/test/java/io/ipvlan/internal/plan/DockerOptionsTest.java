package io.ipvlan.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.InvalidNetworkException;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Violation;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.Subnet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `docker network create -d ipvlan` takes, and what it says where it should have said something.
class DockerOptionsTest {
    private static IpvlanNetwork read(String... keysAndValues) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            options.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return IpvlanNetwork.fromDockerOptions("n", options);
    }

    private static List<String> faults(String... keysAndValues) {
        return assertThrows(InvalidNetworkException.class, () -> read(keysAndValues)).violations().stream()
                .map(Violation::toString)
                .toList();
    }

    /// The example of the manual for L2.
    @Test
    void theManualsExampleIsRead() {
        assertEquals(
                IpvlanNetwork.builder("n")
                        .l2()
                        .parent("eth0")
                        .subnet(Subnet.of("192.168.1.0/24").withGateway("192.168.1.1"))
                        .build(),
                read(
                        "subnet", "192.168.1.0/24",
                        "gateway", "192.168.1.1",
                        "ipvlan_mode", "l2",
                        "parent", "eth0"));
    }

    /// The manual's dual stack example in L3, with every option that fits there.
    @Test
    void everyOptionIsRead() {
        assertEquals(
                IpvlanNetwork.builder("n")
                        .l2()
                        .flag(IpvlanFlag.PRIVATE)
                        .parent("eth0.139")
                        .subnet(Subnet.of("192.168.110.0/24")
                                .withGateway("192.168.110.1")
                                .withRange("192.168.110.128/25")
                                .withReservation("router", IpAddress.parse("192.168.110.5")))
                        .subnet(Subnet.of("192.168.112.0/24").withGateway("192.168.112.1"))
                        .subnet(Subnet.of("2001:db8:abc6::/64")
                                .withGateway("2001:db8:abc6::1")
                                .withRange("2001:db8:abc6::100/120")
                                .withReservation("dns", IpAddress.parse("2001:db8:abc6::53")))
                        .internal()
                        .mtu(1400)
                        .build(),
                read(
                        "parent", "eth0.139",
                        "ipvlan_mode", "l2",
                        "ipvlan_flag", "private",
                        "subnet", "192.168.110.0/24, 192.168.112.0/24,2001:db8:abc6::/64",
                        "gateway", "2001:db8:abc6::1,192.168.112.1,192.168.110.1",
                        "ip-range", "2001:db8:abc6::100/120,192.168.110.128/25",
                        "aux-address", "router=192.168.110.5,dns=2001:db8:abc6::53",
                        "internal", "true",
                        "ipv4", "true",
                        "ipv6", "true",
                        "com.docker.network.driver.mtu", "1400"));
    }

    @Test
    void withoutOptionsItIsWhatDockerMakes() {
        IpvlanNetwork network = read();

        assertEquals(
                IpvlanNetwork.builder("n").autoSubnet(IpFamily.IPV4).build(),
                network,
                "l2, bridge, a dummy link, a subnet of the default pools");
    }

    @ParameterizedTest
    @EnumSource
    void everyModeIsRead(IpvlanMode mode) {
        assertEquals(mode, read("ipvlan_mode", mode.text()).mode());
    }

    @ParameterizedTest
    @EnumSource
    void everyFlagIsRead(IpvlanFlag flag) {
        assertEquals(flag, read("ipvlan_flag", flag.text()).flag());
    }

    @ParameterizedTest
    @CsvSource({
        "ipvlan_mode, l4, '[l2, l3, l3s]'",
        "ipvlan_mode, L3, '[l2, l3, l3s]'",
        "ipvlan_mode, '', '[l2, l3, l3s]'",
        "ipvlan_flag, x, '[bridge, private, vepa]'",
        "ipvlan_flag, Bridge, '[bridge, private, vepa]'",
    })
    void aWordThatIsNoneOfThoseAllowedIsRefusedWithThem(String option, String word, String allowed) {
        assertEquals(List.of(option + " '" + word + "': it must be one of " + allowed), faults(option, word));
    }

    @ParameterizedTest
    @CsvSource({
        "'',              '',    '',    IPV4",
        "'',              '',    true,  IPV4 IPV6",
        "'',              false, true,  IPV6",
        "192.168.1.0/24,  '',    '',    ''",
        "192.168.1.0/24,  '',    true,  IPV6",
        "2001:db8::/64,   '',    true,  ''",
        "2001:db8::/64,   true,  true,  IPV4",
        "2001:db8::/64,   false, true,  ''",
    })
    void aFamilyThatIsOnAndHasNoSubnetGetsOne(String subnet, String ipv4, String ipv6, String drawn) {
        Map<String, String> options = new HashMap<>(Map.of("subnet", subnet, "ipv4", ipv4, "ipv6", ipv6));
        options.values().removeIf(String::isEmpty);

        assertEquals(
                drawn,
                String.join(
                        " ",
                        IpvlanNetwork.fromDockerOptions("n", options).autoSubnets().stream()
                                .map(IpFamily::name)
                                .sorted()
                                .toList()));
    }

    @Test
    void aSubnetOfAFamilyThatIsOffIsRefused() {
        assertEquals(
                List.of("subnets: one is of IPV6, which is off: say ipv6 true, or leave the subnet out"),
                faults("subnet", "2001:db8::/64"));
        assertEquals(
                List.of("subnets: one is of IPV4, which is off: say ipv4 true, or leave the subnet out"),
                faults("subnet", "10.1.0.0/24", "ipv4", "false"));
        assertEquals(List.of(NetworkValidator.NO_SUBNET.toString()), faults("ipv4", "false"));
    }

    @ParameterizedTest
    @CsvSource({
        "ip_range, ip-range",
        "ipvlan-mode, ipvlan_mode",
        "Parent, parent",
        "subnets, subnet",
        "mtu, ipv4",
        "com.docker.network.mtu, com.docker.network.driver.mtu",
        "macvlan_mode, ipvlan_mode",
    })
    void anOptionThatIsNotKnownIsRefusedWithTheNearest(String option, String nearest) {
        assertEquals(
                List.of("option '" + option + "': it is not known; the nearest that is: '" + nearest + "'"),
                faults(option, "x"));
    }

    @Test
    void hostBitsAreRefusedWithThePrefixThatWasMeant() {
        List<String> subnet = faults("subnet", "192.168.1.7/24");
        assertEquals(1, subnet.size(), subnet::toString);
        assertTrue(subnet.getFirst().startsWith("subnet '192.168.1.7/24': "), subnet::toString);
        assertTrue(subnet.getFirst().contains("192.168.1.0/24"), subnet::toString);

        List<String> range = faults("subnet", "192.168.1.0/24", "ip-range", "192.168.1.130/25");
        assertEquals(1, range.size(), range::toString);
        assertTrue(range.getFirst().startsWith("ip-range '192.168.1.130/25': "), range::toString);
        assertTrue(range.getFirst().contains("192.168.1.128/25"), range::toString);
    }

    /// Docker passes it over in silence.
    @ParameterizedTest
    @ValueSource(strings = {"l3", "l3s"})
    void aGatewayInARoutedModeIsRefused(String mode) {
        assertEquals(
                List.of("subnet '10.1.0.0/24': gateway 10.1.0.1 has no meaning in mode " + mode
                        + ", where the parent's namespace routes: leave it out"),
                faults("ipvlan_mode", mode, "subnet", "10.1.0.0/24", "gateway", "10.1.0.1"));
    }

    @ParameterizedTest
    @CsvSource({
        "gateway, 10.2.0.1",
        "ip-range, 10.2.0.0/25",
        "aux-address, a=10.2.0.1",
        "gateway, 2001:db8::1",
    })
    void whatLiesInNoSubnetIsRefused(String option, String value) {
        assertEquals(
                List.of(option + " '" + value + "': it lies in none of the subnets"),
                faults("subnet", "10.1.0.0/24", option, value));
    }

    @ParameterizedTest
    @CsvSource({
        "gateway, '10.1.0.1,10.1.0.2', gateway '10.1.0.2', has gateway 10.1.0.1",
        "gateway, '10.1.0.1,10.1.0.1', gateway '10.1.0.1', has gateway 10.1.0.1",
        "ip-range, '10.1.0.0/25,10.1.0.128/25', ip-range '10.1.0.128/25', has ip-range 10.1.0.0-10.1.0.127",
        "aux-address, 'a=10.1.0.9,b=10.1.0.9', aux-address 'b=10.1.0.9', has aux-address a=10.1.0.9",
        "aux-address, '10.1.0.9,b=10.1.0.9', aux-address 'b=10.1.0.9', has aux-address 10.1.0.9",
    })
    void aSecondValueForWhatASubnetHasOnceIsRefusedWithTheFirst(
            String option, String values, String second, String first) {
        assertEquals(
                List.of(second + ": subnet 10.1.0.0/24 " + first + " already; leave one of the two out"),
                faults("subnet", "10.1.0.0/24", option, values));
    }

    /// In Docker, names are keys.
    @Test
    void anAuxiliaryAddressThatIsRepeatedIsOne() {
        assertEquals(
                read("subnet", "10.1.0.0/24", "aux-address", "a=10.1.0.9"),
                read("subnet", "10.1.0.0/24", "aux-address", "a=10.1.0.9,a=10.1.0.9"));
    }

    @ParameterizedTest
    @CsvSource({
        "gateway, 10.1.0",
        "gateway, 10.1.0.1/24",
        "gateway, 10.1.0.255",
        "ip-range, 10.1.0.0",
        "ip-range, 10.1.0.0/16",
        "aux-address, 10.1.0",
        "aux-address, a b=10.1.0.5",
        "internal, yes",
        "internal, TRUE",
        "ipv4, 1",
        "ipv6, ''",
        "com.docker.network.driver.mtu, large",
        "com.docker.network.driver.mtu, ''",
        "parent, ''",
        "parent, a/b",
        "parent, lo",
        "subnet, 10.1.0.0",
        "subnet, 10.1.0.0/33",
    })
    void aValueThatCannotBeReadIsRefusedByName(String option, String value) {
        Map<String, String> options = new HashMap<>(Map.of("subnet", "10.1.0.0/24"));
        options.put(option, value);
        List<Violation> faults = assertThrows(
                        InvalidNetworkException.class, () -> IpvlanNetwork.fromDockerOptions("n", options))
                .violations();

        assertEquals(1, faults.size(), faults::toString);
        assertEquals(option + " '" + value + "'", faults.getFirst().setting());
        assertTrue(faults.getFirst().reason().length() > 5, faults::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"67", "65536", "-1"})
    void theMtuHasLimits(String mtu) {
        assertEquals(List.of("mtu " + mtu + ": it must be 68 to 65535"), faults("com.docker.network.driver.mtu", mtu));
    }

    @ParameterizedTest
    @ValueSource(strings = {"large", "1500.0", "99999999999", ""})
    void anMtuThatIsNoNumberIsToldSo(String mtu) {
        assertEquals(
                List.of("com.docker.network.driver.mtu '" + mtu + "': it must be a number from 68 to 65535"),
                faults("com.docker.network.driver.mtu", mtu));
    }

    @Test
    void everyFaultIsNamedAtOnce() {
        assertEquals(
                Set.of(
                        "option 'attachable'",
                        "ipvlan_mode 'L3'",
                        "internal 'yes'",
                        "com.docker.network.driver.mtu 'x'",
                        "gateway '10.9.0.1'",
                        "subnet '10.1.0.5/24'",
                        "subnet '127.0.0.0/8'"),
                Set.copyOf(assertThrows(
                                InvalidNetworkException.class,
                                () -> read(
                                        "attachable", "true",
                                        "ipvlan_mode", "L3",
                                        "internal", "yes",
                                        "com.docker.network.driver.mtu", "x",
                                        "subnet", "10.1.0.5/24,127.0.0.0/8",
                                        "gateway", "10.9.0.1"))
                        .violations()
                        .stream()
                        .map(Violation::setting)
                        .toList()));
    }

    @Test
    void aReservationNeedsNoName() {
        assertEquals(
                IpvlanNetwork.builder("n")
                        .subnet(Subnet.of("10.1.0.0/24").withReserved("10.1.0.5"))
                        .build(),
                read("subnet", "10.1.0.0/24", "aux-address", "10.1.0.5"));
    }

    @Test
    void blanksAndCommasTooManyAreNothing() {
        assertEquals(read("subnet", "10.1.0.0/24,10.2.0.0/24"), read("subnet", " 10.1.0.0/24 ,, 10.2.0.0/24,"));
    }
}
