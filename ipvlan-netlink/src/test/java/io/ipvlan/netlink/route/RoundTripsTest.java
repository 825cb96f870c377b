package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.Wires;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Any message that can be asked for is, encoded as a request and decoded as the kernel's message, the same
/// again: the wire format of both is one.
class RoundTripsTest {
    private static final int FIXED_LENGTH = 16; // no fixed part is longer

    private static Object sent(NetlinkRequest request) throws NetlinkException.Malformed {
        byte[] body = Wires.bytes(Wires.bodyOf(request));
        // What is cut short is malformed, or lacks what was cut off.
        for (int length = 0; length < body.length; length += 1 + body.length / FIXED_LENGTH) {
            try {
                GoldenMessage.decode(Wires.message(request.type(), Arrays.copyOf(body, length)));
            } catch (NetlinkException.Malformed e) {
                assertNotNull(e.getMessage());
            }
        }
        return Objects.requireNonNull(GoldenMessage.decode(Wires.message(request.type(), body)));
    }

    @Property(tries = 300)
    void linkKinds(@ForAll("infos") LinkInfo info) throws NetlinkException.Malformed {
        LinkMessage message = (LinkMessage) sent(LinkRequest.create("x", info));

        assertEquals(Optional.of(info), message.info());
        assertEquals("x", message.name());
    }

    @Property(tries = 100)
    void linkChanges(@ForAll("linkMessages") LinkMessage message) throws NetlinkException.Malformed {
        LinkRequest request = LinkRequest.change(message.index())
                .rename(message.name())
                .linkFlags(message.flags(), -1)
                .mtu(message.mtu())
                .group(message.group())
                .queueLength(message.queueLength())
                .operationalState(message.operationalState())
                .carrier(message.carrier())
                .address(message.address())
                .alias(message.alias().orElseThrow())
                .master(message.master().orElseThrow())
                .linkedTo(message.link().orElseThrow(), message.linkNamespace().orElseThrow())
                .addressGeneration(message.addressGeneration().orElseThrow())
                .info(message.info().orElseThrow());

        assertEquals(message, sent(request));
    }

    @Property(tries = 100)
    void alternativeNames(@ForAll("wordLists") List<String> names) throws NetlinkException.Malformed {
        for (LinkRequest request :
                List.of(LinkRequest.addAlternativeNames(7, names), LinkRequest.deleteAlternativeNames(7, names))) {
            byte[] body = Wires.bytes(Wires.bodyOf(request));

            assertEquals(names, link(body).alternativeNames());
            assertEquals(7, link(body).index());
        }
    }

    @Property(tries = 100)
    void veths(@ForAll("infos") LinkInfo info, @ForAll int index) throws NetlinkException.Malformed {
        LinkRequest peer = LinkRequest.create("peer", info).withIndex(index).mtu(index);
        byte[] body = Wires.bytes(Wires.bodyOf(LinkRequest.create("x", LinkInfo.Veth.to(peer))));

        AttributeReader data = nest(
                        nest(Wires.message(16, body).attributes(16), 18).nested(), 2)
                .nested();
        assertEquals(Wires.bodyOf(peer), HexFormat.of().formatHex(nest(data, 1).bytes()));
    }

    private static LinkMessage link(byte... body) throws NetlinkException.Malformed {
        return (LinkMessage) Objects.requireNonNull(GoldenMessage.decode(Wires.message(16, body)));
    }

    private static AttributeReader nest(AttributeReader attributes, int type) throws NetlinkException.Malformed {
        while (attributes.next()) {
            if (attributes.type() == type) {
                return attributes;
            }
        }
        throw new AssertionError("no attribute " + type);
    }

    /// A request of another message type whose body is to say the same: a deletion, a replacement.
    private static Object sentAs(int type, NetlinkRequest request) throws NetlinkException.Malformed {
        return Objects.requireNonNull(GoldenMessage.decode(Wires.message(type, Wires.bytes(Wires.bodyOf(request)))));
    }

    @Property(tries = 40)
    void whatIsDeletedOrReplacedIsNamedAsWhatIsAdded(
            @ForAll("addressMessages") AddressMessage address,
            @ForAll("ruleMessages") RuleMessage rule,
            @ForAll("neighbourMessages") NeighbourMessage neighbour)
            throws NetlinkException.Malformed {
        IpAddress of = neighbour.address();
        HardwareAddress hardware = neighbour.hardwareAddress().orElse(HardwareAddress.of((byte) 1));

        assertEquals(rule, sentAs(32, RuleRequest.delete(rule)));
        assertEquals(
                sent(AddressRequest.add(address.index(), address.address())),
                sent(AddressRequest.replace(address.index(), address.address())));
        assertEquals(
                address.address(),
                ((AddressMessage) sentAs(20, AddressRequest.delete(address.index(), address.address()))).address());
        assertEquals(
                sent(NeighbourRequest.add(neighbour.index(), of, hardware)),
                sent(NeighbourRequest.replace(neighbour.index(), of, hardware)));
        assertEquals(of, ((NeighbourMessage) sentAs(28, NeighbourRequest.delete(neighbour.index(), of))).address());
        assertEquals(
                of, ((NeighbourMessage) sentAs(28, NeighbourRequest.deleteProxy(neighbour.index(), of))).address());
    }

    @Property(tries = 60)
    void routesAreReplacedAndDeletedByWhatTheyAreAddedBy(@ForAll("routeMessages") RouteMessage route)
            throws NetlinkException.Malformed {
        IpPrefix destination = route.destination();
        Object added = sent(RouteRequest.add(destination).metric(route.metric()).table(route.table()));

        assertEquals(
                added,
                sent(RouteRequest.replace(destination).metric(route.metric()).table(route.table())));
        assertEquals(
                added,
                sent(RouteRequest.append(destination).metric(route.metric()).table(route.table())));
        RouteMessage deleted = (RouteMessage) sentAs(
                24, RouteRequest.delete(destination).metric(route.metric()).table(route.table()));
        assertEquals(destination, deleted.destination());
        assertEquals(route.metric(), deleted.metric());
        assertEquals(route.table(), deleted.table());
    }

    @Property(tries = 300)
    void addresses(@ForAll("addressMessages") AddressMessage message) throws NetlinkException.Malformed {
        assertEquals(message, sent(AddressRequest.add(message)));
    }

    @Property(tries = 500)
    void routes(@ForAll("routeMessages") RouteMessage message) throws NetlinkException.Malformed {
        assertEquals(message, sent(RouteRequest.add(message)));
    }

    @Property(tries = 300)
    void rules(@ForAll("ruleMessages") RuleMessage message) throws NetlinkException.Malformed {
        assertEquals(message, sent(RuleRequest.add(message)));
    }

    @Property(tries = 300)
    void neighbours(@ForAll("neighbourMessages") NeighbourMessage message) throws NetlinkException.Malformed {
        assertEquals(message, sent(NeighbourRequest.add(message)));
    }

    private static Arbitrary<Integer> u8() {
        return Arbitraries.integers().between(0, 255);
    }

    private static Arbitrary<Integer> u16() {
        return Arbitraries.integers().between(0, 65535);
    }

    private static Arbitrary<Integer> u32() {
        return Arbitraries.integers();
    }

    private static Arbitrary<OptionalInt> maybe(Arbitrary<Integer> numbers) {
        return numbers.optional().map(value -> value.map(OptionalInt::of).orElse(OptionalInt.empty()));
    }

    private static Arbitrary<Boolean> yesNo() {
        return Arbitraries.of(true, false);
    }

    private static Arbitrary<String> words() {
        return Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(15);
    }

    private static Arbitrary<IpAddress> addressesOf(IpFamily family) {
        return Arbitraries.bytes().array(byte[].class).ofSize(family.bits() / 8).map(IpAddress::ofBytes);
    }

    private static Arbitrary<IpPrefix> prefixesOf(IpFamily family) {
        return Combinators.combine(addressesOf(family), Arbitraries.integers().between(0, family.bits()))
                .as(IpPrefix::containing);
    }

    private static Arbitrary<IpFamily> families() {
        return Arbitraries.of(IpFamily.class);
    }

    private static Arbitrary<HardwareAddress> hardwareAddresses() {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofMinSize(1)
                .ofMaxSize(HardwareAddress.LENGTH_LIMIT)
                .map(HardwareAddress::of);
    }

    @Provide
    Arbitrary<List<String>> wordLists() {
        return words().list().ofMaxSize(8);
    }

    @Provide
    Arbitrary<LinkMessage> linkMessages() {
        return Combinators.combine(
                        u32().array(int[].class).ofSize(8),
                        words(),
                        words(),
                        u8(),
                        u8(),
                        yesNo(),
                        hardwareAddresses(),
                        infos())
                .as((numbers, name, alias, state, mode, carrier, address, info) -> new LinkMessage(
                        numbers[0],
                        name,
                        0,
                        numbers[1],
                        numbers[2],
                        0,
                        0,
                        OptionalInt.of(numbers[3] | 1), // 0 is none
                        OptionalInt.of(numbers[4]),
                        OptionalInt.of(numbers[5] | 1),
                        numbers[6],
                        numbers[7],
                        state,
                        carrier,
                        address,
                        Optional.of(alias),
                        List.of(),
                        OptionalInt.of(mode),
                        Optional.of(info),
                        Optional.empty()));
    }

    @Provide
    Arbitrary<LinkInfo> infos() {
        Arbitrary<List<LinkInfo.Vlan.PriorityMap>> maps = Combinators.combine(u32(), u32())
                .as(LinkInfo.Vlan.PriorityMap::new)
                .list()
                .ofMaxSize(4);
        return Arbitraries.oneOf(
                Combinators.combine(u16(), u16()).as(LinkInfo.Ipvlan::new),
                Combinators.combine(u16(), u16()).as(LinkInfo.Ipvtap::new),
                Combinators.combine(u16(), u16(), u32(), maps, maps).as(LinkInfo.Vlan::new),
                Combinators.combine(u32(), u16()).as(LinkInfo.Macvlan::new),
                Combinators.combine(u32(), u32(), u32(), u32(), u32(), u16(), yesNo())
                        .as(LinkInfo.Bridge::new),
                Combinators.combine(u8(), u32())
                        .as((mode, miimon) -> new LinkInfo.Bond(mode, miimon, OptionalInt.empty())),
                Arbitraries.of(new LinkInfo.Dummy(), new LinkInfo.Veth(Optional.empty())),
                Combinators.combine(
                                words().map(word -> "x-" + word),
                                Arbitraries.bytes().array(byte[].class).ofMaxSize(40))
                        .as(LinkInfo.Unknown::new));
    }

    @Provide
    Arbitrary<AddressMessage> addressMessages() {
        int settable = AddressFlag.NO_DETECTION
                | AddressFlag.OPTIMISTIC
                | AddressFlag.HOME
                | AddressFlag.MANAGE_TEMPORARY
                | AddressFlag.NO_PREFIX_ROUTE
                | AddressFlag.JOIN_MULTICAST;
        Arbitrary<Long> seconds = Arbitraries.longs().between(0, AddressLifetime.UNLIMITED);
        return families()
                .flatMap(family -> Combinators.combine(
                                Combinators.combine(
                                                addressesOf(family),
                                                Arbitraries.integers().between(0, family.bits()))
                                        .as(IpCidr::of),
                                u32(),
                                u8(),
                                addressesOf(family).optional(),
                                addressesOf(family).optional(),
                                words().optional(),
                                Combinators.combine(seconds, seconds).as(AddressLifetime::new),
                                Combinators.combine(u32(), u8(), u32()).as(List::of))
                        .as((address, flags, scope, peer, broadcast, label, lifetime, numbers) -> new AddressMessage(
                                numbers.get(0),
                                address,
                                flags & settable,
                                scope,
                                peer.filter(each -> !each.equals(address.address())),
                                broadcast,
                                label,
                                lifetime,
                                numbers.get(1),
                                numbers.get(2))));
    }

    @Provide
    Arbitrary<RouteMessage> routeMessages() {
        Arbitrary<RouteMetrics> metrics = Combinators.combine(
                        Arbitraries.maps(Arbitraries.integers().between(1, 255).filter(each -> each != 16), u32())
                                .ofMaxSize(5),
                        words().optional())
                .as((numbers, control) -> {
                    RouteMetrics all = RouteMetrics.NONE;
                    for (var number : numbers.entrySet()) {
                        all = all.with(number.getKey(), number.getValue());
                    }
                    return control.isPresent() ? all.withCongestionControl(control.get()) : all;
                });
        return families().flatMap(family -> {
            Arbitrary<IpAddress> gateways = families().flatMap(RoundTripsTest::addressesOf);
            Arbitrary<NextHop> hops = Combinators.combine(
                            gateways.optional(),
                            maybe(u32().filter(each -> each != 0)),
                            Arbitraries.integers().between(1, 256),
                            Arbitraries.of(0, 4))
                    .as(NextHop::new);
            return Combinators.combine(
                            prefixesOf(family),
                            Combinators.combine(
                                            gateways.optional(),
                                            maybe(u32()),
                                            hops.list().ofMaxSize(4),
                                            maybe(u32()))
                                    .as(Way::new),
                            addressesOf(family).optional(),
                            prefixesOf(family).optional(),
                            Combinators.combine(u32(), u32(), u8(), u8(), u8(), u8(), Arbitraries.of(0, 4))
                                    .as(List::of),
                            metrics,
                            maybe(u32()),
                            maybe(u8()))
                    .as((destination, way, source, sourcePrefix, numbers, metric, expires, preference) ->
                            new RouteMessage(
                                    destination,
                                    new RouteDetails(
                                            way.object.isPresent() ? Optional.empty() : way.gateway,
                                            way.object.isPresent() ? OptionalInt.empty() : way.device,
                                            source,
                                            numbers.get(0),
                                            numbers.get(1),
                                            numbers.get(2),
                                            numbers.get(3),
                                            sourcePrefix,
                                            numbers.get(4),
                                            numbers.get(6),
                                            numbers.get(5),
                                            metric,
                                            way.object.isPresent() ? List.of() : way.hops,
                                            way.object,
                                            expires,
                                            preference)));
        });
    }

    private record Way(Optional<IpAddress> gateway, OptionalInt device, List<NextHop> hops, OptionalInt object) {}

    @Provide
    Arbitrary<RuleMessage> ruleMessages() {
        Arbitrary<RuleMessage.Range> ports = Combinators.combine(u16(), u16()).as(RuleMessage.Range::new);
        Arbitrary<RuleMessage.Mark> marks = Combinators.combine(u32(), u32())
                .as(RuleMessage.Mark::new)
                .filter(mark -> mark.value() != 0 || mark.mask() != 0);
        Arbitrary<List<Optional<RuleMessage.Range>>> ranges = Combinators.combine(
                        ports.optional(),
                        ports.optional(),
                        Combinators.combine(u32(), u32())
                                .as(RuleMessage.Range::new)
                                .optional())
                .as(List::of);
        Arbitrary<List<OptionalInt>> options = Combinators.combine(
                        maybe(u32()),
                        maybe(u8()),
                        maybe(u32().filter(each -> each != -1)),
                        maybe(u32().filter(each -> each != -1)))
                .as(List::of);
        return families()
                .flatMap(family -> Combinators.combine(
                                Combinators.combine(
                                                prefixesOf(family).optional(),
                                                prefixesOf(family).optional())
                                        .as(List::of),
                                Combinators.combine(words().optional(), words().optional())
                                        .as(List::of),
                                Combinators.combine(u32(), u8(), u32(), Arbitraries.of(0, 2), u8(), u8())
                                        .as(List::of),
                                marks.optional(),
                                ranges,
                                options,
                                yesNo())
                        .as((prefixes, links, numbers, mark, range, option, ofMaster) -> new RuleMessage(
                                family,
                                numbers.get(0),
                                numbers.get(1),
                                numbers.get(2),
                                numbers.get(3),
                                prefixes.get(0),
                                prefixes.get(1),
                                links.get(0),
                                links.get(1),
                                mark,
                                option.get(0),
                                numbers.get(4),
                                numbers.get(5),
                                option.get(1),
                                range.get(0),
                                range.get(1),
                                range.get(2),
                                option.get(2),
                                option.get(3),
                                ofMaster)));
    }

    @Provide
    Arbitrary<NeighbourMessage> neighbourMessages() {
        return families()
                .flatMap(family -> Combinators.combine(
                                u32(), addressesOf(family), hardwareAddresses(), u16(), u8(), yesNo())
                        .as((index, address, hardware, state, protocol, proxy) -> new NeighbourMessage(
                                index,
                                address,
                                proxy ? Optional.empty() : Optional.of(hardware),
                                proxy ? NeighbourState.PERMANENT : state,
                                proxy ? NeighbourFlag.PROXY : NeighbourFlag.ROUTER,
                                0,
                                0,
                                protocol,
                                0,
                                OptionalInt.empty())));
    }
}
