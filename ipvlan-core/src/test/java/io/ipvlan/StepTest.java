package io.ipvlan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// Every step in words and as the command of iproute2 it equals. The commands are what an operator types when
/// the library could not undo a step, so they have to be right to the letter.
class StepTest {
    private static final Netns NAME = Netns.ofName("blue");
    private static final Netns PID = Netns.ofPid(17);
    private static final Netns PATH = Netns.ofPath(Path.of("/run/netns/blue"));

    private static void check(Step step, String words, String command) {
        assertEquals(words, step.toString());
        assertEquals(command, step.command());
    }

    private static Step.CreateIpvlan child(Netns netns, IpvlanMode mode, IpvlanFlag flag, OptionalInt mtu) {
        return new Step.CreateIpvlan("eth1", 1048577, "eth0", 2, netns, mode, flag, mtu);
    }

    @Test
    void aDummyLink() {
        check(
                new Step.CreateDummy("ipvl-0123456789"),
                "create dummy link ipvl-0123456789, up",
                "ip link add ipvl-0123456789 up type dummy");
    }

    @Test
    void aChildLink() {
        check(
                child(NAME, IpvlanMode.L2, IpvlanFlag.BRIDGE, OptionalInt.empty()),
                "create child link eth1 on eth0 in blue, l2 bridge, up",
                "ip link add link eth0 name eth1 index 1048577 netns blue up type ipvlan mode l2 bridge");
        check(
                child(PID, IpvlanMode.L3S, IpvlanFlag.PRIVATE, OptionalInt.of(1400)),
                "create child link eth1 on eth0 in pid 17, l3s private, up",
                "ip link add link eth0 name eth1 index 1048577 mtu 1400 netns 17 up type ipvlan mode l3s private");
        check(
                child(PATH, IpvlanMode.L3, IpvlanFlag.VEPA, OptionalInt.empty()),
                "create child link eth1 on eth0 in /run/netns/blue, l3 vepa, up",
                "ip link add link eth0 name eth1 index 1048577 netns /run/netns/blue up type ipvlan mode l3 vepa");
    }

    @Test
    void anAddress() {
        check(
                new Step.AddAddress(IpCidr.parse("10.1.214.10/24"), "eth1", NAME),
                "add address 10.1.214.10/24 to eth1 in blue",
                "ip -n blue address add 10.1.214.10/24 dev eth1");
        check(
                new Step.AddAddress(IpCidr.parse("2001:db8::10/64"), "eth1", PID),
                "add address 2001:db8::10/64 to eth1 in pid 17",
                "nsenter --net=/proc/17/ns/net ip address add 2001:db8::10/64 dev eth1 nodad");
    }

    @Test
    void aRoute() {
        check(
                new Step.AddRoute(Route.onLink(IpPrefix.parse("10.2.0.0/16"), "eth1"), PATH),
                "add route 10.2.0.0/16 dev eth1 in /run/netns/blue",
                "nsenter --net=/run/netns/blue ip route add 10.2.0.0/16 dev eth1");
        check(
                new Step.AddRoute(Route.via(IpPrefix.parse("::/0"), IpAddress.parse("2001:db8::1"), "eth1"), NAME),
                "add route default via 2001:db8::1 dev eth1 in blue",
                "ip -n blue -6 route add default via 2001:db8::1 dev eth1");
    }

    @Test
    void theEndOfALink() {
        check(
                new Step.DeleteLink("ipvl-0123456789", 7, Optional.empty()),
                "delete link ipvl-0123456789",
                "ip link delete ipvl-0123456789");
        check(
                new Step.DeleteLink("eth1", 7, Optional.of(NAME)),
                "delete link eth1 in blue",
                "ip -n blue link delete eth1");
        check(
                new Step.DeleteLink("eth1", 7, Optional.of(PID)),
                "delete link eth1 in pid 17",
                "nsenter --net=/proc/17/ns/net ip link delete eth1");
    }
}
