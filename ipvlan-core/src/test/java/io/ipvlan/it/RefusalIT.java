package io.ipvlan.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.AddressException;
import io.ipvlan.ConflictException;
import io.ipvlan.EndpointSpec;
import io.ipvlan.EphemeralNetwork;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.UnsupportedException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What cannot be done is refused in plain words, and nothing has changed afterwards: neither on the host,
/// nor in the namespace, nor in the pools.
class RefusalIT {
    private static final IpvlanNetwork L3 = IpvlanNetwork.builder("refusal")
            .l3()
            .subnet("192.168.214.0/24")
            .subnet("2001:db8:214::/64")
            .build();

    private static <T extends IpvlanException> void refused(
            Class<T> kind, String reason, Lab lab, Machine machine, Executable attempt) {
        String host = lab.host().picture();
        String inside = machine.picture();
        T refusal = assertThrows(kind, attempt);
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
        assertEquals(List.of(), refusal.leftovers());
        assertEquals(host, lab.host().picture());
        assertEquals(inside, machine.picture());
    }

    @Test
    void aDefaultRouteThatIsThereAlreadyIsNotReplaced() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork network = ipvlan.ephemeral(L3)) {
            Machine a = lab.machine();
            a.run("ip link add own0 type dummy");
            a.run("ip link set own0 up");
            a.run("ip route add default dev own0");
            refused(
                    ConflictException.class,
                    "withoutDefaultRoute()",
                    lab,
                    a,
                    () -> network.attach(EndpointSpec.in(a.netns()).withInterfaceName("eth1")));

            EndpointSpec beside = EndpointSpec.in(a.netns()).withoutDefaultRoute();
            assertEquals(
                    "192.168.214.1/24",
                    network.attach(beside).info().addresses().getFirst().toString());
            assertEquals("default dev own0 scope link", a.routes().getFirst());
        }
    }

    @Test
    void aTakenInterfaceNameIsNamed() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork network = ipvlan.ephemeral(L3)) {
            Machine a = lab.machine();
            a.run("ip link add eth0 type dummy");
            EndpointSpec eth0 = EndpointSpec.in(a.netns()).withInterfaceName("eth0");
            refused(ConflictException.class, "withInterfaceName", lab, a, () -> network.attach(eth0));
            // Not told what to call it, the library takes the next name.
            assertEquals("eth1", network.attach(a.netns()).info().interfaceName());
        }
    }

    @Test
    void anAddressOfAStrangersChildIsNotTaken() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork network = ipvlan.ephemeral(L3)) {
            Machine stranger = lab.machine();
            Machine a = lab.machine();
            lab.host()
                    .run("ip link add link " + network.inspect().parent() + " name eth0 netns "
                            + stranger.namespace().path() + " type ipvlan mode l3 bridge");
            stranger.run("ip link set eth0 up");
            stranger.run("ip address add 192.168.214.77/24 dev eth0");
            refused(
                    AddressException.class,
                    "192.168.214.77",
                    lab,
                    a,
                    () -> network.attach(EndpointSpec.in(a.netns()).withAddress("192.168.214.77")));
        }
    }

    @Test
    void aParentThatCarriesAnotherKindIsRefusedWithItsName() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            lab.host().run("ip link add link eth0 name mv1 type macvlan mode bridge");
            IpvlanNetwork onEth0 = L3.toBuilder().parent("eth0").build();
            refused(ConflictException.class, "macvlan link 'mv1'", lab, a, () -> ipvlan.create(onEth0));

            // It came when the network was there already.
            lab.host().run("ip link delete mv1");
            try (EphemeralNetwork network = ipvlan.ephemeral(onEth0)) {
                lab.host().run("ip link add link eth0 name mv1 type macvlan mode bridge");
                refused(
                        ConflictException.class,
                        "the parent carries macvlan link 'mv1', and a parent serves one kind",
                        lab,
                        a,
                        () -> network.attach(a.netns()));
                lab.host().run("ip link delete mv1");
            }
            // Here the kernel refuses, and the library says why.
            lab.host().run("ip link add br0 type bridge");
            try (EphemeralNetwork network = ipvlan.ephemeral(onEth0)) {
                lab.host().run("ip link set eth0 master br0");
                refused(ConflictException.class, "belongs to bridge 'br0'", lab, a, () -> network.attach(a.netns()));
            }
            lab.host().run("ip link delete br0");
        }
    }

    @Test
    void aParentThatIsGoneIsMissed() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            Machine a = lab.machine();
            refused(
                    NotFoundException.class,
                    "'eth7' does not exist",
                    lab,
                    a,
                    () -> ipvlan.create(L3.toBuilder().parent("eth7").build()));
            EphemeralNetwork network = ipvlan.ephemeral(L3);
            lab.host().run("ip link delete " + network.inspect().parent());
            refused(NotFoundException.class, "does not exist any more", lab, a, () -> network.attach(a.netns()));
            network.close();
        }
    }

    @Test
    void aNamespaceThatIsNoneIsRefused() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork network = ipvlan.ephemeral(L3)) {
            Machine a = lab.machine();
            refused(
                    NotFoundException.class,
                    "no such process",
                    lab,
                    a,
                    () -> network.attach(Netns.ofPid(Integer.MAX_VALUE)));
            refused(
                    NotFoundException.class,
                    "/run/netns",
                    lab,
                    a,
                    () -> network.attach(Netns.ofName("no-such-namespace")));
        }
    }

    @Test
    void aNamespaceWithoutIpv6IsRefusedWithTheRemedy() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open();
                EphemeralNetwork network = ipvlan.ephemeral(L3)) {
            Machine a = lab.machine();
            a.write("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
            a.write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
            refused(UnsupportedException.class, "disable_ipv6", lab, a, () -> network.attach(a.netns()));
        }
    }

    @Test
    void aStrangersModeOnTheParentIsSeenBeforeItIsFlipped() {
        try (Lab lab = new Lab();
                Ipvlan ipvlan = Ipvlan.open()) {
            lab.segment();
            Machine a = lab.machine();
            try (EphemeralNetwork network =
                    ipvlan.ephemeral(L3.toBuilder().parent("eth0").build())) {
                lab.host().run("ip link add link eth0 name other type ipvlan mode l2 private");
                refused(ConflictException.class, "child link 'other'", lab, a, () -> network.attach(a.netns()));
                assertTrue(lab.host().run("ip -d link show other").contains("mode l2 private"));
                lab.host().run("ip link delete other");
                network.attach(a.netns());
            }
        }
    }
}
