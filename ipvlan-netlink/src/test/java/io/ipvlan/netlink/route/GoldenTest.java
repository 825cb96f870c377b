package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.Wires;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The decoders against messages of a real kernel, and the requests against the decoders.
class GoldenTest {
    static List<GoldenMessage> all() {
        return GoldenMessage.all();
    }

    private static Object decode(int type, byte... body) throws NetlinkException.Malformed {
        return Objects.requireNonNull(GoldenMessage.decode(Wires.message(type, body)));
    }

    @Test
    void everySortIsThere() {
        assertEquals(
                "[16, 20, 24, 28, 32, 88]",
                all().stream()
                        .map(GoldenMessage::type)
                        .distinct()
                        .sorted()
                        .toList()
                        .toString());
        assertTrue(all().size() > 50, "as many as GoldenCaptureIT has examples");
    }

    @ParameterizedTest
    @MethodSource("all")
    void aMessageMeansWhatStandsBesideIt(GoldenMessage golden) throws Exception {
        assertEquals(golden.meaning(), decode(golden.type(), golden.body()).toString(), golden.command());
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyTruncationIsMalformedOrMeansSomething(GoldenMessage golden) {
        for (int length = 0; length < golden.body().length; length++) {
            assertEndsWell(golden, Arrays.copyOf(golden.body(), length));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyChangedByteIsMalformedOrMeansSomething(GoldenMessage golden) {
        Random random = new Random(golden.name().hashCode());
        for (int at = 0; at < golden.body().length; at++) {
            byte[] changed = golden.body().clone();
            int[] values = {random.nextInt(), -1, 0};
            changed[at] = (byte) values[random.nextInt(values.length)];
            assertEndsWell(golden, changed);
        }
    }

    /// Any exception but the one caught here fails the test.
    private static void assertEndsWell(GoldenMessage golden, byte... body) {
        try {
            Object value = GoldenMessage.decode(Wires.message(golden.type(), body));
            assertTrue(value == null || !value.toString().isEmpty());
        } catch (NetlinkException.Malformed e) {
            assertNotNull(e.getMessage());
        }
    }

    /// What is read can be asked for again, and means the same: but for what only the kernel can say.
    @ParameterizedTest
    @MethodSource("all")
    void aRequestForTheSameMeansTheSame(GoldenMessage golden) throws Exception {
        switch (decode(golden.type(), golden.body())) {
            case LinkMessage link -> assertSameLink(link);
            case AddressMessage address -> assertEquals(settable(address), sent(AddressRequest.add(address)));
            case RouteMessage route -> assertEquals(settable(route), sent(RouteRequest.add(route)));
            case RuleMessage rule -> assertEquals(settable(rule), sent(RuleRequest.add(rule)));
            case NeighbourMessage neighbour -> assertEquals(settable(neighbour), sent(NeighbourRequest.add(neighbour)));
            case Integer id -> assertTrue(id >= 0); // namespaces are asked for by descriptor: a number has none
            case Object other -> throw new AssertionError(other);
        }
    }

    private static Object sent(NetlinkRequest request) throws NetlinkException.Malformed {
        return decode(request.type(), Wires.bytes(Wires.bodyOf(request)));
    }

    private static void assertSameLink(LinkMessage link) throws NetlinkException.Malformed {
        LinkRequest request = LinkRequest.change(link.index())
                .rename(link.name())
                .mtu(link.mtu())
                .group(link.group())
                .queueLength(link.queueLength())
                .operationalState(link.operationalState())
                .carrier(link.carrier())
                .address(link.address())
                .linkFlags(link.flags(), -1)
                .addressGeneration(link.addressGeneration().orElseThrow());
        request = link.info().map(request::info).orElse(request);
        request = link.alias().map(request::alias).orElse(request);
        request = link.master().isPresent() ? request.master(link.master().getAsInt()) : request;
        request = link.link().isPresent() ? request.linkedTo(link.link().getAsInt()) : request;
        LinkMessage expected = new LinkMessage(
                link.index(),
                link.name(),
                0,
                link.flags(),
                link.mtu(),
                0,
                0,
                link.link(),
                link.linkNamespace(),
                link.master(),
                link.group(),
                link.queueLength(),
                link.operationalState(),
                link.carrier(),
                link.address(),
                link.alias(),
                List.of(),
                link.addressGeneration(),
                link.info().map(GoldenTest::settable),
                Optional.empty());
        byte[] body = Wires.bytes(Wires.bodyOf(request));
        assertEquals(expected, decode(16, body));
    }

    private static LinkInfo settable(LinkInfo info) {
        return switch (info) {
            case LinkInfo.Bond bond -> new LinkInfo.Bond(bond.mode(), bond.miimon(), OptionalInt.empty());
            case LinkInfo.Tun _ ->
                new LinkInfo.Tun(0, OptionalInt.empty(), OptionalInt.empty(), false, false, false, false);
            default -> info;
        };
    }

    private static AddressMessage settable(AddressMessage address) {
        int kernelsOwn = AddressFlag.TENTATIVE | AddressFlag.DEPRECATED | AddressFlag.PERMANENT;
        return new AddressMessage(
                address.index(),
                address.address(),
                address.flags() & ~kernelsOwn,
                address.scope(),
                address.peer(),
                address.broadcast(),
                address.label(),
                address.lifetime(),
                address.protocol(),
                address.metric());
    }

    private static RouteMessage settable(RouteMessage route) {
        boolean byObject = route.nextHopObject().isPresent();
        return new RouteMessage(
                route.destination(),
                new RouteDetails(
                        byObject ? Optional.empty() : route.gateway(),
                        byObject ? OptionalInt.empty() : route.device(),
                        route.source(),
                        route.metric(),
                        route.table(),
                        route.scope(),
                        route.type(),
                        route.sourcePrefix(),
                        route.protocol(),
                        route.isOnLink() ? 4 : 0,
                        route.typeOfService(),
                        route.metrics(),
                        byObject ? List.of() : route.nextHops(),
                        route.nextHopObject(),
                        route.expires(),
                        route.preference()));
    }

    private static RuleMessage settable(RuleMessage rule) {
        return new RuleMessage(
                rule.family(),
                rule.priority(),
                rule.action(),
                rule.table(),
                rule.isInverted() ? 2 : 0,
                rule.source(),
                rule.destination(),
                rule.incoming(),
                rule.outgoing(),
                rule.mark(),
                rule.gotoPriority(),
                rule.protocol(),
                rule.typeOfService(),
                rule.ipProtocol(),
                rule.sourcePorts(),
                rule.destinationPorts(),
                rule.users(),
                rule.suppressPrefixLength(),
                rule.suppressGroup(),
                rule.ofMaster());
    }

    private static NeighbourMessage settable(NeighbourMessage neighbour) {
        return new NeighbourMessage(
                neighbour.index(),
                neighbour.address(),
                neighbour.hardwareAddress(),
                neighbour.isProxy() ? NeighbourState.PERMANENT : neighbour.state(),
                neighbour.flags(),
                0,
                0,
                neighbour.protocol(),
                0,
                OptionalInt.empty());
    }

    @Test
    void noTwoMessagesHaveOneName() {
        assertEquals(
                all().size(),
                all().stream()
                        .map(GoldenMessage::name)
                        .collect(Collectors.toSet())
                        .size());
    }
}
