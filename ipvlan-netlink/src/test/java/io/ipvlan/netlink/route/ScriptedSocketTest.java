package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpCidr;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.Outcome;
import io.ipvlan.netlink.ScriptedSocket;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/// The kernel that users' tests play, used as they would.
class ScriptedSocketTest {
    private final ScriptedSocket kernel = new ScriptedSocket();
    private final RouteSocket socket = RouteSocket.over(kernel.socket());
    private final LinkRequest dummy =
            LinkRequest.create("d0", new LinkInfo.Dummy()).withIndex(7).mtu(1400);
    private final AddressRequest address = AddressRequest.add(7, IpCidr.parse("10.0.0.1/24"));

    @Test
    void requestsAreCarriedOutOrRefusedAsScripted() throws NetlinkException {
        kernel.accepts().refuses(Errno.EEXIST, "Address already assigned.").accepts();

        List<Outcome> outcomes = socket.exchange(List.of(dummy, address, LinkRequest.delete(7)));

        assertEquals(
                List.of(true, false, true),
                outcomes.stream().map(Outcome::isDone).toList());
        NetlinkException.Refused refusal = outcomes.get(1).refusal().orElseThrow();
        assertEquals(Errno.EEXIST, refusal.errno());
        assertEquals(
                Optional.of("Address already assigned."), refusal.extendedAck().message());
    }

    @Test
    void whatWasSentIsKept() throws NetlinkException {
        kernel.accepts().accepts();

        socket.send(List.of(dummy, address));

        assertEquals(2, kernel.sent().size());
        assertTrue(kernel.sent().getFirst().is(dummy));
        assertFalse(kernel.sent().getFirst().is(dummy.mtu(1500)));
        assertTrue(kernel.sent().getLast().is(address));
    }

    @Test
    void aListingShowsWhatRequestsWouldMake() throws NetlinkException {
        kernel.answers(dummy, LinkRequest.create("d1", new LinkInfo.Dummy()).withIndex(8))
                .answers();

        List<LinkMessage> links = socket.links();

        assertEquals(List.of("d0", "d1"), links.stream().map(LinkMessage::name).toList());
        assertEquals(1400, links.getFirst().mtu());
        assertEquals(List.of(), socket.addresses());
    }

    @Test
    void aQuestionIsAnsweredWithOneObject() throws NetlinkException {
        kernel.answers(dummy).refuses(Errno.ENODEV);

        assertEquals(7, socket.link("d0").orElseThrow().index());
        assertEquals(Optional.empty(), socket.link("d0"));
    }

    @Test
    void aRequestThatIsNeverAnsweredTimesOut() {
        kernel.staysSilent();

        assertThrows(
                NetlinkException.TimedOut.class,
                () -> socket.within(Duration.ofMillis(20)).send(dummy));
    }

    @Test
    void closingEndsACallThatWaits() {
        kernel.staysSilent();
        CompletableFuture<Void> call = CompletableFuture.runAsync(() -> {
            try {
                socket.send(dummy);
            } catch (NetlinkException e) {
                throw new IllegalStateException(e);
            }
        });

        socket.close();

        Throwable cause = Objects.requireNonNull(
                assertThrows(ExecutionException.class, call::get).getCause());
        // The call may not have begun yet.
        assertTrue(
                cause.getCause() instanceof NetlinkException.Closed
                        || "the netlink socket is closed".equals(cause.getMessage()),
                () -> "" + cause);
    }

    @Test
    void aRequestThatNothingWasSaidAboutFailsTheTest() {
        AssertionError error = assertThrows(AssertionError.class, () -> socket.send(dummy));

        assertEquals("request 1 (type 16) was not scripted", error.getMessage());
    }
}
