package io.ipvlan.netlink.netns;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.Descriptors;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What needs no privilege and no particular kernel.
class NetNamespaceTest {
    private static final Path OWN = Path.of("/proc/self/ns/net");
    private static final long NO_PROCESS = Integer.MAX_VALUE;

    @TempDir
    private Path directory;

    private interface Opening {
        NetNamespace open() throws NetlinkException.Refused;
    }

    private static void assertRefused(Errno errno, String named, Opening opening) {
        NetlinkException.Refused refused = assertThrows(NetlinkException.Refused.class, opening::open);
        assertEquals(errno, refused.errno(), refused.getMessage());
        assertTrue(String.valueOf(refused.getMessage()).contains(named), refused.getMessage());
    }

    @Test
    void theNamespaceOfThisThreadIsTheOneProcShows() throws IOException {
        String shown = Files.readSymbolicLink(OWN).toString(); // net:[4026531840]

        try (NetNamespace current = NetNamespace.current()) {
            assertEquals(shown, "net:[" + current.id().inode() + "]");
        }
    }

    @Test
    void theSameNamespaceHasOneIdHoweverItIsOpened() throws IOException {
        try (NetNamespace current = NetNamespace.current();
                NetNamespace byPid = NetNamespace.ofPid(ProcessHandle.current().pid());
                NetNamespace byPath = NetNamespace.ofPath(OWN);
                NetNamespace again = NetNamespace.ofPath(current.path())) {
            assertEquals(current.id(), byPid.id());
            assertEquals(current.id(), byPath.id());
            assertEquals(current.id(), again.id());
            assertTrue(current.isSameAs(byPid) && byPid.isSameAs(current));
            assertEquals("network namespace '/proc/self/ns/net'", byPath.toString());
        }
    }

    @Test
    void whatIsNotThereIsRefusedByItsName() {
        assertRefused(Errno.ESRCH, "process " + NO_PROCESS, () -> NetNamespace.ofPid(NO_PROCESS));
        assertRefused(Errno.ENOENT, "'there-is-none'", () -> NetNamespace.ofName("there-is-none"));
        assertRefused(Errno.ENOENT, "'/there/is/none'", () -> NetNamespace.ofPath(Path.of("/there/is/none")));
    }

    @Test
    void aFileThatIsNoNamespaceIsRefusedByItsName() throws IOException {
        Path file = Files.createFile(directory.resolve("a file"));

        assertRefused(Errno.ENOTTY, "'" + file + "'", () -> NetNamespace.ofPath(file));
        assertRefused(Errno.ENOTTY, "'" + directory + "'", () -> NetNamespace.ofPath(directory));
        assertRefused(Errno.ENOTDIR, "'" + file + "/x'", () -> NetNamespace.ofPath(file.resolve("x")));
    }

    @Test
    void aNamespaceOfAnotherKindIsRefused() {
        assertRefused(Errno.EINVAL, "'/proc/self/ns/uts'", () -> NetNamespace.ofPath(Path.of("/proc/self/ns/uts")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "/", "a\0b"})
    void aNameThatCannotNameANamespaceIsAMistake(String name) throws NetlinkException {
        assertThrows(IllegalArgumentException.class, () -> NetNamespace.ofName(name));
        assertThrows(IllegalArgumentException.class, () -> NetNamespace.create(name));
        assertThrows(IllegalArgumentException.class, () -> NetNamespace.deleteName(name));
        try (NetNamespace current = NetNamespace.current()) {
            assertThrows(IllegalArgumentException.class, () -> current.name(name));
        }
    }

    @Test
    void aNameIsMeasuredInBytesAndHasToBeText() {
        assertRefused(Errno.ENOENT, "äää", () -> NetNamespace.ofName("ä".repeat(127)));
        assertThrows(IllegalArgumentException.class, () -> NetNamespace.ofName("ä".repeat(128)));
        assertThrows(IllegalArgumentException.class, () -> NetNamespace.ofName("half a pair \ud83d"));
    }

    @Test
    void aNameThatIsNotThereIsNotDeleted() throws NetlinkException {
        assertFalse(NetNamespace.deleteName("there-is-none"));
    }

    @Test
    void aDescriptorIsDuplicated() throws IOException {
        NetNamespace first = NetNamespace.current();
        NetNamespace second = NetNamespace.ofDescriptor(first.descriptor());
        assertNotEquals(first.descriptor(), second.descriptor());
        assertTrue(first.isSameAs(second));
        assertEquals("network namespace of descriptor " + first.descriptor(), second.toString());
        first.close();

        try (NetNamespace third = NetNamespace.ofDescriptor(second.descriptor())) {
            assertTrue(third.isSameAs(second));
            for (NetNamespace each : List.of(second, third)) {
                String flags = Files.readString(Path.of("/proc/self/fdinfo/" + each.descriptor()));
                assertTrue(flags.contains("flags:\t02"), "close-on-exec: " + flags); // 02000000, in octal
            }
        } finally {
            second.close();
        }
    }

    @Test
    void aDescriptorThatIsNoNamespaceIsRefused() {
        assertRefused(Errno.EBADF, "descriptor 999999", () -> NetNamespace.ofDescriptor(999_999));
        assertRefused(Errno.ENOTTY, "descriptor 1", () -> NetNamespace.ofDescriptor(1));
        assertThrows(IllegalArgumentException.class, () -> NetNamespace.ofDescriptor(-1));
    }

    @Test
    void aNameThatIsTooLongIsAMistake() {
        assertThrows(IllegalArgumentException.class, () -> NetNamespace.ofName("n".repeat(256)));
        assertRefused(Errno.ENOENT, "nnn", () -> NetNamespace.ofName("n".repeat(255)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aProcessIdIsPositive(long pid) {
        assertThrows(IllegalArgumentException.class, () -> NetNamespace.ofPid(pid));
    }

    @Test
    void aClosedHandleIsClosed() throws NetlinkException {
        NetNamespace handle = NetNamespace.current();
        NetNamespace.Id id = handle.id();
        handle.close();
        assertDoesNotThrow(handle::close);

        assertThrows(IllegalStateException.class, handle::descriptor);
        assertThrows(IllegalStateException.class, handle::path);
        assertThrows(IllegalStateException.class, () -> handle.openSocket(0));
        assertThrows(IllegalStateException.class, () -> handle.name("none"));
        assertThrows(IllegalStateException.class, () -> handle.call(() -> 1));
        assertThrows(IllegalStateException.class, () -> handle.sysctl("net.ipv4.ip_forward"));
        assertEquals(id, handle.id());
        assertEquals("network namespace of this thread", handle.toString());
    }

    @Test
    void noDescriptorIsLeftBehind() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        openAndBeRefused(file); // whatever the JVM opens for itself the first time
        List<String> before = Descriptors.open();

        for (int i = 0; i < 100; i++) {
            openAndBeRefused(file);
        }

        assertEquals(before, Descriptors.open());
    }

    private static void openAndBeRefused(Path file) throws IOException {
        NetNamespace.current().close();
        NetNamespace.ofPath(OWN).close();
        NetNamespace.ofPid(ProcessHandle.current().pid()).close();
        assertRefused(Errno.ENOTTY, "", () -> NetNamespace.ofPath(file));
        assertRefused(Errno.ENOTTY, "", () -> NetNamespace.ofDescriptor(1));
        assertRefused(Errno.EINVAL, "", () -> NetNamespace.ofPath(Path.of("/proc/self/ns/uts")));
        assertRefused(Errno.ESRCH, "", () -> NetNamespace.ofPid(NO_PROCESS));
    }
}
