package io.ipvlan.netlink.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.Command;
import io.ipvlan.netlink.Descriptors;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Names on a real kernel, with `ip netns` on the other side.
class NamespaceNamesIT {
    private static final Path DIRECTORY = Path.of("/run/netns");

    /// As after a restart: there is no directory.
    @BeforeEach
    void forgetAllNames() {
        Command.run("sh", "-ec", """
                cd /
                for name in $(ip netns list | cut -d" " -f1); do ip netns delete "$name"; done
                while mountpoint -q /run/netns; do umount -l /run/netns; done
                rm -rf /run/netns""");
    }

    private static List<String> seenByIp() {
        return Command.run("ip", "netns", "list")
                .lines()
                .map(line -> line.split(" ", 2)[0])
                .sorted()
                .toList();
    }

    /// What is mounted at a path, and how it passes mounts on, without the numbers that tell mounts apart.
    private static List<String> mountsAt(Path path) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                .map(line -> line.split(" ", 0))
                .filter(words -> words[4].equals(path.toString()))
                .map(words -> String.join(" ", List.of(words).subList(5, words.length))
                        .replaceAll("shared:\\d+", "shared"))
                .toList();
    }

    /// Not the pipes to programs run before, which are closed when it pleases the JVM.
    private static List<String> namespacesOpen() throws IOException {
        return Descriptors.open().stream()
                .filter(target -> target.startsWith("net:") || target.startsWith("/run"))
                .toList();
    }

    @Test
    void iproute2UsesTheNamesOfTheLibrary() throws Exception {
        try (NetNamespace blue = NetNamespace.create("it-blue");
                NetNamespace again = NetNamespace.ofName("it-blue")) {
            assertEquals("network namespace 'it-blue'", blue.toString());
            assertTrue(again.isSameAs(blue));
            assertEquals(List.of("it-blue"), seenByIp());
            String inside = Command.run("ip", "netns", "exec", "it-blue", "readlink", "/proc/self/ns/net");
            assertEquals(Places.of(blue), inside.strip());
            blue.name("it-azure");
            assertEquals(List.of("it-azure", "it-blue"), seenByIp());
            Command.run("ip", "netns", "delete", "it-blue");
        }

        assertEquals(List.of("it-azure"), NetNamespace.names());
        Command.run("ip", "-n", "it-azure", "link", "set", "lo", "up"); // kept alive by its other name
        Command.run("ip", "netns", "delete", "it-azure");
        assertEquals(List.of(), NetNamespace.names());
    }

    @Test
    void theLibraryUsesTheNamesOfIproute2() throws Exception {
        assertEquals(List.of(), NetNamespace.names());
        Command.run("ip", "netns", "add", "it-red");
        try (NetNamespace red = NetNamespace.ofName("it-red")) {
            String inside = Command.run("ip", "netns", "exec", "it-red", "readlink", "/proc/self/ns/net");
            assertEquals(Places.of(red), inside.strip());
            assertEquals(List.of("it-red"), NetNamespace.names());
            assertTrue(NetNamespace.deleteName("it-red"));
            assertFalse(NetNamespace.deleteName("it-red"));
            assertEquals(List.of(), seenByIp());
        }
        assertFalse(Files.exists(DIRECTORY.resolve("it-red")));
    }

    @Test
    void directoryAndFileAreThoseOfIproute2() throws IOException {
        Command.run("ip", "netns", "add", "it-theirs");
        List<String> directory = mountsAt(DIRECTORY);
        List<String> file = mountsAt(DIRECTORY.resolve("it-theirs"));
        String modes = Command.run("stat", "-c", "%a %U %F", "/run/netns");
        Command.run("ip", "netns", "delete", "it-theirs");
        String left = Command.run("ls", "-A", "/run/netns");
        forgetAllNames();

        NetNamespace.create("it-ours").close();

        assertEquals(1, directory.size());
        assertEquals(directory, mountsAt(DIRECTORY));
        assertEquals(
                file.stream().map(line -> line.replaceAll("net:\\[\\d+]", "")).toList(),
                mountsAt(DIRECTORY.resolve("it-ours")).stream()
                        .map(line -> line.replaceAll("net:\\[\\d+]", ""))
                        .toList());
        assertEquals(modes, Command.run("stat", "-c", "%a %U %F", "/run/netns"));
        assertTrue(NetNamespace.deleteName("it-ours"));
        assertEquals(left, Command.run("ls", "-A", "/run/netns"));
        assertEquals(1, mountsAt(DIRECTORY).size());
    }

    @Test
    void aNameThatIsTakenStaysWhatItIs() throws Exception {
        Command.run("ip", "netns", "add", "it-taken");
        NetNamespace.create().close(); // the library's thread holds a descriptor
        List<String> before = namespacesOpen();

        NetlinkException.Refused refused =
                assertThrows(NetlinkException.Refused.class, () -> NetNamespace.create("it-taken"));

        assertEquals(Errno.EEXIST, refused.errno());
        assertTrue(String.valueOf(refused.getMessage()).contains("'it-taken'"), refused.getMessage());
        assertEquals(before, namespacesOpen());
        Command.run("ip", "netns", "exec", "it-taken", "true");
    }

    @Test
    void whicheverStepFailsNoFileIsLeft() throws Exception {
        String ram = "mount -t tmpfs -o ro none ";
        assertStepFails("make the directory", new Errno(30), ram + "/run", "umount /run");
        assertFalse(Files.exists(DIRECTORY));
        String limit = "echo 1 >/proc/sys/fs/mount-max";
        String noLimit = "echo 100000 >/proc/sys/fs/mount-max";
        assertStepFails("make the directory a mount point", Errno.ENOSPC, limit, noLimit);

        NetNamespace.create("it-first").close(); // now there is a mount point
        assertStepFails("mount it", Errno.ENOSPC, limit, noLimit);
        assertStepFails("make the file", new Errno(30), ram + "/run/netns", "umount /run/netns");
        assertEquals(List.of("it-first"), seenByIp());
        NetNamespace.create("it-broken").close(); // all is well again
        assertEquals(List.of("it-broken", "it-first"), NetNamespace.names());
    }

    private static void assertStepFails(String step, Errno errno, String obstacle, String without) throws Exception {
        NetNamespace.create().close(); // the library's thread holds a descriptor
        List<String> before = namespacesOpen();
        NetlinkException.Refused refused;
        Command.run("sh", "-ec", obstacle);
        try {
            refused = assertThrows(NetlinkException.Refused.class, () -> NetNamespace.create("it-broken"));
            assertFalse(Files.exists(DIRECTORY.resolve("it-broken")), step);
        } finally {
            Command.run("sh", "-ec", without);
        }
        assertFalse(Files.exists(DIRECTORY.resolve("it-broken")), step);
        assertEquals(errno, refused.errno(), refused.getMessage());
        assertTrue(String.valueOf(refused.getMessage()).contains("'it-broken' in /run/netns: " + step + " ("));
        assertEquals(before, namespacesOpen());
    }

    @Test
    void whatIsLeftOfANameIsDeletedToo() throws Exception {
        Command.run("ip", "netns", "add", "it-real");
        Files.createFile(DIRECTORY.resolve("it-stale"));
        Files.createSymbolicLink(DIRECTORY.resolve("it-link"), Path.of("it-real"));

        assertThrows(NetlinkException.Refused.class, () -> NetNamespace.ofName("it-stale"));
        assertEquals(List.of("it-link", "it-real", "it-stale"), NetNamespace.names());
        assertTrue(NetNamespace.deleteName("it-stale"));
        assertTrue(NetNamespace.deleteName("it-link"));
        assertEquals(List.of("it-real"), seenByIp());
        Command.run("ip", "netns", "exec", "it-real", "true"); // still mounted
    }

    @Test
    void otherMountNamespacesFollow() throws Exception {
        NetNamespace.create("it-first").close(); // from now on mounts are passed on
        Process elsewhere = new ProcessBuilder(
                        "unshare", "--mount", "--propagation", "slave", "sh", "-c", "echo; read wait")
                .start();
        Path mounts = Path.of("/proc/" + elsewhere.pid() + "/mountinfo");
        try {
            assertEquals('\n', elsewhere.getInputStream().read());
            NetNamespace.create("it-late").close();
            assertTrue(Files.readString(mounts).contains("/run/netns/it-late"));
            NetNamespace.deleteName("it-late");
            assertFalse(Files.readString(mounts).contains("/run/netns/it-late"));
        } finally {
            elsewhere.getOutputStream().close();
            elsewhere.waitFor();
        }
    }

    @Test
    void manyAtOnceMakeOneMountPointAndOneOfEachName() throws Exception {
        AtomicInteger number = new AtomicInteger();
        List<String> expected = new ArrayList<>();
        for (int i = 10; i < 50; i++) {
            expected.add("it-" + i);
        }
        Places.onVirtualThreads(40, () -> {
            NetNamespace.create("it-" + (10 + number.getAndIncrement())).close();
            return 0;
        });
        assertEquals(expected, seenByIp());
        assertEquals(1, mountsAt(DIRECTORY).size());

        List<Boolean> first = Places.onVirtualThreads(20, () -> {
            try (NetNamespace made = NetNamespace.create("it-one")) {
                return made.isSameAs(made);
            } catch (NetlinkException.Refused e) {
                assertEquals(Errno.EEXIST, e.errno(), e.getMessage());
                return false;
            }
        });
        assertEquals(1, first.stream().filter(Boolean::booleanValue).count());

        List<Boolean> gone = Places.onVirtualThreads(20, () -> NetNamespace.deleteName("it-one"));
        assertEquals(1, gone.stream().filter(Boolean::booleanValue).count());
        assertEquals(expected, seenByIp());
    }
}
