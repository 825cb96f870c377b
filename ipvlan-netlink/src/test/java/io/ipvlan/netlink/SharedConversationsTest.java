package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Calls of several threads, each over a socket of its own, as long as there are enough.
class SharedConversationsTest {
    private static final long LIMIT_SECONDS = 20;
    private static final int ANSWERS = 8;

    private final List<ScriptedTransport> kernels = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    /// A socket to a kernel that answers some questions.
    private synchronized NetlinkSocket open() {
        ScriptedTransport kernel = new ScriptedTransport();
        for (int sequence = 1; sequence <= ANSWERS; sequence++) {
            kernel.answers(Wires.framed(TestRequest.TYPE, 0, sequence, Wires.number(7)));
        }
        kernels.add(kernel);
        return kernel.socket();
    }

    private synchronized int opened() {
        return kernels.size();
    }

    private synchronized boolean isClosed(int kernel) {
        return kernels.get(kernel).isClosed();
    }

    /// No deadline helps who is not woken.
    private NetlinkSocket shared(int most) {
        return open().withOthers(most, this::open).within(Duration.ofHours(1));
    }

    private static void ask(NetlinkSocket socket, NetlinkMessage.Handler handler) throws NetlinkException {
        assertTrue(socket.ask(TestRequest.named("do it"), handler));
    }

    private static void ask(NetlinkSocket socket) throws NetlinkException {
        ask(socket, message -> {});
    }

    /// A call that is under way until it may end.
    private final class Call {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch mayEnd = new CountDownLatch(1);
        private final Future<?> future;

        Call(NetlinkSocket socket) throws InterruptedException {
            future = threads.submit(() -> {
                ask(socket, message -> {
                    begun.countDown();
                    await(mayEnd);
                });
                return null;
            });
            await(begun);
        }

        void end() throws ExecutionException, InterruptedException, TimeoutException {
            mayEnd.countDown();
            future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(LIMIT_SECONDS, TimeUnit.SECONDS), "nobody came");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "it never came true");
            Thread.sleep(1);
        }
    }

    /// A call that has to wait, once it does.
    private Future<?> waiting(NetlinkSocket socket) throws InterruptedException {
        return waiting(socket, message -> {});
    }

    private Future<?> waiting(NetlinkSocket socket, NetlinkMessage.Handler handler) throws InterruptedException {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Future<?> call = threads.submit(() -> {
            thread.set(Thread.currentThread());
            ask(socket, handler);
            return null;
        });
        await(() -> thread.get() != null && thread.get().getState() == Thread.State.TIMED_WAITING);
        return call;
    }

    private static void assertEndsWith(Class<? extends Exception> type, Future<?> call) {
        ExecutionException failed =
                assertThrows(ExecutionException.class, () -> call.get(LIMIT_SECONDS, TimeUnit.SECONDS));
        assertInstanceOf(type, failed.getCause());
    }

    @Test
    void aCallDoesNotWaitForAnother() throws Exception {
        try (NetlinkSocket socket = shared(3)) {
            Call one = new Call(socket);
            Call two = new Call(socket);
            ask(socket);
            one.end();
            two.end();
        }
        assertEquals(3, opened());
        assertTrue(isClosed(0) && isClosed(1) && isClosed(2));
    }

    @Test
    void callsThatFollowOneAnotherGoOverOneSocket() throws Exception {
        try (NetlinkSocket socket = shared(3)) {
            ask(socket);
            ask(socket.within(Duration.ofSeconds(1)));
        }
        assertEquals(1, opened());
    }

    @Test
    void moreThanThereMayBeWaitForOneThatIsGivenBack() throws Exception {
        try (NetlinkSocket socket = shared(2)) {
            Call one = new Call(socket);
            Call two = new Call(socket);
            Future<?> third = waiting(socket);
            two.end();
            third.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            one.end();
        }
        assertEquals(2, opened());
    }

    @Test
    void whoeverWaitedLongestIsNext() throws Exception {
        List<String> order = Collections.synchronizedList(new ArrayList<>());
        try (NetlinkSocket socket = shared(1)) {
            Call call = new Call(socket);
            List<Future<?>> calls = new ArrayList<>();
            for (String name : List.of("first", "second", "third")) {
                calls.add(waiting(socket, message -> order.add(name)));
            }
            call.end();
            for (Future<?> one : calls) {
                one.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
        }
        assertEquals(List.of("first", "second", "third"), order);
    }

    @Test
    void whoWaitsTooLongSaysThatNothingWasSent() throws Exception {
        try (NetlinkSocket socket = shared(1)) {
            Call call = new Call(socket);
            NetlinkException.TimedOut late =
                    assertThrows(NetlinkException.TimedOut.class, () -> ask(socket.within(Duration.ofMillis(5))));
            assertEquals("do it: not sent, all netlink sockets were busy all the time: 1", late.getMessage());
            call.end();
            ask(socket);
        }
    }

    @Test
    void whereNoneCanBeOpenedThoseThereAreWaitedFor() throws Exception {
        try (NetlinkSocket socket = open().withOthers(2, () -> {
                    throw new NetlinkException.Malformed("no socket today");
                })
                .within(Duration.ofHours(1))) {
            Call call = new Call(socket);
            Future<?> second = waiting(socket);
            call.end();
            second.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatFailsOtherwiseIsPassedOnAndLeavesRoom() throws Exception {
        List<RuntimeException> failures = new ArrayList<>(List.of(new IllegalStateException("the handle is closed")));
        try (NetlinkSocket socket = open().withOthers(2, () -> {
            if (!failures.isEmpty()) {
                throw failures.removeFirst();
            }
            return open();
        })) {
            Call call = new Call(socket);
            assertEquals(
                    "the handle is closed",
                    assertThrows(IllegalStateException.class, () -> ask(socket)).getMessage());
            ask(socket);
            call.end();
        }
        assertEquals(2, opened());
    }

    @Test
    void oneThatWasIdleForLongIsClosed() throws Exception {
        SharedConversations conversations = new SharedConversations(
                open().only(),
                2,
                this::open,
                TimeUnit.MILLISECONDS.toNanos(20)); // which the sleeps below exceed, however long they take
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        Conversation second;
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            Conversation first =
                    other.submit(() -> conversations.take("first", deadline)).get();
            second = conversations.take("second", deadline);
            other.submit(() -> conversations.giveBack(first)).get();
        }
        Thread.sleep(30);
        conversations.giveBack(second);

        assertTrue(isClosed(0));
        assertSame(second, conversations.take("again", deadline));
        Thread.sleep(30);
        conversations.giveBack(second);
        assertFalse(isClosed(1), "the last one stays, however long it was in use");
        assertSame(second, conversations.take("once more", deadline));
        conversations.close();
        assertFalse(isClosed(1), "it is in use");
        conversations.giveBack(second);
        assertTrue(isClosed(1));
    }

    @Test
    void closingEndsWhoWaits() throws Exception {
        NetlinkSocket socket = shared(1);
        Call call = new Call(socket);
        Future<?> second = waiting(socket);
        Future<?> closing = threads.submit(socket::close);

        assertEndsWith(NetlinkException.Closed.class, second);
        call.end();
        closing.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertTrue(isClosed(0));
        assertThrows(IllegalStateException.class, () -> ask(socket));
        assertThrows(IllegalStateException.class, () -> socket.exchange(List.of()));
    }

    @Test
    void oneThatIsOpenedWhileAllAreClosedIsClosedToo() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch mayOpen = new CountDownLatch(1);
        NetlinkSocket socket = open().withOthers(2, () -> {
            opening.countDown();
            await(mayOpen);
            return open();
        });
        Call call = new Call(socket);
        Future<?> second = threads.submit(() -> {
            ask(socket);
            return null;
        });
        await(opening);
        Future<?> closing = threads.submit(socket::close);
        call.end();
        closing.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        mayOpen.countDown();

        assertEndsWith(NetlinkException.Closed.class, second);
        assertTrue(isClosed(0) && isClosed(1));
    }

    @Test
    void handlersOfTwoCallsMayBothCloseIt() throws Exception {
        NetlinkSocket socket = shared(2);
        CountDownLatch both = new CountDownLatch(2);
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            calls.add(threads.submit(() -> {
                ask(socket, message -> {
                    both.countDown();
                    await(both);
                    socket.close();
                });
                return null;
            }));
        }
        for (Future<?> call : calls) {
            call.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
        assertTrue(isClosed(0) && isClosed(1));
    }

    /// A call that waits for the kernel ends at once, whatever another does.
    @Test
    void closingWakesAllBeforeItWaitsForOne() throws Exception {
        ScriptedTransport silent = new ScriptedTransport().staysSilent();
        NetlinkSocket socket = open().withOthers(2, silent::socket).within(Duration.ofHours(1));
        Call call = new Call(socket);
        Future<?> second = threads.submit(() -> {
            ask(socket);
            return null;
        });
        await(silent::isWaitedFor);
        Future<?> closing = threads.submit(socket::close);

        assertEndsWith(NetlinkException.Closed.class, second);
        call.end();
        closing.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertTrue(isClosed(0) && silent.isClosed());
    }

    @Test
    void closingFromAHandlerDoesNotWaitForOtherCalls() throws Exception {
        NetlinkSocket socket = shared(3);
        Call call = new Call(socket);
        ask(socket);
        ask(socket, message -> socket.close());
        assertFalse(isClosed(0), "it is in use");
        call.end();
        assertTrue(isClosed(0) && isClosed(1));
    }

    @Test
    void whoTakesAnAnswerMayNotAskSomethingElse() throws Exception {
        try (NetlinkSocket socket = shared(2)) {
            ask(socket, message -> assertThrows(IllegalStateException.class, () -> ask(socket)));
            ask(socket);
        }
        assertEquals(1, opened());
    }

    @Test
    void oneThatHasOthersItselfIsNoneOfThem() throws Exception {
        try (NetlinkSocket socket = open().withOthers(2, () -> open().withOthers(2, this::open))) {
            Call call = new Call(socket);
            assertThrows(IllegalStateException.class, () -> ask(socket));
            assertTrue(isClosed(1));
            call.end();
        }
    }

    @Test
    void anInterruptedThreadWaitsOnAndStaysInterrupted() throws Exception {
        try (NetlinkSocket socket = shared(1)) {
            Call call = new Call(socket);
            Future<Boolean> interrupted = threads.submit(() -> {
                Thread.currentThread().interrupt();
                ask(socket);
                return Thread.interrupted();
            });
            assertThrows(TimeoutException.class, () -> interrupted.get(50, TimeUnit.MILLISECONDS));
            call.end();
            assertTrue(interrupted.get(LIMIT_SECONDS, TimeUnit.SECONDS));
        }
    }

    @Test
    void badArgumentsAreNamed() throws Exception {
        try (NetlinkSocket socket = open()) {
            assertEquals(
                    "at least one call goes over a socket at a time, not 0",
                    assertThrows(IllegalArgumentException.class, () -> socket.withOthers(0, this::open))
                            .getMessage());
            NetlinkSocket shared = socket.withOthers(2, this::open);
            assertThrows(IllegalStateException.class, () -> shared.withOthers(2, this::open));
        }
    }
}
