package io.ipvlan.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Plan;
import io.ipvlan.RandomNetworks;
import io.ipvlan.Step;
import io.ipvlan.ip.IpCidr;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EndpointPlannerTest {
    private static final EndpointSpec BLUE = EndpointSpec.in(Netns.ofName("blue"));
    private static final int INDEX = 1048577;

    private static Plan plan(IpvlanNetwork network, EndpointSpec endpoint, String... addresses) {
        return new EndpointPlanner(network, SubnetPlanner.effective(network, List.of()), Optional.empty())
                .plan(
                        endpoint,
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
                        "ip link add link eth0 name eth0 index 1048577 group 1768978028 mtu 1400 netns blue up type ipvlan"
                                + " mode l2 bridge",
                        "ip netns exec blue sysctl -w 'net.ipv6.conf.eth0.accept_ra=0'",
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
                        "create child link web on eth0 in blue, l3 bridge, up",
                        "set net.ipv6.conf.web.disable_ipv6 to 1 in blue",
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
