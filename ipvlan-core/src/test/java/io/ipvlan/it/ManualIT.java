package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.ConflictException;
import io.ipvlan.Drift;
import io.ipvlan.EndpointSpec;
import io.ipvlan.InvalidNetworkException;
import io.ipvlan.Ipv6Policy;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Parent;
import io.ipvlan.Route;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.Subnet;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The examples of `docs/manual.md` on a real kernel, compiled and run as they stand there. The commands of
/// the page are typed, and what they answer is compared with what the page shows; [ManualTest] holds the page
/// against this file.
class ManualIT {
    private final Lab lab = new Lab();
    private final Machine router = lab.segment();
    private final Map<String, Machine> machines = new LinkedHashMap<>();
    private final Netns a = container("a");
    private final Netns b = container("b");
    private final Netns c = container("c");
    private final Netns d = container("d");
    private final Ipvlan ipvlan = Ipvlan.open();

    private Netns container(String name) {
        try {
            Machine machine = lab.machine();
            machine.namespace().name(name);
            machines.put(name, machine);
            return Netns.ofName(name);
        } catch (NetlinkException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeEach
    void nameTheOthers() {
        machines.put("router", router);
        machines.put("host", lab.host());
    }

    @AfterEach
    void removeEverything() throws NetlinkException {
        for (ActiveNetwork network : ipvlan.networks()) {
            network.detachAll();
            network.delete();
        }
        ipvlan.close();
        for (String name : List.of("a", "b", "c", "d")) {
            NetNamespace.deleteName(name);
        }
        lab.close();
    }

    /// Types the commands of a block of the page, each on the machine its prompt names, and insists that they
    /// answer what the page shows.
    private void typed(String name) {
        String shown = Manual.output(name);
        List<String> transcript = new ArrayList<>();
        for (String line : shown.lines().toList()) {
            int prompt = line.indexOf("$ ");
            if (prompt > 0 && machines.containsKey(line.substring(0, prompt))) {
                Machine machine = Objects.requireNonNull(machines.get(line.substring(0, prompt)));
                transcript.add(line);
                transcript.addAll(answer(machine, line.substring(prompt + 2)));
            }
        }
        compare(name, shown, String.join("\n", transcript) + "\n");
    }

    /// What a command says; of a ping the line that counts, without times.
    private static List<String> answer(Machine machine, String command) {
        List<String> words = new ArrayList<>(machine.prefix());
        words.addAll(List.of("sh", "-c", command));
        List<String> lines =
                Command.run(words).output().lines().map(String::stripTrailing).toList();
        return lines.stream().noneMatch(line -> line.contains("packets transmitted"))
                ? lines
                : lines.stream()
                        .filter(line -> line.contains("packets transmitted"))
                        .map(line -> line.replaceAll(", time .*", ""))
                        .toList();
    }

    private static void compare(String name, String shown, String real) {
        assertEquals(
                Manual.withoutAccidents(shown),
                Manual.withoutAccidents(real),
                () -> "the block '" + name + "' is really\n" + real + "--- end of the block\n");
    }

    /// Insists that code prints what the page shows.
    private static void printed(String name, Runnable code) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream elsewhere = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(elsewhere);
            code.run();
        } finally {
            System.setOut(before);
        }
        compare(name, Manual.output(name), printed.toString(StandardCharsets.UTF_8));
    }

    /// The other end of the wire knows a VLAN, with these addresses.
    private void trunk(int vlan, String... addresses) {
        router.run("ip link add link eth0 name eth0." + vlan + " type vlan id " + vlan);
        router.run("ip link set eth0." + vlan + " up");
        for (String address : addresses) {
            router.run("ip address add " + address + " dev eth0." + vlan + (address.contains("::") ? " nodad" : ""));
        }
    }

    @Test
    void m00OptionsAreReadUnderDockersNames() {
        // [options]
        IpvlanNetwork described = IpvlanNetwork.fromDockerOptions(
                "db_net",
                Map.of(
                        "subnet", "192.168.1.0/24",
                        "gateway", "192.168.1.1",
                        "ipvlan_mode", "l2",
                        "parent", "eth0"));
        // [/options]
        assertEquals(
                IpvlanNetwork.builder("db_net")
                        .l2()
                        .parent("eth0")
                        .subnet(Subnet.of("192.168.1.0/24").withGateway("192.168.1.1"))
                        .build(),
                described);
        printed("misspelt", () -> {
            // [misspelt]
            try {
                IpvlanNetwork.fromDockerOptions(
                        "db_net",
                        Map.of(
                                "subnet", "192.168.1.10/24",
                                "ipvlan_mode", "L3",
                                "com.docker.network.mtu", "1400"));
            } catch (InvalidNetworkException e) {
                e.violations().forEach(System.out::println);
            }
            // [/misspelt]
        });
    }

    @Test
    void m01L2OnEth0() {
        // [l2]
        ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("db_net")
                .l2()
                .parent("eth0")
                .subnet(Subnet.of("192.168.1.0/24").withGateway("192.168.1.1"))
                .build());
        network.attach(a);
        network.attach(b);
        // [/l2]
        assertEquals(2, network.endpoints().size());
        typed("l2");
    }

    @Test
    void m02Defaults() {
        // [defaults]
        ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("db_net_ipv")
                .parent("eth0")
                .subnet("192.168.1.0/24")
                .build());
        network.attach(EndpointSpec.in(a).withId("ipv1"));
        network.attach(EndpointSpec.in(b).withId("ipv2"));
        // [/defaults]
        typed("defaults");
        printed("hosts", () -> {
            // [hosts]
            network.hosts().forEach(System.out::println);
            // [/hosts]
        });
    }

    @Test
    void m02WithoutAGateway() {
        // [nogateway]
        ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("no_way_out")
                .parent("eth0")
                .subnet(Subnet.of("192.168.1.0/24").noGateway().withReserved("192.168.1.1"))
                .build());
        network.attach(a);
        // [/nogateway]
        assertEquals(1, network.endpoints().size());
        typed("nogateway");
    }

    @Test
    void m03WithoutAParent() {
        // [isolated]
        ActiveNetwork network = ipvlan.create(
                IpvlanNetwork.builder("isolated1").subnet("192.168.10.0/24").build());
        network.attach(a);
        network.attach(b);
        // [/isolated]
        assertEquals(2, network.endpoints().size());
        typed("isolated");
    }

    @Test
    void m03InternalOnAParent() {
        // [internal]
        ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("isolated2")
                .internal()
                .parent("eth0")
                .subnet("192.168.1.0/24")
                .build());
        network.attach(EndpointSpec.in(a).withAddress("192.168.1.20"));
        // [/internal]
        assertEquals(1, network.endpoints().size());
        typed("internal");
    }

    @Test
    void m03WithoutASubnet() {
        // [automatic]
        ActiveNetwork network = ipvlan.create(
                IpvlanNetwork.builder("isolated3").autoSubnet(IpFamily.IPV4).build());
        network.attach(a);
        network.attach(b);
        // [/automatic]
        assertEquals(2, network.endpoints().size());
        typed("automatic");
    }

    @Test
    void m10ToM12Vlans() {
        trunk(20, "192.168.20.1/24");
        trunk(30, "192.168.30.1/24");
        // [vlans]
        ActiveNetwork ipvlan20 = ipvlan.create(IpvlanNetwork.builder("ipvlan20")
                .parent("eth0.20")
                .subnet(Subnet.of("192.168.20.0/24").withGateway("192.168.20.1"))
                .build());
        ActiveNetwork ipvlan30 = ipvlan.create(IpvlanNetwork.builder("ipvlan30")
                .l2()
                .parent(Parent.vlan("eth0", 30)) // the same as parent("eth0.30")
                .subnet(Subnet.of("192.168.30.0/24").withGateway("192.168.30.1"))
                .build());
        ipvlan20.attach(a);
        ipvlan20.attach(b);
        ipvlan30.attach(c);
        ipvlan30.attach(d);
        // [/vlans]
        typed("vlans");
        typed("apart");
        // [gone]
        ipvlan20.detachAll();
        ipvlan20.delete();
        // [/gone]
        typed("gone");
    }

    @Test
    void m13SubnetsOfOneVlan() {
        trunk(114, "192.168.114.254/24", "192.168.116.254/24");
        // [subnets]
        ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("ipvlan114")
                .parent("eth0.114")
                .subnet(Subnet.of("192.168.114.0/24").withGateway("192.168.114.254"))
                .subnet(Subnet.of("192.168.116.0/24").withGateway("192.168.116.254"))
                .build());
        network.attach(EndpointSpec.in(a).withAddress("192.168.114.10"));
        network.attach(EndpointSpec.in(b).withAddress("192.168.114.11"));
        network.attach(EndpointSpec.in(c).withAddress("192.168.116.10"));
        // [/subnets]
        assertEquals(3, network.endpoints().size());
        typed("subnets");
    }

    @Test
    void m14SeveralVlans() {
        printed("departments", () -> {
            // [departments]
            Map.of(10, "172.16.80.0/24", 20, "172.16.48.0/22", 30, "10.1.0.0/16")
                    .forEach((vlan, subnet) -> ipvlan.create(IpvlanNetwork.builder("vlan" + vlan)
                            .parent(Parent.vlan("eth0", vlan))
                            .subnet(subnet)
                            .build()));
            try {
                IpvlanNetwork.builder("vlan40")
                        .parent("eth0.40")
                        .subnet("172.16.50.0/22")
                        .build();
            } catch (InvalidNetworkException e) {
                System.out.println(e.getMessage());
            }
            // [/departments]
        });
        typed("trunk");
    }

    @Test
    void m50LinksMadeByHand() {
        typed("byhand");
        lab.host().run("ip link set eth0.40 addrgenmode none");
        lab.host().run("ip link set foo addrgenmode none");
        // [byhand]
        ActiveNetwork ipvlan40 = ipvlan.create(IpvlanNetwork.builder("ipvlan40")
                .parent("eth0.40")
                .subnet("192.168.40.0/24")
                .build());
        ActiveNetwork foonet = ipvlan.create(IpvlanNetwork.builder("foonet")
                .parent("foo")
                .subnet("192.168.41.0/24")
                .build());
        ipvlan40.delete();
        foonet.delete();
        // [/byhand]
        typed("stays");
    }

    @Test
    void m20L3WithoutAParent() {
        // [l3]
        ActiveNetwork ipnet210 = ipvlan.create(IpvlanNetwork.builder("ipnet210")
                .l3()
                .subnet("192.168.214.0/24")
                .subnet("10.1.214.0/24")
                .build());
        ipnet210.attach(EndpointSpec.in(a).withAddress("192.168.214.10"));
        ipnet210.attach(EndpointSpec.in(b).withAddress("10.1.214.10"));
        ipnet210.attach(EndpointSpec.in(c).withAddress("192.168.214.9"));
        ipnet210.attach(EndpointSpec.in(d).withAddress("10.1.214.9"));
        // [/l3]
        assertEquals(4, ipnet210.endpoints().size());
        typed("l3");
    }

    @Test
    void m21L3OnEth0AndTheRoutesOfOthers() {
        // [routed]
        ActiveNetwork routed = ipvlan.create(IpvlanNetwork.builder("routed")
                .l3()
                .parent("eth0")
                .subnet("192.168.214.0/24")
                .subnet("192.168.215.0/24")
                .build());
        routed.attach(EndpointSpec.in(a).withAddress("192.168.214.10"));
        routed.attach(EndpointSpec.in(b).withAddress("192.168.215.10"));
        // [/routed]
        typed("unknown");
        // [remote]
        List<Route> routes = routed.remoteRoutes();
        // [/remote]
        router.inside(() -> {
            // [install]
            try (Ipvlan there = Ipvlan.open()) {
                there.installHostRoutes(routes);
            }
            // [/install]
            return 0;
        });
        typed("remote");
        printed("rules", () -> {
            // [rules]
            try {
                IpvlanNetwork.builder("wrong")
                        .l3()
                        .subnet(Subnet.of("192.168.216.0/24").withGateway("192.168.216.1"))
                        .build();
            } catch (InvalidNetworkException e) {
                System.out.println(e.getMessage());
            }
            try {
                ipvlan.create(IpvlanNetwork.builder("overlapping")
                        .l3()
                        .parent("eth0")
                        .subnet("192.168.1.0/24")
                        .build());
            } catch (ConflictException e) {
                System.out.println(e.getMessage());
            }
            // [/rules]
        });
    }

    @Test
    void m21TheHostsOwnWay() {
        // [hostaccess]
        ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("reachable")
                .l3()
                .parent("eth0")
                .subnet("192.168.214.0/24")
                .hostAccess()
                .build());
        network.attach(EndpointSpec.in(a).withAddress("192.168.214.10"));
        // [/hostaccess]
        assertEquals("[192.168.214.1]", network.inspect().hostAddresses().toString());
        typed("hostaccess");
    }

    @Test
    void m30Ipv6() {
        trunk(139, "2001:db8:abc2::22/64");
        // [ipv6]
        ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("v6ipvlan139")
                .parent("eth0.139")
                .subnet(Subnet.of("2001:db8:abc2::/64").withGateway("2001:db8:abc2::22"))
                .autoSubnet(IpFamily.IPV4)
                .build());
        network.attach(a);
        network.attach(b);
        // [/ipv6]
        assertEquals(2, network.endpoints().size());
        typed("ipv6");
    }

    @Test
    void m31DualStackL2() {
        printed("off", () -> {
            // [off]
            try {
                IpvlanNetwork.fromDockerOptions(
                        "ipvlan140",
                        Map.of(
                                "subnet", "192.168.140.0/24,192.168.142.0/24,2001:db8:abc9::/64",
                                "gateway", "192.168.140.1,192.168.142.1,2001:db8:abc9::22",
                                "parent", "eth0.140"));
            } catch (InvalidNetworkException e) {
                System.out.println(e.getMessage());
            }
            // [/off]
        });
        // [dual]
        ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("ipvlan140")
                .parent("eth0.140")
                .subnet(Subnet.of("192.168.140.0/24").withGateway("192.168.140.1"))
                .subnet(Subnet.of("192.168.142.0/24").withGateway("192.168.142.1"))
                .subnet(Subnet.of("2001:db8:abc9::/64").withGateway("2001:db8:abc9::22"))
                .build());
        network.attach(EndpointSpec.in(a).withAddress("2001:db8:abc9::51"));
        network.attach(EndpointSpec.in(b).withAddress("192.168.140.10"));
        network.attach(EndpointSpec.in(c).withAddress("192.168.142.10"));
        // [/dual]
        assertEquals(3, network.endpoints().size());
        typed("dual");
        typed("apart4");
    }

    @Test
    void m33AddressesOfARouter() {
        router.run("ip address add 2001:db8:77::1/64 dev eth0 nodad");
        router.write("/proc/sys/net/ipv6/conf/all/forwarding", "1");
        try (Advertiser _ = Advertiser.on(router, "2001:db8:77::/64")) {
            // [slaac]
            ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("v4_and_router")
                    .parent("eth0")
                    .subnet("192.168.1.0/24")
                    .build());
            network.attach(EndpointSpec.in(a).withIpv6(Ipv6Policy.ROUTER));
            network.attach(b); // IPv6 is off, as the network has none
            // [/slaac]
            assertEquals(2, network.endpoints().size());
            Machine waiting = Objects.requireNonNull(machines.get("a"));
            waiting.waitsFor("ip -6 address show dev eth0 -tentative", "2001:db8:77:");
            waiting.waitsFor("ip -6 route", "default via");
            typed("slaac");
        }
    }

    @Test
    void m40DualStackL3() {
        // [dual3]
        ActiveNetwork ipnet110 = ipvlan.create(IpvlanNetwork.builder("ipnet110")
                .l3()
                .parent("eth0")
                .subnet("192.168.110.0/24")
                .subnet("192.168.112.0/24")
                .subnet("2001:db8:abc6::/64")
                .build());
        ipnet110.attach(a);
        ipnet110.attach(EndpointSpec.in(b).withAddress("2001:db8:abc6::10"));
        ipnet110.attach(EndpointSpec.in(c).withAddress("192.168.112.30"));
        ipnet110.attach(EndpointSpec.in(d).withAddress("2001:db8:abc6::50").withAddress("192.168.112.50"));
        // [/dual3]
        typed("dual3");
        // [again]
        ipnet110.detachAll();
        for (int i = 0; i < 10; i++) {
            ipnet110.attach(EndpointSpec.in(d).withAddress("2001:db8:abc6::50")).detach();
        }
        // [/again]
        assertEquals(0, ipnet110.endpoints().size());
    }

    @Test
    void m52BesideOtherNetworks() {
        lab.link("br0 type bridge");
        lab.host().run("ip link set br0 addrgenmode none");
        lab.host()
                .run("ip link add veth0 type veth peer name eth0 netns "
                        + Objects.requireNonNull(machines.get("a")).namespace().path());
        lab.host().run("ip link set veth0 master br0 addrgenmode none up");
        lab.host().run("ip link set br0 up");
        lab.host().run("ip address add 10.80.0.1/24 dev br0");
        Machine machine = Objects.requireNonNull(machines.get("a"));
        machine.run("ip address add 10.80.0.2/24 dev eth0");
        machine.run("ip link set eth0 up");
        machine.run("ip route add default via 10.80.0.1");
        // [mix]
        ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("beside_a_bridge")
                .l3()
                .parent("eth0")
                .subnet("192.168.214.0/24")
                .subnet("192.168.215.0/24")
                .build());
        network.attach(EndpointSpec.in(a).withAddress("192.168.214.10").withoutDefaultRoute());
        network.attach(EndpointSpec.in(b).withAddress("192.168.215.10"));
        // [/mix]
        assertEquals(2, network.endpoints().size());
        typed("mix");
    }

    @Test
    void severalNetworksOnAParent() {
        // [shared]
        ActiveNetwork front = ipvlan.create(IpvlanNetwork.builder("front")
                .l3()
                .parent("eth0")
                .subnet("10.10.0.0/24")
                .build());
        ActiveNetwork back = ipvlan.create(IpvlanNetwork.builder("back")
                .l3()
                .parent("eth0")
                .subnet("10.20.0.0/24")
                .build());
        front.attach(a);
        back.attach(b);
        // [/shared]
        typed("shared");
        printed("modes", () -> {
            // [modes]
            try {
                ipvlan.create(IpvlanNetwork.builder("other")
                        .l2()
                        .parent("eth0")
                        .subnet("192.168.1.0/24")
                        .build());
            } catch (ConflictException e) {
                System.out.println(e.getMessage());
            }
            // [/modes]
        });
    }

    @Test
    void flags() {
        // [flags]
        ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("strangers")
                .flag(IpvlanFlag.PRIVATE)
                .parent("eth0")
                .subnet("192.168.1.0/24")
                .build());
        network.attach(a);
        network.attach(b);
        // [/flags]
        assertEquals(2, network.endpoints().size());
        typed("flags");
    }

    @Test
    void ranges() {
        printed("ranges", () -> {
            // [ranges]
            ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("ranges")
                    .parent("eth0")
                    .subnet(Subnet.of("192.168.1.0/24")
                            .withRange("192.168.1.128/30")
                            .withReserved("192.168.1.129"))
                    .build());
            System.out.println(network.attach(a).info().addresses());
            System.out.println(network.attach(b).info().addresses());
            System.out.println(network.attach(EndpointSpec.in(c).withAddress("192.168.1.20"))
                    .info()
                    .addresses());
            network.usage().values().forEach(System.out::println);
            // [/ranges]
        });
    }

    @Test
    void everythingAnEndpointMayHave() {
        router.run("ip address add 10.50.0.1/32 dev lo");
        // [endpoint]
        ActiveNetwork network = ipvlan.create(IpvlanNetwork.builder("lan")
                .parent("eth0")
                .subnet("192.168.1.0/24")
                .build());
        network.attach(EndpointSpec.in(a)
                .withId("web")
                .withInterfaceName("lan0")
                .withAddress("192.168.1.20")
                .withAddresses(IpFamily.IPV4, 2)
                .withMtu(1400)
                .withSysctl("net.ipv4.conf.IFNAME.arp_notify", "1")
                .withDefaultRouteMetric(100)
                .withRoute(Route.to("10.50.0.0/16").via("192.168.1.1"))
                .withRoute(Route.blackhole("10.51.0.0/16")));
        // [/endpoint]
        assertEquals(1, network.endpoints().size());
        typed("endpoint");
    }

    @Test
    void twoWaysOut() {
        // [rulesof]
        ActiveNetwork lan = ipvlan.create(IpvlanNetwork.builder("lan")
                .parent("eth0")
                .subnet("192.168.1.0/24")
                .build());
        ActiveNetwork inner = ipvlan.create(
                IpvlanNetwork.builder("inner").l3().subnet("10.1.0.0/24").build());
        inner.attach(a);
        lan.attach(EndpointSpec.in(a).withAddress("192.168.1.20").withSourceRules());
        // [/rulesof]
        typed("rulesof");
    }

    @Test
    void whatIsLostIsMadeAgain() {
        // [watched]
        ActiveNetwork network = ipvlan.create(
                IpvlanNetwork.builder("watched").l3().subnet("10.1.0.0/24").build());
        network.attach(EndpointSpec.in(a).withId("a"));
        network.attach(EndpointSpec.in(b).withId("b"));
        // [/watched]
        typed("damage");
        printed("drift", () -> {
            // [repair]
            for (Drift drift : network.verify()) {
                System.out.println(drift);
                drift.remedy().forEach(step -> System.out.println("    " + step));
            }
            System.out.println(network.repair().size() + " left after the repair");
            // [/repair]
        });
        typed("mended");
    }

    @Test
    void aPlanAsCommands() {
        printed("plan", () -> {
            // [plan]
            IpvlanNetwork planned = IpvlanNetwork.builder("ipvlan20")
                    .parent("eth0.20")
                    .subnet("192.168.20.0/24")
                    .build();
            ipvlan.plan(planned).commands().forEach(System.out::println);
            ActiveNetwork network = ipvlan.create(planned);
            network.plan(EndpointSpec.in(Netns.ofName("web"))).commands().forEach(System.out::println);
            // [/plan]
        });
        assertThrows(
                ConflictException.class,
                () -> ipvlan.create(ipvlan.networks().getFirst().description()));
        assertTrue(
                lab.host().run("ip link").lines().collect(Collectors.joining()).contains("eth0.20"));
    }
}
