package io.ipvlan.netlink.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys and values, before the kernel sees them.
class SysctlTest {
    @ParameterizedTest
    @CsvSource({
        "net.ipv4.ip_forward,                net/ipv4/ip_forward",
        "net/ipv4/ip_forward,                net/ipv4/ip_forward",
        "net.ipv4.conf.eth0.arp_notify,      net/ipv4/conf/eth0/arp_notify",
        "net/ipv4/conf/eth0.20/arp_notify,   net/ipv4/conf/eth0.20/arp_notify",
        "net.ipv4.conf.eth0/20.arp_notify,   net/ipv4/conf/eth0.20/arp_notify",
        "net/ipv6/conf/a.b.c/disable_ipv6,   net/ipv6/conf/a.b.c/disable_ipv6",
        "net.ipv6.neigh.x-y_z:1.delay_probe, net/ipv6/neigh/x-y_z:1/delay_probe",
        "net/ipv4/conf/..x/forwarding,       net/ipv4/conf/..x/forwarding",
    })
    void aKeyIsReadAsSysctlReadsIt(String key, String path) {
        assertEquals("/proc/sys/" + path, Sysctl.of(key).path());
        assertEquals(key, Sysctl.of(key).key());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "net",
                "net.",
                "net/",
                "/net/ipv4/ip_forward",
                ".net.ipv4.ip_forward",
                "kernel.hostname",
                "vm/swappiness",
                "network.ipv4",
                "net..ipv4",
                "net//ipv4",
                "net/ipv4/../../kernel/hostname",
                "net/../kernel/hostname",
                "net.//.kernel.hostname",
                "net/./ipv4",
                "net/ipv4/conf/..",
                "net.ipv4.ip_forward\n",
                "net.ipv4\0.ip_forward",
                "net.ipv4.ip_forward."
            })
    void whatIsNoKeyOfANamespaceIsAMistake(String key) {
        IllegalArgumentException mistake = assertThrows(IllegalArgumentException.class, () -> Sysctl.of(key));

        assertTrue(String.valueOf(mistake.getMessage()).startsWith("'" + key + "' is no key"), mistake.getMessage());
    }

    @Test
    void aValueIsOneLine() {
        assertEquals("32768\t60999", Sysctl.checked("32768\t60999"));
        assertThrows(IllegalArgumentException.class, () -> Sysctl.checked("1\n0"));
        assertThrows(IllegalArgumentException.class, () -> Sysctl.checked("1\0"));
    }
}
