package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.NetlinkSocketPool;
import io.ipvlan.netlink.Outcome;
import io.ipvlan.netlink.netns.NetNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sockets that threads share, wait on and close, on a real kernel.
class SharedSocketIT {
    private static final int NETLINK_ROUTE = 0;

    private final List<NetlinkSocket> sockets = new ArrayList<>();
    private NetNamespace namespace;

    @BeforeEach
    void aNamespace() throws NetlinkException {
        namespace = NetNamespace.create();
    }

    @AfterEach
    void closeEverything() {
        sockets.forEach(NetlinkSocket::close);
        namespace.close();
    }

    private NetlinkSocket open() throws NetlinkException {
        NetlinkSocket socket = namespace.openSocket(NETLINK_ROUTE);
        synchronized (sockets) {
            sockets.add(socket);
        }
        return socket;
    }

    /// Asks what the kernel never answers: it carries out a change, and was not asked to say so.
    private static boolean waitForEver(NetlinkSocket socket) throws NetlinkException {
        return socket.ask(LinkRequest.change(1).up(), message -> {});
    }

    private static Future<?> waitElsewhere(ExecutorService threads, NetlinkSocket socket) {
        return threads.submit(() -> waitForEver(socket));
    }

    private static void assertEndsWith(Class<? extends Throwable> type, Future<?> call) throws Exception {
        assertThrows(Exception.class, () -> call.get(20, TimeUnit.SECONDS));
        assertInstanceOf(type, call.exceptionNow());
    }

    @Test
    void aCallEndsAtItsDeadline() throws NetlinkException {
        NetlinkSocket socket = open();
        long start = System.nanoTime();

        assertThrows(NetlinkException.TimedOut.class, () -> waitForEver(socket.within(Duration.ofMillis(200))));

        assertTrue(System.nanoTime() - start >= 200_000_000);
        socket.send(List.of(LinkRequest.change(1).down())); // it still works
    }

    @Test
    void waitingForAnotherCallCountsToo() throws Exception {
        try (ExecutorService threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            NetlinkSocket socket = open();
            Future<?> first = waitElsewhere(threads, socket);
            NetlinkSocket impatient = socket.within(Duration.ofMillis(50));

            assertTrue(eventuallyTimesOut(impatient));
            socket.close();
            assertEndsWith(NetlinkException.Closed.class, first);
        }
    }

    /// The other call may not have begun yet.
    private static boolean eventuallyTimesOut(NetlinkSocket socket) {
        for (int i = 0; i < 100; i++) {
            try {
                socket.send(List.of(LinkRequest.change(1).up()));
                Thread.sleep(10);
            } catch (NetlinkException.TimedOut e) {
                return true;
            } catch (NetlinkException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return false;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingFromAnotherThreadEndsAllCallsThatWait(boolean virtual) throws Exception {
        Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(builder.factory())) {
            NetlinkSocket socket = open();
            CountDownLatch begun = new CountDownLatch(3);
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 3; i++) { // one waits for the kernel, the others for that one
                calls.add(threads.submit(() -> {
                    begun.countDown();
                    return waitForEver(socket);
                }));
            }
            begun.await();
            Thread.sleep(100);

            socket.close();

            for (Future<?> call : calls) {
                assertEndsWith(NetlinkException.Closed.class, call);
            }
            assertThrows(IllegalStateException.class, () -> waitForEver(socket));
        }
    }

    @Test
    void virtualThreadsThatWaitDoNotHoldTheirCarriers() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 4 * Runtime.getRuntime().availableProcessors(); i++) {
                calls.add(waitElsewhere(threads, open()));
            }
            Thread.sleep(200);

            threads.submit(() -> "another virtual thread runs").get(5, TimeUnit.SECONDS);

            sockets.forEach(NetlinkSocket::close);
            for (Future<?> call : calls) {
                assertEndsWith(NetlinkException.Closed.class, call);
            }
        }
    }

    @Test
    void manyThreadsGetTheirOwnAnswers() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                RouteSocket socket = RouteSocket.open(namespace)) {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                int index = 1000 + i;
                calls.add(threads.submit(() -> {
                    socket.send(LinkRequest.create("d" + index, new LinkInfo.Dummy())
                            .withIndex(index));
                    for (int round = 0; round < 20; round++) {
                        assertEquals(
                                "d" + index, socket.link(index).orElseThrow().name());
                    }
                    socket.send(LinkRequest.delete(index));
                    return null;
                }));
            }
            for (Future<?> call : calls) {
                call.get();
            }
            assertEquals(1, socket.links().size());
        }
    }

    @Test
    void aPoolCarriesOutManyAtOnceAndKeepsTheirOrder() throws Exception {
        try (RouteSocket socket = RouteSocket.open(namespace);
                NetlinkSocketPool pool = new NetlinkSocketPool(8, this::open)) {
            socket.send(IntStream.range(0, 40)
                    .mapToObj(i ->
                            LinkRequest.create("d" + i, new LinkInfo.Dummy()).withIndex(100 + i))
                    .toList());
            List<LinkRequest> deletions = IntStream.range(0, 41)
                    .mapToObj(i -> LinkRequest.delete(100 + i))
                    .toList();

            List<Outcome> outcomes = pool.exchange(deletions);

            assertEquals(deletions, outcomes.stream().map(Outcome::request).toList());
            assertTrue(outcomes.subList(0, 40).stream().allMatch(Outcome::isDone));
            assertEquals(
                    Errno.ENODEV, outcomes.getLast().refusal().orElseThrow().errno());
            assertEquals(1, socket.links().size());
            assertEquals(List.of(), pool.exchange(List.of()));
        }
    }

    @Test
    void aPoolThatIsClosedSaysSo() throws Exception {
        NetlinkSocketPool pool = new NetlinkSocketPool(2, this::open);
        pool.exchange(List.of(LinkRequest.change(1).up()));

        CompletableFuture.runAsync(pool::close).get();
        pool.close();

        assertThrows(IllegalStateException.class, () -> pool.exchange(List.of(LinkRequest.change(1))));
    }

    @Test
    void aPoolThatGetsNoSocketSaysWhatWasNotSent() {
        try (NetlinkSocketPool pool = new NetlinkSocketPool(2, () -> {
            throw new NetlinkException.Malformed("no socket today");
        })) {
            List<Outcome> outcomes = pool.exchange(List.of(LinkRequest.change(1), LinkRequest.change(2)));

            assertEquals(
                    List.of("no socket today", "no socket today"),
                    outcomes.stream()
                            .map(outcome -> outcome.failure().orElseThrow().getMessage())
                            .toList());
        }
    }

    @Test
    void aDecoderMayNotUseItsOwnSocketButMayCloseIt() throws NetlinkException {
        NetlinkSocket socket = open();
        assertThrows(IllegalStateException.class, () -> socket.dump(LinkQuery.all(), message -> askAgain(socket)));
        assertEquals(1, socket.dump(LinkQuery.all(), message -> 1).size(), "it is none the worse for it");

        List<String> rows = socket.dump(LinkQuery.all(), message -> {
            socket.close();
            return "closed";
        });

        assertEquals(List.of("closed"), rows);
        assertThrows(IllegalStateException.class, () -> socket.dump(LinkQuery.all(), message -> 1));
    }

    private static int askAgain(NetlinkSocket socket) {
        try {
            return socket.get(LinkLookup.byIndex(1), message -> 1).orElseThrow();
        } catch (NetlinkException e) {
            throw new AssertionError(e);
        }
    }
}
