package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.internal.Uapi;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.NextHop;
import io.ipvlan.netlink.route.RouteRequest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The attribute a refusal points at, by name.
class OffendingAttributeTest {
    private static final LinkRequest IPVLAN = LinkRequest.create("eth0", LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L2))
            .linkedTo(4000)
            .withIndex(4001);

    /// Bytes as a request.
    private static final class Raw implements NetlinkRequest {
        private final int type;
        private final byte[] body;

        Raw(int type, byte[] body) {
            this.type = type;
            this.body = body;
        }

        @Override
        public int type() {
            return type;
        }

        @Override
        public void writeTo(AttributeWriter writer) {
            for (byte value : body) {
                writer.fixed8(value);
            }
        }

        @Override
        public String toString() {
            return "make it";
        }
    }

    /// What becomes of the last of some requests if the kernel refuses it with these additions.
    private static NetlinkException.Refused refused(byte[] additions, NetlinkRequest... requests)
            throws NetlinkException {
        byte[] answer =
                Wires.error(requests.length, Uapi.NLM_F_CAPPED | Uapi.NLM_F_ACK_TLVS, -34, new byte[16], additions);
        try (NetlinkSocket socket = new ScriptedTransport().answers(answer).socket()) {
            return socket.exchange(List.of(requests)).getLast().refusal().orElseThrow();
        }
    }

    private static byte[] number(int type, int value) {
        return Wires.attribute(type, Wires.number(value));
    }

    private static Optional<String> attributeAt(int offset, NetlinkRequest... requests) throws NetlinkException {
        return refused(number(Uapi.NLMSGERR_ATTR_OFFS, offset), requests)
                .extendedAck()
                .attribute();
    }

    /// Every offset of a request at which an attribute begins.
    private static Map<Integer, String> allAttributes(NetlinkRequest request) throws NetlinkException {
        Map<Integer, String> all = new TreeMap<>();
        for (int offset = 0; offset < 200; offset++) {
            int at = offset;
            attributeAt(offset, request).ifPresent(path -> all.put(at, path));
        }
        return all;
    }

    @Test
    void theAttributesOfALinkAreNamedWithTheirPath() throws NetlinkException {
        assertEquals(
                List.of(
                        "IFLA_IFNAME",
                        "IFLA_LINK",
                        "IFLA_LINKINFO",
                        "IFLA_LINKINFO.IFLA_INFO_KIND",
                        "IFLA_LINKINFO.IFLA_INFO_DATA",
                        "IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_IPVLAN_MODE",
                        "IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_IPVLAN_FLAGS"),
                new ArrayList<>(allAttributes(IPVLAN).values()));
    }

    @Test
    void theMessageNamesTheAttributeBehindTheKernelsWords() throws NetlinkException {
        byte[] additions = Wires.join(
                Wires.attribute(Uapi.NLMSGERR_ATTR_MSG, Wires.text("Attribute failed policy validation")),
                number(Uapi.NLMSGERR_ATTR_OFFS, offsetOf(IPVLAN, "IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_IPVLAN_MODE")));

        assertEquals(
                "create ipvlan link 'eth0': value out of range [ERANGE: Attribute failed policy validation,"
                        + " attribute IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_IPVLAN_MODE]",
                refused(additions, IPVLAN).getMessage());
    }

    private static int offsetOf(NetlinkRequest request, String path) throws NetlinkException {
        return allAttributes(request).entrySet().stream()
                .filter(entry -> entry.getValue().equals(path))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    @Test
    void thePeerOfAVethHasLinkAttributesBehindAStructure() throws NetlinkException {
        LinkInfo.Veth veth = new LinkInfo.Veth(Optional.of(LinkRequest.create("peer0", new LinkInfo.Dummy())));

        assertTrue(allAttributes(LinkRequest.create("veth0", veth))
                .containsValue("IFLA_LINKINFO.IFLA_INFO_DATA.VETH_INFO_PEER.IFLA_IFNAME"));
    }

    @Test
    void theRowsOfAMultipathRouteAreLookedInto() throws NetlinkException {
        RouteRequest route = RouteRequest.add(IpPrefix.parse("10.0.0.0/8"))
                .nextHops(List.of(
                        NextHop.via(IpAddress.parse("192.0.2.1"), 2), NextHop.via(IpAddress.parse("192.0.2.2"), 3)));

        assertEquals(
                2,
                allAttributes(route).values().stream()
                        .filter("RTA_MULTIPATH.RTA_GATEWAY"::equals)
                        .count());
    }

    @Test
    void eachRequestOfABatchHasOffsetsOfItsOwn() throws NetlinkException {
        int offset = offsetOf(IPVLAN, "IFLA_LINKINFO");
        // The first has a length that is no multiple of four.
        NetlinkRequest other = new Raw(Uapi.RTM_NEWLINK, new byte[17]);

        assertEquals(Optional.of("IFLA_LINKINFO"), attributeAt(offset, other, other, IPVLAN));
    }

    @Test
    void anAttributeWithoutANameIsANumber() throws NetlinkException {
        byte[] unknown = Wires.join(new byte[16], Wires.attribute(99 | Uapi.NLA_F_NESTED, number(7, 1)));

        assertEquals(Optional.of("99"), attributeAt(32, new Raw(Uapi.RTM_NEWLINK, unknown)));
        assertEquals(Optional.of("99.7"), attributeAt(36, new Raw(Uapi.RTM_NEWLINK, unknown)));
        assertEquals(
                "make it: value out of range [ERANGE: attribute 99]",
                refused(number(Uapi.NLMSGERR_ATTR_OFFS, 32), new Raw(Uapi.RTM_NEWLINK, unknown))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 16, 31, 33, 36, 41, 43, 44, 10_000, 40_000, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void anOffsetAtWhichNothingBeginsNamesNothing(int offset) throws NetlinkException {
        // A name of five bytes at 32, then three of padding: the end is at 44.
        Raw request = new Raw(
                Uapi.RTM_NEWLINK, Wires.join(new byte[16], Wires.attribute(Uapi.IFLA_IFNAME, Wires.text("eth0"))));

        assertEquals(Optional.empty(), attributeAt(offset, request));
        assertEquals(
                "make it: value out of range [ERANGE]",
                refused(number(Uapi.NLMSGERR_ATTR_OFFS, offset), request).getMessage());
    }

    @Test
    void aMessageOfAnUnknownTypeHasNoNames() throws NetlinkException {
        assertEquals(Map.of(), allAttributes(TestRequest.named("make it")));
    }

    @Test
    void aSocketOfAnotherProtocolHasNoNames() throws NetlinkException {
        byte[] additions = Wires.join(
                number(Uapi.NLMSGERR_ATTR_OFFS, offsetOf(IPVLAN, "IFLA_LINK")),
                number(Uapi.NLMSGERR_ATTR_MISS_TYPE, Uapi.IFLA_LINK));
        byte[] answer = Wires.error(1, Uapi.NLM_F_CAPPED | Uapi.NLM_F_ACK_TLVS, -34, new byte[16], additions);
        ScriptedTransport transport = new ScriptedTransport().ofProtocol(16).answers(answer);
        try (NetlinkSocket socket = transport.socket()) {
            assertEquals(
                    "create ipvlan link 'eth0': value out of range [ERANGE: misses attribute 5]",
                    socket.exchange(List.of(IPVLAN))
                            .getFirst()
                            .refusal()
                            .orElseThrow()
                            .getMessage());
        }
    }

    @Test
    void noOffsetIntoAnyBytesBreaksTheRefusal() throws NetlinkException {
        Random random = new Random(7);
        for (int type : new int[] {Uapi.RTM_NEWLINK, Uapi.RTM_NEWROUTE}) {
            for (int i = 0; i < 200; i++) {
                byte[] body = Wires.bytes(Wires.bodyOf(IPVLAN));
                for (int j = 0; j < 4; j++) {
                    body[random.nextInt(body.length)] = (byte) random.nextInt(24);
                }
                Raw request = new Raw(type, body);
                byte[] additions = Wires.join(
                        number(Uapi.NLMSGERR_ATTR_OFFS, random.nextInt(120)),
                        Wires.join(
                                number(Uapi.NLMSGERR_ATTR_MISS_TYPE, random.nextInt(8)),
                                number(Uapi.NLMSGERR_ATTR_MISS_NEST, random.nextInt(120))));

                assertEquals(34, refused(additions, request).errno().number());
            }
        }
    }

    @Test
    void aMissingAttributeIsNamed() throws NetlinkException {
        NetlinkException.Refused refused = refused(number(Uapi.NLMSGERR_ATTR_MISS_TYPE, Uapi.IFLA_LINK), IPVLAN);

        assertEquals(Optional.of("IFLA_LINK"), refused.extendedAck().missing());
        assertEquals("create ipvlan link 'eth0': value out of range [ERANGE: misses IFLA_LINK]", refused.getMessage());
    }

    @Test
    void aMissingTypeThatNoAttributeCanHaveIsANumber() throws NetlinkException {
        assertEquals(
                Optional.of("4294967295"),
                refused(number(Uapi.NLMSGERR_ATTR_MISS_TYPE, -1), IPVLAN)
                        .extendedAck()
                        .missing());
    }

    @ParameterizedTest
    @CsvSource({
        "IFLA_LINKINFO, IFLA_LINKINFO.IFLA_INFO_DATA",
        "IFLA_LINKINFO.IFLA_INFO_DATA, " + "IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_IPVLAN_FLAGS"
    })
    void anAttributeMissingInANestIsNamedWithTheNest(String nest, String missing) throws NetlinkException {
        byte[] additions = Wires.join(
                number(Uapi.NLMSGERR_ATTR_MISS_TYPE, 2), number(Uapi.NLMSGERR_ATTR_MISS_NEST, offsetOf(IPVLAN, nest)));

        assertEquals(
                Optional.of(missing), refused(additions, IPVLAN).extendedAck().missing());
    }

    @Test
    void anAttributeMissingInAPlaceThatIsNotFoundIsANumber() throws NetlinkException {
        byte[] additions =
                Wires.join(number(Uapi.NLMSGERR_ATTR_MISS_TYPE, 2), number(Uapi.NLMSGERR_ATTR_MISS_NEST, 33));

        assertEquals(
                "create ipvlan link 'eth0': value out of range [ERANGE: misses attribute 2]",
                refused(additions, IPVLAN).getMessage());
    }

    private static byte[] longNumber(int type, long value) {
        return Wires.attribute(
                type,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.nativeOrder())
                        .putLong(value)
                        .array());
    }

    private static Optional<String> allowed(byte[]... policy) throws NetlinkException {
        byte[] all = {};
        for (byte[] attribute : policy) {
            all = Wires.join(all, attribute);
        }
        return refused(Wires.attribute(Uapi.NLMSGERR_ATTR_POLICY, all), IPVLAN)
                .extendedAck()
                .allowed();
    }

    @Test
    void whatWouldHaveBeenAllowedIsInWords() throws NetlinkException {
        byte[] u16 = number(Uapi.NL_POLICY_TYPE_ATTR_TYPE, 3);
        byte[] s32 = number(Uapi.NL_POLICY_TYPE_ATTR_TYPE, 8);
        byte[] u64 = number(Uapi.NL_POLICY_TYPE_ATTR_TYPE, 5);
        byte[] text = number(Uapi.NL_POLICY_TYPE_ATTR_TYPE, 12);
        byte[] bytes = number(Uapi.NL_POLICY_TYPE_ATTR_TYPE, 10);

        assertEquals(
                Optional.of("a u16 from 0 to 2"),
                allowed(
                        u16,
                        longNumber(Uapi.NL_POLICY_TYPE_ATTR_MIN_VALUE_U, 0),
                        longNumber(Uapi.NL_POLICY_TYPE_ATTR_MAX_VALUE_U, 2)));
        assertEquals(
                Optional.of("an s32 from -1 to 7"),
                allowed(
                        s32,
                        longNumber(Uapi.NL_POLICY_TYPE_ATTR_MIN_VALUE_S, -1),
                        longNumber(Uapi.NL_POLICY_TYPE_ATTR_MAX_VALUE_S, 7)));
        assertEquals(
                Optional.of("a u64 to 18446744073709551615"),
                allowed(u64, longNumber(Uapi.NL_POLICY_TYPE_ATTR_MAX_VALUE_U, -1)));
        assertEquals(Optional.of("a u16 of bits 0x3"), allowed(u16, longNumber(Uapi.NL_POLICY_TYPE_ATTR_MASK, 3)));
        assertEquals(
                Optional.of("text of at most 15 bytes"),
                allowed(text, number(Uapi.NL_POLICY_TYPE_ATTR_MAX_LENGTH, 15)));
        assertEquals(
                Optional.of("6 bytes"),
                allowed(
                        bytes,
                        number(Uapi.NL_POLICY_TYPE_ATTR_MIN_LENGTH, 6),
                        number(Uapi.NL_POLICY_TYPE_ATTR_MAX_LENGTH, 6)));
        assertEquals(
                Optional.of("2 to 6 bytes"),
                allowed(
                        bytes,
                        number(Uapi.NL_POLICY_TYPE_ATTR_MIN_LENGTH, 2),
                        number(Uapi.NL_POLICY_TYPE_ATTR_MAX_LENGTH, 6)));
        assertEquals(Optional.of("at least 2 bytes"), allowed(bytes, number(Uapi.NL_POLICY_TYPE_ATTR_MIN_LENGTH, 2)));
        assertEquals(Optional.empty(), allowed(number(Uapi.NL_POLICY_TYPE_ATTR_TYPE, 99)));
        assertEquals(Optional.empty(), allowed());
    }

    @Test
    void aPolicyThatMakesNoSenseLeavesTheRest() throws NetlinkException {
        byte[] additions = Wires.join(
                Wires.attribute(Uapi.NLMSGERR_ATTR_POLICY, number(Uapi.NL_POLICY_TYPE_ATTR_MAX_VALUE_U, 2)),
                number(Uapi.NLMSGERR_ATTR_MISS_TYPE, Uapi.IFLA_LINK));

        assertEquals(
                "create ipvlan link 'eth0': value out of range [ERANGE: misses IFLA_LINK]",
                refused(additions, IPVLAN).getMessage());
    }

    @Test
    void aPolicyIsReadBehindTheAttribute() throws NetlinkException {
        byte[] policy = Wires.attribute(
                Uapi.NLMSGERR_ATTR_POLICY,
                Wires.join(
                        number(Uapi.NL_POLICY_TYPE_ATTR_TYPE, 3), longNumber(Uapi.NL_POLICY_TYPE_ATTR_MAX_VALUE_U, 2)));
        byte[] additions = Wires.join(policy, number(Uapi.NLMSGERR_ATTR_OFFS, offsetOf(IPVLAN, "IFLA_LINK")));

        assertEquals(
                "create ipvlan link 'eth0': value out of range [ERANGE: attribute IFLA_LINK, allowed is a u16 to 2]",
                refused(additions, IPVLAN).getMessage());
    }
}
