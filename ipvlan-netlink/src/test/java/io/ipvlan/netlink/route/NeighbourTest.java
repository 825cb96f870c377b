package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.Wires;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Neighbours in both directions: struct ndmsg (family, three bytes of nothing, index, state, flags, type),
/// then attributes.
class NeighbourTest {
    private static final int RTM_NEWNEIGH = 28;
    private static final IpAddress ADDRESS = IpAddress.parse("10.0.0.9");
    private static final HardwareAddress HARDWARE = HardwareAddress.parse("02:42:0a:00:00:09");

    private static void assertBody(NeighbourRequest request, String expected) {
        assertEquals(expected.replaceAll("\\s", ""), Wires.bodyOf(request));
    }

    private static NeighbourMessage decode(String hex) throws NetlinkException.Malformed {
        return Objects.requireNonNull(NeighbourMessage.decode(Wires.message(RTM_NEWNEIGH, Wires.bytes(hex))));
    }

    @Test
    void aNeighbourIsAddedForGood() {
        // ip neigh add 10.0.0.9 lladdr 02:42:0a:00:00:09 dev eth0
        NeighbourRequest request = NeighbourRequest.add(7, ADDRESS, HARDWARE);

        assertEquals(28, request.type());
        assertEquals(0x600, request.flags(), "CREATE | EXCL");
        assertBody(request, """
                02 000000 07000000 8000 00 00
                0800 0100 0a000009  0a00 0200 02420a000009 0000""");
        assertEquals("add neighbour 10.0.0.9 at 02:42:0a:00:00:09 on link 7", request.toString());
    }

    @Test
    void aNeighbourIsReplacedWithWhatIsSaidOfIt() {
        // ip -6 neigh replace 2001:db8::9 lladdr 02:42:0a:00:00:09 dev eth0 nud stale router protocol 99
        NeighbourRequest request = NeighbourRequest.replace(7, IpAddress.parse("2001:db8::9"), HARDWARE)
                .state(NeighbourState.STALE)
                .neighbourFlags(NeighbourFlag.ROUTER)
                .protocol(99);

        assertEquals(0x500, request.flags(), "CREATE | REPLACE");
        assertBody(request, """
                0a 000000 07000000 0400 80 00
                1400 0100 20010db8000000000000000000000009  0a00 0200 02420a000009 0000  0500 0c00 63 000000""");
    }

    @Test
    void aNeighbourIsForgotten() {
        // ip neigh del 10.0.0.9 dev eth0
        NeighbourRequest request = NeighbourRequest.delete(7, ADDRESS);

        assertEquals(29, request.type());
        assertEquals(0, request.flags());
        assertBody(request, "02 000000 07000000 0000 00 00  0800 0100 0a000009");
        assertEquals("delete neighbour 10.0.0.9 on link 7", request.toString());
    }

    @Test
    void aProxyEntryIsAddedAndDeleted() {
        // ip neigh add proxy 10.0.0.9 dev eth0
        NeighbourRequest add = NeighbourRequest.addProxy(7, ADDRESS);
        assertBody(add, "02 000000 07000000 8000 08 00  0800 0100 0a000009");
        assertEquals("answer for 10.0.0.9 on link 7", add.toString());

        NeighbourRequest delete = NeighbourRequest.deleteProxy(0, ADDRESS);
        assertEquals(29, delete.type());
        assertBody(delete, "02 000000 00000000 0000 08 00  0800 0100 0a000009");
        assertEquals("no longer answer for 10.0.0.9 on link 0", delete.toString());
    }

    @Test
    void aNeighbourIsRead() throws Exception {
        // With NDA_CACHEINFO, which nobody asks for.
        NeighbourMessage message = decode("""
                02 000000 07000000 0200 10 01
                0800 0100 0a000009  0a00 0200 02420a000009 0000  0800 0400 03000000
                1400 0300 01000000 02000000 03000000 04000000
                0800 0900 08000000  0500 0c00 63 000000  0800 0f00 01000000""");

        assertEquals(
                new NeighbourMessage(
                        7,
                        ADDRESS,
                        Optional.of(HARDWARE),
                        NeighbourState.REACHABLE,
                        NeighbourFlag.EXTERNALLY_LEARNED,
                        1,
                        1,
                        99,
                        3,
                        OptionalInt.of(8)),
                message);
        assertFalse(message.isProxy());
        assertTrue(decode("02 000000 07000000 0000 08 00  0800 0100 0a000009").isProxy());
    }

    @Test
    void whatIsNoNeighbourIsPassedOver() throws Exception {
        byte[] body = Wires.bytes("07 000000 07000000 0200 10 01 0a00 0200 02420a000009 0000");

        assertNull(NeighbourMessage.decode(Wires.message(RTM_NEWNEIGH, body)), "of a bridge");
        body[0] = 2;
        assertNull(NeighbourMessage.decode(Wires.message(RTM_NEWNEIGH + 1, body)), "another message");
    }

    @ParameterizedTest
    @CsvSource({
        "no address, 02 000000 07000000 0200 10 01",
        "an address of two bytes, 02 000000 07000000 0200 10 01 0600 0100 0a00 0000",
        "a header cut short, 02 000000 07000000 0200 10",
        "nothing at all, ''"
    })
    void whatMakesNoSenseIsMalformed(String title, String hex) {
        assertThrows(NetlinkException.Malformed.class, () -> decode(hex), title);
    }

    @Test
    void aHardwareAddressLongerThanAnyIsMalformed() {
        String hex = "02 000000 07000000 0200 10 01 2800 0200" + "00".repeat(36);

        assertThrows(NetlinkException.Malformed.class, () -> decode(hex));
    }
}
