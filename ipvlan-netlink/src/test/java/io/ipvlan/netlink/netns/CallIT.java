package io.ipvlan.netlink.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.Command;
import io.ipvlan.netlink.Descriptors;
import io.ipvlan.netlink.NetlinkException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Callers' code inside namespaces.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallIT {
    private static List<Thread> insideThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("inside "))
                .toList();
    }

    @Test
    void codeRunsInsideAndTheCallerStaysOutside() throws Exception {
        String home = Places.here();
        try (NetNamespace target = NetNamespace.create()) {
            Thread[] ran = new Thread[1];
            String place = target.call(() -> {
                ran[0] = Thread.currentThread();
                return Places.here();
            });

            assertEquals(Places.of(target), place);
            assertEquals(home, Places.here());
            assertFalse(ran[0].isVirtual() || ran[0].isAlive());
            assertTrue(ran[0].isDaemon());
            assertEquals("inside new network namespace", ran[0].getName());
            assertNull(target.call(() -> null));
            Places.awaitEverywhere(home);
        }
    }

    @Test
    void whatIsOpenedInsideStaysInside() throws Exception {
        try (NetNamespace target = NetNamespace.create()) {
            Command.runIn(target, "ip", "link", "set", "lo", "up");
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            try (ServerSocket server = target.call(() -> new ServerSocket(0, 5, loopback))) {
                String listening = Command.runIn(target, "ss", "-ltn");
                assertTrue(listening.contains(":" + server.getLocalPort() + " "), listening);
                assertFalse(Command.run("ss", "-ltn").contains(":" + server.getLocalPort() + " "));
            }
        }
    }

    @Test
    void manyVirtualCallersWaitWithoutTheirCarriers() throws Exception {
        String home = Places.here();
        int callers = 60;
        AtomicInteger arrived = new AtomicInteger();
        try (NetNamespace target = NetNamespace.create()) {
            List<String> places = Places.onVirtualThreads(
                    callers,
                    () -> target.call(() -> {
                        arrived.incrementAndGet();
                        while (arrived.get() < callers) { // nothing is woken from inside
                            Thread.sleep(5);
                        }
                        return Places.here();
                    }));

            assertEquals(Set.of(Places.of(target)), Set.copyOf(places));
            assertEquals(Set.of(home), Set.copyOf(Places.onVirtualThreads(50, Places::here)), "carriers");
            Places.awaitEverywhere(home);
            assertEquals(List.of(), insideThreads());
        }
    }

    @Test
    void whatTheCodeThrowsIsThrown() throws Exception {
        try (NetNamespace target = NetNamespace.create()) {
            for (Throwable thrown : List.of(
                    new IOException("checked"),
                    new IllegalStateException("unchecked"),
                    new StackOverflowError("error"),
                    new InterruptedException("its own"))) {
                Throwable caught = assertThrows(
                        Throwable.class,
                        () -> target.call(() -> {
                            switch (thrown) {
                                case Error error -> throw error;
                                case Exception exception -> throw exception;
                                default -> throw new AssertionError(thrown);
                            }
                        }));
                assertSame(thrown, caught);
                assertFalse(Thread.currentThread().isInterrupted());
            }
        }
    }

    @Test
    void anInterruptReachesTheCode() throws Exception {
        try (NetNamespace target = NetNamespace.create();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicInteger inside = new AtomicInteger();
            Future<?> sleeper = threads.submit(() -> target.call(() -> {
                inside.set(1);
                Thread.sleep(60_000);
                return 0;
            }));
            while (inside.get() == 0) {
                Thread.sleep(5);
            }
            assertTrue(sleeper.cancel(true)); // interrupts the caller
            while (!insideThreads().isEmpty()) {
                Thread.sleep(5);
            }

            Thread.currentThread().interrupt(); // before the call, the same
            assertThrows(
                    InterruptedException.class,
                    () -> target.call(() -> {
                        Thread.sleep(60_000);
                        return 0;
                    }));
            assertFalse(Thread.interrupted(), "the exception says it");

            Thread.currentThread().interrupt();
            int answer = target.call(() -> {
                while (!Thread.interrupted()) {
                    Thread.onSpinWait();
                }
                return 7; // took notice, and went on
            });
            assertEquals(7, answer);
            assertTrue(Thread.interrupted(), "left to the caller");
        }
    }

    @Test
    void theHandleMayBeClosedWhileTheCodeRuns() throws Exception {
        NetNamespace.create().close(); // the library's thread holds a descriptor
        List<String> before = Descriptors.open();
        NetNamespace target = NetNamespace.create();
        String place = target.call(() -> {
            target.close();
            assertEquals(before, Descriptors.open());
            try (NetNamespace here = NetNamespace.current()) {
                assertTrue(here.isSameAs(target));
            }
            assertThrows(IllegalStateException.class, () -> target.call(() -> 1));
            return Places.here();
        });
        assertEquals(Places.of(target), place);
        assertEquals(before, Descriptors.open());
    }

    @Test
    void theLibraryItselfGoesHomeWhenItIsFirstUsedInside() throws Exception {
        String home = Places.here();
        try (NetNamespace outside = NetNamespace.current();
                NetNamespace target = NetNamespace.create()) {
            while (!Places.ofThreads("ipvlan-namespac").isEmpty()) {
                Thread.sleep(500); // create() used it too
            }
            String nested = target.call(() -> {
                outside.openSocket(0).close();
                assertEquals(Set.of(home), Places.ofThreads("ipvlan-namespac"));
                return outside.call(Places::here);
            });
            assertEquals(home, nested);
        }
    }

    @Test
    void noDescriptorIsLeftBehind() throws Exception {
        useAndFail();
        List<String> before = Descriptors.open();
        for (int i = 0; i < 30; i++) {
            useAndFail();
        }
        assertEquals(before, Descriptors.open());
    }

    private static void useAndFail() throws NetlinkException {
        try (NetNamespace target = NetNamespace.create()) {
            assertEquals("1", target.call(() -> "1"));
            assertThrows(ArithmeticException.class, () -> target.call(() -> 1 / Integer.parseInt("0")));
            assertEquals("0", target.sysctl("net.ipv4.ip_forward"));
            assertThrows(NetlinkException.Refused.class, () -> target.sysctl("net.ipv4.none"));
            assertThrows(NetlinkException.Refused.class, () -> target.sysctl("net.ipv4.ip_forward", "many"));
        }
    }

    @Test
    void aHandleClosedUnderItsUsersNeverLeadsThemElsewhere() throws Exception {
        NetNamespace.create().close();
        List<String> before = Descriptors.open();
        for (int round = 0; round < 40; round++) {
            NetNamespace shared = NetNamespace.create();
            String right = Places.of(shared);
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<String>> users = new ArrayList<>();
                for (int i = 0; i < 6; i++) {
                    boolean byCall = i % 2 == 0;
                    users.add(threads.submit(() -> useUntilClosed(shared, right, byCall)));
                }
                Future<?> closer = threads.submit(() -> {
                    Thread.sleep(1);
                    shared.close();
                    NetNamespace.create().close(); // under the number just given back
                    return null;
                });
                closer.get();
                for (Future<String> user : users) {
                    assertEquals("closed", result(user));
                }
            }
        }
        assertEquals(before, Descriptors.open());
    }

    private static String useUntilClosed(NetNamespace shared, String right, boolean byCall) throws IOException {
        try {
            while (true) {
                if (byCall) {
                    assertEquals(right, shared.call(Places::here));
                } else {
                    shared.openSocket(0).close(); // a number used again would not be a namespace, or another
                }
            }
        } catch (IllegalStateException e) {
            return "closed";
        }
    }

    private static String result(Future<String> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        }
    }
}
