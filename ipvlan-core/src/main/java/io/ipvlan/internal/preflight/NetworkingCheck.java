package io.ipvlan.internal.preflight;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// Looks at what the kernel offers the namespaces of endpoints.
final class NetworkingCheck {
    private static final String NAMES = "/run/netns";

    /// What the kernel begins with: `net/ipv4/arp.c`, `net/ipv6/ndisc.c`.
    private static final int DEFAULT_NEIGHBOURS = 1024;

    private final HostFiles files;
    private final Findings findings;

    NetworkingCheck(HostFiles files, Findings findings) {
        this.files = files;
        this.findings = findings;
    }

    void namespaces() {
        if (!files.exists("/proc/self/ns/net")) {
            findings.problem(
                    "network namespaces",
                    "there is no /proc/self/ns/net",
                    "mount /proc, or use a kernel that has them (CONFIG_NET_NS)");
            return;
        }
        Set<String> mounted = files.lines("/proc/self/mountinfo").stream()
                .map(line -> line.split(" ", -1))
                .filter(words -> words.length > 4)
                .map(words -> words[4].replaceFirst("^/var/run/", "/run/"))
                .filter(point -> point.startsWith(NAMES + "/"))
                .map(point -> point.substring(NAMES.length() + 1))
                .collect(Collectors.toSet());
        List<String> empty = files.names(NAMES).stream()
                .filter(name -> !mounted.contains(name))
                .toList();
        if (empty.isEmpty()) {
            findings.ok("network namespaces", mounted.size() + " of them have names in " + NAMES);
        } else {
            findings.warning(
                    "network namespaces",
                    "nothing is mounted on " + empty + " in " + NAMES + ", so these names lead to no namespace",
                    "let the mounts of the host through (containers: -v /run/netns:/run/netns:rslave), or remove what"
                            + " was left over: ip netns delete NAME");
        }
    }

    void ipv6() {
        if (files.exists("/proc/net/if_inet6")) {
            findings.ok("IPv6", "the kernel has it");
        } else {
            findings.warning(
                    "IPv6",
                    "the kernel has none, or it was switched off: networks with IPv6 subnets are refused",
                    "start the kernel without ipv6.disable=1");
        }
    }

    /// The table is one for all namespaces together; only the first namespace shows its limits.
    void neighbours() {
        neighbours("ipv4", "ARP");
        neighbours("ipv6", "IPv6");
    }

    private void neighbours(String family, String words) {
        String key = "net." + family + ".neigh.default.gc_thresh3";
        OptionalLong limit = files.number("/proc/sys/" + key.replace('.', '/'));
        if (limit.isEmpty()) {
            return;
        }
        String what = "at most " + limit.getAsLong() + " neighbours are known at a time, in all namespaces together";
        if (limit.getAsLong() < DEFAULT_NEIGHBOURS) {
            findings.warning(
                    words + " neighbours",
                    what + "; packets to others are dropped",
                    "sysctl -w " + key + "=4096, and gc_thresh2 below it");
        } else {
            findings.ok(words + " neighbours", what + ", which is to be raised (" + key + ") for more endpoints in L2");
        }
    }
}
