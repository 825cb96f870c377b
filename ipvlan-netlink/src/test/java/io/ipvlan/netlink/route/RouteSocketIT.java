package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.Command;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.Outcome;
import io.ipvlan.netlink.internal.Uapi;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Changes, on a real kernel, with `ip` and `ping` as witnesses. Each test has two namespaces of its own: one
/// for the parent and the socket that sends, and one for children.
class RouteSocketIT {
    private static final int CHILD = 2_000_000_001;
    private static final int PARENT = 4000;

    private NetNamespace host;
    private NetNamespace inside;
    private RouteSocket hostSocket;
    private RouteSocket insideSocket;

    @BeforeEach
    void aParentAndAnEmptyNamespace() throws NetlinkException {
        host = NetNamespace.create();
        inside = NetNamespace.create();
        hostSocket = RouteSocket.open(host);
        insideSocket = RouteSocket.open(inside);
        hostSocket.send(LinkRequest.create("parent0", new LinkInfo.Dummy())
                .withIndex(PARENT)
                .up());
    }

    @AfterEach
    void closeEverything() {
        insideSocket.close();
        hostSocket.close();
        inside.close();
        host.close();
    }

    private LinkRequest child(String name, LinkInfo info) {
        return LinkRequest.create(name, info)
                .linkedTo(PARENT)
                .in(inside)
                .withIndex(CHILD)
                .up();
    }

    private static LinkInfo l2() {
        return LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L2);
    }

    @Test
    void aDummyIsCreatedUpWithTheIndexChosen() {
        JsonNode link = Command.ip(host, "-details", "link", "show", "parent0").getFirst();

        assertEquals(PARENT, link.path("ifindex").asInt());
        assertEquals("dummy", link.path("linkinfo").path("info_kind").asText());
        assertTrue(
                link.path("flags").valueStream().anyMatch(flag -> flag.asText().equals("UP")), link::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, l2, bridge", "0, 1, l2, private", "0, 2, l2, vepa",
        "1, 0, l3, bridge", "1, 1, l3, private", "1, 2, l3, vepa",
        "2, 0, l3s, bridge", "2, 1, l3s, private", "2, 2, l3s, vepa"
    })
    void aChildIsBornInsideUnderItsNameWithModeAndFlagsAsSent(int mode, int flags, String modeName, String flagName)
            throws NetlinkException {
        // The sending namespace has a link of the same name, which is none of the child's business.
        hostSocket.send(LinkRequest.create("eth0", new LinkInfo.Dummy()));

        hostSocket.send(child("eth0", new LinkInfo.Ipvlan(mode, flags)).mtu(1400));

        JsonNode link = Command.ip(inside, "-details", "link", "show", "eth0").getFirst();
        assertEquals(CHILD, link.path("ifindex").asInt());
        assertEquals(1400, link.path("mtu").asInt());
        assertTrue(
                link.path("flags").valueStream().anyMatch(flag -> flag.asText().equals("UP")), link::toString);
        JsonNode info = link.path("linkinfo");
        assertEquals("ipvlan", info.path("info_kind").asText());
        assertEquals(modeName, info.path("info_data").path("mode").asText());
        assertEquals("true", info.path("info_data").path(flagName).asText(), link::toString);

        LinkMessage message = insideSocket.link("eth0").orElseThrow();
        assertEquals(Optional.of(new LinkInfo.Ipvlan(mode, flags)), message.info());
        assertEquals(PARENT, message.link().getAsInt());
        assertTrue(message.linkNamespace().isPresent(), "the parent is in another namespace");
        assertTrue(message.isUp());
    }

    @Test
    void addressesWorkAtOnceAndRoutesLeadOut() throws NetlinkException {
        try (NetNamespace other = NetNamespace.create();
                RouteSocket otherSocket = RouteSocket.open(other)) {
            hostSocket.send(child("eth0", l2()));
            hostSocket.send(child("eth0", l2()).in(other));
            insideSocket.send(configuration("10.1.0.1/24", "2001:db8:1::1/64"));
            otherSocket.send(configuration("10.2.0.1/24", "2001:db8:2::1/64"));

            // Those the kernel adds by itself, link-local ones, may be tentative.
            for (String text : List.of("10.1.0.1/24", "2001:db8:1::1/64")) {
                AddressMessage address = insideSocket.addresses().stream()
                        .filter(each -> each.address().equals(IpCidr.parse(text)))
                        .findFirst()
                        .orElseThrow();
                assertFalse(address.isTentative(), address::toString);
                assertEquals(CHILD, address.index());
            }
            JsonNode shown = Command.ip(inside, "-6", "address", "show", "dev", "eth0", "scope", "global")
                    .getFirst()
                    .path("addr_info")
                    .get(0);
            assertEquals(
                    "2001:db8:1::1/64",
                    shown.path("local").asText() + "/" + shown.path("prefixlen").asText());
            assertEquals("true", shown.path("nodad").asText(), shown::toString);
            assertFalse(shown.has("tentative"), shown::toString);

            Command.runIn(inside, "ping", "-n", "-c", "1", "-W", "5", "10.2.0.1");
            Command.runIn(inside, "ping", "-n", "-c", "1", "-W", "5", "2001:db8:2::1");
            for (String family : List.of("-4", "-6")) {
                JsonNode route =
                        Command.ip(inside, family, "route", "show", "default").getFirst();
                assertEquals("eth0", route.path("dev").asText());
                assertEquals("static", route.path("protocol").asText());
                assertFalse(route.has("gateway"), route::toString);
            }
        }
    }

    private static List<NetlinkRequest> configuration(String ipv4, String ipv6) {
        return List.of(
                LinkRequest.change(1).up(),
                AddressRequest.add(CHILD, IpCidr.parse(ipv4)),
                AddressRequest.add(CHILD, IpCidr.parse(ipv6)),
                RouteRequest.add(IpPrefix.parse("0.0.0.0/0"), CHILD),
                RouteRequest.add(IpPrefix.parse("::/0"), CHILD));
    }

    @Test
    void aRouteThroughAGatewayIsAddedAndDeleted() throws NetlinkException {
        hostSocket.send(AddressRequest.add(PARENT, IpCidr.parse("10.0.0.1/24")));
        IpPrefix destination = IpPrefix.parse("10.9.0.0/16");

        hostSocket.send(RouteRequest.add(destination, PARENT).via(IpAddress.parse("10.0.0.9")));

        JsonNode route = Command.ip(host, "route", "show", "10.9.0.0/16").getFirst();
        assertEquals("10.0.0.9", route.path("gateway").asText());
        assertEquals("parent0", route.path("dev").asText());
        assertEquals("static", route.path("protocol").asText());

        hostSocket.send(RouteRequest.delete(destination, PARENT));
        assertEquals(List.of(), Command.ip(host, "route", "show", "10.9.0.0/16"));
    }

    @Test
    void whatIsDeletedIsGone() throws NetlinkException {
        hostSocket.send(child("eth0", l2()));
        insideSocket.send(AddressRequest.add(CHILD, IpCidr.parse("10.1.0.1/24")));
        insideSocket.send(AddressRequest.delete(CHILD, IpCidr.parse("10.1.0.1/24")));
        assertFalse(Command.runIn(inside, "ip", "address").contains("10.1.0.1"));

        insideSocket.send(LinkRequest.delete(CHILD));
        assertEquals(1, Command.ip(inside, "link").size(), "only lo is left");
        assertEquals(Optional.empty(), insideSocket.link(CHILD));

        hostSocket.send(child("eth0", l2()));
        hostSocket.send(LinkRequest.delete(PARENT));
        assertEquals(1, Command.ip(inside, "link").size(), "the child goes with its parent");
    }

    @Test
    void aLinkIsChanged() throws NetlinkException {
        insideSocket.send(LinkRequest.change(1).up().mtu(40_000));

        JsonNode lo = Command.ip(inside, "link", "show", "lo").getFirst();
        assertEquals(40_000, lo.path("mtu").asInt());
        assertTrue(lo.path("flags").valueStream().anyMatch(flag -> flag.asText().equals("UP")), lo::toString);
    }

    @Test
    void aThousandAddressesGoInOneExchange() throws NetlinkException {
        List<AddressRequest> requests = IntStream.range(0, 1000)
                .mapToObj(i ->
                        AddressRequest.add(PARENT, IpCidr.parse("10.0." + (i / 250) + "." + (1 + i % 250) + "/32")))
                .toList();

        List<Outcome> outcomes = hostSocket.exchange(requests);

        assertTrue(outcomes.stream().allMatch(outcome -> outcome.refusal().isEmpty()));
        assertEquals(requests, outcomes.stream().map(Outcome::request).toList());
        assertEquals(
                1000,
                Command.ip(host, "-4", "address", "show", "dev", "parent0")
                        .getFirst()
                        .path("addr_info")
                        .size());
        assertEquals(
                1000,
                hostSocket.addresses().stream()
                        .filter(address ->
                                address.index() == PARENT && address.address().length() == 32)
                        .count());

        // A dump of several datagrams, given up in the middle by its decoder: the next one is whole all the same.
        try (NetlinkSocket socket = host.openSocket(Uapi.NETLINK_ROUTE)) {
            assertThrows(
                    ArithmeticException.class,
                    () -> socket.dump(AddressQuery.all(), message -> 1 / (message.fixed32(4) - PARENT)));
            assertTrue(socket.dump(AddressQuery.all(), AddressMessage::decode).size() >= 1000);
        }
    }
}
