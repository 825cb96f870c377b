package io.ipvlan.ip;

import static io.ipvlan.ip.Refusal.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ipv4AddressTest {
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0",
        "0.0.0.1, 1",
        "127.0.0.1, 2130706433",
        "127.255.255.255, 2147483647",
        "128.0.0.0, -2147483648",
        "192.168.1.250, -1062731270",
        "255.255.255.255, -1"
    })
    void anAddressIsItsFourOctets(String text, int bits) {
        assertEquals(new Ipv4Address(bits), Ipv4Address.parse(text));
        assertEquals(text, new Ipv4Address(bits).toString());
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"\", is empty",
                "1, fewer than four",
                "1.2.3, fewer than four",
                "1.2.3., fewer than four",
                "1.2.3.4.5, more than four",
                "1.2.3.4., more than four",
                "1..2.3, unexpected '.' at position 3",
                ".1.2.3, unexpected '.' at position 1",
                "256.1.1.1, number above 255",
                "1.1.1.999999999999999999999, number above 255",
                "01.2.3.4, leading zero",
                "1.2.3.00, leading zero",
                "1.2.3.4x, unexpected 'x' at position 8",
                "0x1.2.3.4, unexpected 'x' at position 2",
                "-1.2.3.4, unexpected '-' at position 1",
                "+1.2.3.4, unexpected '+' at position 1",
                "\" 1.2.3.4\", unexpected character U+0020 at position 1",
                "\"1.2.3.4 \", unexpected character U+0020 at position 8",
                "\"1.2.3.4\n\", unexpected character U+000A at position 8",
                "1.2.3.\u0664, unexpected character U+0664 at position 7",
                "1.2.3.\uff14, unexpected character U+FF14 at position 7",
                "1.2.3.4/24, unexpected '/' at position 8"
            })
    void aTextThatIsNoAddressIsRefusedWithTheReason(String text, String reason) {
        String message = refusal(() -> Ipv4Address.parse(text));
        assertTrue(message.contains(reason), message);
        assertTrue(message.startsWith("IPv4 address '" + text.replace("\n", "\\u000a") + "' "), message);
        assertTrue(message.contains(": write "), message);
    }

    @ParameterizedTest
    @CsvSource({"'', is empty", "eth0, is neither IPv4 nor IPv6", "167772161, is neither IPv4 nor IPv6"})
    void aTextOfNoFamilyIsRefused(String text, String reason) {
        String message = refusal(() -> IpAddress.parse(text));
        assertEquals("address '" + text + "' " + reason + ": write an address like 192.0.2.1 or 2001:db8::1", message);
    }

    @Test
    void aVeryLongTextIsNotRepeatedInFull() {
        String message = refusal(() -> Ipv4Address.parse("1.".repeat(100_000)));
        assertTrue(message.length() < 300, message);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, false",
        "255.255.255.255, false",
        "224.0.0.1, false",
        "239.255.255.255, false",
        "10.1.214.10, true",
        "127.0.0.1, true",
        "169.254.1.1, true",
        "223.255.255.255, true",
        "240.0.0.1, true"
    })
    void oneHostCanHaveAUnicastAddressOnly(String text, boolean unicast) {
        assertEquals(unicast, IpAddress.parse(text).isUnicast());
    }

    @Test
    void onlyTheHighestAddressIsTheLimitedBroadcast() {
        assertTrue(IpAddress.parse("255.255.255.255").isBroadcast());
        assertFalse(IpAddress.parse("255.255.255.254").isBroadcast());
        assertFalse(IpAddress.parse("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").isBroadcast());
    }

    @Test
    void bytesOfAnotherNumberAreNoAddress() {
        for (int length : new int[] {0, 3, 5, 8, 15, 17}) {
            assertThrows(IllegalArgumentException.class, () -> IpAddress.ofBytes(new byte[length]));
        }
    }
}
