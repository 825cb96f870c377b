package io.ipvlan.netlink.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.Command;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.ExtendedAck;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.NetlinkSocketPool;
import io.ipvlan.netlink.Outcome;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.AddressLifetime;
import io.ipvlan.netlink.route.AddressMessage;
import io.ipvlan.netlink.route.AddressQuery;
import io.ipvlan.netlink.route.AddressRequest;
import io.ipvlan.netlink.route.HardwareAddress;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkLookup;
import io.ipvlan.netlink.route.LinkMessage;
import io.ipvlan.netlink.route.LinkQuery;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.NamespaceIdMessage;
import io.ipvlan.netlink.route.NamespaceIdRequest;
import io.ipvlan.netlink.route.NeighbourRequest;
import io.ipvlan.netlink.route.RouteEvent;
import io.ipvlan.netlink.route.RouteLookup;
import io.ipvlan.netlink.route.RouteMessage;
import io.ipvlan.netlink.route.RouteObject;
import io.ipvlan.netlink.route.RouteQuery;
import io.ipvlan.netlink.route.RouteRequest;
import io.ipvlan.netlink.route.RouteSocket;
import io.ipvlan.netlink.route.RouteTable;
import io.ipvlan.netlink.route.RouteWatch;
import io.ipvlan.netlink.route.RuleMessage;
import io.ipvlan.netlink.route.RuleRequest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// The examples of `docs/netlink.md` on a real kernel, compiled and run as they stand there, with `ip` as the
/// witness; [DocumentationTest] holds the page against this file. In a package of its own, as its readers'
/// code is.
class DocumentationIT {
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

    private static String printedBy(Executable code) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (PrintStream elsewhere = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
            System.setOut(elsewhere);
            code.execute();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    /// Other threads do the work: waits for what they come to.
    private static void awaitUntil(BooleanSupplier done) throws InterruptedException {
        for (int i = 0; i < 1000 && !done.getAsBoolean(); i++) {
            Thread.sleep(20);
        }
        assertTrue(done.getAsBoolean());
    }

    private void make() throws NetlinkException {
        // [make]
        socket.send(List.of(
                LinkRequest.create("eth0", new LinkInfo.Dummy()).withIndex(100).up(),
                AddressRequest.add(100, IpCidr.parse("10.0.0.1/24")),
                AddressRequest.add(100, IpCidr.parse("2001:db8::1/64")),
                RouteRequest.add(IpPrefix.parse("10.9.0.0/16")).via(IpAddress.parse("10.0.0.9"))));
        // [/make]
    }

    private String shownBy(String... arguments) {
        return Command.ip(namespace, arguments).toString();
    }

    @Test
    void linksAreListed() throws Exception {
        socket.send(List.of(
                LinkRequest.change(1).up(),
                LinkRequest.create("eth0", new LinkInfo.Dummy()).withIndex(2)));

        String printed = printedBy(() -> namespace.call(() -> {
            // [links]
            try (RouteSocket socket = RouteSocket.open()) {
                for (LinkMessage link : socket.links()) {
                    String state = link.isUp() ? "up" : "down";
                    System.out.println(link.index() + " " + link.name() + " " + state + " mtu " + link.mtu());
                }
            }
            // [/links]
            return 0;
        }));

        assertEquals(Page.output("links"), printed);
    }

    @Test
    void tablesAreAsked() throws NetlinkException {
        make();
        socket.send(LinkRequest.create("eth0.20", new LinkInfo.Vlan(20)).linkedTo(100));
        // [find]
        int eth0 = socket.link("eth0").orElseThrow().index();
        List<AddressMessage> addresses =
                socket.addresses(AddressQuery.all().ofLink(eth0).ofFamily(IpFamily.IPV4));
        List<RouteMessage> routes = socket.routes(RouteQuery.all().ofTable(RouteTable.MAIN));
        List<LinkMessage> vlans = socket.links(LinkQuery.all().ofKind("vlan"));
        // [/find]
        assertEquals(100, eth0);
        assertEquals(
                List.of(IpCidr.parse("10.0.0.1/24")),
                addresses.stream().map(AddressMessage::address).toList());
        assertTrue(routes.stream().anyMatch(route -> route.destination().equals(IpPrefix.parse("10.9.0.0/16"))));
        assertTrue(routes.stream().allMatch(route -> route.table() == RouteTable.MAIN));
        assertEquals(List.of("eth0.20"), vlans.stream().map(LinkMessage::name).toList());
    }

    @Test
    void linksAreMade() throws NetlinkException {
        make();
        // [stack]
        socket.send(List.of(
                LinkRequest.create("eth0.20", new LinkInfo.Vlan(20))
                        .linkedTo(100)
                        .withIndex(120)
                        .up(),
                LinkRequest.create("ipv0", LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L2))
                        .linkedTo(100),
                LinkRequest.create("veth0", LinkInfo.Veth.to(LinkRequest.peer("veth1")))
                        .up()));
        // [/stack]
        JsonNode eth0 = Command.ip(namespace, "address", "show", "eth0").getFirst();
        assertTrue(eth0.path("flags").toString().contains("UP"), eth0::toString);
        assertTrue(eth0.path("addr_info").toString().contains("10.0.0.1"), eth0::toString);
        assertTrue(eth0.path("addr_info").toString().contains("2001:db8::1"), eth0::toString);
        assertTrue(shownBy("route", "show", "10.9.0.0/16").contains("\"gateway\":\"10.0.0.9\""));
        assertTrue(shownBy("-details", "link", "show", "eth0.20").contains("\"id\":20"));
        assertTrue(shownBy("-details", "link", "show", "ipv0").contains("\"mode\":\"l2\""));
        assertTrue(shownBy("-details", "link", "show", "veth1").contains("\"info_kind\":\"veth\""));
        assertEquals(120, socket.link("eth0.20").orElseThrow().index());
    }

    @Test
    void namespacesAreMadeAndWorkedIn() throws Exception {
        make();
        try {
            // [inside]
            try (NetNamespace blue = NetNamespace.create("blue");
                    RouteSocket inside = RouteSocket.open(blue)) {
                socket.send(LinkRequest.create("eth0", LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L2))
                        .linkedTo(100) // counted where the socket is
                        .in(blue)
                        .withIndex(200)
                        .up());
                inside.send(List.of(
                        LinkRequest.change(1).up(), // the loopback link has index 1
                        AddressRequest.add(200, IpCidr.parse("10.0.0.2/24"))));
                blue.sysctl("net.ipv4.ip_forward", "1");
            }
            // [/inside]
            // [enter]
            try (NetNamespace blue = NetNamespace.ofName("blue");
                    ServerSocketChannel server = blue.call(ServerSocketChannel::open)) {
                server.bind(new InetSocketAddress("10.0.0.2", 8080)); // still inside, on any thread
            }
            // [/enter]
            try (NetNamespace blue = NetNamespace.ofName("blue")) {
                assertEquals(List.of("blue"), NetNamespace.names());
                assertTrue(
                        Command.ip(blue, "address", "show", "eth0").toString().contains("10.0.0.2"));
                assertTrue(Command.runIn(blue, "ip", "link", "show", "lo").contains("UP"));
                assertEquals("1", blue.sysctl("net.ipv4.ip_forward"));
            }
        } finally {
            // [unname]
            NetNamespace.deleteName("blue");
            // [/unname]
        }
        assertEquals(List.of(), NetNamespace.names());
    }

    @Test
    void aRouteIsLookedUp() throws Exception {
        make();
        String printed = printedBy(() -> {
            // [lookup]
            RouteMessage way = socket.route(RouteLookup.to(IpAddress.parse("10.9.0.7")));
            System.out.println("via " + way.gateway().orElseThrow()
                    + " by link " + way.device().orElseThrow()
                    + " from " + way.source().orElseThrow());
            // [/lookup]
        });
        assertEquals(Page.output("lookup"), printed);
    }

    @Test
    void rulesAndNeighbours() throws NetlinkException {
        make();
        // [policy]
        socket.send(List.of(
                RuleRequest.add(IpFamily.IPV4)
                        .priority(100)
                        .from(IpPrefix.parse("10.0.0.0/24"))
                        .table(1000),
                RouteRequest.add(IpPrefix.parse("0.0.0.0/0"))
                        .via(IpAddress.parse("10.0.0.9"))
                        .table(1000),
                NeighbourRequest.add(100, IpAddress.parse("10.0.0.9"), HardwareAddress.parse("02:00:00:00:00:09"))));
        // [/policy]
        assertTrue(shownBy("route", "show", "table", "1000").contains("10.0.0.9"));
        assertTrue(shownBy("neigh").contains("02:00:00:00:00:09"));
        assertTrue(shownBy("rule").contains("\"priority\":100"));
        // [unpolicy]
        for (RuleMessage rule : socket.rules(IpFamily.IPV4)) {
            if (rule.table() == 1000) {
                socket.send(RuleRequest.delete(rule));
            }
        }
        // [/unpolicy]
        assertFalse(shownBy("rule").contains("\"priority\":100"));
    }

    @Test
    void whatIsThereIsChangedAndDeleted() throws NetlinkException {
        make();
        // [change]
        socket.send(List.of(
                LinkRequest.change(100).mtu(1400).alias("to the lab"),
                AddressRequest.replace(100, IpCidr.parse("10.0.0.1/24")).lifetime(new AddressLifetime(3600, 1800)),
                RouteRequest.replace(IpPrefix.parse("10.9.0.0/16")).via(IpAddress.parse("10.0.0.8"))));
        socket.send(List.of(
                RouteRequest.delete(IpPrefix.parse("10.9.0.0/16")),
                AddressRequest.delete(100, IpCidr.parse("2001:db8::1/64"))));
        // [/change]
        LinkMessage eth0 = socket.link(100).orElseThrow();
        assertEquals(1400, eth0.mtu());
        assertEquals("to the lab", eth0.alias().orElseThrow());
        assertTrue(socket.addresses(AddressQuery.all().ofFamily(IpFamily.IPV4))
                        .getFirst()
                        .lifetime()
                        .valid()
                <= 3600);
        assertEquals("[]", shownBy("route", "show", "10.9.0.0/16"));
        assertFalse(shownBy("address").contains("2001:db8::1"));
        // [bulk]
        List<LinkRequest> many = IntStream.range(0, 200)
                .mapToObj(i -> LinkRequest.create("d" + i, new LinkInfo.Dummy()).group(7))
                .toList();
        socket.send(many);
        socket.send(LinkRequest.deleteGroup(7));
        // [/bulk]
        assertEquals(2, Command.ip(namespace, "link").size(), "lo and eth0 are left");
    }

    @Test
    void refusalsSayWhatIsWrong() throws Exception {
        make();
        String printed = printedBy(() -> {
            // [refused]
            try {
                socket.send(AddressRequest.add(100, IpCidr.parse("10.0.0.2/24")).label("much too long a label"));
            } catch (NetlinkException.Refused refused) {
                ExtendedAck more = refused.extendedAck();
                System.out.println(refused.getMessage());
                System.out.println(refused.errno());
                System.out.println(more.attribute().orElse("no attribute"));
                System.out.println(more.message().orElse("no sentence"));
            }
            // [/refused]
        });
        assertEquals(Page.output("refused"), printed);
    }

    // [kinds]
    static String advice(NetlinkException failure) {
        return switch (failure) {
            case NetlinkException.Refused refused when refused.errno().equals(Errno.EEXIST) -> "it is there already";
            case NetlinkException.Refused refused -> "not done, and not going to be: " + refused.getMessage();
            case NetlinkException.TimedOut _, NetlinkException.Closed _ -> "perhaps done: look at what there is";
            case NetlinkException.Malformed _ -> "perhaps done, and a bug: please report it";
            case NetlinkException.DumpInterrupted _ -> "the table would not hold still: try again later";
        };
    }

    // [/kinds]

    @Test
    void failuresAreOfFiveKinds() throws NetlinkException {
        make();
        assertEquals("it is there already", advice(assertThrows(NetlinkException.class, this::make)));
        assertEquals(
                "not done, and not going to be: delete link 77: no such device [ENODEV]",
                advice(assertThrows(NetlinkException.class, () -> socket.send(LinkRequest.delete(77)))));
        assertEquals("perhaps done: look at what there is", advice(new NetlinkException.TimedOut("late")));
    }

    @Test
    void aRefusedChangeMayHaveBegun() throws NetlinkException {
        make();

        assertThrows(
                NetlinkException.Refused.class,
                () -> socket.send(LinkRequest.change(100).mtu(1400).master(77)));
        assertEquals(1400, socket.link(100).orElseThrow().mtu());
    }

    @Test
    void aBatchGoesOnBehindARefusal() throws Exception {
        make();
        String printed = printedBy(() -> {
            // [batch]
            List<Outcome> outcomes = socket.exchange(List.of(
                    AddressRequest.add(100, IpCidr.parse("10.0.0.2/24")),
                    RouteRequest.add(IpPrefix.parse("10.8.0.0/16")).via(IpAddress.parse("192.0.2.1")),
                    AddressRequest.add(100, IpCidr.parse("10.0.0.3/24"))));
            for (Outcome outcome : outcomes) {
                System.out.println(outcome.failure().map(Exception::getMessage).orElse(outcome.request() + ": done"));
            }
            // [/batch]
        });
        assertEquals(Page.output("batch"), printed);
        assertTrue(shownBy("address").contains("10.0.0.3"));
    }

    @Test
    void slowWorkIsSpreadOverSockets() throws NetlinkException {
        List<Integer> indexes = IntStream.range(1000, 1050).boxed().toList();
        socket.send(indexes.stream()
                .map(index ->
                        LinkRequest.create("d" + index, new LinkInfo.Dummy()).withIndex(index))
                .toList());
        // [pool]
        List<Outcome> outcomes;
        try (NetlinkSocketPool pool = new NetlinkSocketPool(16, () -> namespace.openSocket(NetlinkSocket.ROUTE))) {
            outcomes = pool.exchange(indexes.stream().map(LinkRequest::delete).toList());
        }
        // [/pool]
        assertEquals(50, outcomes.stream().filter(Outcome::isDone).count());
        assertEquals(1, Command.ip(namespace, "link").size(), "lo is left");
    }

    @Test
    void threadsShareASocket() throws Exception {
        make();
        List<Integer> answers = new ArrayList<>();
        // [threads]
        RouteSocket patient = socket.within(Duration.ofMinutes(1)); // the same socket, another deadline
        Callable<Integer> task = () -> patient.link("eth0").orElseThrow().index();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> answer : threads.invokeAll(Collections.nCopies(1000, task))) {
                answers.add(answer.get());
            }
        }
        // [/threads]
        assertEquals(Collections.nCopies(1000, 100), answers);
    }

    @Test
    void threadsDoNotWaitForOneAnother() throws Exception {
        make();
        List<Integer> answers = new ArrayList<>();
        // [others]
        RouteSocket several =
                RouteSocket.open(namespace).withOthers(16, () -> namespace.openSocket(NetlinkSocket.ROUTE));
        // [/others]
        Callable<Integer> look = () -> several.link("eth0").orElseThrow().index();
        try (several;
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Integer> answer : threads.invokeAll(Collections.nCopies(1000, look))) {
                answers.add(answer.get());
            }
        }
        assertEquals(Collections.nCopies(1000, 100), answers);
    }

    // [follow]
    record Key(OptionalInt namespaceId, Object identity) {}

    static void follow(RouteWatch watch, Map<Key, RouteObject> picture) throws NetlinkException {
        while (true) {
            switch (watch.next()) {
                case RouteEvent.Listing _ -> picture.clear();
                case RouteEvent.Present(RouteObject object, OptionalInt namespaceId) ->
                    picture.put(new Key(namespaceId, object.identity()), object);
                case RouteEvent.Gone(RouteObject object, OptionalInt namespaceId) -> {
                    picture.remove(new Key(namespaceId, object.identity()));
                    if (object instanceof NamespaceIdMessage(int id)) {
                        picture.keySet().removeIf(key -> key.namespaceId().equals(OptionalInt.of(id)));
                    }
                }
                case RouteEvent.Complete _ -> {} // from here on the picture is whole
            }
        }
    }

    // [/follow]

    private static Future<Object> following(ExecutorService thread, RouteWatch watch, Map<Key, RouteObject> picture) {
        return thread.submit(() -> {
            Exception end = assertThrows(Exception.class, () -> follow(watch, picture));
            // It waited for an event, or was between two.
            assertTrue(end instanceof NetlinkException.Closed || end instanceof IllegalStateException, end::toString);
            return "ended";
        });
    }

    private static boolean shows(Map<Key, RouteObject> picture, OptionalInt namespaceId, String link) {
        return picture.entrySet().stream()
                .anyMatch(entry -> entry.getKey().namespaceId().equals(namespaceId)
                        && entry.getValue() instanceof LinkMessage message
                        && message.name().equals(link));
    }

    private static boolean showsRoute(Map<Key, RouteObject> picture, String destination) {
        return picture.values().stream()
                .anyMatch(object -> object instanceof RouteMessage route
                        && route.destination().toString().equals(destination));
    }

    @Test
    void aNamespaceIsWatched() throws Exception {
        make();
        Map<Key, RouteObject> picture = new ConcurrentHashMap<>();
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<Object> reader;
            // [watch]
            RouteWatch watch = RouteWatch.builder().links().addresses().routes().open(namespace);
            // [/watch]
            try (watch) {
                reader = following(thread, watch, picture);
                awaitUntil(() -> shows(picture, OptionalInt.empty(), "eth0") && showsRoute(picture, "10.9.0.0/16"));
                // The kernel says nothing of the route.
                socket.send(LinkRequest.change(100).down());
                awaitUntil(() -> !showsRoute(picture, "10.9.0.0/16"));
            }
            assertEquals("ended", reader.get());
        }
    }

    @Test
    void allNamespacesAreWatched() throws Exception {
        Map<Key, RouteObject> picture = new ConcurrentHashMap<>();
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<Object> reader;
            NetNamespace other = NetNamespace.create();
            // [everywhere]
            socket.send(NamespaceIdRequest.assign(other, 7)); // a link that leads there gets it a number, too
            RouteWatch watch = RouteWatch.builder().links().inAllNamespaces().open(namespace);
            // [/everywhere]
            try (watch) {
                reader = following(thread, watch, picture);
                Command.runIn(other, "ip", "link", "add", "eth7", "type", "dummy");
                awaitUntil(() -> shows(picture, OptionalInt.of(7), "eth7"));
                other.close();
                awaitUntil(() -> !shows(picture, OptionalInt.of(7), "eth7"));
                assertTrue(shows(picture, OptionalInt.empty(), "lo"));
            }
            assertEquals("ended", reader.get());
        }
    }

    // [subscriber]
    static final class Names implements Flow.Subscriber<RouteEvent> {
        final Set<String> names = ConcurrentHashMap.newKeySet();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(RouteEvent event) {
            if (event instanceof RouteEvent.Present present && present.object() instanceof LinkMessage link) {
                names.add(link.name());
            }
        }

        @Override
        public void onError(Throwable failure) {
            System.err.println("the watch has ended: " + failure.getMessage());
        }

        @Override
        public void onComplete() {} // never: a namespace is watched until the subscription is cancelled
    }

    // [/subscriber]

    @Test
    void eventsArePublished() throws Exception {
        make();
        // [publish]
        Names subscriber = new Names();
        RouteWatch.builder().links().publisher(namespace).subscribe(subscriber);
        // [/publish]
        awaitUntil(() -> subscriber.names.containsAll(Set.of("lo", "eth0")));
        socket.send(LinkRequest.create("eth1", new LinkInfo.Dummy()));
        awaitUntil(() -> subscriber.names.contains("eth1"));
    }

    @Test
    void aTableIsStreamed() throws NetlinkException {
        make();
        // [stream]
        Map<Integer, Integer> perProtocol = new TreeMap<>();
        socket.routes(
                RouteQuery.all().ofFamily(IpFamily.IPV4),
                route -> perProtocol.merge(route.protocol(), 1, Integer::sum));
        // [/stream]
        Map<Integer, Integer> expected = new TreeMap<>();
        Command.ip(namespace, "-N", "-4", "route", "show", "table", "all")
                .forEach(route -> expected.merge(route.path("protocol").asInt(), 1, Integer::sum));
        assertEquals(expected, perProtocol);
        assertTrue(expected.size() > 1);
    }

    // [flags]
    static final class Flags implements NetlinkMessage.Handler {
        int value;

        @Override
        public void accept(NetlinkMessage message) throws NetlinkException.Malformed {
            value = message.fixed32(8); // ifi_flags of struct ifinfomsg
        }
    }

    // [/flags]

    @Test
    void aQuestionMakesNoGarbage() throws NetlinkException {
        make();
        List<Boolean> answers = new ArrayList<>();
        // [ask]
        try (NetlinkSocket plain = namespace.openSocket(NetlinkSocket.ROUTE)) { // 0 is NETLINK_ROUTE
            LinkLookup question = LinkLookup.byIndex(100);
            Flags flags = new Flags();
            for (int i = 0; i < 1000; i++) {
                boolean up = plain.ask(question, flags) && (flags.value & 1) != 0; // IFF_UP
                answers.add(up);
            }
        }
        // [/ask]
        assertEquals(Collections.nCopies(1000, true), answers);
    }

    // [families]
    /// Asks which families of generic netlink there are.
    record ListFamilies() implements NetlinkRequest {
        @Override
        public int type() {
            return 16; // GENL_ID_CTRL
        }

        @Override
        public void writeTo(AttributeWriter body) {
            body.fixed8(3).fixed8(1).fixed16(0); // struct genlmsghdr: CTRL_CMD_GETFAMILY, version 1
        }

        /// The name in an answer.
        static String name(NetlinkMessage answer) throws NetlinkException.Malformed {
            AttributeReader attributes = answer.attributes(4); // behind struct genlmsghdr
            while (attributes.next()) {
                if (attributes.type() == 2) { // CTRL_ATTR_FAMILY_NAME
                    return attributes.string();
                }
            }
            throw new NetlinkException.Malformed("a family without a name");
        }
    }

    // [/families]

    @Test
    void anotherProtocolIsSpoken() throws NetlinkException {
        // [generic]
        List<String> families;
        try (NetlinkSocket generic = NetlinkSocket.open(16)) { // NETLINK_GENERIC
            families = generic.dump(new ListFamilies(), ListFamilies::name);
        }
        // [/generic]
        assertTrue(families.contains("nlctrl"), families::toString);
        assertEquals(families.size(), new TreeSet<>(families).size());
    }

    /// What is traced: run as a program of its own.
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws NetlinkException {
            try (NetNamespace namespace = NetNamespace.create();
                    RouteSocket socket = RouteSocket.open(namespace)) {
                socket.send(LinkRequest.create("eth0", new LinkInfo.Dummy()).withIndex(100));
                try {
                    socket.send(
                            AddressRequest.add(100, IpCidr.parse("10.0.0.1/24")).label("much too long a label"));
                } catch (NetlinkException.Refused refused) {
                    System.err.println(refused.errno());
                }
            }
        }
    }

    @Test
    void aTraceShowsEveryMessage() {
        String printed = Command.run(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-Dio.ipvlan.netlink.trace=true",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName());

        assertEquals(withoutAccidents(Page.output("trace")), withoutAccidents(printed));
    }

    /// Without descriptor, time and port.
    private static String withoutAccidents(String trace) {
        return trace.replaceAll("(?m)^netlink\\[\\d+] \\d\\d:\\d\\d:\\d\\d\\.\\d{6} ", "")
                .replaceAll(" port \\d+ ", " port ");
    }
}
