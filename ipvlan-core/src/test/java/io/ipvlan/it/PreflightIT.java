package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.Finding;
import io.ipvlan.Finding.Severity;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Parent;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What is missing on a machine is found before anything is tried: here, as root with everything, and in
/// programs of their own, which lack something.
class PreflightIT {
    /// A program that prints the findings.
    public static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            Ipvlan.preflight().forEach(System.out::println);
        }
    }

    private static String findings(List<String> wrapper, String jvmOption) {
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                jvmOption,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName());
        return Command.run(Stream.concat(wrapper.stream(), java.stream()).toList())
                .checked();
    }

    private static IpvlanNetwork on(Parent parent) {
        return IpvlanNetwork.builder("net")
                .l3()
                .parent(parent)
                .subnet("10.9.0.0/24")
                .subnet("2001:db8:9::/64")
                .build();
    }

    private static void finds(Severity severity, String part, Lab lab, Parent parent) {
        String before = lab.host().picture();
        List<Finding> found = Ipvlan.preflight(on(parent)).stream()
                .filter(finding -> finding.subject().startsWith("parent "))
                .toList();
        assertEquals(1, found.size(), found::toString);
        assertEquals(severity, found.getFirst().severity(), found::toString);
        assertTrue(found.getFirst().what().contains(part), found::toString);
        assertEquals(before, lab.host().picture());
    }

    @Test
    void asRootNothingIsMissing() {
        List<Finding> all = Ipvlan.preflight();

        assertEquals(List.of(), all.stream().filter(Finding::isProblem).toList());
        for (String subject : List.of("ipvlan", "dummy", "8021q", "Linux", "CAP_NET_ADMIN", "native access")) {
            assertTrue(
                    all.stream()
                            .anyMatch(
                                    finding -> finding.subject().equals(subject) && finding.severity() == Severity.OK),
                    all::toString);
        }
    }

    @Test
    void withoutCapabilitiesTheyAreNamed() {
        String said = findings(
                List.of("setpriv", "--inh-caps=-all", "--bounding-set=-all"), "--enable-native-access=ALL-UNNAMED");

        assertTrue(said.contains("PROBLEM CAP_NET_ADMIN: missing"), said);
        assertTrue(said.contains("PROBLEM CAP_SYS_ADMIN: missing"), said);
        assertTrue(said.contains("WARNING CAP_NET_RAW: missing"), said);
        assertTrue(said.contains("WARNING CAP_NET_BROADCAST: missing"), said);
        assertTrue(said.contains("WARNING CAP_SYS_PTRACE: missing"), said);
        assertTrue(said.contains("OK ipvlan: "), said); // asking needs no privilege
    }

    @Test
    void withoutNativeAccessTheFlagIsNamed() {
        String refused = findings(List.of(), "--illegal-native-access=deny");
        String warned = findings(List.of(), "--illegal-native-access=warn");

        assertTrue(refused.contains("PROBLEM native access: "), refused);
        assertTrue(refused.contains("--enable-native-access=ALL-UNNAMED"), refused);
        assertTrue(warned.contains("WARNING native access: "), warned);
    }

    @Test
    void withFewOpenFilesTheLimitIsNamed() {
        String said = findings(List.of("prlimit", "--nofile=64:64"), "--enable-native-access=ALL-UNNAMED");

        assertTrue(said.contains("WARNING open files: at most 64"), said);
        assertFalse(said.contains("PROBLEM"), said);
    }

    @Test
    void aParentThatIsFineIsSaidToBe() {
        try (Lab lab = new Lab()) {
            lab.segment();
            finds(Severity.OK, "an Ethernet link, up, MTU 1500", lab, Parent.link("eth0"));
            finds(Severity.OK, "an Ethernet link, up, MTU 1500", lab, Parent.vlan("eth0", 139));
            finds(Severity.OK, "is made with the network", lab, Parent.dummy());
        }
    }

    @Test
    void parentsThatCannotCarryChildrenAreNamed() {
        try (Lab lab = new Lab()) {
            lab.segment();
            Parent eth0 = Parent.link("eth0");
            finds(Severity.PROBLEM, "does not exist", lab, Parent.link("eth7"));
            finds(Severity.PROBLEM, "loopback", lab, Parent.index(1));

            lab.host().run("ip link add mv1 link eth0 type macvlan mode bridge"); // goes with eth0
            finds(Severity.PROBLEM, "macvlan link 'mv1'", lab, eth0);
        }
    }

    @Test
    void aPartOfABridgeIsNamedWithTheBridge() {
        try (Lab lab = new Lab()) {
            lab.segment();
            lab.link("br0 type bridge");
            lab.host().run("ip link set eth0 master br0");
            finds(Severity.PROBLEM, "belongs to bridge 'br0'", lab, Parent.link("eth0"));
        }
    }

    @Test
    void aLinkThatIsDownOrSmallOrNoEthernetIsNamed() {
        try (Lab lab = new Lab()) {
            lab.link("d0 type dummy");
            finds(Severity.PROBLEM, "down", lab, Parent.link("d0"));
            lab.host().run("ip link set d0 mtu 1000 up");
            finds(Severity.PROBLEM, "MTU is 1000", lab, Parent.link("d0"));
            lab.link("n0 up type nlmon");
            finds(Severity.PROBLEM, "not an Ethernet link", lab, Parent.link("n0"));
        }
    }

    @Test
    void aParentInAnotherNamespaceIsLookedAtThere() {
        try (Lab lab = new Lab()) {
            Machine other = lab.machine();
            other.run("ip link add d0 type dummy");
            finds(Severity.PROBLEM, "down", lab, Parent.link("d0").in(other.netns()));
            other.run("ip link set d0 up");
            finds(Severity.OK, "up", lab, Parent.link("d0").in(other.netns()));
            finds(Severity.PROBLEM, "no such name", lab, Parent.link("d0").in(Netns.ofName("nowhere")));
        }
    }
}
