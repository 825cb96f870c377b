package io.ipvlan.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.ip.IpAddress;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {
    private static final String MAC = "02:42:c0:a8:01:0a";

    private static String hex(String address) {
        return HexFormat.of().formatHex(Announcements.frame(IpAddress.parse(address), MAC));
    }

    /// RFC 5227, section 2.3: an ARP request with sender and target address the same, to everybody.
    @Test
    void anIpv4AddressIsAnnouncedByAnArpRequestForItself() {
        String ethernet = "ffffffffffff" + "0242c0a8010a" + "0806";
        String arp = "0001" + "0800" + "06" + "04" + "0001";
        String sender = "0242c0a8010a" + "c0a8010a";
        String target = "000000000000" + "c0a8010a";

        assertEquals(ethernet + arp + sender + target, hex("192.168.1.10"));
    }

    /// RFC 4861, sections 4.4 and 7.2.6: an advertisement nobody asked for, which overrides what is
    /// remembered, to all nodes, with hop limit 255. The checksum was added up by hand.
    @Test
    void anIpv6AddressIsAnnouncedByANeighbourAdvertisement() {
        String address = "20010db8abc200000000000000000010";
        String allNodes = "ff020000000000000000000000000001";
        String ethernet = "333300000001" + "0242c0a8010a" + "86dd";
        String ipv6 = "60000000" + "0020" + "3a" + "ff" + address + allNodes;
        String message = "88" + "00" + "df93" + "20000000" + address + "02" + "01" + "0242c0a8010a";

        assertEquals(ethernet + ipv6 + message, hex("2001:db8:abc2::10"));
    }

    /// RFC 1071: with its checksum in it, a message adds up to nothing but ones.
    @Property(tries = 300)
    void theChecksumHolds(@ForAll @Size(16) byte[] address, @ForAll @Size(6) byte[] mac) {
        byte[] frame = Announcements.frame(
                IpAddress.ofBytes(address), HexFormat.ofDelimiter(":").formatHex(mac));
        byte[] ip = Arrays.copyOfRange(frame, 14, frame.length);
        long sum = 0x20 + 58; // length and next header of the header made up
        for (int i = 8; i < ip.length; i += 2) {
            sum += (ip[i] & 0xff) * 256L + (ip[i + 1] & 0xff);
        }

        assertEquals(0, sum % 0xffff);
        assertEquals(86, frame.length);
    }
}
