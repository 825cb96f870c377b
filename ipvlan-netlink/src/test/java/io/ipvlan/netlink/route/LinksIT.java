package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ipvlan.netlink.Command;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Links of all kinds and with all that can be set, on a real kernel, with `ip` as the witness. Each test has
/// two namespaces of its own.
class LinksIT {
    private static final int LOWER = 4000;

    private NetNamespace here;
    private NetNamespace there;
    private RouteSocket socket;
    private RouteSocket otherSocket;

    @BeforeEach
    void aDummyInTheFirstOfTwoNamespaces() throws NetlinkException {
        here = NetNamespace.create();
        there = NetNamespace.create();
        socket = RouteSocket.open(here);
        otherSocket = RouteSocket.open(there);
        socket.send(LinkRequest.create("lower", new LinkInfo.Dummy()).withIndex(LOWER));
    }

    @AfterEach
    void closeEverything() {
        otherSocket.close();
        socket.close();
        there.close();
        here.close();
    }

    private JsonNode shown(String name) {
        return Command.ip(here, "-details", "link", "show", "dev", name).getFirst();
    }

    private LinkMessage read(String name) throws NetlinkException {
        return socket.link(name).orElseThrow();
    }

    @Test
    void aVlanCarriesItsProtocolFlagsAndMaps() throws NetlinkException {
        LinkInfo.Vlan vlan = new LinkInfo.Vlan(
                5,
                LinkInfo.Vlan.DOT1AD,
                LinkInfo.Vlan.GVRP | LinkInfo.Vlan.MVRP | LinkInfo.Vlan.LOOSE_BINDING,
                List.of(new LinkInfo.Vlan.PriorityMap(1, 2)),
                List.of(new LinkInfo.Vlan.PriorityMap(3, 4), new LinkInfo.Vlan.PriorityMap(5, 6)));
        socket.send(LinkRequest.create("vlan", vlan).linkedTo(LOWER));

        JsonNode data = shown("vlan").path("linkinfo").path("info_data");
        assertEquals("802.1ad", data.path("protocol").asText());
        assertEquals(
                List.of("GVRP", "MVRP", "LOOSE_BINDING"),
                data.path("flags").valueStream().map(JsonNode::asText).toList());
        assertEquals(2, data.path("ingress_qos").path(0).path("to").asInt());
        assertEquals(6, data.path("egress_qos").path(1).path("to").asInt());
        assertEquals(Optional.of(vlan), read("vlan").info());
        assertEquals(OptionalInt.of(LOWER), read("vlan").link());

        // Flags change as a whole; maps add to what is there.
        LinkInfo.Vlan changed = new LinkInfo.Vlan(
                5,
                LinkInfo.Vlan.DOT1AD,
                LinkInfo.Vlan.REORDER_HEADER,
                List.of(new LinkInfo.Vlan.PriorityMap(7, 7)),
                List.of());
        socket.send(LinkRequest.change(read("vlan").index()).info(changed));

        LinkInfo.Vlan now = (LinkInfo.Vlan) read("vlan").info().orElseThrow();
        assertEquals(LinkInfo.Vlan.REORDER_HEADER, now.flags());
        assertEquals(List.of(new LinkInfo.Vlan.PriorityMap(1, 2), new LinkInfo.Vlan.PriorityMap(7, 7)), now.ingress());
        assertEquals(vlan.egress(), now.egress());
    }

    @Test
    void bothEndsOfAVethAreBornWhereTheyBelong() throws NetlinkException {
        LinkRequest peer = LinkRequest.peer("inside").in(there).withIndex(77).mtu(1400);
        socket.send(LinkRequest.create("outside", LinkInfo.Veth.to(peer))
                .withIndex(66)
                .up());
        otherSocket.send(LinkRequest.change(77).up());

        LinkMessage outside = read("outside");
        LinkMessage inside = otherSocket.link("inside").orElseThrow();
        assertEquals(66, outside.index());
        assertEquals(OptionalInt.of(77), outside.link());
        assertEquals(77, inside.index());
        assertEquals(OptionalInt.of(66), inside.link());
        assertEquals(1400, inside.mtu());
        assertTrue(inside.isUp() && outside.isUp());
        assertTrue(inside.carrier());
        assertEquals(Optional.of(new LinkInfo.Veth(Optional.empty())), inside.info());
        assertEquals(outside.linkNamespace(), socket.namespaceId(there), "the kernel gave it a number for the link");
        assertTrue(outside.linkNamespace().isPresent());
    }

    @Test
    void aVethsPeerCannotBeBornUp() {
        LinkRequest peer = LinkRequest.peer("inside").up();

        NetlinkException.Refused refused = assertThrows(
                NetlinkException.Refused.class,
                () -> socket.send(LinkRequest.create("outside", LinkInfo.Veth.to(peer))));

        assertEquals(Errno.ENOTCONN, refused.errno());
    }

    @Test
    void otherKindsAreMadeAsAsked() throws NetlinkException {
        LinkInfo.Bridge bridge = new LinkInfo.Bridge(400, 100, 600, 10_000, 1, 4096, true);
        LinkInfo.Bond bond = new LinkInfo.Bond(1, 100, OptionalInt.empty());
        LinkInfo.Macvlan macvlan = LinkInfo.Macvlan.of(LinkInfo.Macvlan.BRIDGE);
        socket.send(List.of(
                LinkRequest.create("bridge", bridge),
                LinkRequest.create("bond", bond),
                LinkRequest.create("macvlan", macvlan).linkedTo(LOWER),
                LinkRequest.create("vrf", new LinkInfo.Unknown("vrf", new byte[] {8, 0, 1, 0, 10, 0, 0, 0})),
                LinkRequest.create("lower2", new LinkInfo.Dummy()).withIndex(LOWER + 1),
                LinkRequest.create("ipvtap", new LinkInfo.Ipvtap(LinkInfo.Ipvlan.L2, LinkInfo.Ipvlan.PRIVATE))
                        .linkedTo(LOWER + 1)));

        assertEquals(Optional.of(bridge), read("bridge").info());
        assertEquals(Optional.of(bond), read("bond").info());
        assertEquals(Optional.of(macvlan), read("macvlan").info());
        assertEquals(Optional.of(new LinkInfo.Ipvtap(0, 1)), read("ipvtap").info());
        assertEquals(
                "ipvtap", shown("ipvtap").path("linkinfo").path("info_kind").asText());
        assertEquals(
                "10",
                shown("vrf").path("linkinfo").path("info_data").path("table").asText());
        // What was read of a kind that is not known makes another of it.
        LinkInfo unknown = read("vrf").info().orElseThrow();
        socket.send(LinkRequest.delete(read("vrf").index()));
        socket.send(LinkRequest.create("again", unknown));
        assertEquals(Optional.of(unknown), read("again").info());
    }

    @Test
    void everythingElseIsSetAndRead() throws NetlinkException {
        HardwareAddress address = HardwareAddress.parse("02:00:00:00:00:42");
        socket.send(LinkRequest.create("bridge", LinkInfo.Bridge.DEFAULT).withIndex(9));
        // The group, the queue's length and the master are taken when a link is made; the rest comes later.
        socket.send(LinkRequest.create("one", new LinkInfo.Dummy())
                .withIndex(10)
                .group(9)
                .queueLength(5)
                .mtu(9000)
                .master(9));
        socket.send(LinkRequest.change(10).addressGeneration(AddressGeneration.NONE));
        socket.send(LinkRequest.change(10)
                .rename("two")
                .alias("web-1")
                .address(address)
                .carrier(false)
                .linkFlags(0x1000, 0x1000)
                .up());

        LinkMessage link = read("two");
        assertEquals(10, link.index());
        assertEquals(9, link.group());
        assertEquals(5, link.queueLength());
        assertEquals(9000, link.mtu());
        assertEquals(OptionalInt.of(9), link.master());
        assertEquals(Optional.of("web-1"), link.alias());
        assertEquals(address, link.address());
        assertEquals(OptionalInt.of(AddressGeneration.NONE), link.addressGeneration());
        assertFalse(link.carrier());
        assertEquals(OperationalState.DOWN, link.operationalState());
        assertTrue(link.isUp());
        assertTrue((link.flags() & 0x1000) != 0, "multicast");
        assertEquals("web-1", shown("two").path("ifalias").asText());
        assertTrue(socket.addresses(AddressQuery.all().ofLink(10)).isEmpty(), "no link-local address");

        socket.send(LinkRequest.change(10).alias("").master(0).carrier(true).down());

        assertEquals(Optional.empty(), read("two").alias());
        assertEquals(OptionalInt.empty(), read("two").master());
        assertFalse(read("two").isUp());
    }

    @Test
    void alternativeNamesFindALink() throws NetlinkException {
        String longName = "a-name-that-is-longer-than-fifteen";
        socket.send(LinkRequest.addAlternativeNames(LOWER, List.of("short", longName)));

        assertEquals(List.of("short", longName), read("lower").alternativeNames());
        assertEquals(LOWER, read("short").index());
        assertEquals(
                LOWER,
                socket.link(LinkLookup.byAlternativeName(longName))
                        .orElseThrow()
                        .index());
        assertEquals(
                LOWER,
                Command.ip(here, "link", "show", longName)
                        .getFirst()
                        .path("ifindex")
                        .asInt());
        assertEquals(Optional.empty(), socket.link(LinkLookup.byAlternativeName("there-is-no-such-name")));
        NetlinkException.Refused taken = assertThrows(
                NetlinkException.Refused.class,
                () -> socket.send(LinkRequest.addAlternativeNames(1, List.of("free", "short"))));
        assertEquals(Errno.EEXIST, taken.errno());
        assertEquals(1, read("free").index(), "the one before it is given");

        socket.send(LinkRequest.deleteAlternativeNames(LOWER, List.of("short")));
        assertEquals(List.of(longName), read("lower").alternativeNames());
        NetlinkException.Refused absent = assertThrows(
                NetlinkException.Refused.class,
                () -> socket.send(LinkRequest.deleteAlternativeNames(LOWER, List.of("short"))));
        assertEquals(Errno.ENOENT, absent.errno());
    }

    @Test
    void aGroupIsDeletedAtOnce() throws NetlinkException {
        for (int i = 0; i < 20; i++) {
            socket.send(LinkRequest.create("g" + i, new LinkInfo.Dummy()).group(9));
        }
        assertEquals(22, socket.links().size());

        socket.send(LinkRequest.deleteGroup(9));

        assertEquals(
                List.of("lo", "lower"),
                socket.links().stream().map(LinkMessage::name).sorted().toList());
        assertEquals(
                Errno.ENODEV,
                assertThrows(NetlinkException.Refused.class, () -> socket.send(LinkRequest.deleteGroup(9)))
                        .errno());
        assertEquals(
                Errno.EPERM,
                assertThrows(NetlinkException.Refused.class, () -> socket.send(LinkRequest.deleteGroup(0)))
                        .errno());
    }

    @Test
    void aLinkMovesToAnotherNamespace() throws NetlinkException {
        socket.send(LinkRequest.change(LOWER).up());

        socket.send(LinkRequest.change(LOWER).in(there).rename("moved"));

        assertEquals(Optional.empty(), socket.link("lower"));
        LinkMessage moved = otherSocket.link("moved").orElseThrow();
        assertEquals(LOWER, moved.index());
        assertFalse(moved.isUp());
    }

    @Test
    void aLinkMovesToTheNamespaceOfAProcess() throws Exception {
        Process sleeper = new ProcessBuilder("nsenter", "--net=" + there.path(), "--", "sleep", "60").start();
        try {
            // The process has to enter first; until then it is in this namespace.
            while (!isIn(there, sleeper.pid())) {
                Thread.sleep(10);
            }
            socket.send(LinkRequest.change(LOWER).inNamespaceOf((int) sleeper.pid()));

            assertEquals(LOWER, otherSocket.link("lower").orElseThrow().index());
            assertTrue(socket.namespaceId(there).isPresent(), "the kernel gave it a number for the move");
            assertEquals(socket.namespaceId(there), socket.namespaceId((int) sleeper.pid()));
        } finally {
            sleeper.destroyForcibly().waitFor();
        }
    }

    private static boolean isIn(NetNamespace namespace, long pid) throws NetlinkException {
        try (NetNamespace of = NetNamespace.ofPid(pid)) {
            return of.id().equals(namespace.id());
        }
    }

    @Test
    void namespacesHaveNumbers() throws NetlinkException {
        assertEquals(OptionalInt.empty(), socket.namespaceId(there));
        assertEquals(List.of(), socket.namespaceIds());

        socket.send(NamespaceIdRequest.assign(there, 5));

        assertEquals(OptionalInt.of(5), socket.namespaceId(there));
        assertEquals(List.of(5), socket.namespaceIds());
        assertEquals(
                Errno.EEXIST,
                assertThrows(NetlinkException.Refused.class, () -> socket.send(NamespaceIdRequest.assign(there, 6)))
                        .errno());
        otherSocket.send(NamespaceIdRequest.assign(here));
        assertTrue(otherSocket.namespaceId(here).isPresent());

        // A link of the other namespace is looked at, and stood on, by that number.
        otherSocket.send(LinkRequest.create("far", new LinkInfo.Dummy()).withIndex(5000));
        assertEquals(
                "far",
                socket.link(LinkLookup.byIndex(5000).inNamespace(5))
                        .orElseThrow()
                        .name());
        assertEquals(2, socket.links(LinkQuery.all().inNamespace(5)).size());
        socket.send(LinkRequest.create("child", LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L3))
                .linkedTo(5000, 5));
        assertEquals(OptionalInt.of(5), read("child").linkNamespace());
        assertEquals(OptionalInt.of(5000), read("child").link());
    }

    @Test
    void aNumberOfAnotherIsRefused() throws NetlinkException {
        try (NetNamespace third = NetNamespace.create()) {
            socket.send(NamespaceIdRequest.assign(there, 5));

            NetlinkException.Refused refused = assertThrows(
                    NetlinkException.Refused.class, () -> socket.send(NamespaceIdRequest.assign(third, 5)));

            assertEquals(Errno.EEXIST, refused.errno());
        }
    }
}
