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
        return new Step.CreateIpvlan("eth1", 1048577, "eth0", 2, Optional.empty(), Optional.of(netns), mode, flag, mtu);
    }

    @Test
    void aDummyLink() {
        check(
                new Step.CreateDummy("ipvl-0123456789", 7, Optional.empty()),
                "create dummy link ipvl-0123456789, up",
                "ip link add ipvl-0123456789 index 7 group 1768978028 up type dummy");
        check(
                new Step.CreateDummy("d0", 7, Optional.of(NAME)),
                "create dummy link d0 in blue, up",
                "ip -n blue link add d0 index 7 group 1768978028 up type dummy");
    }

    @Test
    void aVlanLink() {
        check(
                new Step.CreateVlan("eth0.139", 7, "eth0", 2, 139, VlanProtocol.DOT1Q, Optional.empty()),
                "create VLAN link eth0.139 on eth0, id 139, up",
                "ip link add link eth0 name eth0.139 index 7 group 1768978028 up type vlan protocol 802.1Q id 139");
        check(
                new Step.CreateVlan("foo", 7, "eth0", 2, 10, VlanProtocol.DOT1AD, Optional.of(PID)),
                "create VLAN link foo on eth0 in pid 17, 802.1ad id 10, up",
                "nsenter --net=/proc/17/ns/net ip link add link eth0 name foo index 7 group 1768978028 up type vlan"
                        + " protocol 802.1ad id 10");
        check(
                new Step.AddAlternativeName("ipvl-0123456789", 7, "a-long-name-of-a-link.139", Optional.empty()),
                "add alternative name a-long-name-of-a-link.139 to ipvl-0123456789",
                "ip link property add dev ipvl-0123456789 altname a-long-name-of-a-link.139");
    }

    @Test
    void aChangeOfALink() {
        check(new Step.SetUp("eth1", 7, Optional.empty()), "bring link eth1 up", "ip link set eth1 up");
        check(
                new Step.SetMtu("eth1", 7, 1400, Optional.of(NAME)),
                "set mtu of eth1 in blue to 1400",
                "ip -n blue link set eth1 mtu 1400");
        check(
                new Step.SetPort("eth1", 7, IpvlanMode.L3S, IpvlanFlag.VEPA, Optional.of(NAME)),
                "set mode and flag of eth1 in blue to l3s vepa",
                "ip -n blue link set eth1 type ipvlan mode l3s vepa");
        check(
                new Step.SetSysctl("net.ipv6.conf.eth0/20.accept_ra", "0", Optional.of(NAME)),
                "set net.ipv6.conf.eth0/20.accept_ra to 0 in blue",
                "ip netns exec blue sysctl -w 'net.ipv6.conf.eth0/20.accept_ra=0'");
        check(
                new Step.SetSysctl("net.ipv4.conf.eth1.arp_notify", "1", Optional.of(PID)),
                "set net.ipv4.conf.eth1.arp_notify to 1 in pid 17",
                "nsenter --net=/proc/17/ns/net sysctl -w 'net.ipv4.conf.eth1.arp_notify=1'");
    }

    @Test
    void aRule() {
        check(
                new Step.AddRule(IpPrefix.parse("10.1.214.10/32"), 1048577, Optional.of(NAME)),
                "add rule from 10.1.214.10/32 lookup 1048577 in blue",
                "ip -n blue rule add from 10.1.214.10/32 lookup 1048577 proto 105");
        check(
                new Step.DeleteRule(IpPrefix.parse("2001:db8::10/128"), 1048577, Optional.of(NAME)),
                "delete rule from 2001:db8::10/128 lookup 1048577 in blue",
                "ip -n blue -6 rule delete from 2001:db8::10/128 lookup 1048577 proto 105");
    }

    @Test
    void aChildLink() {
        check(
                child(NAME, IpvlanMode.L2, IpvlanFlag.BRIDGE, OptionalInt.empty()),
                "create child link eth1 on eth0 in blue, l2 bridge",
                "ip link add link eth0 name eth1 index 1048577 group 1768978028 netns blue type ipvlan mode l2 bridge");
        check(
                child(PID, IpvlanMode.L3S, IpvlanFlag.PRIVATE, OptionalInt.of(1400)),
                "create child link eth1 on eth0 in pid 17, l3s private, mtu 1400",
                "ip link add link eth0 name eth1 index 1048577 group 1768978028 mtu 1400 netns 17 type ipvlan mode l3s private");
        check(
                child(PATH, IpvlanMode.L3, IpvlanFlag.VEPA, OptionalInt.empty()),
                "create child link eth1 on eth0 in /run/netns/blue, l3 vepa",
                "ip link add link eth0 name eth1 index 1048577 group 1768978028 netns /run/netns/blue type ipvlan mode l3 vepa");
    }

    @Test
    void anAddress() {
        check(
                new Step.AddAddress(IpCidr.parse("10.1.214.10/24"), "eth1", 7, Optional.of(NAME)),
                "add address 10.1.214.10/24 to eth1 in blue",
                "ip -n blue address add 10.1.214.10/24 dev eth1");
        check(
                new Step.AddAddress(IpCidr.parse("2001:db8::10/64"), "eth1", 7, Optional.of(PID)),
                "add address 2001:db8::10/64 to eth1 in pid 17",
                "nsenter --net=/proc/17/ns/net ip address add 2001:db8::10/64 dev eth1 nodad");
    }

    @Test
    void aRoute() {
        check(
                new Step.AddRoute(Route.onLink(IpPrefix.parse("10.2.0.0/16"), "eth1"), 7, Optional.of(PATH)),
                "add route 10.2.0.0/16 dev eth1 in /run/netns/blue",
                "nsenter --net=/run/netns/blue ip route add 10.2.0.0/16 dev eth1 proto 105");
        check(
                new Step.AddRoute(
                        Route.via(IpPrefix.parse("::/0"), IpAddress.parse("2001:db8::1"), "eth1"),
                        7,
                        Optional.of(NAME)),
                "add route default via 2001:db8::1 dev eth1 in blue",
                "ip -n blue -6 route add default via 2001:db8::1 dev eth1 proto 105");
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
