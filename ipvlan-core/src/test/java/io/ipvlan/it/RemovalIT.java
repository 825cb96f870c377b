package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.ConflictException;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NetworkStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Story S25 of the ipvlan manual: what is removed is removed entirely, and nothing else is.
class RemovalIT {
    private static final IpvlanNetwork NETWORK = IpvlanNetwork.builder("s25")
            .l3()
            .subnet("192.168.214.0/24")
            .subnet("2001:db8:214::/64")
            .build();

    @Test
    void s25AfterDetachAndDeleteEverythingIsAsBefore() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine a = lab.machine();
            // What the user of the namespace has made is the user's.
            a.run("ip link add own0 type dummy");
            a.run("ip address add 172.20.0.1/24 dev own0");
            a.run("ip link set own0 up");
            a.run("ip route add 172.21.0.0/16 dev own0");
            String hostBefore = lab.host().picture();
            String before = a.picture();
            String sysctls = a.settings();

            ActiveNetwork network = ipvlan.create(NETWORK);
            Endpoint endpoint = network.attach(a.netns());
            assertFalse(before.equals(a.picture()));
            endpoint.detach();
            network.delete();

            assertEquals(before, a.picture());
            assertEquals(sysctls, a.settings());
            assertEquals(hostBefore, lab.host().picture());
        }
    }

    @Test
    void s25AParentOfTheHostIsLeftAsItWas() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            String before = lab.host().picture();
            try (EphemeralNetwork network = ipvlan.ephemeral(IpvlanNetwork.builder("s25-eth0")
                    .parent("eth0")
                    .subnet("192.168.1.0/24")
                    .build())) {
                network.attach(a.netns());
            }
            assertEquals(before, lab.host().picture());
        }
    }

    @Test
    void s25ANetworkWithEndpointsIsNotDeleted() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine a = lab.machine();
            Machine b = lab.machine();
            ActiveNetwork network = ipvlan.create(NETWORK);
            network.attach(EndpointSpec.in(a.netns()).withId("web").withAddress("192.168.214.10"));
            Endpoint other = network.attach(EndpointSpec.in(b.netns()).withAddress("192.168.214.11"));
            ConflictException refused = assertThrows(ConflictException.class, network::delete);
            assertTrue(refused.reason().contains("web"), refused.getMessage());
            a.reaches("192.168.214.11");

            // One is detached, of the other the namespace goes: now there is nothing left to protect.
            other.detach();
            a.close();
            network.delete();
        }
    }

    @Test
    void s25AnAddressIsFreeAgainAtOnceAfterDetach() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork network = ipvlan.ephemeral(NETWORK)) {
            Machine a = lab.machine();
            EndpointSpec spec =
                    EndpointSpec.in(a.netns()).withAddress("192.168.214.10").withAddress("2001:db8:214::10");
            for (int i = 0; i < 20; i++) {
                network.attach(spec).detach();
            }
        }
    }

    @Test
    void s25AnAddressIsFreeAgainAfterItsContainerDied() {
        try (Lab _ = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork network = ipvlan.ephemeral(NETWORK)) {
            for (int i = 0; i < 20; i++) {
                Endpoint endpoint;
                try (Contained container = Contained.start()) {
                    endpoint = network.attach(
                            EndpointSpec.in(Netns.ofPid(container.pid())).withAddress("192.168.214.10"));
                }
                endpoint.detach();
            }
        }
    }

    @Test
    void s25AnEndpointIsRemovedThoughTheProcessItWasNamedByHasEnded() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.link("p0 up type dummy");
            lab.host().run("ip netns add survivor");
            IpvlanNetwork onParent = NETWORK.toBuilder().parent("p0").build();
            try (EphemeralNetwork network = ipvlan.ephemeral(onParent)) {
                Endpoint endpoint;
                try (Contained container = Contained.startIn("survivor")) {
                    endpoint = network.attach(Netns.ofPid(container.pid()));
                }
                ConflictException refused = assertThrows(ConflictException.class, network::delete);
                assertTrue(refused.reason().contains(endpoint.id()), refused.getMessage());
                endpoint.detach();
                assertFalse(lab.host().run("ip -n survivor link").contains("eth0"));
            }
            lab.host().run("ip netns delete survivor");
        }
    }

    @Test
    void s25AfterARebootANetworkCanBeEnsuredAndDeleted(@TempDir Path directory) {
        try (Lab lab = new Lab()) {
            Machine a = lab.machine();
            try (Ipvlan before = durable(directory)) {
                ActiveNetwork network = before.create(NETWORK);
                network.attach(EndpointSpec.in(a.netns()).withId("web"));
                lab.host().run("ip link delete " + network.inspect().parent());
            }
            try (Ipvlan after = durable(directory)) {
                after.find("s25").orElseThrow().delete();
                assertTrue(after.networks().isEmpty());
                lab.host()
                        .run("ip link delete " + after.create(NETWORK).inspect().parent());
                ActiveNetwork network = after.ensure(NETWORK);
                network.attach(a.netns()).detach();
                network.delete();
            }
        }
    }

    private static Ipvlan durable(Path directory) {
        return Ipvlan.builder().store(NetworkStore.directory(directory)).open();
    }

    @Test
    void s25NoDescriptorIsLeftOpen() throws IOException {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork network = ipvlan.ephemeral(NETWORK)) {
            Machine a = lab.machine();
            network.attach(a.netns()).detach();
            network.attach(a.netns()).detach(); // from the second on the engine listens
            long before = descriptors();
            for (int i = 0; i < 50; i++) {
                network.attach(a.netns()).detach();
                assertThrows(
                        ConflictException.class,
                        () -> network.attach(EndpointSpec.in(a.netns()).withInterfaceName("lo")));
            }
            // Fewer is fine: what earlier tests used is closed when it has been idle.
            assertTrue(descriptors() <= before, "more descriptors are open than before");
        }
    }

    /// Without instances of proc, of which there is one or none at any time: see `SysctlIT` of the binding.
    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(descriptor -> !isInstanceOfProc(descriptor)).count();
        }
    }

    private static boolean isInstanceOfProc(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).equals(Path.of("/"));
        } catch (NoSuchFileException e) {
            return false; // closed meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
