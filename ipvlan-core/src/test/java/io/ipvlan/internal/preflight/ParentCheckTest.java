package io.ipvlan.internal.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.Finding;
import io.ipvlan.Finding.Severity;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.Parent;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.NamespaceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Parents that cannot carry a network, and those that can.
class ParentCheckTest {
    private static final int ETHERNET = 1;
    private static final int TUNNEL = 65534;

    @TempDir
    private Path root = Path.of("");

    private static NamespaceState.Link link(
            int index, String name, String kind, boolean up, int mtu, int lower, int master) {
        return new NamespaceState.Link(
                index,
                name,
                List.of(),
                "",
                "02:00:00:00:00:0" + index,
                name.equals("lo"),
                up,
                mtu,
                false,
                kind,
                lower == 0 ? Optional.empty() : Optional.of(new NamespaceState.Lower(lower, OptionalInt.empty())),
                master == 0 ? OptionalInt.empty() : OptionalInt.of(master),
                Optional.empty(),
                Optional.empty());
    }

    private static NamespaceState.Link eth0(boolean up, int mtu, int master) {
        return link(2, "eth0", "", up, mtu, 0, master);
    }

    private static IpvlanNetwork on(Parent parent) {
        return IpvlanNetwork.builder("net")
                .l3()
                .parent(parent)
                .subnet("10.9.0.0/24")
                .subnet("2001:db8:9::/64")
                .build();
    }

    private Finding only(IpvlanNetwork network, Optional<Netns> netns, int type, NamespaceState.Link... links) {
        Findings findings = new Findings();
        new ParentCheck(new HostFiles(root), network, netns, _ -> Optional.of(type), findings)
                .run(new NamespaceState(List.of(links), List.of(), List.of(), List.of()));
        assertEquals(1, findings.all().size(), findings.all()::toString);
        return findings.all().getFirst();
    }

    private void finds(Severity severity, String part, String remedy, Finding finding) {
        assertEquals(severity, finding.severity(), finding::toString);
        assertTrue(finding.what().contains(part), finding::toString);
        assertTrue(finding.remedy().contains(remedy), finding::toString);
    }

    @Test
    void anEthernetLinkThatIsUpCarriesChildren() {
        Finding finding = only(on(Parent.link("eth0")), Optional.empty(), ETHERNET, eth0(true, 1500, 0));

        assertEquals("OK parent 'eth0': an Ethernet link, up, MTU 1500", finding.toString());
    }

    @Test
    void aParentThatIsToBeMadeIsInOrder() {
        Finding finding = only(on(Parent.dummy()), Optional.empty(), ETHERNET, eth0(true, 1500, 0));

        finds(Severity.OK, "is made with the network", "", finding);
    }

    @Test
    void aMissingParentIsNamedWithThoseThatAreThere() {
        Finding finding = only(on(Parent.link("eth7")), Optional.empty(), ETHERNET, eth0(true, 1500, 0));

        assertEquals("parent 'eth7'", finding.subject());
        finds(Severity.PROBLEM, "which has [eth0]", "ip link show", finding);
    }

    @Test
    void aParentThatIsDownIsToBeBroughtUp() {
        Finding finding = only(on(Parent.link("eth0")), Optional.empty(), ETHERNET, eth0(false, 1500, 0));

        finds(Severity.PROBLEM, "down", "ip link set eth0 up", finding);
    }

    @Test
    void theLinkUnderAVlanToBeMadeIsLookedAt() {
        Finding finding = only(on(Parent.link("eth0.139")), Optional.empty(), TUNNEL, eth0(true, 1500, 0));

        assertEquals("parent 'eth0'", finding.subject());
        finds(Severity.PROBLEM, "not an Ethernet link", "name an Ethernet link", finding);
    }

    @Test
    void aParentTooSmallForIpv6IsToBeEnlarged() {
        Finding finding = only(on(Parent.link("eth0")), Optional.empty(), ETHERNET, eth0(true, 1279, 0));
        finds(Severity.PROBLEM, "1279", "ip link set eth0 mtu 1280", finding);

        IpvlanNetwork ipv4 = IpvlanNetwork.builder("net")
                .parent("eth0")
                .subnet("10.9.0.0/24")
                .build();
        finds(Severity.OK, "1279", "", only(ipv4, Optional.empty(), ETHERNET, eth0(true, 1279, 0)));
    }

    @Test
    void whatThePlannerRefusesIsAProblem() {
        IpvlanNetwork onEth0 = on(Parent.link("eth0"));

        finds(
                Severity.PROBLEM,
                "belongs to bridge 'br0'",
                "another parent",
                only(
                        onEth0,
                        Optional.empty(),
                        ETHERNET,
                        eth0(true, 1500, 3),
                        link(3, "br0", "bridge", true, 1500, 0, 0)));
        finds(
                Severity.PROBLEM,
                "macvlan link 'mv1'",
                "another parent",
                only(
                        onEth0,
                        Optional.empty(),
                        ETHERNET,
                        eth0(true, 1500, 0),
                        link(3, "mv1", "macvlan", true, 1500, 2, 0)));
        finds(
                Severity.PROBLEM,
                "loopback",
                "another parent",
                only(on(Parent.index(1)), Optional.empty(), ETHERNET, link(1, "lo", "", true, 65536, 0, 0)));
    }

    @Test
    void aWirelessLinkIsWarnedOf() throws IOException {
        Path directory = Files.createDirectories(root.resolve("sys/class/net/eth0"));
        Files.createDirectories(directory.resolve("phy80211"));
        IpvlanNetwork onEth0 = on(Parent.link("eth0"));

        Files.writeString(directory.resolve("ifindex"), "2\n");
        finds(
                Severity.WARNING,
                "access points",
                "wired",
                only(onEth0, Optional.empty(), ETHERNET, eth0(true, 1500, 0)));

        // Another namespace's link of that name.
        Files.writeString(directory.resolve("ifindex"), "9\n");
        finds(Severity.OK, "up", "", only(onEth0, Optional.empty(), ETHERNET, eth0(true, 1500, 0)));
        Files.writeString(directory.resolve("ifindex"), "2\n");
        Netns blue = Netns.ofName("blue");
        finds(
                Severity.OK,
                "up",
                "",
                only(on(Parent.link("eth0").in(blue)), Optional.of(blue), ETHERNET, eth0(true, 1500, 0)));
    }

    @Test
    void whatWouldBeMadeIsTold() {
        Findings findings = new Findings();
        List<Step> steps = new ParentCheck(
                        new HostFiles(root), on(Parent.dummy()), Optional.empty(), _ -> Optional.of(ETHERNET), findings)
                .run(new NamespaceState(List.of(), List.of(), List.of(), List.of()));

        assertTrue(steps.stream().anyMatch(Step.CreateDummy.class::isInstance), steps::toString);
    }
}
