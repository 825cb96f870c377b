package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.ip.IpCidr;
import io.ipvlan.netlink.Wires;
import org.junit.jupiter.api.Test;

/// The body of an address request: struct ifaddrmsg (family, prefix length, flags, scope, index), then IFA_LOCAL
/// and IFA_ADDRESS, which differ only for a peer.
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
        assertBody(request, "02 18 00 00 07000000  0800 0200 c0a8d60a  0800 0100 c0a8d60a");
        assertEquals("add address 192.168.214.10/24 to link 7", request.toString());
    }

    @Test
    void anIpv6AddressIsAddedWithoutDuplicateAddressDetection() {
        // ip address add 2001:db8:abc2::9/64 dev eth0 nodad
        assertBody(AddressRequest.add(7, IpCidr.parse("2001:db8:abc2::9/64")), """
                0a 40 02 00 07000000
                1400 0200 20010db8abc200000000000000000009
                1400 0100 20010db8abc200000000000000000009""");
    }

    @Test
    void anAddressIsDeleted() {
        // ip address del 10.0.0.1/32 dev eth0
        AddressRequest request = AddressRequest.delete(7, IpCidr.parse("10.0.0.1/32"));

        assertEquals(21, request.type());
        assertEquals(0, request.flags());
        assertBody(request, "02 20 00 00 07000000  0800 0200 0a000001  0800 0100 0a000001");
        assertEquals("delete address 10.0.0.1/32 from link 7", request.toString());
    }
}
