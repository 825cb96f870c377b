package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.Subnet;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class TopologyTest {
    private static NetworkInfo network(
            IpvlanNetwork description, String parent, boolean owned, EndpointInfo... endpoints) {
        return new NetworkInfo(
                description, parent, 7, owned, description.subnets(), List.of(), Map.of(), List.of(endpoints));
    }

    private static EndpointInfo endpoint(String id, Netns netns, String link, String... addresses) {
        return new EndpointInfo(
                id,
                netns,
                link,
                4711,
                List.of(addresses).stream().map(IpCidr::parse).toList());
    }

    private static final Topology TWO_ON_ONE_AND_ONE_ELSEWHERE = new Topology(List.of(
            network(
                    IpvlanNetwork.builder("db")
                            .parent("eth0")
                            .subnet("10.1.0.0/24")
                            .subnet("2001:db8::/64")
                            .build(),
                    "eth0",
                    false,
                    endpoint("db-1", Netns.ofName("blue"), "eth0", "10.1.0.2/24", "2001:db8::2/64"),
                    endpoint("db-2", Netns.ofPid(17), "web", "10.1.0.3/24")),
            network(
                    IpvlanNetwork.builder("lan")
                            .l3()
                            .flag(IpvlanFlag.VEPA)
                            .parent(Parent.dummy().in(Netns.ofName("router")))
                            .subnet(Subnet.of("10.2.0.0/24"))
                            .build(),
                    "ipvl-0123456789",
                    true),
            network(
                    IpvlanNetwork.builder("web")
                            .parent("eth0")
                            .subnet("10.3.0.0/24")
                            .build(),
                    "eth0",
                    false)));

    @Test
    void asAFlowchart() {
        assertEquals("""
                flowchart TD
                    p0["eth0"]
                    p1["ipvl-0123456789 in router (owned)"]
                    n0(["db<br/>l2 bridge<br/>10.1.0.0/24<br/>2001:db8::/64"])
                    n0e0["db-1<br/>eth0 in blue<br/>10.1.0.2/24<br/>2001:db8::2/64"]
                    n0e1["db-2<br/>web in pid 17<br/>10.1.0.3/24"]
                    n1(["lan<br/>l3 vepa<br/>10.2.0.0/24"])
                    n2(["web<br/>l2 bridge<br/>10.3.0.0/24"])
                    p0 --- n0
                    n0 --- n0e0
                    n0 --- n0e1
                    p1 --- n1
                    p0 --- n2
                """, TWO_ON_ONE_AND_ONE_ELSEWHERE.mermaid());
    }

    @Test
    void asAGraph() {
        assertEquals("""
                graph ipvlan {
                    p0 [shape=box, label="eth0"];
                    p1 [shape=box, label="ipvl-0123456789 in router (owned)"];
                    n0 [shape=ellipse, label="db\\nl2 bridge\\n10.1.0.0/24\\n2001:db8::/64"];
                    n0e0 [shape=box, label="db-1\\neth0 in blue\\n10.1.0.2/24\\n2001:db8::2/64"];
                    n0e1 [shape=box, label="db-2\\nweb in pid 17\\n10.1.0.3/24"];
                    n1 [shape=ellipse, label="lan\\nl3 vepa\\n10.2.0.0/24"];
                    n2 [shape=ellipse, label="web\\nl2 bridge\\n10.3.0.0/24"];
                    p0 -- n0;
                    n0 -- n0e0;
                    n0 -- n0e1;
                    p1 -- n1;
                    p0 -- n2;
                }
                """, TWO_ON_ONE_AND_ONE_ELSEWHERE.dot());
    }

    @Test
    void nothingIsADrawingToo() {
        assertEquals("flowchart TD\n", new Topology(List.of()).mermaid());
        assertEquals("graph ipvlan {\n}\n", new Topology(List.of()).dot());
    }

    /// A path may have any of them in it.
    @Test
    void whatMeansSomethingToTheReaderIsQuoted() {
        Topology odd = new Topology(List.of(network(
                IpvlanNetwork.builder("n").parent("eth0").subnet("10.1.0.0/24").build(),
                "e\\\"<&",
                false,
                endpoint("a", Netns.ofPath(Path.of("/run/\"<b>&\\")), "eth0"))));

        List<String> mermaid = odd.mermaid().lines().toList();
        assertEquals("    p0[\"e\\&quot;&lt;&amp;\"]", mermaid.get(1));
        assertEquals("    n0e0[\"a<br/>eth0 in /run/&quot;&lt;b>&amp;\\\"]", mermaid.get(3));
        List<String> dot = odd.dot().lines().toList();
        assertEquals("    p0 [shape=box, label=\"e\\\\\\\"<&\"];", dot.get(1));
        assertEquals("    n0e0 [shape=box, label=\"a\\neth0 in /run/\\\"<b>&\\\\\"];", dot.get(3));
    }

    @Test
    void anEnginesNetworksAreDrawnInTheOrderOfTheirNames() {
        try (Ipvlan ipvlan = Ipvlan.inMemory()) {
            ipvlan.create(IpvlanNetwork.builder("b")
                    .parent("eth0")
                    .subnet("10.2.0.0/24")
                    .build());
            ActiveNetwork a = ipvlan.create(IpvlanNetwork.builder("a")
                    .parent("eth0")
                    .subnet("10.1.0.0/24")
                    .build());
            a.attach(EndpointSpec.in(Netns.ofName("blue")).withId("web"));

            assertEquals("""
                    flowchart TD
                        p0["eth0"]
                        n0(["a<br/>l2 bridge<br/>10.1.0.0/24"])
                        n0e0["web<br/>eth0 in blue<br/>10.1.0.2/24"]
                        n1(["b<br/>l2 bridge<br/>10.2.0.0/24"])
                        p0 --- n0
                        n0 --- n0e0
                        p0 --- n1
                    """, Topology.of(ipvlan).mermaid());
        }
    }

    /// An engine that something happens to between the first look at its networks and what follows.
    private static Ipvlan whenLookedAt(Ipvlan ipvlan, Runnable happens) {
        AtomicBoolean first = new AtomicBoolean(true);
        return (Ipvlan)
                Proxy.newProxyInstance(Ipvlan.class.getClassLoader(), new Class<?>[] {Ipvlan.class}, (_, method, _) -> {
                    assertEquals("networks", method.getName());
                    List<ActiveNetwork> networks = ipvlan.networks();
                    if (first.getAndSet(false)) {
                        happens.run();
                    }
                    return networks;
                });
    }

    @Test
    void aNetworkThatIsDeletedMeanwhileIsLeftOut() {
        try (Ipvlan ipvlan = Ipvlan.inMemory()) {
            ActiveNetwork going = ipvlan.create(
                    IpvlanNetwork.builder("going").subnet("10.1.0.0/24").build());
            ipvlan.create(IpvlanNetwork.builder("staying").subnet("10.2.0.0/24").build());
            Topology topology = Topology.of(whenLookedAt(ipvlan, going::delete));
            assertEquals(
                    List.of("staying"),
                    topology.networks().stream()
                            .map(network -> network.description().name())
                            .toList());
        }
    }

    @Test
    void ofAClosedEngineThereIsNone() {
        Ipvlan ipvlan = Ipvlan.inMemory();
        ipvlan.create(IpvlanNetwork.builder("net").subnet("10.1.0.0/24").build());
        assertThrows(IllegalStateException.class, () -> Topology.of(whenLookedAt(ipvlan, ipvlan::close)));
    }
}
