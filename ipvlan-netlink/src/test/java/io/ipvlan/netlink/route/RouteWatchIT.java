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
import io.ipvlan.netlink.Command;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.netns.NetNamespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Watches against a real kernel: whoever follows one has in the end what a listing shows.
class RouteWatchIT {
    private static final int SMALLEST_QUEUE = 1;

    private final Picture picture = new Picture();
    private NetNamespace namespace;
    private RouteSocket socket;

    @BeforeEach
    void aNamespace() throws NetlinkException {
        namespace = NetNamespace.create();
        socket = RouteSocket.open(namespace);
    }

    @AfterEach
    void closeEverything() {
        socket.close();
        namespace.close();
    }

    private static RouteWatchBuilder everything() {
        return RouteWatch.builder()
                .links()
                .addresses()
                .routes()
                .rules()
                .neighbours()
                .namespaces();
    }

    private void follow(RouteWatch watch) throws NetlinkException {
        for (Optional<RouteEvent> event = watch.next(Duration.ZERO);
                event.isPresent();
                event = watch.next(Duration.ZERO)) {
            picture.follow(event.get());
        }
    }

    /// Says what is wrong with the picture.
    @FunctionalInterface
    private interface Comparison {
        String differences() throws NetlinkException;
    }

    /// Follows until the picture is right: the kernel does much of its work a little later.
    private void assertBecomesRight(RouteWatch watch) throws NetlinkException {
        assertBecomesRight(watch, this::differences);
        assertTrue(picture.isWhole());
    }

    private void assertBecomesRight(RouteWatch watch, Comparison comparison) throws NetlinkException {
        follow(watch);
        String differences = comparison.differences();
        for (int i = 0; i < 200 && !differences.isEmpty(); i++) {
            watch.next(Duration.ofMillis(20)).ifPresent(picture::follow);
            follow(watch);
            differences = comparison.differences();
        }
        assertEquals("", differences);
    }

    private String differences() throws NetlinkException {
        List<NamespaceIdMessage> ids =
                socket.namespaceIds().stream().map(NamespaceIdMessage::new).toList();
        return difference("links", Picture.of(socket.links()), picture.of(LinkMessage.class))
                + difference("addresses", lasting(socket.addresses()), lasting(picture.of(AddressMessage.class)))
                + routeDifferences()
                + difference(
                        "rules",
                        Picture.of(socket.rules()).keySet(),
                        picture.of(RuleMessage.class).keySet())
                + difference(
                        "neighbours",
                        Picture.of(socket.neighbours().stream()
                                        .filter(EventReader::isTold)
                                        .toList())
                                .keySet(),
                        picture.of(NeighbourMessage.class).keySet())
                + difference("namespaces", Picture.of(ids), picture.of(NamespaceIdMessage.class));
    }

    private String differences(RouteSocket there, OptionalInt number) throws NetlinkException {
        return difference("links there", Picture.of(there.links()), picture.of(LinkMessage.class, number))
                + difference(
                        "addresses there",
                        lasting(there.addresses()),
                        lasting(picture.of(AddressMessage.class, number)));
    }

    private String routeDifferences() throws NetlinkException {
        return difference(
                "routes",
                Picture.of(socket.routes()).keySet(),
                picture.of(RouteMessage.class).keySet());
    }

    private static String difference(String what, Object real, Object pictured) {
        return real.equals(pictured) ? "" : what + " are\n" + real + "\nbut the picture shows\n" + pictured + "\n";
    }

    private void assertRoutesBecomeRight(RouteWatch watch) throws NetlinkException {
        assertBecomesRight(watch, this::routeDifferences);
    }

    private static Map<Object, Integer> lasting(List<AddressMessage> addresses) {
        return lasting(Picture.of(addresses));
    }

    /// The time left is another at every look.
    private static Map<Object, Integer> lasting(Map<Object, AddressMessage> addresses) {
        return addresses.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, address -> address.getValue().flags()));
    }

    private static LinkRequest dummy(int index) {
        return LinkRequest.create("d" + index, new LinkInfo.Dummy()).withIndex(index);
    }

    @Test
    void whatIsThereIsToldFirst() throws NetlinkException {
        socket.send(List.of(
                dummy(100).up(),
                AddressRequest.add(100, IpCidr.parse("10.0.0.1/24")),
                LinkRequest.change(1).up()));
        try (RouteWatch watch = everything().open(namespace)) {
            assertEquals(new RouteEvent.Listing(false), watch.next());

            assertBecomesRight(watch);
        }
    }

    @Test
    void everySortOfChangeIsTold() throws NetlinkException {
        IpPrefix destination = IpPrefix.parse("10.9.0.0/16");
        IpAddress gateway = IpAddress.parse("10.0.0.9");
        try (RouteWatch watch = everything().open(namespace);
                NetNamespace other = NetNamespace.create()) {
            follow(watch);
            List<NetlinkRequest> changes = List.of(
                    dummy(100),
                    LinkRequest.change(100).up(),
                    LinkRequest.change(100).mtu(1400).alias("front"),
                    LinkRequest.addAlternativeNames(100, List.of("other-name")),
                    AddressRequest.add(100, IpCidr.parse("10.0.0.1/24")),
                    AddressRequest.add(100, IpCidr.parse("2001:db8::1/64")),
                    RouteRequest.add(destination).via(gateway),
                    RouteRequest.replace(destination).via(IpAddress.parse("10.0.0.8")),
                    RouteRequest.append(destination).via(gateway),
                    RouteRequest.add(IpPrefix.parse("2001:db8:9::/48")).via(IpAddress.parse("2001:db8::9")),
                    RouteRequest.append(IpPrefix.parse("2001:db8:9::/48")).via(IpAddress.parse("2001:db8::8")),
                    NamespaceIdRequest.assign(other, 7),
                    LinkRequest.change(100).rename("front"),
                    AddressRequest.delete(100, IpCidr.parse("2001:db8::1/64")),
                    AddressRequest.delete(100, IpCidr.parse("10.0.0.1/24")),
                    LinkRequest.change(100).down(),
                    LinkRequest.change(100).up(),
                    LinkRequest.delete(100));
            for (NetlinkRequest change : changes) {
                socket.send(change);
                assertBecomesRight(watch);
            }
            assertEquals(0, picture.gaps());
        }
    }

    /// A rule that the kernel is not asked to refuse if there is an equal one.
    private record Again(RuleRequest rule) implements NetlinkRequest {
        @Override
        public int type() {
            return rule.type();
        }

        @Override
        public int flags() {
            return 0x400; // NLM_F_CREATE
        }

        @Override
        public void writeTo(AttributeWriter body) {
            rule.writeTo(body);
        }
    }

    @Test
    void whileThereIsAnEqualRuleItIsTold() throws NetlinkException {
        RuleRequest rule = RuleRequest.add(IpFamily.IPV4).priority(77).table(99);
        socket.send(List.of(rule, new Again(rule)));
        assertEquals(
                2, socket.rules().stream().filter(each -> each.table() == 99).count());
        try (RouteWatch watch = everything().open(namespace)) {
            follow(watch);
            for (int i = 0; i < 2; i++) {
                socket.send(RuleRequest.delete(IpFamily.IPV4).priority(77).table(99));
                assertBecomesRight(watch);
            }
        }
    }

    /// The kernel says nothing about them.
    @Test
    void ipv4RoutesThatGoWithTheirLinkOrAddressAreTold() throws NetlinkException {
        socket.send(List.of(
                dummy(100).up(),
                dummy(101).up(),
                AddressRequest.add(100, IpCidr.parse("10.0.0.1/24")),
                AddressRequest.add(101, IpCidr.parse("10.1.0.1/24")),
                RouteRequest.add(IpPrefix.parse("10.9.0.0/16")).via(IpAddress.parse("10.0.0.9")),
                RouteRequest.add(IpPrefix.parse("10.8.0.0/16"), 101).source(IpAddress.parse("10.0.0.1"))));
        try (RouteWatch watch = RouteWatch.builder().routes().open(namespace)) {
            assertRoutesBecomeRight(watch);

            socket.send(AddressRequest.delete(100, IpCidr.parse("10.0.0.1/24")));
            assertRoutesBecomeRight(watch);
            socket.send(LinkRequest.change(101).down());
            assertRoutesBecomeRight(watch);
        }
    }

    @Test
    void aNextHopObjectTakesItsRoutesAlong() throws NetlinkException {
        socket.send(List.of(dummy(100).up(), AddressRequest.add(100, IpCidr.parse("10.0.0.1/24"))));
        try (RouteWatch watch = RouteWatch.builder().routes().open(namespace)) {
            Command.script(namespace, """
                    ip nexthop add id 3 via 10.0.0.9 dev d100
                    ip route add 10.9.0.0/16 nhid 3
                    """);
            assertRoutesBecomeRight(watch);
            Command.script(namespace, "ip nexthop del id 3");
            assertRoutesBecomeRight(watch);
        }
    }

    /// A bridge tells of its ports in link messages of its own family: one that leaves is not gone.
    @Test
    void aLinkThatLeavesABridgeIsStillThere() throws NetlinkException {
        socket.send(List.of(
                LinkRequest.create("bridge0", LinkInfo.Bridge.DEFAULT).withIndex(50),
                dummy(100).up()));
        try (RouteWatch watch = everything().open(namespace)) {
            socket.send(LinkRequest.change(100).master(50));
            assertBecomesRight(watch);
            assertEquals(OptionalInt.of(50), link(100).master());
            socket.send(LinkRequest.change(100).master(0));

            assertBecomesRight(watch);
        }
    }

    private LinkMessage link(int index) throws NetlinkException {
        return socket.link(index).orElseThrow();
    }

    @Test
    void learnedNeighboursAreTold() throws NetlinkException {
        socket.send(List.of(dummy(100).up(), AddressRequest.add(100, IpCidr.parse("10.0.0.1/24"))));
        try (RouteWatch watch = RouteWatch.builder().neighbours().open(namespace)) {
            follow(watch);
            IpAddress neighbour = IpAddress.parse("10.0.0.7");
            socket.send(NeighbourRequest.add(100, neighbour, HardwareAddress.parse("02:00:00:00:00:07")));
            follow(watch);
            assertTrue(knows(neighbour));
            socket.send(NeighbourRequest.delete(100, neighbour));
            follow(watch);

            assertFalse(knows(neighbour));
        }
    }

    @Test
    void aNeighbourThatIsAskedNoLongerIsGone() throws NetlinkException {
        socket.send(List.of(dummy(100).up(), AddressRequest.add(100, IpCidr.parse("10.0.0.1/24"))));
        try (RouteWatch watch = RouteWatch.builder().neighbours().open(namespace)) {
            follow(watch);
            IpAddress neighbour = IpAddress.parse("10.0.0.7");
            HardwareAddress hardware = HardwareAddress.parse("02:00:00:00:00:07");
            socket.send(NeighbourRequest.add(100, neighbour, hardware));
            follow(watch);
            assertTrue(knows(neighbour));
            socket.send(NeighbourRequest.replace(100, neighbour, hardware).state(NeighbourState.NO_ARP));
            follow(watch);

            assertFalse(knows(neighbour)); // as in a listing
        }
    }

    private boolean knows(IpAddress neighbour) {
        return picture.of(NeighbourMessage.class).values().stream()
                .anyMatch(each -> each.address().equals(neighbour));
    }

    /// A queue that holds next to nothing loses nearly everything.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whateverHappensAndHoweverMuchIsLostThePictureIsRightInTheEnd(long seed) throws NetlinkException {
        Random random = new Random(seed);
        int lagging = seed % 2 == 0 ? 40 : 1;
        try (RouteWatch watch =
                everything().queue(seed % 2 == 0 ? SMALLEST_QUEUE : 1 << 24).open(namespace)) {
            for (int round = 0; round < 12; round++) {
                List<NetlinkRequest> changes = new ArrayList<>();
                for (int i = 0; i < lagging; i++) {
                    changes.add(change(random));
                }
                socket.exchange(changes); // some are refused, as their links are not there
                assertBecomesRight(watch);
            }
            assertEquals(seed % 2 == 0, picture.gaps() > 0, picture.gaps() + " gaps");
        }
    }

    private static NetlinkRequest change(Random random) {
        int index = 100 + random.nextInt(3);
        IpCidr address = IpCidr.parse("10." + index + ".0." + (1 + random.nextInt(2)) + "/24");
        IpCidr address6 = IpCidr.parse("2001:db8:" + index + "::" + (1 + random.nextInt(2)) + "/64");
        IpPrefix destination = IpPrefix.parse("10.200." + random.nextInt(3) + ".0/24");
        IpPrefix destination6 = IpPrefix.parse("2001:db8:200:" + random.nextInt(3) + "::/64");
        IpAddress gateway = IpAddress.parse("10." + index + ".0.9");
        IpAddress gateway6 = IpAddress.parse("2001:db8:" + index + "::9");
        return switch (random.nextInt(16)) {
            case 0, 1 -> dummy(index).up();
            case 2 -> LinkRequest.change(index).up();
            case 3 -> LinkRequest.change(index).down();
            case 4 ->
                random.nextInt(4) == 0
                        ? LinkRequest.delete(index)
                        : LinkRequest.change(index).mtu(1400 + random.nextInt(9));
            case 5, 6 -> AddressRequest.add(index, random.nextBoolean() ? address : address6);
            case 7 -> AddressRequest.delete(index, random.nextBoolean() ? address : address6);
            case 8 -> RouteRequest.add(destination).via(gateway);
            case 9 -> RouteRequest.append(destination).via(gateway);
            case 10 -> RouteRequest.replace(destination).via(gateway);
            case 11 -> RouteRequest.add(destination, index).metric(random.nextInt(3));
            case 12 -> RouteRequest.delete(destination);
            case 13 -> RouteRequest.add(destination6).via(gateway6);
            case 14 -> RouteRequest.append(destination6).via(gateway6);
            default -> RouteRequest.delete(destination6);
        };
    }

    @Test
    void otherNamespacesAreWatchedToo() throws NetlinkException {
        OptionalInt number = OptionalInt.of(7);
        try (RouteWatch watch =
                RouteWatch.builder().links().addresses().inAllNamespaces().open(namespace)) {
            follow(watch);
            try (NetNamespace other = NetNamespace.create();
                    RouteSocket there = RouteSocket.open(other)) {
                there.send(dummy(100).up());
                follow(watch);
                assertEquals(Map.of(), picture.of(LinkMessage.class, number), "it has no number yet");

                socket.send(NamespaceIdRequest.assign(other, 7));
                assertBecomesRight(watch, () -> differences(there, number));

                there.send(List.of(
                        dummy(101).up(),
                        AddressRequest.add(101, IpCidr.parse("10.0.0.1/24")),
                        LinkRequest.change(100).mtu(1400)));
                assertBecomesRight(watch, () -> differences(there, number));
                assertEquals(Picture.of(socket.links()), picture.of(LinkMessage.class));
                assertEquals(Map.of(), picture.of(RouteMessage.class, number));
            }
            for (int i = 0; i < 1_000 && !picture.of(LinkMessage.class, number).isEmpty(); i++) {
                watch.next(Duration.ofMillis(10)).ifPresent(picture::follow);
            }
            assertEquals(Map.of(), picture.of(LinkMessage.class, number));
            assertEquals(Map.of(), picture.of(NamespaceIdMessage.class));
        }
    }

    /// The kernel marks the events of a namespace that knows itself by a number as those of others.
    @Test
    void aNamespaceThatHasANumberForItselfIsNoOther() throws NetlinkException {
        try (RouteWatch watch = RouteWatch.builder().links().inAllNamespaces().open(namespace)) {
            follow(watch);
            socket.send(NamespaceIdRequest.assign(namespace, 5));
            follow(watch);
            socket.send(dummy(100).up());
            follow(watch);

            assertEquals(Picture.of(socket.links()), picture.of(LinkMessage.class));
            assertEquals(Map.of(), picture.of(LinkMessage.class, OptionalInt.of(5)));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingEndsAWaitingCall(boolean virtual) throws Exception {
        RouteWatch watch = RouteWatch.builder().links().open(namespace);
        follow(watch);
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                virtual ? Thread.ofVirtual().factory() : Thread.ofPlatform().factory())) {
            Future<RouteEvent> waiting = threads.submit(() -> watch.next());
            Thread.sleep(50);
            assertFalse(waiting.isDone());
            watch.close();
            assertThrows(Exception.class, () -> waiting.get(20, TimeUnit.SECONDS));
            assertInstanceOf(NetlinkException.Closed.class, waiting.exceptionNow());
        }
    }

    @Test
    void anEventWakesAWaitingCall() throws Exception {
        try (RouteWatch watch = RouteWatch.builder().links().open(namespace);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            follow(watch);
            Future<RouteEvent> waiting = threads.submit(() -> watch.next());
            socket.send(dummy(100));

            RouteEvent.Present event = assertInstanceOf(RouteEvent.Present.class, waiting.get(20, TimeUnit.SECONDS));
            assertEquals(link(100), event.object());
        }
    }
}
