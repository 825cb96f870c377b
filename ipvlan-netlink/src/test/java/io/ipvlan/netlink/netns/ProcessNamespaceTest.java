package io.ipvlan.netlink.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.Descriptors;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.internal.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Processes that are not what they were when one looked.
class ProcessNamespaceTest {
    private static final long OWN_PID = ProcessHandle.current().pid();

    /// One way to get from a process to its namespace.
    private interface Way {
        NamespaceFile open(int process, long pid, String request) throws NetlinkException.Refused;
    }

    /// By the kernel's call where there is one, and by `/proc`, as on older kernels.
    private static final List<Way> WAYS = List.of(ProcessNamespace::open, ProcessNamespace::openPath);

    private static int pidfd(long pid) {
        try (Arena arena = Arena.ofConfined()) {
            int process = Libc.pidfdOpen((int) pid, arena.allocate(Libc.ERRNO_SIZE, 8));
            assertTrue(process >= 0, () -> "pidfd_open: " + process);
            return process;
        }
    }

    @Test
    void bothWaysLeadToTheNamespace() throws IOException {
        int self = pidfd(OWN_PID);
        try (NetNamespace current = NetNamespace.current()) {
            for (Way way : WAYS) {
                NamespaceFile file = way.open(self, OWN_PID, "open");
                Libc.close(file.descriptor());
                assertEquals(current.id(), file.id());
            }
        } finally {
            Libc.close(self);
        }
    }

    @Test
    void aProcessThatEndedIsNotTakenForTheOneThatHasItsNumberNow() throws Exception {
        Process sleeper = new ProcessBuilder("sleep", "60").start();
        int process = pidfd(sleeper.pid());
        sleeper.destroyForcibly().waitFor();
        try {
            for (Way way : WAYS) {
                List<String> before = Descriptors.open();
                // The number of this very process stands for the number used again.
                NetlinkException.Refused refused =
                        assertThrows(NetlinkException.Refused.class, () -> way.open(process, OWN_PID, "open it"));
                assertEquals(Errno.ESRCH, refused.errno());
                assertEquals("open it: no such process or entry [ESRCH]", refused.getMessage());
                assertEquals(before, Descriptors.open());
            }
        } finally {
            Libc.close(process);
        }
    }

    @Test
    void aProcessKnownToJavaIsNotTakenForAnother() throws Exception {
        try (NetNamespace current = NetNamespace.current();
                NetNamespace own = NetNamespace.ofProcess(ProcessHandle.current())) {
            assertTrue(own.isSameAs(current));
        }
        Process sleeper = new ProcessBuilder("sleep", "60").start();
        ProcessHandle handle = sleeper.toHandle();
        NetNamespace.ofProcess(handle).close();
        sleeper.destroyForcibly().waitFor();

        NetlinkException.Refused refused =
                assertThrows(NetlinkException.Refused.class, () -> NetNamespace.ofProcess(handle));
        assertEquals(Errno.ESRCH, refused.errno());
    }

    @Test
    void aNumberTooLargeForTheKernelIsNotCutShort() {
        NetlinkException.Refused refused =
                assertThrows(NetlinkException.Refused.class, () -> NetNamespace.ofPid((1L << 32) + OWN_PID));

        assertEquals(Errno.ESRCH, refused.errno());
    }
}
