package io.ipvlan.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Step;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostAccessPlannerTest {
    private static final EndpointPlanner.Child CHILD = new EndpointPlanner.Child("host0", 77, "eth0", 2);
    private static final List<String> NONE = List.of();

    private static HostAccessPlanner planner(
            IpvlanNetwork network, Optional<Netns> netns, List<String> own, List<String> parents) {
        return new HostAccessPlanner(
                network,
                network.subnets(),
                netns,
                CHILD,
                own.stream().map(IpAddress::parse).toList(),
                parents.stream().map(IpCidr::parse).toList());
    }

    private static List<String> steps(IpvlanNetwork network, List<String> own, List<String> parents) {
        return words(planner(network, Optional.empty(), own, parents).steps());
    }

    /// All but the alias, which the link has always.
    private static List<String> words(List<Step> steps) {
        return steps.stream()
                .filter(step -> !(step instanceof Step.SetAlias))
                .map(Step::toString)
                .toList();
    }

    @Test
    void aRoutedNetworkIsReachedByItsSubnetsFromAnAddressInEach() {
        IpvlanNetwork network = IpvlanNetwork.builder("n")
                .l3()
                .parent("eth0")
                .subnet("192.168.214.0/24")
                .subnet("2001:db8:1::/64")
                .hostAccess()
                .build();

        assertEquals(
                List.of(
                        "create child link host0 on eth0, l3 bridge",
                        "bring link host0 up",
                        "add address 192.168.214.1/32 to host0",
                        "add address 2001:db8:1::1/128 to host0",
                        "add route 192.168.214.0/24 dev host0 src 192.168.214.1",
                        "add route 2001:db8:1::/64 dev host0 src 2001:db8:1::1"),
                steps(network, List.of("192.168.214.1", "2001:db8:1::1"), List.of("10.0.0.1/24")));
    }

    @Test
    void theLinkStaysDeafForRoutersAndForIpv6ThatIsNotUsed() {
        IpvlanNetwork four = IpvlanNetwork.builder("n")
                .parent("eth0")
                .subnet("10.1.0.0/24")
                .mtu(1400)
                .hostAccess()
                .build();
        assertEquals(
                List.of(
                        "create child link host0 on eth0, l2 bridge, mtu 1400",
                        "set net.ipv6.conf.host0.disable_ipv6 to 1",
                        "bring link host0 up",
                        "add address 10.1.0.2/32 to host0",
                        "add route 10.1.0.0/24 dev host0 src 10.1.0.2"),
                steps(four, List.of("10.1.0.2"), NONE));

        IpvlanNetwork six = IpvlanNetwork.builder("n")
                .parent("eth0")
                .subnet("2001:db8:1::/64")
                .hostAccess()
                .build();
        assertEquals(
                "set net.ipv6.conf.host0.accept_ra to 0",
                steps(six, List.of("2001:db8:1::2"), NONE).get(1));
    }

    /// Other machines of that subnet are reached by the parent.
    @Test
    void aSubnetOfTheParentStaysTheParents() {
        IpvlanNetwork network = IpvlanNetwork.builder("n")
                .parent("eth0")
                .subnet("192.168.1.0/24")
                .subnet("10.1.0.0/24")
                .hostAccess()
                .build();
        HostAccessPlanner planner =
                planner(network, Optional.empty(), List.of("192.168.1.2", "10.1.0.2"), List.of("192.168.1.250/25"));

        assertEquals(
                List.of("add route 10.1.0.0/24 dev host0 src 10.1.0.2"),
                words(planner.steps().stream()
                        .filter(Step.AddRoute.class::isInstance)
                        .toList()));
        assertEquals(
                List.of("add route 192.168.1.9/32 dev host0 src 192.168.1.2"),
                words(planner.steps(List.of(IpCidr.parse("192.168.1.9/24"), IpCidr.parse("10.1.0.9/24")))));
    }

    @Test
    void withoutAnAddressOfTheParentAnEndpointNeedsNothing() {
        IpvlanNetwork network =
                IpvlanNetwork.builder("n").subnet("10.1.0.0/24").hostAccess().build();

        assertEquals(
                List.of(),
                planner(network, Optional.empty(), List.of("10.1.0.2"), NONE)
                        .steps(List.of(IpCidr.parse("10.1.0.9/24"))));
    }

    @Test
    void everythingIsMadeInTheParentsNamespace() {
        Optional<Netns> router = Optional.of(Netns.ofName("router"));
        IpvlanNetwork network = IpvlanNetwork.builder("n")
                .parent("eth0")
                .subnet("192.168.1.0/24")
                .subnet("2001:db8:1::/64")
                .hostAccess()
                .build();
        HostAccessPlanner planner =
                planner(network, router, List.of("192.168.1.2", "2001:db8:1::2"), List.of("192.168.1.250/24"));

        assertEquals(
                List.of(
                        "ip -n router link add link eth0 name host0 index 77 group 1768978028 type ipvlan mode l2 bridge",
                        "ip netns exec router sysctl -w 'net.ipv6.conf.host0.accept_ra=0'",
                        "ip -n router link set dev host0 alias ipvlan:n",
                        "ip -n router link set host0 up",
                        "ip -n router address add 192.168.1.2/32 dev host0",
                        "ip -n router address add 2001:db8:1::2/128 dev host0 nodad",
                        "ip -n router -6 route add 2001:db8:1::/64 dev host0 src 2001:db8:1::2 proto 105"),
                planner.steps().stream().map(Step::command).toList());
        assertEquals(
                List.of("ip -n router route add 192.168.1.9/32 dev host0 src 192.168.1.2 proto 105"),
                planner.steps(List.of(IpCidr.parse("192.168.1.9/24"))).stream()
                        .map(Step::command)
                        .toList());
    }
}
