package io.ipvlan.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Parent;
import io.ipvlan.RandomNetworks;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubnetPlannerTest {
    private static IpvlanNetwork.Builder network(IpvlanMode mode, Parent parent) {
        return IpvlanNetwork.builder("n").mode(mode).parent(parent);
    }

    private static Optional<String> gateway(IpvlanNetwork network) {
        return SubnetPlanner.effective(network, List.of()).getFirst().gateway().map(IpAddress::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "L2,  link,  false, true",
        "L2,  link,  true,  false",
        "L2,  dummy, false, false",
        "L2,  dummy, true,  false",
        "L3,  link,  false, false",
        "L3,  link,  true,  false",
        "L3,  dummy, false, false",
        "L3,  dummy, true,  false",
        "L3S, link,  false, false",
        "L3S, link,  true,  false",
        "L3S, dummy, false, false",
        "L3S, dummy, true,  false",
    })
    void aGatewayIsChosenOnlyWhereOneCanAnswer(IpvlanMode mode, String parent, boolean internal, boolean chosen) {
        for (String prefix : List.of("10.1.214.0/24", "2001:db8:abc2::/64")) {
            IpvlanNetwork.Builder builder = network(mode, parent.equals("link") ? Parent.link("eth0") : Parent.dummy())
                    .subnet(prefix);
            String first = Subnet.of(prefix).firstUsable().toString();

            assertEquals(
                    chosen ? Optional.of(first) : Optional.empty(),
                    gateway((internal ? builder.internal() : builder).build()));
        }
    }

    @Test
    void everyParentButADummyLinkIsASegmentWithARouter() {
        Netns blue = Netns.ofName("blue");
        for (Parent parent : List.of(
                Parent.index(2),
                Parent.mac("02:00:00:00:00:02"),
                Parent.defaultRoute(),
                Parent.vlan("eth0", 139),
                Parent.link("eth0").in(blue))) {
            IpvlanNetwork network =
                    network(IpvlanMode.L2, parent).subnet("10.1.214.0/24").build();
            assertEquals(Optional.of("10.1.214.1"), gateway(network), parent::toString);
        }
        IpvlanNetwork nowhere = network(IpvlanMode.L2, Parent.dummy().in(blue))
                .subnet("10.1.214.0/24")
                .build();
        assertEquals(Optional.empty(), gateway(nowhere));
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.214.0/30, 10.1.214.1",
        "10.1.214.0/31, 10.1.214.0",
        "10.1.214.7/32, none",
        "2001:db8::/126, 2001:db8::1",
        "2001:db8::/127, 2001:db8::",
        "2001:db8::7/128, none"
    })
    void aSubnetOfOneAddressKeepsItForTheEndpoint(String prefix, String expected) {
        IpvlanNetwork network =
                network(IpvlanMode.L2, Parent.link("eth0")).subnet(prefix).build();

        assertEquals(expected, gateway(network).orElse("none"));
    }

    @Test
    void whatTheUserSaidAboutAGatewayStays() {
        Subnet named = Subnet.of("10.1.0.0/24").withGateway("10.1.0.254");
        Subnet refused = Subnet.of("10.2.0.0/24").noGateway();
        IpvlanNetwork network = network(IpvlanMode.L2, Parent.link("eth0"))
                .subnet(named)
                .subnet(refused)
                .build();

        assertEquals(List.of(named, refused), SubnetPlanner.effective(network, List.of()));
    }

    @Test
    void aNamedGatewayStaysWhereNoneWouldBeChosen() {
        Subnet named = Subnet.of("10.1.0.0/24").withGateway("10.1.0.254");
        IpvlanNetwork network =
                network(IpvlanMode.L2, Parent.dummy()).subnet(named).internal().build();

        assertEquals(List.of(named), SubnetPlanner.effective(network, List.of()));
    }

    @Test
    void drawnSubnetsComeLastAndHaveNoGateway() {
        IpvlanNetwork network = network(IpvlanMode.L2, Parent.link("eth0"))
                .subnet("10.1.0.0/24")
                .autoSubnet(IpFamily.IPV4)
                .build();

        assertEquals(
                List.of(Subnet.of("10.1.0.0/24").withGateway("10.1.0.1"), Subnet.of("172.17.0.0/16")),
                SubnetPlanner.effective(network, List.of(IpPrefix.parse("172.17.0.0/16"))));
    }

    @Provide
    Arbitrary<IpvlanNetwork> networks() {
        return RandomNetworks.any();
    }

    @Property
    void nothingButTheGatewayIsEverChanged(@ForAll("networks") IpvlanNetwork network) {
        List<Subnet> effective = SubnetPlanner.effective(network, List.of());

        assertEquals(network.subnets().size(), effective.size());
        for (int i = 0; i < effective.size(); i++) {
            Subnet given = network.subnets().get(i);
            Subnet used = effective.get(i);
            assertEquals(
                    new Subnet(
                            given.prefix(),
                            used.gateway(),
                            given.refusesGateway(),
                            given.ranges(),
                            given.excluded(),
                            given.reserved()),
                    used);
        }
    }

    @Test
    void whateverTheParentIsUnlessADummyItsSegmentMayHaveARouter() {
        for (Parent parent : List.of(
                Parent.vlan("eth0", 139),
                Parent.index(2),
                Parent.defaultRoute(),
                Parent.mac("02:00:00:00:00:02"),
                Parent.link("eth0").in(Netns.ofName("blue")))) {
            IpvlanNetwork network =
                    network(IpvlanMode.L2, parent).subnet("10.1.0.0/24").build();
            assertEquals(
                    Optional.of(IpAddress.parse("10.1.0.1")),
                    SubnetPlanner.effective(network, List.of()).getFirst().gateway(),
                    parent::toString);
        }
        IpvlanNetwork dummy = network(IpvlanMode.L2, Parent.dummy().in(Netns.ofName("blue")))
                .subnet("10.1.0.0/24")
                .build();
        assertEquals(
                Optional.empty(),
                SubnetPlanner.effective(dummy, List.of()).getFirst().gateway());
    }
}
