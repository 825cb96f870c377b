package io.ipvlan.ip;

import static io.ipvlan.ip.Refusal.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Ipv6AddressTest {
    @ParameterizedTest
    @CsvSource({
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "0:0:0:0:0:0:0:0, ::",
        "2001:DB8::00Ff, 2001:db8::ff",
        "2001:0db8:0000:0000:0000:0000:0002:0001, 2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:db8::1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "0:0:1:2:3:4:0:0, ::1:2:3:4:0:0",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1",
        "::FFFF:c000:201, ::ffff:192.0.2.1",
        "::ffff:0:0, ::ffff:0.0.0.0",
        "0:0:0:0:0:ffff:192.0.2.1, ::ffff:192.0.2.1",
        "::192.0.2.1, ::c000:201",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "fe80::1, fe80::1",
        "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
    })
    void everyFormIsReadAndOneIsWritten(String text, String recommended) {
        assertEquals(recommended, Ipv6Address.parse(text).toString());
        assertEquals(Ipv6Address.parse(text), IpAddress.parse(recommended));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"\", is empty",
                ":, unexpected ':' at position 1",
                ":::, unexpected ':' at position 3",
                ":1::, unexpected ':' at position 1",
                "1:, ends with a single colon",
                "::1:, ends with a single colon",
                "1:2:3:4:5:6:7, fewer than eight groups",
                "1:2:3:4:5:6:7:, ends with a single colon",
                "1:2:3:4:5:6:7:8:9, more than eight groups",
                "1:2:3:4:5:6:7:1.2.3.4, more than eight groups",
                "1:2:3:4:5:1.2.3.4, fewer than eight groups",
                "1:2:3:4:5:6:7:8::, stands for none",
                "::1:2:3:4:5:6:7:8, stands for none",
                "1:2:3:4::5:6:7:8, stands for none",
                "1:2:3:4::5:6:1.2.3.4, stands for none",
                "1::2::3, more than once",
                "::1::, more than once",
                "1:::2, unexpected ':' at position 4",
                "12345::, more than four digits",
                "::00001, more than four digits",
                "::g, unexpected 'g' at position 3",
                "::1.2.3, fewer than four numbers",
                "::1.2.3.256, number above 255",
                "::01.2.3.4, leading zero",
                "1.2.3.4::, unexpected ':' at position 8",
                "::a.2.3.4, unexpected 'a' at position 1",
                "fe80::1%eth0, carries a zone",
                "[::1], unexpected '[' at position 1",
                "::1/64, unexpected '/' at position 4",
                "\" ::1\", unexpected character U+0020 at position 1",
                "\"::1 \", unexpected character U+0020 at position 4",
                "::\u0661, unexpected character U+0661 at position 3",
                "::-1, unexpected '-' at position 3"
            })
    void aTextThatIsNoAddressIsRefusedWithTheReason(String text, String reason) {
        String message = refusal(() -> Ipv6Address.parse(text));
        assertTrue(message.contains(reason), message);
        assertTrue(message.startsWith("IPv6 address '" + text + "'"), message);
    }

    @Test
    void onlyAMappedAddressStandsForAnIpv4Address() {
        assertTrue(Ipv6Address.parse("::ffff:10.0.0.1").isIpv4Mapped());
        assertFalse(Ipv6Address.parse("::10.0.0.1").isIpv4Mapped());
        assertFalse(Ipv6Address.parse("::1:ffff:10.0.0.1").isIpv4Mapped());
    }

    @ParameterizedTest
    @CsvSource({"::, false", "ff02::1, false", "::1, true", "fe80::1, true", "2001:db8::, true"})
    void oneHostCanHaveAUnicastAddressOnly(String text, boolean unicast) {
        assertEquals(unicast, IpAddress.parse(text).isUnicast());
    }

    @Test
    void loopbackIsOneAddressAndLinkLocalOnePrefix() {
        assertTrue(IpAddress.parse("::1").isLoopback());
        assertFalse(IpAddress.parse("1::1").isLoopback());
        assertFalse(IpAddress.parse("::2").isLoopback());
        assertTrue(IpAddress.parse("fe80::1").isLinkLocal());
        assertTrue(IpAddress.parse("febf:ffff::1").isLinkLocal());
        assertFalse(IpAddress.parse("fec0::1").isLinkLocal());
        assertFalse(IpAddress.parse("fe7f::1").isLinkLocal());
    }
}
