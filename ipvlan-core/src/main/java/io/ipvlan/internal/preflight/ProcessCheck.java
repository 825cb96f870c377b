package io.ipvlan.internal.preflight;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Looks at the process: its capabilities, its user namespace and its limits.
final class ProcessCheck {
    /// `linux/capability.h`.
    private static final int NET_BROADCAST = 11;

    private static final int NET_ADMIN = 12;
    private static final int NET_RAW = 13;
    private static final int SYS_PTRACE = 19;
    private static final int SYS_ADMIN = 21;

    /// What an engine has open while it attaches 64 endpoints at a time, with room for the program.
    private static final int FILES_NEEDED = 256;

    private final HostFiles files;
    private final Findings findings;

    ProcessCheck(HostFiles files, Findings findings) {
        this.files = files;
        this.findings = findings;
    }

    void capabilities() {
        OptionalLong effective = effective();
        if (effective.isEmpty()) {
            findings.warning("capabilities", "not known: /proc/self/status cannot be read", "mount /proc");
            return;
        }
        long held = effective.getAsLong();
        capability(held, NET_ADMIN, "CAP_NET_ADMIN", "nothing can be made or removed", true);
        capability(held, SYS_ADMIN, "CAP_SYS_ADMIN", "the namespaces of others cannot be entered", true);
        capability(held, NET_RAW, "CAP_NET_RAW", "endpoints are not announced to their segment", false);
        capability(
                held,
                NET_BROADCAST,
                "CAP_NET_BROADCAST",
                "a watch does not hear of changes in other namespaces, and looks for them every ten seconds",
                false);
        capability(
                held,
                SYS_PTRACE,
                "CAP_SYS_PTRACE",
                "the namespaces of other users' processes cannot be opened by process id, and are not searched for"
                        + " child links of others",
                false);
        sysctls(held);
    }

    private OptionalLong effective() {
        Optional<String> line = files.lines("/proc/self/status").stream()
                .filter(candidate -> candidate.matches("CapEff:\\s*\\p{XDigit}{1,16}"))
                .findFirst();
        return line.isPresent()
                ? OptionalLong.of(Long.parseUnsignedLong(
                        line.get().substring("CapEff:".length()).strip(), 16))
                : OptionalLong.empty();
    }

    private void capability(long held, int bit, String name, String without, boolean needed) {
        String remedy = "run as root, or grant it (systemd: AmbientCapabilities=" + name + ", containers: --cap-add "
                + name.replace("CAP_", "") + ")";
        if ((held >>> bit & 1) != 0) {
            findings.ok(name, "held");
        } else if (needed) {
            findings.problem(name, "missing: " + without, remedy);
        } else {
            findings.warning(name, "missing: " + without, remedy);
        }
    }

    /// Containers have `/proc/sys` mounted read-only as a rule; without the capability it is no use anyway.
    private void sysctls(long held) {
        String probe = "/proc/sys/net/ipv4/ip_forward";
        if ((held >>> NET_ADMIN & 1) != 0 && files.exists(probe) && !files.isWritable(probe)) {
            findings.warning(
                    "sysctls",
                    "/proc/sys cannot be written: an endpoint that sets a sysctl, as those with IPv6 do, is refused",
                    "mount it writable (mount -o remount,rw /proc/sys; containers: --privileged, or a volume)");
        }
    }

    void userNamespace() {
        List<String> map = files.lines("/proc/self/uid_map").stream()
                .map(line -> line.strip().replaceAll("\\s+", " "))
                .toList();
        if (map.equals(List.of("0 0 4294967295"))) {
            findings.ok("user namespace", "the initial one");
        } else if (map.isEmpty()) {
            findings.ok("user namespace", "not known: the kernel has none, or /proc is not mounted");
        } else {
            findings.warning(
                    "user namespace",
                    "not the initial one (" + map.getFirst() + "): capabilities count only in network namespaces that"
                            + " were made in it, and a parent of the host's is out of reach",
                    "run outside of it, or use namespaces made inside");
        }
    }

    void openFiles() {
        Optional<String> soft = files.lines("/proc/self/limits").stream()
                .filter(line -> line.startsWith("Max open files"))
                .map(line -> line.substring("Max open files".length()).strip().replaceFirst("\\s.*", ""))
                .findFirst();
        if (soft.isEmpty()) {
            findings.warning("open files", "the limit is not known: /proc/self/limits cannot be read", "mount /proc");
        } else if (!soft.get().matches("\\d{1,18}")) {
            findings.ok("open files", soft.get());
        } else {
            openFiles(Long.parseLong(soft.get()), files.names("/proc/self/fd").size());
        }
    }

    private void openFiles(long limit, int open) {
        if (limit - open < FILES_NEEDED) {
            findings.warning(
                    "open files",
                    "at most " + limit + ", of which " + open + " are open: an engine at work opens up to "
                            + FILES_NEEDED,
                    "ulimit -n 4096 (systemd: LimitNOFILE=4096, containers: --ulimit nofile=4096)");
        } else {
            findings.ok("open files", "at most " + limit + ", of which " + open + " are open");
        }
    }
}
