package io.ipvlan.netlink.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.Command;
import io.ipvlan.netlink.Descriptors;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Settings of namespaces, with the files of `/proc/sys` read by another program as witness.
class SysctlIT {
    private static String seen(NetNamespace namespace, String path) {
        return Command.runIn(namespace, "cat", "/proc/sys/" + path).strip();
    }

    @Test
    void eachNamespaceHasItsOwn() throws Exception {
        String host = Command.run("cat", "/proc/sys/net/ipv4/ip_forward").strip();
        try (NetNamespace one = NetNamespace.create();
                NetNamespace two = NetNamespace.create()) {
            assertEquals("0", one.sysctl("net.ipv4.ip_forward"));
            one.sysctl("net.ipv4.ip_forward", "1");

            assertEquals("1", one.sysctl("net/ipv4/ip_forward"));
            assertEquals("1", seen(one, "net/ipv4/ip_forward"));
            assertEquals("0", two.sysctl("net.ipv4.ip_forward"));
            assertEquals("0", seen(two, "net/ipv4/ip_forward"));
            assertEquals(
                    host, Command.run("cat", "/proc/sys/net/ipv4/ip_forward").strip());
        }
        Places.awaitEverywhere(Places.here());
    }

    @Test
    void aLinkMayHaveADotInItsName() throws Exception {
        try (NetNamespace target = NetNamespace.create()) {
            Command.script(target, "ip link add eth0 type dummy; ip link add eth0.20 type dummy");
            target.sysctl("net.ipv4.conf.eth0.arp_notify", "1");
            target.sysctl("net/ipv4/conf/eth0.20/forwarding", "1");

            assertEquals("1", seen(target, "net/ipv4/conf/eth0/arp_notify"));
            assertEquals("0", target.sysctl("net.ipv4.conf.eth0/20.arp_notify"));
            assertEquals("1", target.sysctl("net.ipv4.conf.eth0/20.forwarding"));
            assertEquals("1", seen(target, "net/ipv4/conf/eth0.20/forwarding"));
            assertRefused(Errno.ENOENT, "net/ipv4/conf/eth0.20/", () -> target.sysctl("net.ipv4.conf.eth0.20.mtu"));
        }
    }

    @Test
    void aGroupThatIsHeldIsTheNamespacesOwnAndReachedFromOutside() throws Exception {
        try (NetNamespace one = NetNamespace.create();
                NetNamespace two = NetNamespace.create()) {
            Command.script(one, "ip link add eth0 type dummy");
            Command.script(two, "ip link add eth0 type dummy");
            one.holdSettings("net.ipv6.conf");
            two.holdSettings("net.ipv6.conf");
            one.openSocket(NetlinkSocket.ROUTE).close();
            two.openSocket(NetlinkSocket.ROUTE).close();

            one.sysctl("net.ipv6.conf.eth0.disable_ipv6", "1");

            assertEquals("1", seen(one, "net/ipv6/conf/eth0/disable_ipv6"));
            assertEquals("1", one.sysctl("net/ipv6/conf/eth0/disable_ipv6"));
            assertEquals("0", seen(two, "net/ipv6/conf/eth0/disable_ipv6"));
            assertEquals("0", two.sysctl("net/ipv6/conf/eth0/disable_ipv6"));
            assertRefused(Errno.ENOENT, "net.ipv6.conf.none", () -> one.sysctl("net.ipv6.conf.none.mtu", "1280"));
            assertRefused(Errno.EINVAL, "mtu", () -> one.sysctl("net.ipv6.conf.eth0.mtu", "x"));
            one.sysctl("net.ipv4.ip_forward", "1"); // another group
            assertEquals("1", seen(one, "net/ipv4/ip_forward"));
        }
        Places.awaitEverywhere(Places.here());
    }

    @Test
    void aGroupIsHeldByOneDescriptorThatGoesWithTheHandle() throws Exception {
        try (NetNamespace first = NetNamespace.create()) {
            first.openSocket(NetlinkSocket.ROUTE).close(); // the thread inside has its own descriptors by now
            List<String> before = openBesidesInstances();
            NetNamespace target = NetNamespace.ofDescriptor(first.descriptor());
            target.holdSettings("net.ipv6.conf");
            assertThrows(IllegalStateException.class, () -> target.holdSettings("net.ipv4.conf"));
            assertFalse(Descriptors.open().stream().anyMatch(SysctlIT::isGroup));
            target.openSocket(NetlinkSocket.ROUTE).close();
            target.openSocket(NetlinkSocket.ROUTE).close();
            assertEquals(before.size() + 2, openBesidesInstances().size());
            assertTrue(Descriptors.open().stream().anyMatch(SysctlIT::isGroup));
            target.hold();
            target.close();
            assertEquals(before.size() + 2, openBesidesInstances().size());
            assertThrows(IllegalStateException.class, () -> target.sysctl("net.ipv6.conf.all.mtu"));
            target.release();
            assertEquals(before, openBesidesInstances());
            assertThrows(IllegalStateException.class, () -> target.holdSettings("net.ipv4.conf"));
        }
    }

    /// Seen from the root of whichever instance of proc it was opened in.
    private static boolean isGroup(String descriptor) {
        return descriptor.endsWith("/sys/net/ipv6/conf");
    }

    private static long instances() throws IOException {
        return Descriptors.open().stream().filter("/"::equals).count();
    }

    /// An instance of proc is the thread's, which takes another when it pleases.
    private static List<String> openBesidesInstances() throws IOException {
        return Descriptors.open().stream().filter(target -> !target.equals("/")).toList();
    }

    /// Sets something in a group that is held, in as many namespaces as are opened in several instances.
    private static void setInMany() throws NetlinkException.Refused {
        for (int number = 0; number < 150; number++) {
            try (NetNamespace target = NetNamespace.create()) {
                target.holdSettings("net.ipv6.conf");
                target.openSocket(NetlinkSocket.ROUTE).close();
                target.sysctl("net.ipv6.conf.lo.mtu", String.valueOf(1_280 + number));
                assertEquals("" + (1_280 + number), target.sysctl("net.ipv6.conf.lo.mtu"));
            }
        }
    }

    @Test
    void groupsAreOpenedInInstancesOfProcThatNobodySeesAndOneAtATime() throws Exception {
        String mounts = Command.run("cat", "/proc/self/mountinfo");
        try (NetNamespace one = NetNamespace.create()) {
            one.holdSettings("net.ipv6.conf");
            long most = 0;
            for (int round = 0; round < 3; round++) {
                setInMany();
                long now = instances();
                assertTrue(now <= 1, () -> now + " instances");
                most = Math.max(most, now);
            }
            assertEquals(1, most, "none at all was made");
            one.openSocket(NetlinkSocket.ROUTE).close();
            setInMany(); // the instance it was opened in has given way to others meanwhile
            one.sysctl("net.ipv6.conf.lo.mtu", "1300");
            assertEquals("1300", seen(one, "net/ipv6/conf/lo/mtu"));
        }
        assertEquals(mounts, Command.run("cat", "/proc/self/mountinfo"));
    }

    @Test
    void settingsThatAreReadOnlyForThisProgramAreNotWrittenInAnInstanceOfItsOwn() throws Exception {
        Command.run("sh", "-ec", "mount --bind /proc/sys /proc/sys; mount -o remount,bind,ro /proc/sys");
        try (NetNamespace target = NetNamespace.create()) {
            // An instance of before may be in use: it gives way after a while.
            assertRefused(new Errno(30), "read-only", SysctlIT::setInMany);
            target.holdSettings("net.ipv6.conf");
            target.openSocket(NetlinkSocket.ROUTE).close();
            assertRefused(new Errno(30), "read-only", () -> target.sysctl("net.ipv6.conf.lo.mtu", "1300"));
        } finally {
            Command.run("umount", "/proc/sys");
        }
    }

    @Test
    void onlyGroupsOfANamespacesOwnAreHeld() throws Exception {
        try (NetNamespace target = NetNamespace.create()) {
            for (String shared : List.of("net", "net.ipv6", "net.core.x", "kernel.x", "net.ipv6.conf.eth0")) {
                assertThrows(IllegalArgumentException.class, () -> target.holdSettings(shared), shared);
            }
        }
    }

    @Test
    void listsAndLongValuesAreWhole() throws Exception {
        try (NetNamespace target = NetNamespace.create()) {
            target.sysctl("net.ipv4.ip_local_port_range", "40000 50000");
            assertEquals("40000\t50000", target.sysctl("net.ipv4.ip_local_port_range"));
            String ports =
                    IntStream.range(0, 680).mapToObj(i -> "" + (10_001 + 2 * i)).collect(Collectors.joining(","));
            target.sysctl("net.ipv4.ip_local_reserved_ports", ports);
            assertEquals(ports, target.sysctl("net.ipv4.ip_local_reserved_ports"));
            assertRefused(
                    Errno.EINVAL,
                    "the kernel took the first 40",
                    () -> target.sysctl("net.ipv4.ip_local_reserved_ports", ports + "," + ports));
        }
    }

    private static void assertRefused(Errno errno, String hint, Attempt attempt) {
        NetlinkException.Refused refused = assertThrows(NetlinkException.Refused.class, attempt::run);
        String message = String.valueOf(refused.getMessage());
        assertEquals(errno, refused.errno(), message);
        assertTrue(message.contains(hint) && message.contains("sysctl net"), message);
        assertTrue(message.contains("network namespace"), message);
    }

    private interface Attempt {
        void run() throws NetlinkException.Refused;
    }

    @Test
    void aRefusalNamesKeyReasonAndRemedy() throws Exception {
        try (NetNamespace target = NetNamespace.create()) {
            assertRefused(Errno.ENOENT, "module loaded", () -> target.sysctl("net.ipv4.conf.none.forwarding"));
            assertRefused(Errno.ENOTDIR, "module loaded", () -> target.sysctl("net.ipv4.ip_forward.x"));
            assertRefused(new Errno(21), "group of keys", () -> target.sysctl("net.ipv4"));
            assertRefused(new Errno(21), "group of keys", () -> target.sysctl("net.ipv4.conf", "1"));
            assertRefused(Errno.EINVAL, "no such value", () -> target.sysctl("net.ipv4.ip_forward", "yes"));
            assertEquals("0", target.sysctl("net.ipv4.ip_forward"));
            assertRefused(Errno.EINVAL, "took the first 2", () -> target.sysctl("net.ipv4.ip_forward", "1 and more"));
            assertEquals("1", target.sysctl("net.ipv4.ip_forward"), "as the message says");
            assertRefused(
                    Errno.EACCES,
                    "CAP_NET_ADMIN",
                    () -> target.sysctl("net.ipv4.tcp_available_congestion_control", "reno"));
            Command.run("sh", "-ec", "mount --bind /proc/sys /proc/sys; mount -o remount,bind,ro /proc/sys");
            try {
                assertRefused(new Errno(30), "read-only", () -> target.sysctl("net.ipv4.ip_forward", "0"));
                assertEquals("1", target.sysctl("net.ipv4.ip_forward"));
            } finally {
                Command.run("umount", "/proc/sys");
            }
        }
    }
}
