package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.InvalidNetworkException;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Parent;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ipam.Subnet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Stories S4, S11 and S19 to S22 of the ipvlan manual: modes, flags, parents of any kind, pools and ranges.
class ModeIT {
    @Test
    void s4ASubnetIsDrawnThatOverlapsNoRouteOfTheHost() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            lab.host().run("ip route add 172.17.0.0/16 via 192.168.1.1");
            lab.host().run("ip address add 172.18.5.1/24 dev eth0");
            try (EphemeralNetwork network = ipvlan.ephemeral(
                    IpvlanNetwork.builder("s4").autoSubnet(IpFamily.IPV4).build())) {
                assertEquals(
                        "172.19.0.0/16",
                        network.inspect().subnets().getFirst().prefix().toString());
            }
        }
    }

    @Test
    void s11AGatewayInARoutedModeIsRefusedByName() {
        InvalidNetworkException refused = assertThrows(
                InvalidNetworkException.class,
                () -> IpvlanNetwork.builder("s11")
                        .l3()
                        .subnet(Subnet.of("10.1.0.0/24").withGateway("10.1.0.1"))
                        .build());
        assertTrue(refused.reason().contains("gateway 10.1.0.1 has no meaning in mode l3"), refused.reason());
    }

    /// Connection tracking sees what passes the host's hooks: packets of mode L3S do, those of L3 do not.
    @ParameterizedTest
    @EnumSource(names = {"L3", "L3S"})
    void s19InModeL3sPacketsPassTheHost(IpvlanMode mode) {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine other = lab.segment();
            other.run("ip route add 192.168.214.0/24 via 192.168.1.250");
            Machine a = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("s19")
                    .mode(mode)
                    .parent("eth0")
                    .subnet("192.168.214.0/24")
                    .build())) {
                network.attach(EndpointSpec.in(a.netns()).withAddress("192.168.214.10"));
                long before = received(lab);
                for (int i = 0; i < 5; i++) {
                    other.reaches("192.168.214.10");
                }
                long seen = received(lab) - before;
                assertEquals(mode == IpvlanMode.L3S, seen >= 5, mode + ": the host's stack saw " + seen);
            }
        }
    }

    /// Where the kernel has nf_tables, with a real rule; where it has not, `nft` is missing or says just
    /// that.
    @Test
    void s19InModeL3sARuleOfTheHostDropsPackets() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine other = lab.segment();
            other.run("ip route add 192.168.214.0/24 via 192.168.1.250");
            Machine a = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("s19-rule")
                    .l3s()
                    .parent("eth0")
                    .subnet("192.168.214.0/24")
                    .build())) {
                network.attach(EndpointSpec.in(a.netns()).withAddress("192.168.214.10"));
                other.reaches("192.168.214.10");
                Command.Result table = nft("add table ip s19");
                if (table.exit() != 0) {
                    assertTrue(
                            table.output().contains("not found")
                                    || table.output().contains("not supported"),
                            table::output);
                    return;
                }
                nft("add chain ip s19 in { type filter hook input priority 0 ; }")
                        .checked();
                nft("add rule ip s19 in ip daddr 192.168.214.10 drop").checked();
                other.doesNotReach("192.168.214.10");
                nft("delete table ip s19").checked();
                other.reaches("192.168.214.10");
            }
        }
    }

    private static Command.Result nft(String command) {
        return Command.run(List.of("sh", "-c", "nft '" + command + "'"));
    }

    /// How many IPv4 packets the host's stack delivered locally, which is behind its hooks PREROUTING and
    /// INPUT.
    private static long received(Lab lab) {
        List<String> lines = lab.host()
                .run("cat /proc/net/snmp")
                .lines()
                .filter(line -> line.startsWith("Ip:"))
                .toList();
        List<String> names = List.of(lines.getFirst().split(" ", -1));
        return Long.parseLong(lines.getLast().split(" ", -1)[names.indexOf("InDelivers")]);
    }

    @ParameterizedTest
    @EnumSource(IpvlanMode.class)
    void s20WithFlagPrivateSiblingsDoNotReachEachOther(IpvlanMode mode) {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine other = lab.segment();
            other.run("ip address add 192.168.214.1/24 dev eth0");
            other.run("ip route replace 192.168.214.10/32 via 192.168.1.250");
            Machine a = lab.machine();
            Machine b = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("s20")
                    .mode(mode)
                    .flag(IpvlanFlag.PRIVATE)
                    .parent("eth0")
                    .subnet("192.168.214.0/24")
                    .build())) {
                network.attach(EndpointSpec.in(a.netns()).withAddress("192.168.214.10"));
                network.attach(EndpointSpec.in(b.netns()).withAddress("192.168.214.11"));
                a.doesNotReach("192.168.214.11");
                b.doesNotReach("192.168.214.10");
                a.reaches("192.168.1.1");
            }
        }
    }

    @Test
    void s20WithFlagVepaSiblingsMeetOutsideOnly() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine other = lab.segment();
            Machine a = lab.machine();
            Machine b = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("vepa")
                    .flag(IpvlanFlag.VEPA)
                    .parent("eth0")
                    .subnet("192.168.1.0/24")
                    .build())) {
                network.attach(EndpointSpec.in(a.netns()).withAddress("192.168.1.20"));
                network.attach(EndpointSpec.in(b.netns()).withAddress("192.168.1.21"));
                try (Capture wire = Capture.on(other, "eth0")) {
                    a.doesNotReach("192.168.1.21");
                    wire.awaits("who-has 192.168.1.21 tell 192.168.1.20");
                }
            }
        }
    }

    @Test
    void s21AutomaticAddressesAreOfTheRangeAndReservedOnesAreNot() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("s21")
                        .subnet(Subnet.of("10.1.0.0/24")
                                .withRange("10.1.0.128/30")
                                .withReserved("10.1.0.129"))
                        .build())) {
            Machine a = lab.machine();
            Machine b = lab.machine();
            network.attach(a.netns());
            network.attach(EndpointSpec.in(b.netns()).withAddress("10.1.0.7"));
            assertEquals(
                    List.of("10.1.0.128/24"),
                    network.endpoints().stream()
                            .flatMap(endpoint -> endpoint.info().addresses().stream())
                            .map(Object::toString)
                            .filter(address -> address.contains(".128"))
                            .toList());
            a.reaches("10.1.0.7");
            assertEquals(
                    List.of("10.1.0.130/24"),
                    network.attach(lab.machine().netns()).info().addresses().stream()
                            .map(Object::toString)
                            .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "par0 type bridge",
                "par0 type bond",
                "par0 type dummy",
                "par0 type veth peer name par1",
            })
    void s22AnyLinkMayBeAParentButTheLoopbackLink(String link) {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.link(link);
            lab.host().run("ip link set par0 up");
            if (link.contains("peer")) {
                lab.host().run("ip link set par1 up");
            }
            Machine a = lab.machine();
            Machine b = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("s22")
                    .l3()
                    .parent(Parent.link("par0"))
                    .subnet("10.1.0.0/24")
                    .build())) {
                network.attach(a.netns());
                network.attach(b.netns());
                if (link.contains("bond")) {
                    assertTrue(a.run("ip link show eth0").contains("NO-CARRIER"), "it has no part that works");
                } else {
                    a.reaches("10.1.0.2");
                }
            }
        }
    }

    @Test
    void s22ABondWithACarrierLeadsOutside() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine other = lab.machine();
            lab.link("bond0 type bond mode active-backup miimon 100");
            for (String port : List.of("port0", "port1")) {
                lab.link(port + " type veth peer name " + port + " netns "
                        + other.namespace().path());
                lab.host().run("ip link set " + port + " master bond0");
                lab.host().run("ip link set " + port + " up");
            }
            lab.host().run("ip link set bond0 addrgenmode none up");
            other.run("ip link add br0 up type bridge");
            other.run("ip link set port0 master br0 up");
            other.run("ip link set port1 master br0 up");
            other.run("ip address add 192.168.1.1/24 dev br0");
            lab.host().waitsFor("ip link show bond0", "LOWER_UP");
            Machine a = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("s22-bond")
                    .parent("bond0")
                    .subnet("192.168.1.0/24")
                    .build())) {
                network.attach(a.netns());
                a.reaches("192.168.1.1");
                // The other port takes over.
                lab.host().run("ip link set bond0 type bond active_slave port1");
                a.reaches("192.168.1.1");
            }
        }
    }

    @Test
    void aParentThatIsDownIsUsed() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            lab.host().run("ip link set eth0 down");
            Machine a = lab.machine();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("down")
                    .parent("eth0")
                    .subnet("192.168.1.0/24")
                    .build())) {
                network.attach(a.netns());
                assertEquals(
                        List.of("network: its parent 'eth0' is down"),
                        network.verify().stream().map(Object::toString).toList());
                lab.host().run("ip link set eth0 up");
                a.reaches("192.168.1.1");
            }
        }
    }
}
