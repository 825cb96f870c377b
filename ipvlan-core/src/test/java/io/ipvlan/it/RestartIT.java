package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Drift;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.NetworkStore;
import io.ipvlan.ip.IpFamily;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Story S23 of the ipvlan manual: networks outlive the program that made them.
class RestartIT {
    @TempDir
    Path directory;

    private Ipvlan open(String... pools) {
        return Ipvlan.builder()
                .store(NetworkStore.directory(directory))
                .defaultPools(pools)
                .open();
    }

    @Test
    void s23APingGoesOnWithoutLossWhileTheEngineIsClosedAndOpenedAgain() throws IOException, InterruptedException {
        try (Lab lab = new Lab()) {
            lab.link("di-dummy0 up type dummy");
            Machine a = lab.machine();
            Machine b = lab.machine();
            String inside;
            Process ping;
            try (Ipvlan first = open("10.7.0.0/16")) {
                ActiveNetwork network = first.create(IpvlanNetwork.builder("s23")
                        .l3()
                        .parent("di-dummy0.70")
                        .subnet("192.168.70.0/24")
                        .autoSubnet(IpFamily.IPV4)
                        .build());
                network.attach(EndpointSpec.in(a.netns()).withId("a").withInterfaceName("foobar"));
                network.attach(EndpointSpec.in(b.netns()).withId("b"));
                ping = pinging(a, "192.168.70.2");
                inside = a.picture();
            }
            // Other default pools this time: what was drawn stays as it was.
            for (int restart = 0; restart < 3; restart++) {
                try (Ipvlan again = open("10.8.0.0/16")) {
                    ActiveNetwork network = again.find("s23").orElseThrow();
                    assertEquals(List.of(), network.verify());
                    assertEquals(
                            "10.7.0.0/24",
                            network.inspect().subnets().getLast().prefix().toString());
                    assertEquals(
                            List.of("foobar", "eth0"),
                            network.endpoints().stream()
                                    .map(endpoint -> endpoint.info().interfaceName())
                                    .toList());
                }
            }
            assertEquals(inside, a.picture());
            String counted = ended(ping);
            assertTrue(counted.contains(" 0% packet loss"), counted);

            try (Ipvlan last = open()) {
                assertTrue(lab.host().run("ip link").contains("di-dummy0.70@"));
                ActiveNetwork network = last.find("s23").orElseThrow();
                network.detachAll();
                network.delete();
                assertTrue(!lab.host().run("ip link").contains("di-dummy0.70@"), "it is still known to be ours");
            }
        }
    }

    @Test
    void aParentThatWasRenamedMeanwhileStaysTheParent() throws IOException {
        try (Lab lab = new Lab()) {
            lab.link("old0 up type dummy");
            lab.link("new0 up type dummy");
            Machine a = lab.machine();
            Machine b = lab.machine();
            try (Ipvlan first = open()) {
                first.create(IpvlanNetwork.builder("one")
                                .l3()
                                .parent("old0")
                                .subnet("192.168.71.0/24")
                                .build())
                        .attach(EndpointSpec.in(a.netns()).withId("a"));
                first.create(IpvlanNetwork.builder("two")
                        .l3()
                        .parent("old0.7")
                        .subnet("192.168.72.0/24")
                        .build());
                first.create(IpvlanNetwork.builder("three")
                        .l3()
                        .parent("old0.7")
                        .subnet("192.168.73.0/24")
                        .build());
            }
            for (String command : List.of(
                    "ip link set old0 name swap0",
                    "ip link set new0 name old0",
                    "ip link set swap0 name new0",
                    "ip link set old0.7 name seven")) {
                lab.host().run(command);
            }
            try (Ipvlan again = open()) {
                ActiveNetwork one = again.find("one").orElseThrow();
                one.attach(EndpointSpec.in(b.netns()).withId("b"));
                a.run("ping -n -c 1 -W 5 192.168.71.2");
                assertEquals(
                        List.of("its parent 'old0' was renamed to 'new0', and is still used"),
                        one.verify().stream().map(Drift::reason).toList());

                again.find("two").orElseThrow().delete();
                assertTrue(lab.host().run("ip link").contains("seven@"), "the other network has it, too");
                again.find("three").orElseThrow().delete();
                assertTrue(!lab.host().run("ip link").contains("seven@"), "the last one takes it along");
                one.detachAll();
                one.delete();
            }
        }
    }

    /// Twenty times a second until it is told to end; from the first answer on.
    private static Process pinging(Machine machine, String address) throws IOException {
        List<String> command = new ArrayList<>(machine.prefix());
        command.addAll(List.of("ping", "-n", "-i", "0.05", "-W", "5", address));
        Process ping = new ProcessBuilder(command).redirectErrorStream(true).start();
        // Byte by byte: a reader of lines would keep what follows to itself.
        StringBuilder begun = new StringBuilder();
        while (begun.indexOf("icmp_seq=1 ") < 0) {
            int next = ping.getInputStream().read();
            assertTrue(next >= 0, begun::toString);
            begun.append((char) next);
        }
        return ping;
    }

    /// Interrupts it as a terminal does, so that it counts.
    private static String ended(Process ping) throws IOException, InterruptedException {
        Command.run(List.of("kill", "-INT", Long.toString(ping.pid()))).checked();
        String said = new String(ping.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, ping.waitFor(), said);
        return said.lines()
                .filter(line -> line.contains("packet loss"))
                .findFirst()
                .orElseThrow(() -> new UncheckedIOException(new IOException(said)));
    }
}
