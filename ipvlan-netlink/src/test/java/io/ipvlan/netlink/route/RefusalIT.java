package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.Command;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.Wires;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The kernel's refusals that the documentation of the requests promises, from a real kernel.
class RefusalIT {
    private static final int PARENT = 4000;
    private static final int CHILD = 4001;
    private static final LinkInfo L2 = LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L2);

    private NetNamespace host;
    private RouteSocket socket;

    @BeforeEach
    void aParentInANamespaceOfItsOwn() throws NetlinkException {
        host = NetNamespace.create();
        socket = RouteSocket.open(host);
        socket.send(LinkRequest.create("parent0", new LinkInfo.Dummy())
                .withIndex(PARENT)
                .up());
    }

    @AfterEach
    void closeEverything() {
        socket.close();
        host.close();
    }

    private NetlinkException.Refused refusal(Errno errno, NetlinkRequest request) {
        NetlinkException.Refused refused = assertThrows(NetlinkException.Refused.class, () -> socket.send(request));
        assertEquals(errno, refused.errno(), refused.getMessage());
        assertEquals(request.toString(), refused.request());
        return refused;
    }

    private static LinkRequest child(String name, int index) {
        return LinkRequest.create(name, L2).linkedTo(PARENT).withIndex(index).up();
    }

    @Test
    void anAddressOfASiblingIsInUse() throws NetlinkException {
        IpCidr address = IpCidr.parse("10.1.0.1/24");
        socket.send(child("c1", CHILD));
        socket.send(child("c2", CHILD + 1));
        socket.send(AddressRequest.add(CHILD, address));

        NetlinkException.Refused refused = refusal(Errno.EADDRINUSE, AddressRequest.add(CHILD + 1, address));

        assertEquals(
                Optional.of("Address already assigned to an ipvlan device"),
                refused.extendedAck().message());
        assertEquals(
                "add address 10.1.0.1/24 to link 4002: address already in use"
                        + " [EADDRINUSE: Address already assigned to an ipvlan device]",
                refused.getMessage());
    }

    @Test
    void aParentThatCarriesAMacvlanIsBusy() {
        Command.runIn(host, "ip", "link", "add", "mv0", "link", "parent0", "type", "macvlan");

        NetlinkException.Refused refused = refusal(Errno.EBUSY, child("c1", CHILD));

        assertEquals("create ipvlan link 'c1': device or resource busy [EBUSY]", refused.getMessage());
        assertEquals(2 + 1, Command.ip(host, "link").size(), "lo, the parent and the macvlan: nothing is left behind");
    }

    @Test
    void aKindTheKernelDoesNotKnowIsNotSupported() {
        LinkInfo unknown = new LinkInfo.Unknown("no-such-kind", new byte[0]);

        assertEquals(
                Optional.of("Unknown device type"),
                refusal(Errno.EOPNOTSUPP, LinkRequest.create("x", unknown))
                        .extendedAck()
                        .message());
    }

    @Test
    void aNameOrIndexThatIsTakenExists() throws NetlinkException {
        refusal(Errno.EEXIST, LinkRequest.create("parent0", new LinkInfo.Dummy()));
        refusal(Errno.EEXIST, LinkRequest.create("other", new LinkInfo.Dummy()).withIndex(PARENT));
        socket.send(AddressRequest.add(PARENT, IpCidr.parse("10.1.0.1/24")));
        refusal(Errno.EEXIST, AddressRequest.add(PARENT, IpCidr.parse("10.1.0.1/24")));
        IpPrefix destination = IpPrefix.parse("10.2.0.0/16");
        socket.send(RouteRequest.add(destination, PARENT));
        refusal(Errno.EEXIST, RouteRequest.add(destination, PARENT));
    }

    @Test
    void whatIsNotThereCannotBeDeleted() {
        refusal(Errno.ENODEV, LinkRequest.delete(77));
        refusal(Errno.EADDRNOTAVAIL, AddressRequest.delete(PARENT, IpCidr.parse("10.1.0.1/24")));
        refusal(Errno.ESRCH, RouteRequest.delete(IpPrefix.parse("10.2.0.0/16"), PARENT));
    }

    @Test
    void aGatewayThatIsNotOnLinkIsUnreachable() {
        RouteRequest request =
                RouteRequest.add(IpPrefix.parse("10.2.0.0/16"), PARENT).via(IpAddress.parse("192.0.2.1"));

        assertEquals(
                Optional.of("Nexthop has invalid gateway"),
                refusal(Errno.ENETUNREACH, request).extendedAck().message());
    }

    @Test
    void aRouteByALinkThatIsDownIsRefused() throws NetlinkException {
        socket.send(LinkRequest.create("down0", new LinkInfo.Dummy()).withIndex(CHILD));

        refusal(Errno.ENETDOWN, RouteRequest.add(IpPrefix.parse("10.2.0.0/16"), CHILD));
    }

    @Test
    void whatStandsBehindARefusedRequestIsCarriedOut() throws NetlinkException {
        List<NetlinkRequest> requests = List.of(
                AddressRequest.add(77, IpCidr.parse("10.1.0.1/24")),
                AddressRequest.add(PARENT, IpCidr.parse("10.1.0.2/24")),
                LinkRequest.delete(78));

        NetlinkException.Refused first = assertThrows(NetlinkException.Refused.class, () -> socket.send(requests));

        assertEquals(Errno.ENODEV, first.errno());
        assertEquals(1, first.getSuppressed().length);
        String addresses = Command.runIn(host, "ip", "address");
        assertTrue(addresses.contains("10.1.0.2/24"), addresses);
    }

    /// A request of these bytes.
    private record Bytes(int type, int flags, String hex) implements NetlinkRequest {
        @Override
        public void writeTo(AttributeWriter body) {
            for (byte value : Wires.bytes(hex)) {
                body.fixed8(value);
            }
        }
    }

    @Test
    void anAttributeTheKernelDoesNotTakeIsNamed() {
        // IFLA_IPVLAN_MODE as one byte.
        LinkInfo odd = new LinkInfo.Unknown("ipvlan", Wires.bytes("0500 0100 01"));
        LinkRequest request = LinkRequest.create("c1", odd).linkedTo(PARENT);

        NetlinkException.Refused alone = refusal(Errno.ERANGE, request);
        assertEquals(
                "create ipvlan link 'c1': value out of range [ERANGE: Attribute failed policy validation,"
                        + " attribute IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_IPVLAN_MODE,"
                        + " allowed is a u16 from 0 to 65535]",
                alone.getMessage());
        NetlinkException.Refused behindAnother = assertThrows(
                NetlinkException.Refused.class,
                () -> socket.send(List.of(LinkRequest.change(PARENT).rename("parent1"), request)));
        assertEquals(alone.getMessage(), behindAnother.getMessage());
    }

    @Test
    void anAttributeTheKernelMissesIsNumbered() {
        // RTM_NEWMDB with a struct br_port_msg for the parent, and no MDBA_SET_ENTRY, whose number is 1.
        NetlinkException.Refused refused = refusal(Errno.EINVAL, new Bytes(84, 0, "07000000 a00f0000"));

        assertEquals(OptionalInt.of(1), refused.extendedAck().missingType());
        assertEquals(Optional.of("1"), refused.extendedAck().missing());
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.endsWith("misses attribute 1]"), message);
    }

    @Test
    void attributesOfAnotherProtocolAreNotTakenForThoseOfLinks() throws NetlinkException {
        // GENL_ID_CTRL, 16 like RTM_NEWLINK: a family's name, and where a link has its first attribute a
        // family's number of one byte.
        Bytes request = new Bytes(16, 0, "03010000 0b000200 6e6c6374726c0000 05000100 01000000");
        try (NetlinkSocket generic = NetlinkSocket.open(16)) {
            NetlinkException.Refused refused =
                    assertThrows(NetlinkException.Refused.class, () -> generic.send(List.of(request)));

            assertEquals(OptionalInt.of(32), refused.extendedAck().offset(), refused.getMessage());
            assertEquals(Optional.empty(), refused.extendedAck().attribute());
        }
    }

    @Test
    void aNameTheKernelRefusesIsRefusedBeforeItIsAsked() {
        // What `ip` lets through to the kernel and the kernel refuses.
        for (String name : List.of("a/b", "a:b", "a b", "\u00e0")) {
            Command.runIn(host, "sh", "-c", "! ip link add \"$1\" type dummy", "sh", name);
            assertThrows(IllegalArgumentException.class, () -> LinkRequest.create(name, new LinkInfo.Dummy()), name);
        }
    }
}
