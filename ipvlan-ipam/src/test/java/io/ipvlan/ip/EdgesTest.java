package io.ipvlan.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What happens exactly where one answer ends and the next begins.
class EdgesTest {
    private static String unread(String text) {
        return Refusal.refusal(() -> IpAddress.parse(text));
    }

    @Test
    void aTextThatBeginsWithItsColonDotOrZoneIsReadAsThatFamily() {
        assertEquals(new Ipv6Address(0, 1), IpAddress.parse("::1"));
        assertTrue(unread(".1.2.3").startsWith("IPv4 address"), unread(".1.2.3"));
        String zone = Refusal.refusal(() -> Ipv6Address.parse("%eth0"));
        assertTrue(zone.contains("carries a zone"), zone);
    }

    @Test
    void aLongTextIsQuotedUpToEightyCharacters() {
        assertFalse(unread("x".repeat(80)).contains("..."));
        assertTrue(unread("x".repeat(81)).contains("'" + "x".repeat(80) + "...'"));
    }

    @ParameterizedTest
    @CsvSource({"0020, U+0020", "0021, '!'", "007e, '~'", "007f, U+007F"})
    void onlyVisibleCharactersAreNamedByThemselves(String number, String name) {
        String text = "1.2.3.4" + (char) Integer.parseInt(number, 16);
        assertTrue(unread(text).contains(name), unread(text));
    }

    @Test
    void aShiftIsRefusedWithWhatMayBeChosen() {
        String message = Refusal.refusal(() -> IpFamily.IPV4.checkShift(32));
        assertTrue(message.contains("from 0 to 31"), message);
    }

    @Test
    void lengthsAreCheckedHoweverAPrefixIsMade() {
        IpAddress zero = IpAddress.parse("0.0.0.0");
        IpAddress one = IpAddress.parse("10.0.0.1");
        // A shift by 72 is one by 8.
        for (int length : new int[] {-1, 33, 72}) {
            String made = Refusal.refusal(() -> new IpPrefix(zero, length));
            assertTrue(made.contains("write the length as a plain number from 0 to 32"), made);
            String containing = Refusal.refusal(() -> IpPrefix.containing(one, length));
            assertTrue(containing.contains("'10.0.0.1/" + length + "'"), containing);
        }
        String hostBits = Refusal.refusal(() -> IpPrefix.of(one, 24));
        assertTrue(hostBits.contains("'10.0.0.1/24'") && hostBits.contains("did you mean 10.0.0.0/24?"), hostBits);
    }

    @Test
    void prefixesAreCountedUpToTheRangeOfALong() {
        IpPrefix all = IpPrefix.parse("::/0");
        assertEquals(1L << 62, all.count(62));
        assertEquals(Long.MAX_VALUE, all.count(63));
        assertEquals(1, all.count(0));
        IpPrefix half = IpPrefix.parse("8000::/1");
        assertThrows(IllegalArgumentException.class, () -> half.count(0));
        assertThrows(IllegalArgumentException.class, () -> half.count(129));
    }

    @Test
    void onlyTheFirstSixteenBitsMakeAnIpv4AddressLinkLocal() {
        assertTrue(IpAddress.parse("169.254.0.0").isLinkLocal());
        assertTrue(IpAddress.parse("169.254.255.255").isLinkLocal());
        assertFalse(IpAddress.parse("169.255.0.0").isLinkLocal());
        assertFalse(IpAddress.parse("1.2.169.254").isLinkLocal());
    }

    @Test
    void blocksOfHalfAnAddressAreAddedToItsFront() {
        assertEquals(IpAddress.parse("0:0:0:1::"), IpAddress.parse("::").plus(1, 64));
        assertEquals(IpAddress.parse("::"), IpAddress.parse("0:0:0:1::").plus(-1, 64));
        assertEquals(IpAddress.parse("0:0:0:2::"), IpAddress.parse("::").plus(1, 65));
        assertEquals(IpAddress.parse("8000::"), IpAddress.parse("::").plus(1, 127));
        assertThrows(ArithmeticException.class, () -> IpAddress.parse("::").plus(2, 127));
        assertEquals(IpAddress.parse("::7"), IpAddress.parse("::7").plus(0, 64));
    }
}
