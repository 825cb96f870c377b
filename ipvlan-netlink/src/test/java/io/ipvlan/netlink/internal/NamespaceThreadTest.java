package io.ipvlan.netlink.internal;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whether the process may enter a namespace or not (`EPERM`), it gets an answer.
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NamespaceThreadTest {
    private static void openSocket() throws NetlinkException {
        try (NetNamespace namespace = NetNamespace.current();
                NetlinkSocket socket = namespace.openSocket(Uapi.NETLINK_ROUTE)) {
            assertNotEquals(null, socket);
        } catch (NetlinkException.Refused e) {
            assertTrue(String.valueOf(e.getMessage()).contains("[EPERM]"), e.getMessage());
        }
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("ipvlan-namespace"))
                .toList();
    }

    @Test
    void interruptingItsThreadsKeepsNobodyWaiting() throws Exception {
        // An application that interrupts a whole thread group reaches them: nobody else knows them.
        for (int i = 0; i < 20; i++) {
            openSocket();
            threads().forEach(Thread::interrupt);
        }
        openSocket();
    }

    @Test
    void itsThreadsKeepNoJvmAlive() throws Exception {
        openSocket();

        assertTrue(!threads().isEmpty() && threads().stream().allMatch(Thread::isDaemon));
    }
}
