package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.Wires;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinkMessageTest {
    private static final int RTM_NEWLINK = 16;

    /// An ipvlan child as Linux 7.2 reports it, shortened: index 2147483001, up, with attributes nobody asks for.
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
            0400 3480""");

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
                        0x100c3,
                        1500,
                        OptionalInt.of(5),
                        OptionalInt.of(3),
                        OptionalInt.empty(),
                        Optional.of(new LinkInfo.Ipvlan(LinkInfo.Ipvlan.L3S, LinkInfo.Ipvlan.PRIVATE))),
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
                        8,
                        65536,
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        OptionalInt.of(9),
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
        assertEquals(
                new LinkInfo.Vlan(139),
                info("0900 0100 766c616e00 000000 1400 0280 0600 0500 8100 0000 0600 0100 8b00 0000"));
        assertEquals(LinkInfo.Ipvlan.of(7), info("0b00 0100 6970766c616e00 00 0c00 0200 0600 0100 0700 0000"));
    }

    @Test
    void aKindWithoutItsDataHasTheKernelsDefaults() throws Exception {
        assertEquals(LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L3), info("0b00 0100 6970766c616e00 00"));
        assertEquals(new LinkInfo.Vlan(0), info("0900 0100 766c616e00 000000"));
    }

    @Test
    void theKindMayComeBehindItsData() throws Exception {
        assertEquals(new LinkInfo.Vlan(5), info("0c00 0200 0600 0100 0500 0000 0900 0100 766c616e00 000000"));
    }

    @Test
    void anUnknownKindIsKeptWithItsBytes() throws Exception {
        LinkInfo bridge = info("0b00 0100 62726964676500 00 0c00 0280 0800 0100 dc050000");

        assertEquals(new LinkInfo.Unknown("bridge", Wires.bytes("0800 0100 dc050000")), bridge);
        assertEquals("bridge (8 bytes)", bridge.toString());
        assertEquals(new LinkInfo.Unknown("veth", new byte[0]), info("0900 0100 7665746800 000000"));
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
        "vlan id of one byte, 0900 0100 766c616e00 000000 0c00 0200 0500 0100 07000000"
    })
    void aKnownKindWhoseDataMakesNoSenseIsMalformed(String title, String attributes) {
        assertThrows(NetlinkException.Malformed.class, () -> info(attributes), title);
    }
}
