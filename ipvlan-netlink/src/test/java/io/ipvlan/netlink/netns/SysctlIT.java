package io.ipvlan.netlink.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.Command;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import java.util.concurrent.atomic.AtomicInteger;
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
    void theCallerMayDoSomethingElseMeanwhile() throws Exception {
        try (NetNamespace target = NetNamespace.create()) {
            AtomicInteger done = new AtomicInteger();
            target.sysctl("net.ipv4.ip_forward", "1", done::incrementAndGet);
            assertEquals("1", seen(target, "net/ipv4/ip_forward"));

            assertRefused(Errno.ENOENT, "no.such", () -> target.sysctl("net.ipv4.no.such", "1", done::incrementAndGet));
            assertEquals(2, done.get());
        }
    }

    @Test
    void whatTheCallerFailsOverTakesNothingFromTheSetting() throws Exception {
        try (NetNamespace target = NetNamespace.create()) {
            Runnable failing = () -> {
                throw new UnsupportedOperationException("mine");
            };
            UnsupportedOperationException alone = assertThrows(
                    UnsupportedOperationException.class, () -> target.sysctl("net.ipv4.ip_forward", "1", failing));
            assertEquals("1", seen(target, "net/ipv4/ip_forward"));
            assertEquals(0, alone.getSuppressed().length);

            UnsupportedOperationException both = assertThrows(
                    UnsupportedOperationException.class, () -> target.sysctl("net.ipv4.no.such", "1", failing));
            assertInstanceOf(NetlinkException.Refused.class, both.getSuppressed()[0]);
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
