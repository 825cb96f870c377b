package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.NetlinkListener.Received;
import io.ipvlan.netlink.internal.Libc;
import io.ipvlan.netlink.internal.Uapi;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetlinkListenerTest {
    private final ScriptedTransport kernel = new ScriptedTransport();
    private final NetlinkListener listener = kernel.listener();
    private final List<String> heard = new ArrayList<>();

    private Received listen() throws NetlinkException {
        return listener.next(
                (message, namespaceId) ->
                        heard.add(message.type() + (namespaceId.isPresent() ? " of " + namespaceId.getAsInt() : "")),
                Duration.ofMillis(1));
    }

    private static byte[] event(int type) {
        return Wires.framed(type, 0, 0, new byte[4]);
    }

    @Test
    void allMessagesOfADatagramAreHandedOver() throws NetlinkException {
        kernel.answers(event(16), event(17)).answers(event(20));

        assertEquals(Received.MESSAGES, listen());
        assertEquals(List.of("16", "17"), heard);
        assertEquals(Received.MESSAGES, listen());
        assertEquals(List.of("16", "17", "20"), heard);
    }

    @Test
    void theNamespaceAMessageComesFromIsHandedOver() throws NetlinkException {
        kernel.answersFrom(0, 7, event(16));

        assertEquals(Received.MESSAGES, listen());
        assertEquals(List.of("16 of 7"), heard);
    }

    @Test
    void anAdoptedDescriptorThatHasAnAddressAlreadyJoins() throws NetlinkException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Libc.ERRNO_SIZE, 8);
            MemorySegment address = arena.allocate(Uapi.SOCKADDR_NL_SIZE, 8);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) Uapi.AF_NETLINK);
            int descriptor =
                    Libc.socket(Uapi.AF_NETLINK, Uapi.SOCK_RAW | Uapi.SOCK_CLOEXEC, NetlinkSocket.ROUTE, errno);
            assertEquals(0, Libc.bind(descriptor, address, errno));

            try (NetlinkListener adopted = NetlinkListener.adopt(descriptor)) {
                adopted.join(1);
                adopted.join(5);
            }
        }
    }

    @Test
    void aQueueWithoutRoomIsAMistake() {
        assertThrows(IllegalArgumentException.class, () -> listener.queue(0));
        assertThrows(IllegalArgumentException.class, () -> listener.queue(-1));
    }

    @Test
    void nothingInTimeIsSaid() throws NetlinkException {
        kernel.staysSilent();

        assertEquals(Received.NOTHING, listen());
    }

    @Test
    void aFullQueueIsAGap() throws NetlinkException {
        kernel.failsToReceive(Errno.ENOBUFS).answers(event(16));

        assertEquals(Received.GAP, listen());
        assertEquals(List.of(), heard);
        assertEquals(Received.MESSAGES, listen());
    }

    @Test
    void aDatagramThatDoesNotFitIsAGap() throws NetlinkException {
        kernel.answersCut(40_000, event(16));

        assertEquals(Received.GAP, listen());
        assertEquals(List.of(), heard);
    }

    @Test
    void aStrangersDatagramIsNotListenedTo() throws NetlinkException {
        kernel.answersFrom(4711, event(16)).answers(event(17));

        assertEquals(Received.MESSAGES, listen());
        assertEquals(List.of("17"), heard);
    }

    @Test
    void anInterruptedSystemCallIsRepeated() throws NetlinkException {
        kernel.failsToReceive(Errno.EINTR).answers(event(17));

        assertEquals(Received.MESSAGES, listen());
    }

    @Test
    void anUnreadableSocketIsAFailure() {
        kernel.failsToReceive(Errno.EBADF);

        NetlinkException failure = assertThrows(NetlinkException.TimedOut.class, this::listen);
        assertEquals(
                "listen: the answer could not be received, bad file descriptor; the outcome is unknown",
                failure.getMessage());
    }

    @Test
    void behindAMalformedMessageTheNextDatagramIsRead() throws NetlinkException {
        byte[] lies = event(16);
        lies[0] = 100; // its length
        kernel.answers(lies).answers(event(17));

        assertThrows(NetlinkException.Malformed.class, this::listen);
        assertEquals(Received.MESSAGES, listen());
        assertEquals(List.of("17"), heard);
    }

    @Test
    void joiningIsRefusedInWords() {
        kernel.refusesOptions(Errno.EINVAL);

        NetlinkException.Refused refused = assertThrows(NetlinkException.Refused.class, () -> listener.join(99));
        assertEquals("join multicast group 99", refused.request());
        assertEquals(Errno.EINVAL, refused.errno());
        assertThrows(NetlinkException.Refused.class, () -> listener.queue(1));
        assertThrows(NetlinkException.Refused.class, listener::listenToAllNamespaces);
    }

    @Test
    void aHandlerMayCloseTheListenerButNotListen() throws NetlinkException {
        kernel.answers(event(16));

        listener.next(
                (message, namespaceId) -> {
                    assertThrows(IllegalStateException.class, this::listen);
                    listener.close();
                    assertFalse(kernel.isClosed(), "it is being read");
                },
                Duration.ZERO);

        assertTrue(kernel.isClosed());
        assertThrows(IllegalStateException.class, this::listen);
    }

    @Test
    void closingTwiceDoesNothing() {
        listener.close();
        listener.close();

        assertTrue(kernel.isClosed());
    }

    @Test
    void aTestDoubleTellsOfEventsAndLosses() throws NetlinkException {
        ScriptedSocket scripted = new ScriptedSocket();
        try (NetlinkListener events = scripted.listener()) {
            events.join(1);
            scripted.tells(TestRequest.named("one"), TestRequest.named("other")).losesEvents();
            List<Received> received = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                received.add(events.next((message, namespaceId) -> heard.add("" + message.type()), Duration.ZERO));
            }

            assertEquals(List.of(Received.MESSAGES, Received.MESSAGES, Received.GAP, Received.NOTHING), received);
            assertEquals(List.of("85", "85"), heard);
        }
    }
}
