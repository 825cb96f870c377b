package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.AddressException;
import io.ipvlan.ConflictException;
import io.ipvlan.DriftWatch;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointInfo;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Garbage;
import io.ipvlan.InvalidNetworkException;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.KernelException;
import io.ipvlan.Netns;
import io.ipvlan.NetworkStore;
import io.ipvlan.NotFoundException;
import io.ipvlan.PermissionException;
import io.ipvlan.UnsupportedException;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The listings of the documentation, compiled and run as they stand there.
class ListingsIT {
    private static final IpvlanNetwork SPEC =
            IpvlanNetwork.builder("listing").l3().subnet("192.168.214.0/24").build();

    @Test
    void theL3NetworkOfTheManualByProcessId() {
        try (Lab lab = new Lab();
                Contained a = Contained.start();
                Contained b = Contained.start()) {
            long pidA = a.pid();
            long pidB = b.pid();
            // [l3]
            try (Ipvlan ipvlan = Ipvlan.open()) {
                ActiveNetwork ipnet210 = ipvlan.create(IpvlanNetwork.builder("ipnet210")
                        .l3()
                        .subnet("192.168.214.0/24")
                        .subnet("10.1.214.0/24")
                        .build());
                ipnet210.attach(EndpointSpec.in(Netns.ofPid(pidA)).withAddress("192.168.214.10"));
                ipnet210.attach(EndpointSpec.in(Netns.ofPid(pidB)).withAddress("10.1.214.10"));
            }
            // [/l3]
            // Closing the engine changed nothing.
            a.reaches("10.1.214.10");
            b.reaches("192.168.214.10");
            lab.host().run("ip link delete " + parentOf(lab));
        }
    }

    private static String parentOf(Lab lab) {
        String line = lab.host().run("ip -o link show type dummy");
        return line.substring(line.indexOf(' ') + 1, line.indexOf(':', line.indexOf(' ')));
    }

    @Test
    void findAttachInspectDetach() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork made = ipvlan.ephemeral(
                        SPEC.toBuilder().subnet("10.1.214.0/24").build())) {
            lab.host().run("ip netns add blue");
            String network = made.name();
            // [find]
            ActiveNetwork found = ipvlan.find(network).orElseThrow();
            Endpoint web = found.attach(EndpointSpec.in(Netns.ofName("blue"))
                    .withId("web-1")
                    .withAddress("192.168.214.9")
                    .withInterfaceName("eth1"));
            for (EndpointInfo e : found.inspect().endpoints()) {
                System.out.println(e.id() + " " + e.addresses());
            }
            // [/find]
            assertTrue(lab.host().run("ip -n blue address show eth1").contains("192.168.214.9/24"));
            web.detach();
            assertFalse(lab.host().run("ip -n blue link").contains("eth1"));

            Endpoint byPath = found.attach(Netns.ofPath(Path.of("/run/netns/blue")));
            assertEquals(
                    "192.168.214.1/24", byPath.info().addresses().getFirst().toString());
            byPath.detach();
            lab.host().run("ip netns delete blue");
        }
    }

    @Test
    void whatLivesNoMoreIsLookedAtAndCollected() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork network = ipvlan.ephemeral(SPEC);
                Contained container = Contained.start()) {
            network.attach(EndpointSpec.in(Netns.ofPid(container.pid())).withId("web-1"));
            // [collect]
            Set<String> live = Set.of("web-1", "web-2");
            Garbage garbage = ipvlan.garbage(live, Duration.ofMinutes(1)); // changes nothing
            System.out.println(garbage.endpoints().keySet() + " " + garbage.links());
            ipvlan.collect(live, Duration.ofMinutes(1));
            // [/collect]
            assertTrue(garbage.isEmpty());
            assertEquals(1, network.endpoints().size());
            assertEquals(1, ipvlan.collect(Set.of(), Duration.ZERO).endpoints().size());
            assertEquals(0, network.endpoints().size());
            assertTrue(lab.host().picture().contains("alias ipvlan:listing"));
            // [watch]
            DriftWatch watch = ipvlan.watchAndRepair((changed, drifts) -> {
                System.out.println(changed.name() + " " + drifts);
            });
            // [/watch]
            watch.close();
        }
    }

    @Test
    void aPlanIsReadAndChangesNothing() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            String before = lab.host().picture();
            // [plan]
            ipvlan.plan(SPEC).steps().forEach(System.out::println);
            ipvlan.plan(SPEC).commands().forEach(System.out::println);
            // [/plan]
            assertEquals(before, lab.host().picture());
            // What it prints is what the library would do.
            String command = ipvlan.plan(SPEC).commands().getFirst();
            lab.link(command.substring("ip link add ".length()));
            assertTrue(lab.host().picture().contains("ipvl-"));
        }
    }

    @Test
    void everyErrorHasItsKind() {
        try (Lab _ = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            String advice = "none";
            // [errors]
            try {
                ipvlan.create(SPEC.toBuilder().parent("eth7").build());
            } catch (IpvlanException e) {
                advice = switch (e) { // exhaustive: a new kind is a compile error here
                    case InvalidNetworkException x -> "fix the description: " + x.violations();
                    case NotFoundException x -> "it does not exist: " + x.reason();
                    case ConflictException x -> x.object() + " is already used otherwise";
                    case AddressException _ -> "choose another subnet or address";
                    case PermissionException x -> "grant " + x.missingCapability();
                    case UnsupportedException x -> x.remedy();
                    case KernelException x -> "the kernel said " + x.kernelError();
                };
            }
            // [/errors]
            assertTrue(advice.startsWith("it does not exist: the parent link 'eth7'"), advice);
        }
    }

    @Test
    void everythingIsGoneAfterwards() {
        try (Lab lab = new Lab()) {
            Netns blue = lab.machine().netns();
            // [ephemeral]
            try (Ipvlan ipvlan = Ipvlan.open();
                    EphemeralNetwork tmp = ipvlan.ephemeral(SPEC)) {
                tmp.attach(blue);
            }
            // [/ephemeral]
        }
    }

    // [rehearsal]
    static void rehearse(int endpoints) throws NetlinkException {
        List<NetNamespace> places = new ArrayList<>();
        try (NetNamespace stage = NetNamespace.create()) { // nothing of it is seen outside
            stage.call(() -> {
                try (Ipvlan ipvlan = Ipvlan.open();
                        EphemeralNetwork rehearsal = ipvlan.ephemeral(SPEC)) {
                    for (int i = 0; i < endpoints; i++) {
                        NetNamespace place = NetNamespace.create();
                        places.add(place);
                        rehearsal.attach(Netns.ofPath(place.path()));
                    }
                }
                return null;
            });
        } finally {
            places.forEach(NetNamespace::close);
        }
    }
    // [/rehearsal]

    @Test
    void aRehearsalLeavesNothing() throws NetlinkException {
        try (Lab lab = new Lab()) {
            String before = lab.host().picture();
            rehearse(100);
            assertEquals(before, lab.host().picture());
            try (Ipvlan ipvlan = Ipvlan.open();
                    EphemeralNetwork network = ipvlan.ephemeral(SPEC)) {
                network.attach(lab.machine().netns());
                assertFalse(before.equals(lab.host().picture()));
            }
        }
    }

    @Test
    void testsNeedNoRoot() {
        // [fake]
        try (Ipvlan fake = Ipvlan.inMemory()) {
            ActiveNetwork network = fake.create(SPEC);
            network.attach(Netns.ofName("blue"));
        }
        // [/fake]
    }

    @Test
    void stateIsKept(@TempDir Path stateDir) {
        try (Lab lab = new Lab()) {
            Machine a = lab.machine();
            Machine b = lab.machine();
            // [durable]
            try (Ipvlan durable = Ipvlan.builder()
                    .store(NetworkStore.directory(stateDir))
                    .defaultPools("172.30.0.0/16", "10.200.0.0/14")
                    .open()) {
                durable.create(SPEC.toBuilder().autoSubnet(IpFamily.IPV4).build())
                        .attach(a.netns());
            }
            // [/durable]
            try (Ipvlan later =
                    Ipvlan.builder().store(NetworkStore.directory(stateDir)).open()) {
                ActiveNetwork network = later.find("listing").orElseThrow();
                List<Endpoint> endpoints = network.endpoints();
                assertEquals(1, endpoints.size());
                assertEquals(
                        "172.30.0.0/24",
                        network.inspect().subnets().getLast().prefix().toString());
                // The address of the endpoint from before is taken, and it is still there.
                network.attach(b.netns());
                b.reaches("192.168.214.1");
                network.endpoints().forEach(Endpoint::detach);
                network.delete();
            }
        }
    }
}
