package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.Wires;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressMessageTest {
    private static final int RTM_NEWADDR = 20;

    private static AddressMessage decode(String hex) throws NetlinkException.Malformed {
        return Objects.requireNonNull(AddressMessage.decode(Wires.message(RTM_NEWADDR, Wires.bytes(hex))));
    }

    @Test
    void anIpv4AddressIsRead() throws Exception {
        // With an attribute nobody asks for; the flags are repeated with all their 32 bits.
        AddressMessage message = decode("""
                02 18 80 fd 07000000
                0800 0100 c0a8d60a  0800 0200 c0a8d60a  0900 0300 6574683000 000000
                0800 0800 80020000  1400 0600 32000000 64000000 0100000001000000
                0800 0400 c0a8d6ff  0500 0b00 42 000000  0800 0900 07000000  0800 0a00 01000000""");

        assertEquals(
                new AddressMessage(
                        7,
                        IpCidr.parse("192.168.214.10/24"),
                        0x280,
                        RouteScope.LINK,
                        Optional.empty(),
                        Optional.of(IpAddress.parse("192.168.214.255")),
                        Optional.of("eth0"),
                        new AddressLifetime(100, 50),
                        0x42,
                        7),
                message);
        assertFalse(message.isTentative());
    }

    @Test
    void anIpv6AddressHasNoLocalPart() throws Exception {
        AddressMessage message = decode("0a 40 c0 00 07000000  1400 0100 20010db8abc200000000000000000009");

        assertEquals(
                new AddressMessage(
                        7,
                        IpCidr.parse("2001:db8:abc2::9/64"),
                        AddressFlag.PERMANENT | AddressFlag.TENTATIVE,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        AddressLifetime.FOREVER,
                        0,
                        0),
                message);
        assertTrue(message.isTentative());
    }

    @ParameterizedTest
    @CsvSource({
        "02 20 80 00 07000000 0800 0100 0a000002 0800 0200 0a000001",
        "02 20 80 00 07000000 0800 0200 0a000001 0800 0100 0a000002"
    })
    void withAPeerTheLocalAddressIsOnesOwn(String hex) throws Exception {
        assertEquals(IpCidr.parse("10.0.0.1/32"), decode(hex).address());
        assertEquals(Optional.of(IpAddress.parse("10.0.0.2")), decode(hex).peer());
    }

    @Test
    void whatIsNoIpAddressIsPassedOver() throws Exception {
        byte[] body = Wires.bytes("1c 18 80 00 07000000 0800 0200 0a000001");

        assertNull(AddressMessage.decode(Wires.message(RTM_NEWADDR, body)), "another family");
        body[0] = 2;
        assertNull(AddressMessage.decode(Wires.message(RTM_NEWADDR + 1, body)), "another message");
    }

    @ParameterizedTest
    @CsvSource({
        "no address, 02 18 80 00 07000000",
        "an address of three bytes, 02 18 80 00 07000000 0700 0200 0a0000 00",
        "a prefix longer than the address, 02 21 80 00 07000000 0800 0200 0a000001",
        "a lifetime cut short, 02 18 80 00 07000000 0800 0200 0a000001 0800 0600 32000000",
        "a header cut short, 02 18 80 00 0700",
        "nothing at all, ''"
    })
    void whatMakesNoSenseIsMalformed(String title, String hex) {
        assertThrows(NetlinkException.Malformed.class, () -> decode(hex), title);
    }
}
