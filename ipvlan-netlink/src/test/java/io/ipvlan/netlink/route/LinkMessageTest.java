package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.Wires;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkMessageTest {
    private static final int RTM_NEWLINK = 16;

    /// An ipvlan child as Linux 7.2 reports it, shortened: index 2147483001, up, with attributes nobody asks
    /// for.
    private static final byte[] CHILD = Wires.bytes("""
            00 00 0100 79fdff7f c3000100 00000000
            0900 0300 6574683000 000000
            0800 0d00 e8030000
            0500 1000 06 000000
            0800 0400 dc050000
            0a00 0100 02420a000001 0000
            0800 0500 05000000
            0800 2500 03000000
            2c00 1200
              0b00 0100 6970766c616e00 00
              0800 0900 aabbccdd
              1400 0200 0600 0100 0200 0000 0600 0200 0100 0000
            0400 3480
            0800 0d00 e8030000  0500 1000 02 000000  0500 2100 01 000000  0800 1b00 09000000
            0800 3200 44000000  0800 3300 ffff0000  0900 1400 7374617274 000000
            1800 3480 0800 3500 616c7400 0a00 3500 6f7468657200 0000
            2400 1a00 0c00 0200 08000100 01000000 1400 0a00 0800 0100 01000000 0500 0800 03 000000""");

    private static LinkMessage decode(byte[] body) throws NetlinkException.Malformed {
        return Objects.requireNonNull(LinkMessage.decode(Wires.message(RTM_NEWLINK, body)));
    }

    private static LinkInfo info(String attributes) throws NetlinkException.Malformed {
        byte[] value = Wires.bytes(attributes);
        String header = "%02x00 1200".formatted(4 + value.length);
        return decode(Wires.bytes("00 00 0100 01000000 00000000 00000000" + header + attributes))
                .info()
                .orElseThrow();
    }

    @Test
    void aChildIsReadWithItsParentNamespaceModeAndFlags() throws Exception {
        LinkMessage child = decode(CHILD);

        assertEquals(
                new LinkMessage(
                        2147483001,
                        "eth0",
                        1,
                        0x100c3,
                        1500,
                        68,
                        65535,
                        OptionalInt.of(5),
                        OptionalInt.of(3),
                        OptionalInt.empty(),
                        9,
                        1000,
                        OperationalState.DOWN,
                        true,
                        HardwareAddress.parse("02:42:0a:00:00:01"),
                        Optional.of("start"),
                        List.of("alt", "other"),
                        OptionalInt.of(AddressGeneration.RANDOM),
                        Optional.of(new LinkInfo.Ipvlan(LinkInfo.Ipvlan.L3S, LinkInfo.Ipvlan.PRIVATE)),
                        Optional.empty()),
                child);
        assertTrue(child.isUp());
    }

    @Test
    void aLinkWithoutAKindAndDownIsThat() throws Exception {
        // master 9, link 0 (a tunnel that stands on nothing)
        LinkMessage link = decode(Wires.bytes("""
                00 00 0403 01000000 08000000 00000000
                0700 0300 6c6f00 00  0800 0400 00000100  0800 0a00 09000000  0800 0500 00000000"""));

        assertEquals(
                new LinkMessage(
                        1,
                        "lo",
                        772,
                        8,
                        65536,
                        0,
                        0,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalInt.of(9),
                        0,
                        0,
                        OperationalState.UNKNOWN,
                        false,
                        HardwareAddress.NONE,
                        Optional.empty(),
                        List.of(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.empty()),
                link);
        assertFalse(link.isUp());
    }

    @Test
    void anotherMessageIsPassedOver() throws Exception {
        assertNull(LinkMessage.decode(Wires.message(20, CHILD)));
    }

    @Test
    void everyTruncationIsMalformedOrALinkThatLacksWhatWasCutOff() {
        for (int length = 0; length < CHILD.length; length++) {
            byte[] cut = Arrays.copyOf(CHILD, length);
            try {
                assertEquals(2147483001, decode(cut).index());
            } catch (NetlinkException.Malformed e) {
                assertTrue(String.valueOf(e.getMessage()).contains("bytes"), e.getMessage());
            }
        }
    }

    @Test
    void knownKindsAreRead() throws Exception {
        assertEquals(new LinkInfo.Dummy(), info("0a00 0100 64756d6d7900 0000"));
        assertEquals(new LinkInfo.Vlan(139), info("""
                        0900 0100 766c616e00 000000 2000 0280
                          0600 0500 8100 0000  0600 0100 8b00 0000  0c00 0200 01000000 ffffffff"""));
        assertEquals(LinkInfo.Ipvlan.of(7), info("0b00 0100 6970766c616e00 00 0c00 0200 0600 0100 0700 0000"));
    }

    @Test
    void whatBelongsToAKindIsRead() throws Exception {
        // reorder_hdr on gvrp on, 802.1ad, ingress 1:2 3:4, egress 5:6
        assertEquals(
                new LinkInfo.Vlan(
                        5,
                        LinkInfo.Vlan.DOT1AD,
                        LinkInfo.Vlan.REORDER_HEADER | LinkInfo.Vlan.GVRP,
                        List.of(new LinkInfo.Vlan.PriorityMap(1, 2), new LinkInfo.Vlan.PriorityMap(3, 4)),
                        List.of(new LinkInfo.Vlan.PriorityMap(5, 6))),
                info("""
                        0900 0100 766c616e00 000000 5000 0200
                          0600 0500 88a8 0000  0600 0100 0500 0000  0c00 0200 03000000 ffffffff
                          1c00 0480 0c00 0100 01000000 02000000 0c00 0100 03000000 04000000
                          1000 0380 0c00 0100 05000000 06000000 0400 0900"""));
        assertEquals(
                new LinkInfo.Ipvtap(LinkInfo.Ipvlan.L2, LinkInfo.Ipvlan.VEPA),
                info("0b00 0100 69707674617000 00 1400 0200 0600 0100 0000 0000 0600 0200 0200 0000"));
        assertEquals(
                new LinkInfo.Macvlan(LinkInfo.Macvlan.PASSTHRU, LinkInfo.Macvlan.NO_PROMISCUITY),
                info("0c00 0100 6d6163766c616e00 1400 0200 0800 0100 08000000 0600 0200 0100 0000"));
        assertEquals(new LinkInfo.Veth(Optional.empty()), info("0900 0100 7665746800 000000"));
        assertEquals(new LinkInfo.Bridge(1, 2, 3, 4, 5, 6, true), info("""
                        0b00 0100 62726964676500 00 3c00 0200
                          0800 0100 01000000  0800 0200 02000000  0800 0300 03000000  0800 0400 04000000
                          0800 0500 05000000  0600 0600 0600 0000  0500 0700 01 000000"""));
        assertEquals(new LinkInfo.Bond(1, 100, OptionalInt.of(7)), info("""
                        0900 0100 626f6e6400 000000 1c00 0200
                          0500 0100 01 000000  0800 0200 07000000  0800 0300 64000000"""));
        assertEquals(
                new LinkInfo.Tun(LinkInfo.Tun.TAP, OptionalInt.of(1000), OptionalInt.of(100), true, true, true, true),
                info("""
                        0800 0100 74756e00 3c00 0200
                          0800 0100 e8030000  0800 0200 64000000  0500 0300 02 000000  0500 0400 01 000000
                          0500 0500 01 000000  0500 0600 01 000000  0500 0700 01 000000"""));
    }

    @Test
    void statisticsAreRead() throws Exception {
        StringBuilder counters = new StringBuilder("c800 1700 ");
        for (int i = 1; i <= 24; i++) {
            counters.append("%02x00000000000000".formatted(i));
        }
        counters.append("0000");
        byte[] body = Wires.bytes(
                "00 00 0100 01000000 00000000 00000000" + counters.toString().replace("c800", "c400") + "0000");

        assertEquals(
                Optional.of(new LinkStatistics(
                        new LinkStatistics.Traffic(1, 3, 5, 7), new LinkStatistics.Traffic(2, 4, 6, 8), 9, 10, 24)),
                decode(Arrays.copyOf(body, 16 + 196)).statistics());
        // A kernel that does not count the packets nobody wanted.
        byte[] older = Arrays.copyOf(body, 16 + 188);
        older[16] = (byte) 188;
        assertEquals(0, decode(older).statistics().orElseThrow().unclaimed());
        // Too short for what every kernel counts.
        byte[] cut = Arrays.copyOf(body, 16 + 80);
        cut[16] = 80;
        assertThrows(NetlinkException.Malformed.class, () -> decode(cut));
    }

    @Test
    void aKindWithoutItsDataHasTheKernelsDefaults() throws Exception {
        assertEquals(LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L3), info("0b00 0100 6970766c616e00 00"));
        assertEquals(
                new LinkInfo.Vlan(0, LinkInfo.Vlan.DOT1Q, 0, List.of(), List.of()),
                info("0900 0100 766c616e00 000000"),
                "flags of zero are left out");
    }

    @Test
    void theKindMayComeBehindItsData() throws Exception {
        assertEquals(
                LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L3S),
                info("0c00 0200 0600 0100 0200 0000 0b00 0100 6970766c616e00 00"));
    }

    @Test
    void anUnknownKindIsKeptWithItsBytes() throws Exception {
        LinkInfo bridge = info("0b00 0100 66726964676500 00 0c00 0280 0800 0100 dc050000");

        assertEquals(new LinkInfo.Unknown("fridge", Wires.bytes("0800 0100 dc050000")), bridge);
        assertEquals("fridge (8 bytes)", bridge.toString());
        assertEquals(new LinkInfo.Unknown("meth", new byte[0]), info("0900 0100 6d65746800 000000"));
        assertEquals(new LinkInfo.Unknown("", new byte[0]), info("0800 0700 01000000"), "without a name");
    }

    @Test
    void bytesThatAreKeptCannotBeChanged() {
        byte[] data = {1, 2};
        LinkInfo.Unknown unknown = new LinkInfo.Unknown("bridge", data);
        data[0] = 9;
        unknown.data()[1] = 9;

        assertEquals(new LinkInfo.Unknown("bridge", new byte[] {1, 2}), unknown);
        assertEquals(new LinkInfo.Unknown("bridge", new byte[] {1, 2}).hashCode(), unknown.hashCode());
    }

    @ParameterizedTest
    @CsvSource({
        "ipvlan mode of one byte, 0b00 0100 6970766c616e00 00 0c00 0200 0500 0100 07000000",
        "data longer than its attribute, 0b00 0100 6970766c616e00 00 0c00 0200 0900 0100 07000000",
        "a vlan map of four bytes, 0900 0100 766c616e00 000000 1000 0200 0c00 0400 0800 0100 07000000",
        "vlan flags of one byte, 0900 0100 766c616e00 000000 0c00 0200 0500 0200 07000000",
        "a vlan protocol of one byte, 0900 0100 766c616e00 000000 0c00 0200 0500 0500 07000000",
        "vlan id of one byte, 0900 0100 766c616e00 000000 0c00 0200 0500 0100 07000000"
    })
    void aKnownKindWhoseDataMakesNoSenseIsMalformed(String title, String attributes) {
        assertThrows(NetlinkException.Malformed.class, () -> info(attributes), title);
    }
}
