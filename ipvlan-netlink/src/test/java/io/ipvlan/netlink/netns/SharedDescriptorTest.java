package io.ipvlan.netlink.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.NetlinkException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// A descriptor is closed once, by whoever lets go last.
class SharedDescriptorTest {
    private static SharedDescriptor open() throws NetlinkException.Refused {
        return new SharedDescriptor(
                NamespaceFile.open("/proc/self/ns/net", "open").descriptor(), "namespace of the test", () -> {});
    }

    private static boolean isOpen(int number) {
        return Files.exists(Path.of("/proc/self/fd/" + number), LinkOption.NOFOLLOW_LINKS);
    }

    @Test
    void whoeverAcquiredItKeepsItUntilTheRelease() throws NetlinkException {
        SharedDescriptor shared = open();
        int number = shared.acquire();
        assertEquals(number, shared.acquire());
        shared.close();
        shared.close();

        assertTrue(isOpen(number));
        shared.release();
        assertTrue(isOpen(number));
        IllegalStateException closed = assertThrows(IllegalStateException.class, shared::acquire);
        assertEquals("the handle to the namespace of the test is closed", closed.getMessage());
        assertEquals(number, shared.number());
        shared.release();
        assertFalse(isOpen(number));
        assertThrows(IllegalStateException.class, shared::number);
        assertThrows(IllegalStateException.class, shared::acquire);
    }

    @Test
    void nobodyHoldsANumberThatIsClosed() throws Exception {
        for (int round = 0; round < 50; round++) {
            SharedDescriptor shared = open();
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + shared.number()))
                    .toString();
            CountDownLatch go = new CountDownLatch(1);
            try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
                List<Future<Boolean>> users = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    users.add(threads.submit(() -> {
                        go.await();
                        return useUntilClosed(shared, target);
                    }));
                }
                Future<?> closer = threads.submit(() -> {
                    go.await();
                    shared.close();
                    return null;
                });
                go.countDown();
                closer.get();
                for (Future<Boolean> user : users) {
                    assertTrue(user.get());
                }
            }
        }
    }

    private static boolean useUntilClosed(SharedDescriptor shared, String target) throws Exception {
        while (true) {
            int number;
            try {
                number = shared.acquire();
            } catch (IllegalStateException e) {
                return true;
            }
            try {
                assertEquals(
                        target,
                        Files.readSymbolicLink(Path.of("/proc/self/fd/" + number))
                                .toString());
            } finally {
                shared.release();
            }
        }
    }
}
