package io.ipvlan.internal.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.Finding;
import io.ipvlan.Finding.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is missing on a machine is named, with what to do about it. The machine is a directory here, which
/// begins as one where nothing is missing.
class PreflightTest {
    private static final KernelCheck.Kinds ALL_THERE = _ -> Optional.of(true);
    private static final KernelCheck.Kinds NONE_THERE = _ -> Optional.of(false);
    private static final KernelCheck.Kinds SILENT = _ -> Optional.empty();
    private static final String ROOT_MAP = "         0          0 4294967295\n";

    @TempDir
    private Path root = Path.of("");

    @BeforeEach
    void aMachineWithEverything() throws IOException {
        write("/proc/sys/kernel/osrelease", "6.1.0-18-amd64\n");
        write("/proc/self/status", "Name:\tjava\nCapInh:\t0000000000000000\nCapEff:\t000001ffffffffff\n");
        write("/proc/self/uid_map", ROOT_MAP);
        write("/proc/self/limits", "Max open files            1024                 524288               files\n");
        write("/proc/self/ns/net", "");
        write("/proc/self/mountinfo", "25 30 0:23 / /proc rw,nosuid shared:14 - proc proc rw\n");
        write("/proc/self/fd/0", "");
        write("/proc/modules", "");
        write("/proc/net/if_inet6", "");
        write("/proc/sys/net/ipv4/ip_forward", "0\n");
        write("/proc/sys/net/ipv4/neigh/default/gc_thresh3", "1024\n");
        write("/proc/sys/net/ipv6/neigh/default/gc_thresh3", "1024\n");
    }

    private void write(String path, String text) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void delete(String path) throws IOException {
        Files.delete(root.resolve(path.substring(1)));
    }

    private List<Finding> findings(KernelCheck.Kinds kinds) {
        return Preflight.run(new HostFiles(root), true, Optional.empty(), kinds, List.of(), new Findings());
    }

    /// The only finding about a subject.
    private Finding finding(String subject, KernelCheck.Kinds kinds) {
        List<Finding> about = findings(kinds).stream()
                .filter(finding -> finding.subject().equals(subject))
                .toList();
        assertEquals(1, about.size(), about::toString);
        return about.getFirst();
    }

    private void found(Severity severity, String part, String remedy, Finding finding) {
        assertEquals(severity, finding.severity(), finding::toString);
        assertTrue(finding.what().contains(part), finding::toString);
        assertTrue(finding.remedy().contains(remedy), finding::toString);
        assertEquals(severity == Severity.PROBLEM, finding.isProblem());
    }

    @Test
    void withEverythingThereIsNothingToDo() {
        List<Finding> all = findings(ALL_THERE);

        for (Finding finding : all) {
            assertEquals(Severity.OK, finding.severity(), finding::toString);
            assertEquals("", finding.remedy());
        }
        assertTrue(all.size() > 12, all::toString);
    }

    @Test
    void whateverIsWrongHasARemedy() throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        List<Finding> all = findings(NONE_THERE);

        assertTrue(
                all.stream()
                                .filter(finding -> finding.severity() != Severity.OK)
                                .count()
                        > 6,
                all::toString);
        for (Finding finding : all) {
            assertEquals(finding.severity() == Severity.OK, finding.remedy().isEmpty(), finding::toString);
        }
    }

    @ParameterizedTest
    @CsvSource({"4.19.0-26, PROBLEM", "3.10.0, PROBLEM", "4.20.0, OK", "5.0.0+, OK", "10.2, OK", "odd, WARNING"})
    void aKernelOlderThanLinux420IsTooOld(String release, Severity severity) throws IOException {
        write("/proc/sys/kernel/osrelease", release + "\n");

        assertEquals(severity, finding("Linux", ALL_THERE).severity());
    }

    @Test
    void aModuleThatTheKernelWouldLoadIsNotMissing() throws IOException {
        write(
                "/lib/modules/6.1.0-18-amd64/modules.dep",
                "kernel/drivers/net/ipvlan/ipvlan.ko.xz: kernel/net/l3.ko\nkernel/net/8021q/8021q.ko: kernel/a.ko\n");

        found(Severity.OK, "loads", "", finding("ipvlan", NONE_THERE));
        found(Severity.OK, "loads", "", finding("8021q", NONE_THERE));
        found(Severity.WARNING, "neither loaded nor", "modprobe dummy", finding("dummy", NONE_THERE));

        write("/proc/sys/kernel/modules_disabled", "1\n");
        found(Severity.PROBLEM, "modules_disabled", "modprobe ipvlan", finding("ipvlan", NONE_THERE));
    }

    @Test
    void aModuleThatIsNowhereIsMissing() throws IOException {
        write("/lib/modules/6.1.0-18-amd64/modules.dep", "kernel/net/l3.ko: kernel/drivers/net/ipvlan/ipvlan.ko\n");

        found(Severity.PROBLEM, "no endpoint can be attached", "modprobe ipvlan", finding("ipvlan", NONE_THERE));
    }

    @Test
    void withoutAListOfModulesItIsNotKnown() throws IOException {
        found(Severity.WARNING, "no /lib/modules/6.1.0", "modprobe ipvlan", finding("ipvlan", NONE_THERE));

        delete("/proc/modules"); // a kernel that loads none
        found(Severity.PROBLEM, "loads no modules", "modprobe ipvlan", finding("ipvlan", NONE_THERE));
    }

    @Test
    void aKernelThatCannotBeAskedIsKnownByItsFiles() throws IOException {
        write("/proc/modules", "ipvlan 69632 0 - Live 0x0000000000000000\ndummy2 1 0 - Live 0x0\n");
        write("/lib/modules/6.1.0-18-amd64/modules.builtin", "kernel/net/8021q/8021q.ko\n");

        found(Severity.OK, "are there", "", finding("ipvlan", SILENT));
        found(Severity.OK, "are there", "", finding("8021q", SILENT));
        found(Severity.WARNING, "not loaded", "modprobe dummy", finding("dummy", SILENT));
    }

    @ParameterizedTest
    @CsvSource({
        "CAP_NET_ADMIN, 12, PROBLEM",
        "CAP_SYS_ADMIN, 21, PROBLEM",
        "CAP_NET_RAW, 13, WARNING",
        "CAP_NET_BROADCAST, 11, WARNING",
        "CAP_SYS_PTRACE, 19, WARNING"
    })
    void aMissingCapabilityIsNamed(String name, int bit, Severity severity) throws IOException {
        write("/proc/self/status", "CapEff:\t%016x\n".formatted(0x1ffffffffffL & ~(1L << bit)));

        found(severity, "missing", "--cap-add " + name.substring(4), finding(name, ALL_THERE));
        assertEquals(
                1,
                findings(ALL_THERE).stream()
                        .filter(finding -> finding.severity() != Severity.OK)
                        .count());
    }

    @Test
    void aUserNamespaceIsSeen() throws IOException {
        write("/proc/self/uid_map", "         0       1000          1\n");

        found(Severity.WARNING, "0 1000 1", "outside", finding("user namespace", ALL_THERE));
    }

    @Test
    void tooFewOpenFilesAreSeen() throws IOException {
        write("/proc/self/limits", "Max open files            100                  100                  files\n");
        found(Severity.WARNING, "at most 100, of which 1 are open", "ulimit -n", finding("open files", ALL_THERE));

        write("/proc/self/limits", "Max open files            unlimited            unlimited            files\n");
        found(Severity.OK, "unlimited", "", finding("open files", ALL_THERE));
    }

    @Test
    void aFewNeighboursAreTooFew() throws IOException {
        write("/proc/sys/net/ipv6/neigh/default/gc_thresh3", "128\n");

        found(Severity.WARNING, "128", "net.ipv6.neigh.default.gc_thresh3", finding("IPv6 neighbours", ALL_THERE));
        found(Severity.OK, "1024", "", finding("ARP neighbours", ALL_THERE));
    }

    @Test
    void aNameWithoutANamespaceIsSeen() throws IOException {
        write("/run/netns/blue", "");
        write("/run/netns/red", "");
        write("/proc/self/mountinfo", "600 26 0:4 net:[4026532288] /run/netns/blue rw shared:9 - nsfs nsfs rw\n");

        found(Severity.WARNING, "[red]", "rslave", finding("network namespaces", ALL_THERE));
    }

    @Test
    void withoutNetworkNamespacesNothingWorks() throws IOException {
        delete("/proc/self/ns/net");

        found(Severity.PROBLEM, "/proc/self/ns/net", "CONFIG_NET_NS", finding("network namespaces", ALL_THERE));
    }

    @Test
    void aKernelWithoutIpv6IsSeen() throws IOException {
        delete("/proc/net/if_inet6");

        found(Severity.WARNING, "none", "ipv6.disable", finding("IPv6", ALL_THERE));
    }

    @Test
    void theJvmIsLookedAt() {
        Findings refused = new Findings();
        JvmCheck.run("Linux", "amd64", false, Optional.of("illegal native access"), refused);
        Findings warned = new Findings();
        JvmCheck.run("Linux", "aarch64", false, Optional.empty(), warned);

        found(
                Severity.PROBLEM,
                "illegal",
                "--enable-native-access=",
                refused.all().getLast());
        found(
                Severity.WARNING,
                "a later one will refuse",
                "--enable-native-access=",
                warned.all().getLast());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Windows 11,amd64", "Linux,x86"})
    void whatCannotRunItIsAProblem(String machine) {
        List<String> words = Arrays.asList(machine.split(",", -1));
        Findings findings = new Findings();
        JvmCheck.run(words.getFirst(), words.getLast(), true, Optional.empty(), findings);

        assertEquals(1, findings.all().stream().filter(Finding::isProblem).count(), findings.all()::toString);
    }
}
