package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.netlink.Wires;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The body of an address request: struct ifaddrmsg (family, prefix length, flags, scope, index), then
/// IFA_ADDRESS and IFA_LOCAL, which differ only for a peer, and other attributes in the order of their types.
class AddressRequestTest {
    private static void assertBody(AddressRequest request, String expected) {
        assertEquals(expected.replaceAll("\\s", ""), Wires.bodyOf(request));
    }

    @Test
    void anIpv4AddressIsAdded() {
        // ip address add 192.168.214.10/24 dev eth0, where eth0 has index 7
        AddressRequest request = AddressRequest.add(7, IpCidr.parse("192.168.214.10/24"));

        assertEquals(20, request.type());
        assertEquals(0x600, request.flags(), "CREATE | EXCL");
        assertBody(request, "02 18 00 00 07000000  0800 0100 c0a8d60a  0800 0200 c0a8d60a");
        assertEquals("add address 192.168.214.10/24 to link 7", request.toString());
    }

    @Test
    void anIpv6AddressIsAddedWithoutDuplicateAddressDetection() {
        // ip address add 2001:db8:abc2::9/64 dev eth0 nodad
        assertBody(AddressRequest.add(7, IpCidr.parse("2001:db8:abc2::9/64")), """
                0a 40 02 00 07000000
                1400 0100 20010db8abc200000000000000000009
                1400 0200 20010db8abc200000000000000000009""");
    }

    @Test
    void anAddressIsDeleted() {
        // ip address del 10.0.0.1/32 dev eth0
        AddressRequest request = AddressRequest.delete(7, IpCidr.parse("10.0.0.1/32"));

        assertEquals(21, request.type());
        assertEquals(0, request.flags());
        assertBody(request, "02 20 00 00 07000000  0800 0100 0a000001  0800 0200 0a000001");
        assertEquals("delete address 10.0.0.1/32 from link 7", request.toString());
    }

    @Test
    void everythingThatCanBeSaidIsWritten() {
        // ip address add 10.0.0.1 peer 10.0.0.2/24 dev eth0 broadcast 10.0.0.255 scope link label eth0:a \
        //     noprefixroute valid_lft 100 preferred_lft 50 proto 0x42 metric 7
        AddressRequest request = AddressRequest.add(7, IpCidr.parse("10.0.0.1/24"))
                .peer(IpAddress.parse("10.0.0.2"))
                .broadcast(IpAddress.parse("10.0.0.255"))
                .scope(RouteScope.LINK)
                .label("eth0:a")
                .addressFlags(AddressFlag.NO_PREFIX_ROUTE)
                .lifetime(new AddressLifetime(100, 50))
                .protocol(0x42)
                .metric(7);

        assertBody(request, """
                02 18 00 fd 07000000
                0800 0100 0a000002  0800 0200 0a000001
                0b00 0300 657468303a6100 00
                0800 0400 0a0000ff
                1400 0600 32000000 64000000 00000000 00000000
                0800 0800 00020000
                0800 0900 07000000
                0500 0b00 42 000000""");
    }

    @Test
    void flagsOfOneByteAreInTheHeaderToo() {
        // ip address add 2001:db8::1/64 dev eth0 optimistic, with duplicate address detection
        assertBody(AddressRequest.add(7, IpCidr.parse("2001:db8::1/64")).addressFlags(AddressFlag.OPTIMISTIC), """
                0a 40 04 00 07000000
                1400 0100 20010db8000000000000000000000001
                1400 0200 20010db8000000000000000000000001
                0800 0800 04000000""");
    }

    @Test
    void anAddressIsReplaced() {
        AddressRequest request = AddressRequest.replace(7, IpCidr.parse("10.0.0.1/32"));

        assertEquals(20, request.type());
        assertEquals(0x500, request.flags(), "CREATE | REPLACE");
        assertEquals("replace address 10.0.0.1/32 to link 7", request.toString());
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "0, -1", "4294967296, 0", "0, 4294967296"})
    void aLifetimeOutsideOf32BitsIsRefused(long valid, long preferred) {
        assertThrows(IllegalArgumentException.class, () -> new AddressLifetime(valid, preferred));
    }
}
