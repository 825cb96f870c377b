package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.Descriptors;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkSocket;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Reading, which needs no privilege and no particular kernel.
class RouteSocketTest {
    @Test
    void theLoopbackLinkIsTheFirst() throws NetlinkException {
        try (RouteSocket socket = RouteSocket.open()) {
            LinkMessage loopback = socket.links().stream()
                    .filter(link -> link.name().equals("lo"))
                    .findFirst()
                    .orElseThrow();

            assertEquals(1, loopback.index());
            assertEquals(Optional.empty(), loopback.info());
            assertEquals(loopback, socket.link("lo").orElseThrow());
            assertEquals(loopback, socket.link(1).orElseThrow());
        }
    }

    @Test
    void aLinkThatIsNotThereIsNone() throws NetlinkException {
        try (RouteSocket socket = RouteSocket.open()) {
            assertEquals(Optional.empty(), socket.link("there-is-none"));
            assertEquals(Optional.empty(), socket.link(Integer.MAX_VALUE));
        }
    }

    @Test
    void everyAddressIsOnALinkThatIsListed() throws NetlinkException {
        try (RouteSocket socket = RouteSocket.open()) {
            List<Integer> indexes =
                    socket.links().stream().map(LinkMessage::index).toList();

            assertTrue(socket.addresses().stream().allMatch(address -> indexes.contains(address.index())));
            assertTrue(socket.routes().stream()
                    .allMatch(route -> route.device().isEmpty()
                            || indexes.contains(route.device().getAsInt())));
        }
    }

    @Test
    void oneSocketServesManyThreads() throws Exception {
        try (RouteSocket socket = RouteSocket.open();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = IntStream.range(0, 200)
                    .mapToObj(i -> threads.submit(() -> i % 10 == 0
                            ? socket.links().getFirst().index()
                            : socket.link("lo").orElseThrow().index()))
                    .toList();

            for (Future<Integer> answer : answers) {
                assertEquals(1, answer.get());
            }
        }
    }

    @Test
    void aDescriptorThatIsNoneIsRefused() {
        NetlinkException.Refused refused =
                assertThrows(NetlinkException.Refused.class, () -> NetlinkSocket.adopt(Integer.MAX_VALUE));

        assertEquals(Errno.EBADF, refused.errno());
    }

    @Test
    void aNetlinkFamilyThatIsNotThereIsRefused() {
        assertThrows(NetlinkException.Refused.class, () -> NetlinkSocket.open(12345));
    }

    @Test
    void noDescriptorIsLeftBehind() throws IOException {
        openAndRead();
        List<String> before = Descriptors.open();

        for (int i = 0; i < 100; i++) {
            openAndRead();
        }

        assertEquals(before, Descriptors.open());
    }

    private static void openAndRead() throws NetlinkException {
        try (RouteSocket socket = RouteSocket.open()) {
            assertEquals(1, socket.link("lo").orElseThrow().index());
        }
        assertThrows(NetlinkException.Refused.class, () -> NetlinkSocket.open(12345));
    }
}
