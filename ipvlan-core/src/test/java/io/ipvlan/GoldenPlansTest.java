package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.Subnet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The examples of the ipvlan manual as plans, word by word and command by command, each in a file of its
/// own below `plans`. Indexes and ids are random, and are written as `N` and `ID` there.
class GoldenPlansTest {
    private static final Netns NS1 = Netns.ofName("ns1");
    private static final Netns NS2 = Netns.ofName("ns2");
    private static final Map<String, Example> EXAMPLES = new TreeMap<>();

    private record Example(IpvlanNetwork network, List<EndpointSpec> endpoints) {}

    private static void example(String name, IpvlanNetwork.Builder network, EndpointSpec... endpoints) {
        EXAMPLES.put(name, new Example(network.build(), List.of(endpoints)));
    }

    private static EndpointSpec at(Netns netns, String... addresses) {
        EndpointSpec spec = EndpointSpec.in(netns);
        for (String address : addresses) {
            spec = spec.withAddress(address);
        }
        return spec;
    }

    private static Subnet subnet(String prefix, String gateway) {
        return Subnet.of(prefix).withGateway(IpAddress.parse(gateway));
    }

    static {
        example(
                "s01-l2-on-eth0",
                IpvlanNetwork.builder("db_net").l2().parent("eth0").subnet(subnet("192.168.1.0/24", "192.168.1.1")),
                at(NS1, "192.168.1.10"),
                at(NS2));
        example(
                "s03-internal",
                IpvlanNetwork.builder("internal").subnet("10.1.0.0/24").subnet("10.2.0.0/24"),
                at(NS1));
        example(
                "s03-internal-on-eth0",
                IpvlanNetwork.builder("internal")
                        .parent("eth0")
                        .internal()
                        .subnet("10.1.0.0/24")
                        .subnet("10.2.0.0/24"),
                at(NS1));
        example(
                "s05-vlan",
                IpvlanNetwork.builder("ipvlan20").parent("eth0.20").subnet(subnet("192.168.20.0/24", "192.168.20.1")),
                at(NS1, "192.168.20.10"));
        example(
                "s08-two-subnets-on-a-vlan",
                IpvlanNetwork.builder("ipvlan114")
                        .parent("eth0.114")
                        .subnet(subnet("192.168.114.0/24", "192.168.114.254"))
                        .subnet(subnet("192.168.116.0/24", "192.168.116.254")),
                at(NS1, "192.168.114.10"),
                at(NS2, "192.168.116.10"));
        example(
                "s09-l3",
                IpvlanNetwork.builder("ipnet210")
                        .l3()
                        .subnet("192.168.214.0/24")
                        .subnet("10.1.214.0/24"),
                at(NS1, "192.168.214.10"),
                at(NS2, "10.1.214.10"));
        example(
                "s12-host-access-l3",
                IpvlanNetwork.builder("ipnet210")
                        .l3()
                        .parent("eth0")
                        .subnet("192.168.214.0/24")
                        .subnet("2001:db8:abc9::/64")
                        .hostAccess(),
                at(NS1, "192.168.214.10", "2001:db8:abc9::10"));
        example(
                "s12-host-access-l2",
                IpvlanNetwork.builder("db_net")
                        .parent("eth0")
                        .subnet(subnet("192.168.1.0/24", "192.168.1.1"))
                        .hostAccess(),
                at(NS1, "192.168.1.10"));
        example(
                "s14-ipv6",
                IpvlanNetwork.builder("v6ipvlan139")
                        .parent("eth0.139")
                        .subnet(subnet("2001:db8:abc2::/64", "2001:db8:abc2::22"))
                        .autoSubnet(IpFamily.IPV4),
                at(NS1));
        example(
                "s15-dual-stack-l2",
                IpvlanNetwork.builder("ipvlan140")
                        .parent("eth0.140")
                        .subnet(subnet("192.168.140.0/24", "192.168.140.1"))
                        .subnet(subnet("192.168.142.0/24", "192.168.142.1"))
                        .subnet(subnet("2001:db8:abc9::/64", "2001:db8:abc9::22")),
                at(NS1, "192.168.140.10"),
                at(NS2, "192.168.142.10", "2001:db8:abc9::10"));
        example(
                "s16-dual-stack-l3",
                IpvlanNetwork.builder("ipnet110")
                        .l3()
                        .parent("eth0.118")
                        .subnet("192.168.110.0/24")
                        .subnet("192.168.112.0/24")
                        .subnet("2001:db8:abc6::/64"),
                at(NS1, "2001:db8:abc6::10"),
                at(NS2, "192.168.112.30", "2001:db8:abc6::50"));
    }

    static Stream<String> names() {
        return EXAMPLES.keySet().stream();
    }

    /// The plans of an example: of its network, and of its endpoints one after the other.
    private static String plans(Example example) {
        List<String> lines = new ArrayList<>();
        try (Ipvlan ipvlan = Ipvlan.inMemory()) {
            add("network " + example.network().name(), ipvlan.plan(example.network()), lines);
            ActiveNetwork network = ipvlan.create(example.network());
            for (EndpointSpec endpoint : example.endpoints()) {
                add("endpoint in " + endpoint.netns(), network.plan(endpoint), lines);
                network.attach(endpoint);
            }
            assertEquals(List.of(), network.verify());
        }
        return String.join("\n", lines) + "\n";
    }

    private static void add(String title, Plan plan, List<String> lines) {
        lines.add((lines.isEmpty() ? "" : "\n") + "# " + title);
        plan.toString().lines().map(GoldenPlansTest::settled).forEach(lines::add);
        plan.commands().forEach(command -> lines.add("$ " + settled(command)));
    }

    private static String settled(String line) {
        return line.replaceAll("\\bindex \\d+", "index N").replaceAll("/ep-[0-9a-f]{12}\\b", "/ID");
    }

    private static String file(String name) throws IOException {
        try (InputStream in = GoldenPlansTest.class.getResourceAsStream("plans/" + name + ".txt")) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void anExampleIsPlannedAsWritten(String name) throws IOException {
        assertEquals(file(name), plans(Objects.requireNonNull(EXAMPLES.get(name))));
    }

    @Test
    void everyExampleHasItsOwnPlans() {
        assertEquals(
                EXAMPLES.size(),
                EXAMPLES.values().stream()
                        .map(GoldenPlansTest::plans)
                        .distinct()
                        .count());
    }
}
