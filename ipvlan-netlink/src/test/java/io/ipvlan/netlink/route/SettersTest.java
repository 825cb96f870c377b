package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.Wires;
import io.ipvlan.netlink.netns.NetNamespace;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Every method that adds something to a request writes just that, in whatever order and however often they
/// are called: the last one counts. [WireLines] says what was written.
class SettersTest {
    private static final int ROUNDS = 200;

    private static NetNamespace namespace;

    private final Random random = new Random(42);

    /// What a request should write: the value of each line by what stands before it.
    private static final class Expected {
        private final Map<String, String> lines = new TreeMap<>();

        Expected set(String path, String hex) {
            lines.put(path, hex);
            return this;
        }

        Expected u8(String path, int value) {
            return set(path, "%02x".formatted(value & 0xff));
        }

        Expected u32(String path, int value) {
            return set(path, HexFormat.of().toHexDigits(Integer.reverseBytes(value)));
        }

        /// A field of the fixed part; nothing is said of zeros.
        Expected field(String name, long value) {
            if (value == 0) {
                lines.remove(name);
            } else {
                lines.put(name, Long.toString(value));
            }
            return this;
        }

        Expected bits(String name, long values, long mask) {
            long before = Long.parseLong(lines.getOrDefault(name, "0"));
            return field(name, (before & ~mask) | (values & mask));
        }

        Expected without(String prefix) {
            lines.keySet().removeIf(path -> path.startsWith(prefix));
            return this;
        }

        List<String> all() {
            return lines.entrySet().stream()
                    .map(line -> line.getKey() + " = " + line.getValue())
                    .sorted()
                    .toList();
        }
    }

    /// One method with values for it, and what it should add.
    ///
    /// @param name the method's, with the number of its parameters
    private record Setter<R>(String name, UnaryOperator<R> call, UnaryOperator<Expected> effect) {}

    private static <R> Setter<R> setter(String name, UnaryOperator<R> call, UnaryOperator<Expected> effect) {
        return new Setter<>(name, call, effect);
    }

    @BeforeAll
    static void openTheNamespace() throws NetlinkException {
        namespace = NetNamespace.current();
    }

    @AfterAll
    static void closeTheNamespace() {
        namespace.close();
    }

    /// Calls any of the methods in any order, many times over, and looks at what is written; and sees to it
    /// that no method is missing.
    private <R extends NetlinkRequest> void assertEachCounts(
            R base, Expected ofBase, Supplier<List<Setter<R>>> setters) {
        for (int round = 0; round < ROUNDS; round++) {
            R request = base;
            Expected expected = new Expected();
            expected.lines.putAll(ofBase.lines);
            StringBuilder calls = new StringBuilder();
            for (int left = random.nextInt(8); left > 0; left--) {
                List<Setter<R>> all = setters.get();
                Setter<R> setter = all.get(random.nextInt(all.size()));
                request = setter.call.apply(request);
                expected = setter.effect.apply(expected);
                calls.append(setter.name).append(' ');
            }
            assertEquals(
                    String.join("\n", expected.all()),
                    String.join(
                            "\n", WireLines.of(request.type(), request.flags(), Wires.bytes(Wires.bodyOf(request)))),
                    calls::toString);
        }
        Set<String> methods = Arrays.stream(base.getClass().getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers())
                        && !Modifier.isStatic(method.getModifiers())
                        && method.getReturnType() == base.getClass())
                .map(method -> method.getName() + method.getParameterCount())
                .collect(Collectors.toSet());
        assertEquals(methods, setters.get().stream().map(Setter::name).collect(Collectors.toSet()));
    }

    private int u8() {
        return random.nextInt(256);
    }

    private int u32() {
        return random.nextInt();
    }

    private byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private IpFamily family() {
        return random.nextBoolean() ? IpFamily.IPV4 : IpFamily.IPV6;
    }

    private IpAddress address(IpFamily family) {
        return IpAddress.ofBytes(bytes(family.bits() / 8));
    }

    private IpPrefix prefix(IpFamily family) {
        return IpPrefix.containing(address(family), random.nextInt(family.bits() + 1));
    }

    private String word() {
        return "w" + Integer.toString(random.nextInt(Integer.MAX_VALUE), 36);
    }

    private static String hex(byte... bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String hex(IpAddress address) {
        return hex(address.toBytes());
    }

    private static String text(String text) {
        return hex(text.getBytes(StandardCharsets.UTF_8)) + "00";
    }

    private static String le16(int value) {
        return HexFormat.of().toHexDigits(Short.reverseBytes((short) value));
    }

    private static String le32(int value) {
        return HexFormat.of().toHexDigits(Integer.reverseBytes(value));
    }

    private static Expected message(int type, int flags) {
        return new Expected().set("message", "" + type).set("message flags", "0x%03x".formatted(flags));
    }

    @Test
    void ofLinks() {
        assertEachCounts(LinkRequest.change(7), message(19, 0).field("index", 7), this::linkSetters);
    }

    private List<Setter<LinkRequest>> linkSetters() {
        int a = u32();
        int b = u32();
        int byteValue = u8();
        String word = word();
        HardwareAddress hardware = HardwareAddress.of(bytes(1 + random.nextInt(HardwareAddress.LENGTH_LIMIT)));
        boolean yes = random.nextBoolean();
        LinkInfo.Ipvlan info = new LinkInfo.Ipvlan(u8(), u8());
        return List.of(
                setter("linkedTo1", to -> to.linkedTo(a), is -> is.without("37").u32("5", a)),
                setter(
                        "linkedTo2",
                        to -> to.linkedTo(a, b),
                        is -> is.u32("5", a).u32("37", b)),
                setter("in1", to -> to.in(namespace), is -> is.without("19").u32("28", namespace.descriptor())),
                setter(
                        "inNamespaceOf1",
                        to -> to.inNamespaceOf(a),
                        is -> is.without("28").u32("19", a)),
                setter("withIndex1", to -> to.withIndex(a), is -> is.field("index", Integer.toUnsignedLong(a))),
                setter("up0", LinkRequest::up, is -> is.bits("flags", 1, 1).bits("change", 1, 1)),
                setter("down0", LinkRequest::down, is -> is.bits("flags", 0, 1).bits("change", 1, 1)),
                setter(
                        "linkFlags2",
                        to -> to.linkFlags(a, b),
                        is -> is.bits("flags", Integer.toUnsignedLong(a), Integer.toUnsignedLong(b))
                                .bits("change", Integer.toUnsignedLong(b), Integer.toUnsignedLong(b))),
                setter("rename1", to -> to.rename(word), is -> is.set("3", text(word))),
                setter("mtu1", to -> to.mtu(a), is -> is.u32("4", a)),
                setter("address1", to -> to.address(hardware), is -> is.set("1", hex(hardware.toBytes()))),
                setter("master1", to -> to.master(a), is -> is.u32("10", a)),
                setter(
                        "alias1",
                        to -> to.alias(word),
                        is -> is.set("20", text(word).replaceFirst("00$", ""))),
                setter("group1", to -> to.group(a), is -> is.u32("27", a)),
                setter("queueLength1", to -> to.queueLength(a), is -> is.u32("13", a)),
                setter("operationalState1", to -> to.operationalState(byteValue), is -> is.u8("16", byteValue)),
                setter("carrier1", to -> to.carrier(yes), is -> is.u8("33", yes ? 1 : 0)),
                setter("addressGeneration1", to -> to.addressGeneration(byteValue), is -> is.u8("26.10.8", byteValue)),
                setter(
                        "info1",
                        to -> to.info(info),
                        is -> is.set("message", "16") // RTM_SETLINK does not look at it
                                .set("18.1", text("ipvlan"))
                                .set("18.2.1", le16(info.mode()))
                                .set("18.2.2", le16(info.flags()))));
    }

    @Test
    void ofAddresses() {
        for (IpFamily family : IpFamily.values()) {
            IpCidr address = IpCidr.of(address(family), 24);
            Expected base = message(20, 0x600)
                    .field("family", number(family))
                    .field("length", 24)
                    .field("index", 7)
                    .field("flags", family == IpFamily.IPV4 ? 0 : AddressFlag.NO_DETECTION)
                    .set("1", hex(address.address()))
                    .set("2", hex(address.address()));
            assertEachCounts(AddressRequest.add(7, address), base, () -> addressSetters(family));
        }
    }

    private List<Setter<AddressRequest>> addressSetters(IpFamily family) {
        int a = u32();
        int byteValue = u8();
        IpAddress other = address(family);
        AddressLifetime lifetime = new AddressLifetime(Integer.toUnsignedLong(a), Integer.toUnsignedLong(u32()));
        String word = word();
        return List.of(
                setter(
                        "addressFlags1",
                        to -> to.addressFlags(a),
                        is -> is.field("flags", a & 0xff).u32("8", a)),
                setter("scope1", to -> to.scope(byteValue), is -> is.field("scope", byteValue)),
                setter("peer1", to -> to.peer(other), is -> is.set("1", hex(other))),
                setter("broadcast1", to -> to.broadcast(other), is -> is.set("4", hex(other))),
                setter("label1", to -> to.label(word), is -> is.set("3", text(word))),
                setter(
                        "lifetime1",
                        to -> to.lifetime(lifetime),
                        is -> is.set("6", le32((int) lifetime.preferred()) + le32(a) + le32(0) + le32(0))),
                setter("protocol1", to -> to.protocol(byteValue), is -> is.u8("11", byteValue)),
                setter("metric1", to -> to.metric(a), is -> is.u32("9", a)));
    }

    @Test
    void ofRoutes() {
        for (IpFamily family : IpFamily.values()) {
            IpPrefix destination = IpPrefix.containing(address(family), 20);
            Expected base = message(24, 0x600)
                    .field("family", number(family))
                    .field("length", 20)
                    .field("table", 254)
                    .field("protocol", 4)
                    .field("scope", RouteScope.SITE)
                    .field("type", 1)
                    .set("1", hex(destination.address()));
            assertEachCounts(RouteRequest.add(destination).scope(RouteScope.SITE), base, () -> routeSetters(family));
        }
    }

    private List<Setter<RouteRequest>> routeSetters(IpFamily family) {
        int a = u32();
        int byteValue = u8();
        IpAddress same = address(family);
        IpFamily anyFamily = family();
        IpAddress gateway = address(anyFamily);
        IpPrefix prefix = prefix(family);
        int table = random.nextBoolean() ? byteValue : a;
        NextHop hop = NextHop.via(same, 9).withWeight(1 + byteValue);
        return List.of(
                setter(
                        "via1",
                        to -> to.via(gateway),
                        is -> anyFamily == family
                                ? is.without("18").set("5", hex(gateway))
                                : is.without("5").set("18", le16(number(anyFamily)) + hex(gateway))),
                setter("by1", to -> to.by(a), is -> is.u32("4", a)),
                setter(
                        "nextHops1",
                        to -> to.nextHops(List.of(hop)),
                        is -> is.without("9[")
                                .set("9[0]", "flags 0, weight " + (1 + byteValue) + ", link 9")
                                .set("9[0].5", hex(same))),
                setter("nextHopObject1", to -> to.nextHopObject(a), is -> is.u32("30", a)),
                setter("onLink0", RouteRequest::onLink, is -> is.bits("flags", 4, 4)),
                setter("metric1", to -> to.metric(a), is -> is.u32("6", a)),
                setter(
                        "table1",
                        to -> to.table(table),
                        is -> is.field("table", table > 0 && table <= 255 ? table : 0)
                                .u32("15", table)),
                setter("scope1", to -> to.scope(byteValue), is -> is.field("scope", byteValue)),
                setter("protocol1", to -> to.protocol(byteValue), is -> is.field("protocol", byteValue)),
                setter("ofType1", to -> to.ofType(byteValue), is -> is.field("type", byteValue)),
                setter("source1", to -> to.source(same), is -> is.set("7", hex(same))),
                setter(
                        "from1",
                        to -> to.from(prefix),
                        is -> is.field("source-length", prefix.length()).set("2", hex(prefix.address()))),
                setter("typeOfService1", to -> to.typeOfService(byteValue), is -> is.field("tos", byteValue)),
                setter(
                        "metrics1",
                        to -> to.metrics(RouteMetrics.NONE.with(RouteMetrics.MTU, a)),
                        is -> is.without("8.").u32("8.2", a)),
                setter("expires1", to -> to.expires(a), is -> is.u32("23", a)),
                setter("preference1", to -> to.preference(byteValue), is -> is.u8("20", byteValue)));
    }

    @Test
    void ofRules() {
        for (IpFamily family : IpFamily.values()) {
            Expected base = message(32, 0x600)
                    .field("family", number(family))
                    .field("action", 1)
                    .field("table", 254);
            assertEachCounts(RuleRequest.add(family), base, () -> ruleSetters(family));
        }
    }

    private List<Setter<RuleRequest>> ruleSetters(IpFamily family) {
        int a = u32();
        int b = u32();
        int byteValue = u8();
        int action = random.nextInt(9);
        int table = random.nextBoolean() ? byteValue : a;
        IpPrefix prefix = prefix(family);
        String word = word();
        RuleMessage.Range ports = new RuleMessage.Range(random.nextInt(65536), random.nextInt(65536));
        String portsHex = le16(ports.first()) + le16(ports.last());
        return List.of(
                setter("priority1", to -> to.priority(a), is -> is.u32("6", a)),
                setter("action1", to -> to.action(action), is -> {
                    is.field("action", action);
                    boolean tableIsSet = is.lines.containsKey("15") || is.lines.containsKey("19");
                    return tableIsSet ? is : is.field("table", action == RuleAction.TABLE ? 254 : 0);
                }),
                setter(
                        "table1",
                        to -> to.table(table),
                        is -> is.field("table", table > 0 && table <= 255 ? table : 0)
                                .u32("15", table)),
                setter("inverted0", RuleRequest::inverted, is -> is.bits("flags", 2, 2)),
                setter(
                        "from1",
                        to -> to.from(prefix),
                        is -> is.field("source-length", prefix.length()).set("2", hex(prefix.address()))),
                setter(
                        "to1",
                        to -> to.to(prefix),
                        is -> is.field("length", prefix.length()).set("1", hex(prefix.address()))),
                setter("incoming1", to -> to.incoming(word), is -> is.set("3", text(word))),
                setter("outgoing1", to -> to.outgoing(word), is -> is.set("17", text(word))),
                setter(
                        "mark1",
                        to -> to.mark(new RuleMessage.Mark(a, b)),
                        is -> is.u32("10", a).u32("16", b)),
                setter("gotoPriority1", to -> to.gotoPriority(a), is -> is.u32("4", a)),
                setter("protocol1", to -> to.protocol(byteValue), is -> is.u8("21", byteValue)),
                setter("typeOfService1", to -> to.typeOfService(byteValue), is -> is.field("tos", byteValue)),
                setter("ipProtocol1", to -> to.ipProtocol(byteValue), is -> is.u8("22", byteValue)),
                setter("sourcePorts1", to -> to.sourcePorts(ports), is -> is.set("23", portsHex)),
                setter("destinationPorts1", to -> to.destinationPorts(ports), is -> is.set("24", portsHex)),
                setter("users1", to -> to.users(new RuleMessage.Range(a, b)), is -> is.set("20", le32(a) + le32(b))),
                setter("suppressPrefixLength1", to -> to.suppressPrefixLength(a), is -> is.u32("14", a)),
                setter("suppressGroup1", to -> to.suppressGroup(a), is -> is.u32("13", a)),
                setter(
                        "ofMaster0",
                        RuleRequest::ofMaster,
                        is -> is.field("table", 0).u8("19", 1)));
    }

    @Test
    void ofNeighbours() {
        IpAddress address = address(IpFamily.IPV6);
        HardwareAddress hardware = HardwareAddress.of(bytes(6));
        Expected base = message(28, 0x600)
                .field("family", 10)
                .field("index", 7)
                .field("state", NeighbourState.PERMANENT)
                .set("1", hex(address))
                .set("2", hex(hardware.toBytes()));
        assertEachCounts(NeighbourRequest.add(7, address, hardware), base, () -> {
            int state = random.nextInt(65536);
            int byteValue = u8();
            return List.of(
                    setter("state1", to -> to.state(state), is -> is.field("state", state)),
                    setter("neighbourFlags1", to -> to.neighbourFlags(byteValue), is -> is.field("flags", byteValue)),
                    setter("protocol1", to -> to.protocol(byteValue), is -> is.u8("12", byteValue)));
        });
    }

    @Test
    void ofQueries() {
        assertEachCounts(LinkQuery.all(), message(18, 0).u32("29", 8), () -> {
            int a = u32();
            String word = word();
            return List.of(
                    setter("ofKind1", to -> to.ofKind(word), is -> is.set("18.1", text(word))),
                    setter("ofMaster1", to -> to.ofMaster(a), is -> is.u32("10", a)),
                    setter("withStatistics0", LinkQuery::withStatistics, is -> is.u32("29", 0)),
                    setter("inNamespace1", to -> to.inNamespace(a), is -> is.u32("46", a)));
        });
        assertEachCounts(LinkLookup.byIndex(7), message(18, 0).field("index", 7).u32("29", 8), () -> {
            int a = u32();
            return List.of(
                    setter("withStatistics0", LinkLookup::withStatistics, is -> is.u32("29", 0)),
                    setter("inNamespace1", to -> to.inNamespace(a), is -> is.u32("46", a)));
        });
        assertEachCounts(AddressQuery.all(), message(22, 0), () -> {
            int index = u32() >>> 1;
            IpFamily family = family();
            return List.of(
                    setter("inNamespace1", to -> to.inNamespace(index), is -> is.u32("10", index)),
                    setter("ofLink1", to -> to.ofLink(index), is -> is.field("index", index)),
                    setter("ofFamily1", to -> to.ofFamily(family), is -> is.field("family", number(family))));
        });
        assertEachCounts(RouteQuery.all(), message(26, 0), () -> {
            int a = u32();
            int byteValue = u8();
            IpFamily family = family();
            return List.of(
                    setter("ofFamily1", to -> to.ofFamily(family), is -> is.field("family", number(family))),
                    setter("ofTable1", to -> to.ofTable(a), is -> is.u32("15", a)),
                    setter("byDevice1", to -> to.byDevice(a), is -> is.u32("4", a)),
                    setter("ofProtocol1", to -> to.ofProtocol(byteValue), is -> is.field("protocol", byteValue)),
                    setter("ofType1", to -> to.ofType(byteValue), is -> is.field("type", byteValue)));
        });
        assertEachCounts(NeighbourQuery.all(), message(30, 0), () -> {
            int a = u32();
            IpFamily family = family();
            return List.of(
                    setter("ofLink1", to -> to.ofLink(a), is -> is.u32("8", a)),
                    setter("ofMaster1", to -> to.ofMaster(a), is -> is.u32("9", a)),
                    setter("ofFamily1", to -> to.ofFamily(family), is -> is.field("family", number(family))));
        });
    }

    private static int number(IpFamily family) {
        return family == IpFamily.IPV4 ? 2 : 10;
    }

    @Test
    void ofLookUps() {
        for (IpFamily family : IpFamily.values()) {
            IpAddress destination = address(family);
            Expected base = message(26, 0)
                    .field("family", number(family))
                    .field("length", family.bits())
                    .field("flags", family == IpFamily.IPV4 ? 0x1000 : 0)
                    .set("1", hex(destination));
            assertEachCounts(RouteLookup.to(destination), base, () -> {
                int a = u32();
                IpAddress source = address(family);
                return List.of(
                        setter(
                                "from1",
                                to -> to.from(source),
                                is -> is.field("source-length", family.bits()).set("2", hex(source))),
                        setter("by1", to -> to.by(a), is -> is.u32("4", a)),
                        setter("arrivingBy1", to -> to.arrivingBy(a), is -> is.u32("3", a)),
                        setter("mark1", to -> to.mark(a), is -> is.u32("16", a)),
                        setter("user1", to -> to.user(a), is -> is.u32("25", a)),
                        setter("matchedRoute0", RouteLookup::matchedRoute, is -> is.bits("flags", 0x2000, 0x2000)));
            });
        }
    }
}
