package io.ipvlan.netlink.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.Descriptors;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.route.RouteSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A socket that is being opened is somebody's, or closed.
class SocketOpeningIT {
    private List<String> before = List.of();

    /// The thread that enters has its own descriptors, from the first visit on.
    @BeforeEach
    void countDescriptors() throws Exception {
        try (NetNamespace first = NetNamespace.create()) {
            first.openSocket(NetlinkSocket.ROUTE).close();
        }
        before = Descriptors.open();
    }

    @Test
    void whatWasBegunGoesOnWhenTheHandleIsClosed() throws Exception {
        NetNamespace handle = NetNamespace.create();
        try (SocketOpening opening = handle.beginSocket(NetlinkSocket.ROUTE)) {
            handle.close();
            assertThrows(IllegalStateException.class, () -> handle.beginSocket(NetlinkSocket.ROUTE));
            try (RouteSocket socket = RouteSocket.over(opening.take())) {
                assertEquals(1, socket.links().size());
                assertThrows(IllegalStateException.class, opening::take);
            }
        }
        assertEquals(before, Descriptors.open());
    }

    @Test
    void whatNobodyTookIsClosed() throws Exception {
        try (NetNamespace handle = NetNamespace.create()) {
            List<SocketOpening> begun = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                begun.add(handle.beginSocket(NetlinkSocket.ROUTE));
            }
            begun.forEach(SocketOpening::close);
            begun.forEach(SocketOpening::close);
            assertThrows(IllegalStateException.class, begun.getFirst()::take);
        }
        assertEquals(before, Descriptors.open());
    }

    @Test
    void aRefusalIsToldEachTime() throws Exception {
        try (NetNamespace handle = NetNamespace.create();
                SocketOpening opening = handle.beginSocket(Integer.MAX_VALUE)) {
            for (int i = 0; i < 2; i++) {
                NetlinkException.Refused refused = assertThrows(NetlinkException.Refused.class, opening::take);
                assertEquals(new Errno(93), refused.errno()); // EPROTONOSUPPORT
            }
        }
        assertEquals(before, Descriptors.open());
    }

    @Test
    void oneOfSeveralTakesItAndTheOthersAreToldSo() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                NetNamespace handle = NetNamespace.create()) {
            for (int round = 0; round < 200; round++) {
                SocketOpening opening = handle.beginSocket(NetlinkSocket.ROUTE);
                List<Future<?>> others = List.of(threads.submit(opening::close), threads.submit(opening::close));
                try {
                    opening.take().close();
                } catch (IllegalStateException closed) {
                    assertTrue(closed.toString().endsWith("closed, before"), closed::toString);
                }
                for (Future<?> other : others) {
                    other.get();
                }
            }
        }
        assertEquals(before, Descriptors.open());
    }
}
