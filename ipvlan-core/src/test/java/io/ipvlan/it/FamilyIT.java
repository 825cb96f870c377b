package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Parent;
import io.ipvlan.ipam.Subnet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// IPv4 alone, IPv6 alone and both; the smallest subnets; networks that lead nowhere.
class FamilyIT {
    /// Docker's test of two containers in a subnet of two addresses.
    @ParameterizedTest
    @CsvSource({"L2, true, true", "L2, true, false", "L3, false, true", "L3S, false, true", "L3, true, false"})
    void d25TwoContainersInASubnetOfTwoAddresses(IpvlanMode mode, boolean internal, boolean onEth0) {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            Machine b = lab.machine();
            IpvlanNetwork.Builder description = IpvlanNetwork.builder("d25")
                    .mode(mode)
                    .parent(onEth0 ? Parent.link("eth0") : Parent.dummy())
                    .subnet("10.25.0.0/31")
                    .subnet("2001:db8:25::/127");
            if (internal) {
                description.internal();
            }
            try (EphemeralNetwork network = ipvlan.ephemeral(description.build())) {
                network.attach(a.netns());
                network.attach(b.netns());
                a.reaches("10.25.0.1");
                b.reaches("10.25.0.0");
                a.reaches("2001:db8:25::1");
                b.reaches("2001:db8:25::");
            }
        }
    }

    /// Docker's test of its address management: which families a link has, and that IPv6 is off without one.
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true"})
    void d22ALinkHasTheFamiliesOfItsNetwork(boolean ipv4, boolean ipv6) {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine a = lab.machine();
            Machine b = lab.machine();
            IpvlanNetwork.Builder description = IpvlanNetwork.builder("d22");
            if (ipv4) {
                description.subnet("192.168.22.0/24");
            }
            if (ipv6) {
                description.subnet(Subnet.of("2001:db8:22::/64").withRange("2001:db8:22::/120"));
            }
            String loopback = a.run("ip address show lo");
            try (EphemeralNetwork network = ipvlan.ephemeral(description.build())) {
                network.attach(a.netns());
                network.attach(b.netns());
                String addresses = a.run("ip address show eth0");
                assertEquals(ipv4, addresses.contains("inet "), addresses);
                assertEquals(ipv6, addresses.contains("inet6 "), addresses);
                assertEquals(
                        ipv6 ? "0" : "1",
                        a.run("cat /proc/sys/net/ipv6/conf/eth0/disable_ipv6").strip());
                assertEquals(loopback, a.run("ip address show lo"));
                if (ipv4) {
                    a.reaches("192.168.22.2");
                }
                if (ipv6) {
                    a.reaches("2001:db8:22::2");
                }
                assertEquals(
                        ipv4 && ipv6 ? List.of("252", "253") : ipv4 ? List.of("252") : List.of("253"),
                        network.usage().values().stream()
                                .map(usage -> usage.free().toString())
                                .toList());
            }
        }
    }

    /// Docker's test of internal networks, in which the subnets of its mode L3 do not reach each other.
    @ParameterizedTest
    @EnumSource(IpvlanMode.class)
    void d16InAnInternalNetworkTheSubnetsReachEachOtherAndNothingElse(IpvlanMode mode) {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            Machine b = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("d16")
                    .mode(mode)
                    .parent("eth0")
                    .internal()
                    .subnet("172.28.220.0/24")
                    .subnet("172.28.230.0/24")
                    .build())) {
                network.attach(EndpointSpec.in(a.netns()).withAddress("172.28.220.10"));
                network.attach(EndpointSpec.in(b.netns()).withAddress("172.28.230.10"));
                a.reaches("172.28.230.10");
                b.reaches("172.28.220.10");
                String unreachable = a.attempt("ping -n -c 1 -W 1 8.8.8.8").output();
                assertTrue(unreachable.contains("Network is unreachable"), unreachable);
            }
        }
    }

    /// Docker's tests of the priority of gateways.
    @Test
    void d28EachFamilyHasItsOwnWayOut() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            try (EphemeralNetwork four = ipvlan.ephemeral(IpvlanNetwork.builder("four")
                            .parent("eth0")
                            .subnet("192.168.1.0/24")
                            .build());
                    EphemeralNetwork six = ipvlan.ephemeral(IpvlanNetwork.builder("six")
                            .l3()
                            .subnet("2001:db8:6::/64")
                            .build());
                    EphemeralNetwork both = ipvlan.ephemeral(IpvlanNetwork.builder("both")
                            .l3()
                            .subnet("10.1.0.0/24")
                            .subnet("2001:db8:7::/64")
                            .build())) {
                four.attach(EndpointSpec.in(a.netns()).withDefaultRouteMetric(50));
                six.attach(EndpointSpec.in(a.netns()).withDefaultRouteMetric(200));
                Endpoint third = both.attach(EndpointSpec.in(a.netns()).withDefaultRouteMetric(100));
                assertTrue(a.run("ip route get 203.0.113.1").contains("dev eth0"));
                assertTrue(a.run("ip route get 2001:db8:ffff::1").contains("dev eth2"));
                third.detach();
                assertTrue(a.run("ip route get 203.0.113.1").contains("dev eth0"));
                assertTrue(a.run("ip route get 2001:db8:ffff::1").contains("dev eth1"));
            }
            assertFalse(a.run("ip link").contains("eth"));
        }
    }

    /// Story S24, with the file under the library's own lines.
    @Test
    void s24ANameIsFoundInTheLinesForTheHostsFile() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("s24")
                        .l3()
                        .subnet("10.24.0.0/24")
                        .subnet("2001:db8:24::/64")
                        .build())) {
            Machine a = lab.machine();
            Machine b = lab.machine();
            network.attach(EndpointSpec.in(a.netns()).withId("web"));
            Endpoint other = network.attach(EndpointSpec.in(b.netns()).withId("db-1"));
            assertEquals(
                    List.of("10.24.0.2 db-1", "2001:db8:24::2 db-1", "10.24.0.1 web", "2001:db8:24::1 web"),
                    network.hosts());
            assertEquals(
                    0, byName(a, network.hosts(), "ping -n -c 1 -W 5 -4 db-1").exit());
            assertEquals(
                    0, byName(b, network.hosts(), "ping -n -c 1 -W 5 -6 web").exit());
            other.detach();
            assertEquals(List.of("10.24.0.1 web", "2001:db8:24::1 web"), network.hosts());
            assertTrue(byName(a, network.hosts(), "ping -n -c 1 -W 5 -4 db-1").exit() != 0);
        }
    }

    /// Runs a command in a machine, with a hosts file of its own.
    private static Command.Result byName(Machine machine, List<String> hosts, String command) {
        String script = "file=$(mktemp)\ntrap 'rm \"$file\"' EXIT\nprintf '%s\\n' '" + String.join("' '", hosts)
                + "' >\"$file\"\nmount --bind \"$file\" /etc/hosts\n" + command;
        return Command.run(
                List.of("nsenter", "--net=" + machine.namespace().path(), "unshare", "--mount", "sh", "-ec", script));
    }
}
