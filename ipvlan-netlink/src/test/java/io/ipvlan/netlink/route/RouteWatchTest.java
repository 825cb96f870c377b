package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.ScriptedSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// A watch over a kernel that the test plays.
class RouteWatchTest {
    private static final IpPrefix DESTINATION = IpPrefix.parse("10.9.0.0/16");

    private static final LinkRequest LOOPBACK =
            LinkRequest.create("lo", new LinkInfo.Dummy()).withIndex(1);

    private final ScriptedSocket kernel = new ScriptedSocket();

    private static LinkRequest link(int index) {
        return LinkRequest.create("d" + index, new LinkInfo.Dummy()).withIndex(index);
    }

    private static RouteRequest via(String gateway) {
        return RouteRequest.add(DESTINATION).via(IpAddress.parse(gateway)).table(254);
    }

    private RouteWatch open(RouteWatchBuilder builder) throws NetlinkException {
        return builder.over(kernel.listener(), RouteSocket.over(kernel.socket()));
    }

    private static List<String> drain(RouteWatch watch) throws NetlinkException {
        List<String> told = new ArrayList<>();
        for (Optional<RouteEvent> event = watch.next(Duration.ZERO);
                event.isPresent();
                event = watch.next(Duration.ZERO)) {
            told.add(words(event.get()));
        }
        return told;
    }

    private static String words(RouteEvent event) {
        return switch (event) {
            case RouteEvent.Listing listing -> listing.afterGap() ? "listing after a gap" : "listing";
            case RouteEvent.Present present -> "present " + words(present.object());
            case RouteEvent.Gone gone -> "gone " + words(gone.object());
            case RouteEvent.Complete _ -> "complete";
        };
    }

    private static String words(RouteObject object) {
        return switch (object) {
            case LinkMessage link -> "link " + link.index();
            case RouteMessage route -> "route via " + route.gateway().orElseThrow();
            case RuleMessage rule -> "rule " + rule.priority();
            default -> object.getClass().getSimpleName();
        };
    }

    @Test
    void itBeginsWithAListing() throws NetlinkException {
        kernel.answers(link(7), link(8));
        try (RouteWatch watch = open(RouteWatch.builder().links())) {
            assertEquals(List.of("listing", "present link 7", "present link 8", "complete"), drain(watch));
        }
    }

    @Test
    void changesFollow() throws NetlinkException {
        kernel.answers(link(7));
        try (RouteWatch watch = open(RouteWatch.builder().links())) {
            drain(watch);
            kernel.tells(link(8), LinkRequest.delete(7));

            assertEquals(List.of("present link 8", "gone link 7"), drain(watch));
            assertEquals(List.of(), drain(watch));
        }
    }

    @Test
    void whatWasNotAskedForIsNotTold() throws NetlinkException {
        kernel.answers();
        try (RouteWatch watch = open(RouteWatch.builder().links())) {
            drain(watch);
            kernel.tells(AddressRequest.add(7, IpCidr.parse("10.0.0.1/24")), via("10.0.0.9"));

            assertEquals(List.of(), drain(watch));
        }
    }

    @Test
    void afterALossEverythingIsListedAnew() throws NetlinkException {
        kernel.answers(link(7));
        try (RouteWatch watch = open(RouteWatch.builder().links())) {
            drain(watch);
            kernel.losesEvents();
            kernel.answers(link(9));

            assertEquals(List.of("listing after a gap", "present link 9", "complete"), drain(watch));
        }
    }

    /// They are older than what was lost: after the listing they would be taken for news.
    @Test
    void eventsStillQueuedWhenSomeWereLostArePassedOver() throws NetlinkException {
        kernel.answers();
        try (RouteWatch watch = open(RouteWatch.builder().links())) {
            drain(watch);
            kernel.losesEvents().tells(link(8)).losesEvents().tells(link(8));
            kernel.answers(link(9));

            assertEquals(List.of("listing after a gap", "present link 9", "complete"), drain(watch));
        }
    }

    /// Nothing that was queued at the time of a loss can be behind so many.
    @Test
    void aStreamThatNeverEndsIsNotPassedOverForEver() throws NetlinkException {
        kernel.answers();
        try (RouteWatch watch = open(RouteWatch.builder().links().queue(1))) {
            drain(watch);
            kernel.losesEvents();
            for (int i = 0; i < 1_000; i++) {
                kernel.tells(link(8));
            }
            kernel.answers(link(9));

            assertEquals(new RouteEvent.Listing(true), watch.next());
            assertTrue(drain(watch).contains("present link 8"));
        }
    }

    @Test
    void aStreamOfNoInterestDoesNotKeepACallBeyondItsTime() throws NetlinkException {
        kernel.answers();
        try (RouteWatch watch = open(RouteWatch.builder().links())) {
            drain(watch);
            for (int i = 0; i < 1_000; i++) {
                kernel.tells(via("10.0.0.9"));
            }
            kernel.tells(link(8));

            assertEquals(Optional.empty(), watch.next(Duration.ZERO));
            assertEquals("present link 8", words(watch.next()));
        }
    }

    @Test
    void aStreamAfterALossDoesNotKeepACallBeyondItsTime() throws NetlinkException {
        kernel.answers();
        try (RouteWatch watch = open(RouteWatch.builder().links())) {
            drain(watch);
            kernel.losesEvents();
            for (int i = 0; i < 1_000; i++) {
                kernel.tells(link(8));
            }
            kernel.answers(link(9));

            assertEquals(Optional.empty(), watch.next(Duration.ZERO));
            assertEquals(new RouteEvent.Listing(true), watch.next());
        }
    }

    /// Otherwise whoever keeps a picture would take what was before the loss for what is.
    @Test
    void emptyBecauseTheTimeWasOverIsNotCaughtUp() throws NetlinkException {
        kernel.answers(link(8));
        try (RouteWatch watch = open(RouteWatch.builder().links())) {
            assertFalse(watch.isCaughtUp());
            drain(watch);
            assertTrue(watch.isCaughtUp());
            kernel.losesEvents();
            for (int i = 0; i < 1_000; i++) {
                kernel.tells(link(8));
            }
            kernel.answers(link(9));

            assertEquals(List.of(), drain(watch));
            assertFalse(watch.isCaughtUp());
            assertEquals(List.of("listing after a gap", "present link 9", "complete"), drain(watch));
            assertTrue(watch.isCaughtUp());

            for (int i = 0; i < 1_000; i++) {
                kernel.tells(via("10.0.0.9"));
            }
            assertEquals(List.of(), drain(watch));
            assertFalse(watch.isCaughtUp());
            assertEquals(List.of(), drain(watch));
            assertTrue(watch.isCaughtUp());
        }
    }

    @Test
    void theOtherOfTwoEqualRulesIsStillThere() throws NetlinkException {
        RuleRequest rule = RuleRequest.add(IpFamily.IPV4).priority(7).table(9);
        RuleRequest another = RuleRequest.add(IpFamily.IPV4).priority(8).table(9);
        kernel.answers(rule, rule, another);
        try (RouteWatch watch = open(RouteWatch.builder().rules())) {
            drain(watch);
            kernel.tells(new As(33, 0, rule)); // RTM_DELRULE
            kernel.answers(another, rule);

            assertEquals(List.of("gone rule 7", "present rule 7"), drain(watch));
            kernel.tells(new As(33, 0, rule));
            kernel.answers(another);

            assertEquals(List.of("gone rule 7"), drain(watch));
        }
    }

    /// A message that cannot be read may have said anything.
    @Test
    void aMalformedEventIsALoss() throws NetlinkException {
        kernel.answers();
        try (RouteWatch watch = open(RouteWatch.builder().links())) {
            drain(watch);
            kernel.tells(new Broken());
            kernel.answers(link(9));

            assertEquals(List.of("listing after a gap", "present link 9", "complete"), drain(watch));
        }
    }

    /// A link message too short for its fixed part.
    private record Broken() implements NetlinkRequest {
        @Override
        public int type() {
            return 16;
        }

        @Override
        public void writeTo(AttributeWriter body) {
            body.fixed32(0);
        }
    }

    @Test
    void aListingThatFailsIsTriedAgainAndNothingOfItIsTold() throws NetlinkException {
        kernel.answers(link(7)).refuses(Errno.ENOMEM);
        kernel.answers(link(7)).answers(AddressRequest.add(7, IpCidr.parse("10.0.0.1/24")));
        try (RouteWatch watch = open(RouteWatch.builder().links().addresses())) {
            assertThrows(NetlinkException.Refused.class, watch::next);

            assertEquals(List.of("listing", "present link 7", "present AddressMessage", "complete"), drain(watch));
        }
    }

    private RouteWatch openForRoutes(RouteRequest... ipv4) throws NetlinkException {
        kernel.answers(link(7).up()).answers(ipv4).answers(); // links, then the routes of each family
        return open(RouteWatch.builder().routes());
    }

    @Test
    void routesAreTold() throws NetlinkException {
        try (RouteWatch watch = openForRoutes(via("10.0.0.1"))) {
            assertEquals(List.of("listing", "present route via 10.0.0.1", "complete"), drain(watch));
            kernel.tells(new As(25, 0, via("10.0.0.1"))); // RTM_DELROUTE

            assertEquals(List.of("gone route via 10.0.0.1"), drain(watch));
        }
    }

    @Test
    void theRouteThatARouteReplacesIsGone() throws NetlinkException {
        try (RouteWatch watch = openForRoutes(via("10.0.0.1"))) {
            drain(watch);
            kernel.tells(new As(24, 0x100, via("10.0.0.2"))); // RTM_NEWROUTE, NLM_F_REPLACE

            assertEquals(List.of("gone route via 10.0.0.1", "present route via 10.0.0.2"), drain(watch));
        }
    }

    /// What the kernel says about a route: that it is, or was.
    private record As(int type, int flags, NetlinkRequest event) implements NetlinkRequest {
        @Override
        public void writeTo(AttributeWriter body) {
            event.writeTo(body);
        }
    }

    @Test
    void whenALinkGoesDownTheRoutesAreLookedAt() throws NetlinkException {
        try (RouteWatch watch = openForRoutes(via("10.0.0.1"), via("10.0.0.2").metric(9))) {
            drain(watch);
            kernel.tells(link(7)); // down
            kernel.answers(LOOPBACK).answers(via("10.0.0.2").metric(9)).answers();

            assertEquals(List.of("gone route via 10.0.0.1"), drain(watch));
        }
    }

    @Test
    void whenAnAddressGoesTheRoutesOfItsFamilyAreLookedAt() throws NetlinkException {
        try (RouteWatch watch = openForRoutes(via("10.0.0.1"))) {
            drain(watch);
            kernel.tells(AddressRequest.delete(7, IpCidr.parse("10.0.0.1/24")));
            kernel.answers(LOOPBACK).answers();

            assertEquals(List.of("gone route via 10.0.0.1"), drain(watch));
        }
    }

    /// The kernel tells of an address, and only then takes its routes along, holding the lock that a question
    /// for a link waits for, and one for routes does not.
    @Test
    void routesAreNotLookedAtBeforeTheKernelHasTakenThemAlong() throws NetlinkException {
        try (RouteWatch watch = openForRoutes(via("10.0.0.1"))) {
            drain(watch);
            kernel.tells(AddressRequest.delete(7, IpCidr.parse("10.0.0.1/24")));
            kernel.answers(LOOPBACK).answers();
            drain(watch);

            int asked = kernel.sent().size();
            assertTrue(kernel.sent().get(asked - 2).is(LinkLookup.byIndex(1)));
            assertTrue(kernel.sent().get(asked - 1).is(RouteQuery.all().ofFamily(IpFamily.IPV4)));
        }
    }

    /// A second route beside the first may have come, or taken its place.
    @Test
    void whenItIsNotClearWhatTheKernelMeansItIsAsked() throws NetlinkException {
        try (RouteWatch watch = openForRoutes(via("10.0.0.1"))) {
            drain(watch);
            kernel.tells(via("10.0.0.2"));
            kernel.answers(LOOPBACK).answers(via("10.0.0.1"), via("10.0.0.2"));

            assertEquals(List.of("present route via 10.0.0.2"), drain(watch));
        }
    }

    @Test
    void aDoubtThatCannotBeSettledIsKept() throws NetlinkException {
        try (RouteWatch watch = openForRoutes(via("10.0.0.1"))) {
            drain(watch);
            kernel.tells(AddressRequest.delete(7, IpCidr.parse("10.0.0.1/24")));
            kernel.answers(LOOPBACK).refuses(Errno.ENOMEM).answers(LOOPBACK).answers();

            assertThrows(NetlinkException.Refused.class, () -> drain(watch));
            assertEquals(List.of("gone route via 10.0.0.1"), drain(watch));
        }
    }

    @Test
    void thereMustBeSomethingToWatch() {
        IllegalStateException refusal = assertThrows(
                IllegalStateException.class, () -> open(RouteWatch.builder().queue(1 << 20)));

        assertEquals("nothing to watch: name it before, as in builder().links()", refusal.getMessage());
    }

    @Test
    void aTimeLongPastIsNotWaitedFor() throws NetlinkException {
        kernel.answers();
        try (RouteWatch watch = open(RouteWatch.builder().links())) {
            drain(watch);

            assertEquals(Optional.empty(), watch.next(Duration.ofNanos(Long.MIN_VALUE)));
            assertEquals(Optional.empty(), watch.next(Duration.ofSeconds(Long.MIN_VALUE)));
        }
    }

    @Test
    void aWatchThatIsClosedDuringAListingSaysSo() throws NetlinkException {
        AtomicReference<RouteWatch> watch = new AtomicReference<>();
        kernel.answers(new Meanwhile(link(7), () -> watch.get().close()));
        watch.set(open(RouteWatch.builder().links().addresses()));

        assertThrows(NetlinkException.Closed.class, () -> watch.get().next());
        assertThrows(IllegalStateException.class, () -> watch.get().next());
    }

    /// A link, and what happens while the kernel tells of it.
    private record Meanwhile(NetlinkRequest object, Runnable action) implements NetlinkRequest {
        @Override
        public int type() {
            return object.type();
        }

        @Override
        public void writeTo(AttributeWriter body) {
            object.writeTo(body);
            action.run();
        }
    }

    @Test
    void aQueueWithoutRoomIsAMistake() {
        RouteWatchBuilder builder = RouteWatch.builder().links();

        assertThrows(IllegalArgumentException.class, () -> builder.queue(-1));
    }

    @Test
    void aWatchIsClosedOnce() throws NetlinkException {
        RouteWatch watch = open(RouteWatch.builder().links());
        watch.close();
        watch.close();

        assertThrows(IllegalStateException.class, watch::next);
    }

    /// Remembers what it is told, and asks for nothing by itself.
    private static final class Listener implements Flow.Subscriber<RouteEvent> {
        private final BlockingQueue<Object> signals = new LinkedBlockingQueue<>();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            signals.add(subscription);
        }

        @Override
        public void onNext(RouteEvent event) {
            signals.add(words(event));
        }

        @Override
        public void onError(Throwable failure) {
            signals.add(failure);
        }

        @Override
        public void onComplete() {
            signals.add("completed");
        }

        Object signal() throws InterruptedException {
            Object signal = signals.poll(20, TimeUnit.SECONDS);
            return signal == null ? "silence" : signal;
        }
    }

    private Listener subscribe() {
        Listener subscriber = new Listener();
        new RoutePublisher(() -> open(RouteWatch.builder().links())).subscribe(subscriber);
        return subscriber;
    }

    @Test
    void aSubscriberGetsAsManyEventsAsItAskedFor() throws InterruptedException {
        kernel.answers(link(7));
        Listener subscriber = subscribe();
        Flow.Subscription subscription = assertInstanceOf(Flow.Subscription.class, subscriber.signal());

        subscription.request(2);
        assertEquals("listing", subscriber.signal());
        assertEquals("present link 7", subscriber.signal());
        assertEquals(0, subscriber.signals.size());
        subscription.request(Long.MAX_VALUE);
        subscription.request(1);
        assertEquals("complete", subscriber.signal());
        kernel.tells(link(8));
        assertEquals("present link 8", subscriber.signal());
        subscription.cancel();
        subscription.cancel();
    }

    @Test
    void aFailureEndsASubscription() throws InterruptedException {
        kernel.refuses(Errno.EPERM);
        Listener subscriber = subscribe();

        assertInstanceOf(Flow.Subscription.class, subscriber.signal()).request(1);
        assertInstanceOf(NetlinkException.Refused.class, subscriber.signal());
    }

    @Test
    void whoAsksForLessThanOneEventIsTold() throws InterruptedException {
        Listener subscriber = subscribe();

        assertInstanceOf(Flow.Subscription.class, subscriber.signal()).request(0);
        assertInstanceOf(IllegalArgumentException.class, subscriber.signal());
    }

    @Test
    void aPublisherIsNotMadeForNothing() {
        assertThrows(IllegalStateException.class, () -> RouteWatch.builder().publisher());
    }

    @Test
    void anIdentityOutlivesAChange() throws NetlinkException {
        kernel.answers(link(7));
        kernel.answers(link(7).mtu(1400).up());
        try (RouteSocket socket = RouteSocket.over(kernel.socket())) {
            assertEquals(
                    socket.links().getFirst().identity(),
                    socket.links().getFirst().identity());
        }
        assertEquals(new NamespaceIdMessage(3).identity(), new NamespaceIdMessage(3).identity());
        assertEquals(
                OptionalInt.empty(), new RouteEvent.Gone(new NamespaceIdMessage(3), OptionalInt.empty()).namespaceId());
    }
}
