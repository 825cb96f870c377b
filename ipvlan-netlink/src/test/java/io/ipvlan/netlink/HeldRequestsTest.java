package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.NamespaceIdRequest;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A request names a namespace by the number of a descriptor, which another thread may close at any time.
class HeldRequestsTest {
    private final ScriptedTransport kernel = new ScriptedTransport();
    private final NetlinkSocket socket = kernel.socket();

    /// Requests that name the namespace of a handle.
    @FunctionalInterface
    interface Naming {
        NetlinkRequest request(NetNamespace namespace);
    }

    static Stream<Naming> requests() {
        LinkRequest end = LinkRequest.peer("other");
        return Stream.of(
                namespace -> LinkRequest.create("one", new LinkInfo.Dummy()).in(namespace),
                namespace -> LinkRequest.create("one", LinkInfo.Veth.to(end.in(namespace))),
                namespace -> LinkRequest.create("one", LinkInfo.Veth.to(end.in(namespace)))
                        .in(namespace),
                NamespaceIdRequest::assign);
    }

    /// What happens between the writing of a request and its sending.
    private record Meanwhile(Runnable action) implements NetlinkRequest {
        @Override
        public int type() {
            return TestRequest.TYPE;
        }

        @Override
        public void writeTo(AttributeWriter body) {
            action.run();
        }
    }

    private static boolean isOpen(int descriptor) {
        return Files.exists(Path.of("/proc/self/fd/" + descriptor), LinkOption.NOFOLLOW_LINKS);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void whatARequestNamesStaysOpenUntilItIsSent(Naming naming) throws NetlinkException {
        NetNamespace namespace = NetNamespace.current();
        int descriptor = namespace.descriptor();
        List<Boolean> open = new ArrayList<>();
        kernel.answers(Wires.ack(3));

        socket.send(List.of(
                new Meanwhile(namespace::close),
                naming.request(namespace),
                new Meanwhile(() -> open.add(isOpen(descriptor)))));

        assertEquals(List.of(true), open);
        assertFalse(isOpen(descriptor));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void whatIsClosedIsNoticedBeforeAnythingIsSent(Naming naming) throws NetlinkException {
        NetNamespace open = NetNamespace.current();
        NetNamespace closed = NetNamespace.current();
        closed.close();
        List<NetlinkRequest> requests = new ArrayList<>(TestRequest.many(250, 4));
        requests.add(naming.request(open));
        requests.add(naming.request(closed));

        assertThrows(IllegalStateException.class, () -> socket.exchange(requests));

        assertEquals(List.of(), kernel.sent());
        assertHeldByNobody(open);
    }

    /// Its descriptor is closed with it.
    private static void assertHeldByNobody(NetNamespace namespace) {
        int descriptor = namespace.descriptor();
        namespace.close();
        assertFalse(isOpen(descriptor));
    }

    @Test
    void ofTwoNamespacesNoneIsHeldIfOneIsClosed() throws NetlinkException {
        NetNamespace open = NetNamespace.current();
        NetNamespace closed = NetNamespace.current();
        closed.close();
        LinkRequest request = LinkRequest.create(
                        "one", LinkInfo.Veth.to(LinkRequest.peer("other").in(closed)))
                .in(open);

        assertThrows(IllegalStateException.class, () -> socket.send(List.of(request)));

        assertHeldByNobody(open);
    }

    @Test
    void aQuestionHoldsWhatItNamesToo() throws NetlinkException {
        NetNamespace namespace = NetNamespace.current();
        int descriptor = namespace.descriptor();
        kernel.answers(Wires.ack(1)).answers(Wires.ack(2));

        socket.ask(NamespaceIdRequest.assign(namespace), message -> {});
        socket.scan(NamespaceIdRequest.assign(namespace), message -> {});

        assertTrue(isOpen(descriptor));
        assertHeldByNobody(namespace);
        assertThrows(
                IllegalStateException.class, () -> socket.ask(NamespaceIdRequest.assign(namespace), message -> {}));
        assertEquals(2, kernel.sent().size());
    }

    @Test
    void aPoolNoticesBeforeAnythingIsSentToo() throws NetlinkException {
        NetNamespace closed = NetNamespace.current();
        closed.close();
        try (NetlinkSocketPool pool = new NetlinkSocketPool(1, () -> socket)) {
            List<NetlinkRequest> requests = List.of(TestRequest.named("first"), NamespaceIdRequest.assign(closed));

            assertThrows(IllegalStateException.class, () -> pool.exchange(requests));
            assertEquals(List.of(), kernel.sent());
        }
    }
}
