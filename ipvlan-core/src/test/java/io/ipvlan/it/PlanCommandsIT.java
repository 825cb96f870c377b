package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Parent;
import io.ipvlan.Route;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A plan's commands, typed by hand, make what the library makes.
class PlanCommandsIT {
    private static final String ROUTE = "(unicast|local|broadcast|multicast|anycast|blackhole) .*";

    static Stream<IpvlanNetwork> networks() {
        return Stream.of(
                IpvlanNetwork.builder("lan")
                        .parent("eth0")
                        .subnet("192.168.1.0/24")
                        .build(),
                IpvlanNetwork.builder("ipnet210")
                        .l3()
                        .subnet("192.168.214.0/24")
                        .subnet("10.1.214.0/24")
                        .hostAccess()
                        .build(),
                IpvlanNetwork.builder("dual")
                        .parent(Parent.vlan("eth0", 140))
                        .subnet("192.168.140.0/24")
                        .subnet("2001:db8:abc9::/64")
                        .mtu(1400)
                        .hostAccess()
                        .build(),
                IpvlanNetwork.builder("l3s")
                        .l3s()
                        .parent("eth0")
                        .subnet("192.168.110.0/24")
                        .subnet("2001:db8:abc6::/64")
                        .build());
    }

    private static EndpointSpec endpoint(Machine machine) {
        return EndpointSpec.in(machine.netns())
                .withId("a")
                .withSourceRules()
                .withRoute(Route.blackhole("10.99.0.0/16"))
                .withSysctl("net.ipv4.conf.IFNAME.arp_notify", "1");
    }

    /// Without what differs from one run to the next: indexes (also as numbers of tables), hardware addresses
    /// and what is made from them, numbers of namespaces; and the order of tables, which goes by their numbers.
    private static String comparable(Machine machine) {
        List<String> lines = nameless(machine).lines().toList();
        List<String> routes =
                lines.stream().filter(line -> line.matches(ROUTE)).sorted().toList();
        assertFalse(routes.isEmpty(), "no route at all");
        Stream<String> others = lines.stream().filter(line -> !line.matches(ROUTE));
        return Stream.concat(others, routes.stream()).collect(Collectors.joining("\n"));
    }

    private static String nameless(Machine machine) {
        return machine.picture()
                .replaceAll("(?m)^[0-9]+: ", "")
                .replaceAll("@(if[0-9]+|[a-z0-9.-]+)", "@")
                .replaceAll("(table|lookup) [0-9]{6,}", "$1")
                .replaceAll("link-netnsid [0-9]+", "")
                .replaceAll("(?m)^.*fe80::.*\n( +valid_lft.*\n)?", "")
                .replaceAll("([0-9a-f]{2}:){5}[0-9a-f]{2}", "mac");
    }

    private static void type(String command) {
        Command.run(List.of("sh", "-c", command)).checked();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void theCommandsMakeWhatTheLibraryMakes(IpvlanNetwork description) {
        String byLibrary;
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(description)) {
                network.attach(endpoint(a));
                byLibrary = comparable(lab.host()) + comparable(a);
            }
        }
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            ActiveNetwork network = ipvlan.create(description);
            List<String> attach = network.plan(endpoint(a)).commands();

            network.delete();
            List<String> make = ipvlan.plan(description).commands();
            make.forEach(PlanCommandsIT::type);
            attach.forEach(PlanCommandsIT::type);
            assertEquals(byLibrary, comparable(lab.host()) + comparable(a), () -> make + "\n" + attach);
            lab.host().attempt("ip link delete group 1768978028");
        }
    }
}
