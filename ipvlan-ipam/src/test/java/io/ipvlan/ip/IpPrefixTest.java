package io.ipvlan.ip;

import static io.ipvlan.ip.Refusal.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0, 255.255.255.255",
        "10.1.214.0/24, 10.1.214.255",
        "10.1.214.6/31, 10.1.214.7",
        "10.1.214.7/32, 10.1.214.7",
        "::/0, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db8::/32, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
        "2001:db8:abc2::/64, 2001:db8:abc2:0:ffff:ffff:ffff:ffff",
        "2001:db8:0:0:8000::/65, 2001:db8::ffff:ffff:ffff:ffff",
        "2001:db8::/127, 2001:db8::1",
        "2001:db8::1/128, 2001:db8::1"
    })
    void aPrefixEndsWithAllHostBitsSet(String text, String last) {
        IpPrefix prefix = IpPrefix.parse(text);
        assertEquals(text, prefix.toString());
        assertEquals(IpAddress.parse(last), prefix.last());
        assertEquals(prefix.address(), prefix.first());
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.214.5/24, 10.1.214.0/24",
        "10.1.214.1/31, 10.1.214.0/31",
        "128.0.0.0/0, 0.0.0.0/0",
        "2001:DB8::1/64, 2001:db8::/64",
        "2001:db8:1::/32, 2001:db8::/32"
    })
    void hostBitsAreRefusedWithTheCorrection(String text, String corrected) {
        assertEquals(
                "prefix '" + text + "' has host bits set: did you mean " + corrected + "?",
                refusal(() -> IpPrefix.parse(text)));
        assertEquals(corrected, IpCidr.parse(text).prefix().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "'', has no length",
        "10.1.214.0, has no length",
        "10.1.214.0/, has no length behind its slash",
        "10.1.214.0/33, has a length above 32",
        "10.1.214.0/99999999999, has a length above 32",
        "::/129, has a length above 128",
        "10.1.214.0/024, leading zero",
        "10.1.214.0/00, leading zero",
        "10.1.214.0/+24, unexpected '+' at position 12",
        "10.1.214.0/-1, unexpected '-' at position 12",
        "10.1.214.0/2\u0664, unexpected character U+0664 at position 13",
        "10.1.214.0/24/24, unexpected '/' at position 14",
        "10.1.214.0/255.255.255.0, has a length above 32",
        "'10.1.214.0/24 ', unexpected character U+0020 at position 14",
        "10.1.214/24, fewer than four numbers",
        "fe80::%eth0/64, carries a zone",
        "/24, is empty"
    })
    void aTextThatIsNoPrefixIsRefusedWithTheReason(String text, String reason) {
        assertReason("prefix", text, reason, refusal(() -> IpPrefix.parse(text)));
        assertReason("CIDR address", text, reason, refusal(() -> IpCidr.parse(text)));
    }

    private static void assertReason(String kind, String text, String reason, String message) {
        assertTrue(message.startsWith(kind + " '" + text + "'"), message);
        assertTrue(message.contains(reason), message);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 33, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aFamilyHasNoOtherLengths(int length) {
        IpAddress address = IpAddress.parse("10.0.0.0");
        assertThrows(IllegalArgumentException.class, () -> IpPrefix.of(address, length));
        assertThrows(IllegalArgumentException.class, () -> IpPrefix.containing(address, length));
        assertThrows(IllegalArgumentException.class, () -> IpCidr.of(address, length));
    }

    @Test
    void theLargerPrefixComesFirst() {
        assertTrue(IpPrefix.parse("10.0.0.0/8").compareTo(IpPrefix.parse("10.0.0.0/16")) < 0);
        assertTrue(IpPrefix.parse("10.0.0.0/16").compareTo(IpPrefix.parse("11.0.0.0/8")) < 0);
        assertTrue(IpPrefix.parse("255.0.0.0/8").compareTo(IpPrefix.parse("::/0")) < 0);
    }

    @Test
    void aCidrAddressKeepsItsHostBits() {
        IpCidr cidr = IpCidr.parse("10.1.214.10/24");
        assertEquals(IpAddress.parse("10.1.214.10"), cidr.address());
        assertEquals(IpPrefix.parse("10.1.214.0/24"), cidr.prefix());
        assertEquals("10.1.214.10/24", cidr.toString());
        assertEquals(IpFamily.IPV4, cidr.family());
    }
}
