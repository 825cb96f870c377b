package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.internal.Uapi;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.NextHop;
import io.ipvlan.netlink.route.RouteRequest;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Datagrams in words.
class DatagramTextTest {
    private static List<String> lines(byte[]... messages) {
        byte[] datagram = {};
        for (byte[] message : messages) {
            datagram = Wires.join(datagram, message);
        }
        return DatagramText.lines(MemorySegment.ofArray(datagram), Uapi.NETLINK_ROUTE);
    }

    /// The only line of a message with these attributes behind a `struct ifinfomsg` of zeros.
    private static String attributes(byte[]... attributes) {
        byte[] body = new byte[16];
        for (byte[] attribute : attributes) {
            body = Wires.join(body, attribute);
        }
        String start = "RTM_NEWLINK 0 seq 1 port 4711"
                + " {ifi_family=AF_UNSPEC, ifi_type=0, ifi_index=0, ifi_flags=0, ifi_change=0} ";
        String line = lines(Wires.framed(Uapi.RTM_NEWLINK, 0, 1, body)).getFirst();
        assertTrue(line.startsWith(start), line);
        return line.substring(start.length());
    }

    private static String sent(NetlinkRequest request) {
        byte[] message = Wires.written(writer -> MessageHeader.write(writer, request, Uapi.NLM_F_ACK, 5));
        return lines(message).getFirst();
    }

    @Test
    void aRequestToCreateALink() {
        assertEquals(
                "RTM_NEWLINK NLM_F_REQUEST|NLM_F_ACK|NLM_F_EXCL|NLM_F_CREATE seq 5"
                        + " {ifi_family=AF_UNSPEC, ifi_type=0, ifi_index=4001, ifi_flags=IFF_UP, ifi_change=IFF_UP}"
                        + " IFLA_IFNAME=\"eth0\", IFLA_LINK=4000, IFLA_LINKINFO={IFLA_INFO_KIND=\"ipvlan\","
                        + " IFLA_INFO_DATA={IFLA_IPVLAN_MODE=IPVLAN_MODE_L3, IFLA_IPVLAN_FLAGS=IPVLAN_F_PRIVATE}}",
                sent(LinkRequest.create("eth0", new LinkInfo.Ipvlan(LinkInfo.Ipvlan.L3, LinkInfo.Ipvlan.PRIVATE))
                        .linkedTo(4000)
                        .withIndex(4001)
                        .up()));
    }

    @Test
    void aVethHasItsPeerInside() {
        LinkInfo.Veth veth = new LinkInfo.Veth(Optional.of(LinkRequest.create("peer0", new LinkInfo.Dummy())));
        String line = sent(LinkRequest.create("veth0", veth));

        assertTrue(
                line.contains("IFLA_INFO_DATA={VETH_INFO_PEER={{ifi_family=AF_UNSPEC, ifi_type=0, ifi_index=0,"
                        + " ifi_flags=0, ifi_change=0} IFLA_IFNAME=\"peer0\""),
                line);
    }

    @Test
    void aRouteWithSeveralNextHops() {
        assertEquals(
                "RTM_NEWROUTE NLM_F_REQUEST|NLM_F_ACK|NLM_F_EXCL|NLM_F_CREATE seq 5"
                        + " {rtm_family=AF_INET, rtm_dst_len=8, rtm_src_len=0, rtm_tos=0, rtm_table=RT_TABLE_MAIN,"
                        + " rtm_protocol=RTPROT_STATIC, rtm_scope=RT_SCOPE_UNIVERSE, rtm_type=RTN_UNICAST, rtm_flags=0}"
                        + " RTA_DST=10.0.0.0, RTA_MULTIPATH="
                        + "{{rtnh_len=16, rtnh_flags=0, rtnh_hops=0, rtnh_ifindex=2} RTA_GATEWAY=192.0.2.1,"
                        + " {rtnh_len=16, rtnh_flags=0, rtnh_hops=0, rtnh_ifindex=3} RTA_GATEWAY=192.0.2.2}",
                sent(RouteRequest.add(IpPrefix.parse("10.0.0.0/8"))
                        .nextHops(List.of(
                                NextHop.via(IpAddress.parse("192.0.2.1"), 2),
                                NextHop.via(IpAddress.parse("192.0.2.2"), 3)))));
    }

    @Test
    void anAcknowledgementAndTheEndOfADump() {
        byte[] header = Wires.framed(Uapi.RTM_NEWLINK, 0x605, 1, new byte[0]);
        assertEquals(
                List.of(
                        "NLMSG_ERROR NLM_F_CAPPED seq 1 port 4711 error=0 of RTM_NEWLINK seq 1",
                        "NLMSG_DONE NLM_F_MULTI seq 2 port 4711 error=0",
                        "NLMSG_DONE 0 seq 3 port 4711"),
                lines(
                        Wires.error(1, Uapi.NLM_F_CAPPED, 0, header, new byte[0]),
                        Wires.done(2),
                        Wires.framed(Uapi.NLMSG_DONE, 0, 3, new byte[0])));
    }

    @Test
    void aRefusalWithAllItsAdditions() {
        byte[] additions = Wires.join(
                Wires.join(
                        Wires.attribute(Uapi.NLMSGERR_ATTR_MSG, Wires.text("Attribute failed policy validation")),
                        Wires.attribute(Uapi.NLMSGERR_ATTR_OFFS, Wires.number(52))),
                Wires.attribute(
                        Uapi.NLMSGERR_ATTR_POLICY | Uapi.NLA_F_NESTED,
                        Wires.join(
                                Wires.attribute(Uapi.NL_POLICY_TYPE_ATTR_TYPE, Wires.number(3)),
                                Wires.attribute(
                                        Uapi.NL_POLICY_TYPE_ATTR_MAX_VALUE_U, Wires.bytes("0200000000000000")))));
        String expected = "NLMSGERR_ATTR_MSG=\"Attribute failed policy validation\", NLMSGERR_ATTR_OFFS=52,"
                + " NLMSGERR_ATTR_POLICY={NL_POLICY_TYPE_ATTR_TYPE=NL_ATTR_TYPE_U16,"
                + " NL_POLICY_TYPE_ATTR_MAX_VALUE_U=2}";
        byte[] request = Wires.framed(Uapi.RTM_NEWLINK, 0x605, 1, new byte[17]);
        byte[] header = Wires.framed(Uapi.RTM_NEWLINK, 0x605, 1, new byte[0]);

        assertEquals(
                List.of(
                        "NLMSG_ERROR NLM_F_CAPPED|NLM_F_ACK_TLVS seq 1 port 4711 error=-ERANGE of RTM_NEWLINK seq 1 "
                                + expected,
                        "NLMSG_ERROR NLM_F_ACK_TLVS seq 1 port 4711 error=-ERANGE of RTM_NEWLINK seq 1 " + expected,
                        "NLMSG_DONE NLM_F_ACK_TLVS seq 1 port 4711 error=-EBUSY " + expected,
                        "NLMSG_ERROR 0 seq 1 port 4711 error=-512 of RTM_NEWLINK seq 1"),
                lines(
                        Wires.error(1, Uapi.NLM_F_CAPPED | Uapi.NLM_F_ACK_TLVS, -34, header, additions),
                        Wires.error(1, Uapi.NLM_F_ACK_TLVS, -34, request, additions),
                        Wires.framed(Uapi.NLMSG_DONE, Uapi.NLM_F_ACK_TLVS, 1, Wires.join(Wires.number(-16), additions)),
                        Wires.error(1, 0, -512, header, new byte[0])));
    }

    @Test
    void aQuestionAboutAllLinksNeedsAFamilyOnly() {
        assertEquals(
                List.of("RTM_GETLINK NLM_F_REQUEST|NLM_F_DUMP seq 1 port 4711 {rtgen_family=AF_INET6}"),
                lines(Wires.framed(Uapi.RTM_GETLINK, 0x301, 1, new byte[] {10})));
    }

    @Test
    void messagesOfOtherProtocolsHaveNumbersForNames() {
        byte[] datagram = Wires.join(
                Wires.framed(Uapi.RTM_NEWLINK, 0x301, 1, Wires.bytes("0102")),
                Wires.error(1, Uapi.NLM_F_CAPPED, -1, Wires.framed(Uapi.RTM_NEWLINK, 0, 1, new byte[0]), new byte[0]));

        assertEquals(
                List.of(
                        "16 NLM_F_REQUEST|0x300 seq 1 port 4711 0x0102",
                        "NLMSG_ERROR NLM_F_CAPPED seq 1 port 4711 error=-EPERM of 16 seq 1"),
                DatagramText.lines(MemorySegment.ofArray(datagram), 16));
    }

    @Test
    void valuesAreShownAsWhatTheyAre() {
        assertEquals(
                "IFLA_ADDRESS=02:00:00:00:00:09, IFLA_LINK_NETNSID=-1, IFLA_OPERSTATE=6, IFLA_MTU=4294967295,"
                        + " IFLA_IFALIAS=\"a\\x22\\xc3\\xa9\\x1b\", IFLA_PROP_LIST={IFLA_ALT_IFNAME=\"x\"},"
                        + " IFLA_COST=0x0102, 99=0x01, 98={7=0x02}, IFLA_STATS64=[1, 2], IFLA_PORT_SELF",
                attributes(
                        Wires.attribute(1, Wires.bytes("020000000009")),
                        Wires.attribute(37, Wires.number(-1)),
                        Wires.attribute(16, Wires.bytes("06")),
                        Wires.attribute(4, Wires.number(-1)),
                        Wires.attribute(20, Wires.text("a\"\u00e9\u001b")),
                        Wires.attribute(52, Wires.attribute(53, Wires.text("x"))),
                        Wires.attribute(8, Wires.bytes("0102")),
                        Wires.attribute(99, Wires.bytes("01")),
                        Wires.attribute(98 | Uapi.NLA_F_NESTED, Wires.attribute(7, Wires.bytes("02"))),
                        Wires.attribute(23, Wires.bytes("0100000000000000 0200000000000000")),
                        Wires.attribute(25, new byte[0])));
    }

    @Test
    void valuesOfTheWrongLengthAreHex() {
        assertEquals(
                "IFLA_MTU=0x010203, IFLA_LINK_NETNSID=0x010203, IFLA_STATS64=0x010203, IFLA_LINKINFO={"
                        + "IFLA_INFO_KIND=\"vlan\", IFLA_INFO_DATA={IFLA_VLAN_PROTOCOL=0x010203}}",
                attributes(
                        Wires.attribute(4, Wires.bytes("010203")),
                        Wires.attribute(37, Wires.bytes("010203")),
                        Wires.attribute(23, Wires.bytes("010203")),
                        Wires.attribute(
                                18,
                                Wires.join(
                                        Wires.attribute(1, Wires.text("vlan")),
                                        Wires.attribute(2, Wires.attribute(5, Wires.bytes("010203")))))));
        assertEquals(
                "RTM_NEWROUTE 0 seq 1 port 4711 {rtm_family=AF_UNSPEC, rtm_dst_len=0, rtm_src_len=0, rtm_tos=0,"
                        + " rtm_table=RT_TABLE_UNSPEC, rtm_protocol=RTPROT_UNSPEC, rtm_scope=RT_SCOPE_UNIVERSE,"
                        + " rtm_type=RTN_UNSPEC, rtm_flags=0} RTA_DST=0x010203, RTA_VIA=0x0200010203, RTA_VIA=0x02,"
                        + " RTA_VIA=AF_INET 192.0.2.1",
                lines(Wires.framed(
                                Uapi.RTM_NEWROUTE,
                                0,
                                1,
                                Wires.join(
                                        Wires.join(new byte[12], Wires.attribute(1, Wires.bytes("010203"))),
                                        Wires.join(
                                                Wires.attribute(18, Wires.bytes("0200010203")),
                                                Wires.join(
                                                        Wires.attribute(18, Wires.bytes("02")),
                                                        Wires.attribute(18, Wires.bytes("0200c0000201")))))))
                        .getFirst());
    }

    @Test
    void longValuesAreCutAndTheirLengthIsSaid() {
        assertEquals(
                "IFLA_MAP=0x" + "00".repeat(32) + "...(33 bytes), IFLA_IFALIAS=\"" + "a".repeat(128)
                        + "\"...(130 bytes), IFLA_STATS=[" + "0, ".repeat(16) + "...(17 numbers)]",
                attributes(
                        Wires.attribute(14, new byte[33]),
                        Wires.attribute(20, "a".repeat(130).getBytes(StandardCharsets.UTF_8)),
                        Wires.attribute(7, new byte[17 * 4])));
    }

    @Test
    void attributesThatMakeNoSenseEndInHex() {
        assertEquals(
                "IFLA_MTU=1, malformed 0x0300040001",
                attributes(Wires.attribute(4, Wires.number(1)), Wires.bytes("0300040001")));
        assertEquals("malformed 0x0101", attributes(Wires.bytes("0101")));
        assertEquals("malformed 0x0900040001020304", attributes(Wires.bytes("0900040001020304")));
    }

    @Test
    void aMessageThatIsCutIsShownAsFarAsItGoes() {
        byte[] message = Wires.framed(Uapi.RTM_NEWLINK, 0, 1, Wires.bytes("0a00 0100 0500 0000 4100 0000 0000 0000"));
        byte[] cut = Arrays.copyOf(message, 26);

        assertEquals(
                List.of("RTM_NEWLINK 0 seq 1 port 4711 {ifi_family=AF_INET6, ifi_type=1, ifi_index=5, malformed 0x4100}"
                        + " (claims 32 bytes where 26 are left)"),
                lines(cut));
    }

    @Test
    void bytesThatAreNoMessageAreHex() {
        assertEquals(List.of("malformed 0x010203"), lines(Wires.bytes("010203")));
        assertEquals(
                List.of("NLMSG_DONE NLM_F_MULTI seq 1 port 4711 error=0", "malformed 0x01020304"),
                lines(Wires.done(1), Wires.bytes("01020304")));
        assertEquals(
                List.of("4660 NLM_F_REQUEST|0xff00 seq 4294967295 0x05 (claims 3 bytes where 17 are left)"),
                lines(Wires.bytes("03000000 3412 01ff ffffffff 00000000 05")));
        assertEquals(List.of(), lines());
    }

    @Test
    void anAnswerThatIsTooShortIsHex() {
        assertEquals(
                List.of(
                        "NLMSG_ERROR 0 seq 1 port 4711 0x0102",
                        "NLMSG_ERROR 0 seq 1 port 4711 error=-EPERM 0x01",
                        "NLMSG_ERROR 0 seq 1 port 4711 error=-2147483648",
                        "NLMSG_DONE 0 seq 1 port 4711 0x0102"),
                lines(
                        Wires.framed(Uapi.NLMSG_ERROR, 0, 1, Wires.bytes("0102")),
                        Wires.framed(Uapi.NLMSG_ERROR, 0, 1, Wires.join(Wires.number(-1), Wires.bytes("01"))),
                        Wires.framed(Uapi.NLMSG_ERROR, 0, 1, Wires.number(Integer.MIN_VALUE)),
                        Wires.framed(Uapi.NLMSG_DONE, 0, 1, Wires.bytes("0102"))));
    }

    @Test
    void nestsWithoutEndAreCutInDepth() {
        byte[] nest = new byte[0];
        for (int i = 0; i < 4000; i++) {
            nest = Wires.attribute(Uapi.IFLA_PROP_LIST, nest);
        }

        String line = attributes(nest);
        assertTrue(line.startsWith("IFLA_PROP_LIST={".repeat(16) + "IFLA_PROP_LIST=0x"), line);
        assertTrue(line.endsWith(" bytes)" + "}".repeat(16)), line);
    }

    @Test
    void anyBytesAreDescribed() {
        Random random = new Random(11);
        for (int i = 0; i < 3000; i++) {
            byte[] body = new byte[random.nextInt(64)];
            for (int j = 0; j < body.length; j++) {
                body[j] = (byte) random.nextInt(random.nextBoolean() ? 256 : 24);
            }
            int type = List.of(2, 3, 16, 18, 20, 24, 28, 32, 88, 108, 77).get(random.nextInt(11));
            List<String> lines = lines(Wires.framed(type, random.nextInt(0x400), 1, body));

            assertEquals(1, lines.size());
            assertFalse(lines.getFirst().contains("\n"));
        }
    }
}
