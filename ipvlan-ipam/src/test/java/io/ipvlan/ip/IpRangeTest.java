package io.ipvlan.ip;

import static io.ipvlan.ip.Refusal.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpRangeTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.1-10.0.0.1, 1",
        "10.0.0.1-10.0.0.10, 10",
        "0.0.0.0-255.255.255.255, 4294967296",
        "2001:db8::1-2001:db8::ff, 255",
        "::-::7fff:ffff:ffff:fffe, 9223372036854775807",
        "::-::7fff:ffff:ffff:ffff, 9223372036854775807",
        "::ffff:ffff:ffff:ffff-0:0:0:1::, 2",
        "::-0:0:0:1::, 9223372036854775807",
        "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 9223372036854775807"
    })
    void aRangeCountsBothItsEnds(String text, long size) {
        assertEquals(size, IpRange.parse(text).size());
        assertEquals(IpRange.parse(text), IpRange.parse(IpRange.parse(text).toString()));
    }

    @ParameterizedTest
    @CsvSource({
        "'', has no hyphen",
        "10.0.0.1, has no hyphen",
        "-, is empty",
        "10.0.0.1-, is empty",
        "-10.0.0.1, is empty",
        "10.0.0.1-10.0.0.2-10.0.0.3, unexpected '-' at position 9",
        "10.0.0.1 - 10.0.0.2, unexpected character U+0020 at position 9",
        "10.0.0.2-10.0.0.1, did you mean 10.0.0.1-10.0.0.2?",
        "2001:DB8::2-2001:DB8::1, did you mean 2001:db8::1-2001:db8::2?",
        "10.0.0.1-2001:db8::1, mixes IPv4 and IPv6",
        "10.0.0.1-9, is neither IPv4 nor IPv6"
    })
    void aTextThatIsNoRangeIsRefusedWithTheReason(String text, String reason) {
        String message = refusal(() -> IpRange.parse(text));
        assertTrue(message.startsWith("range '" + text + "'"), message);
        assertTrue(message.contains(reason), message);
    }

    @Test
    void aRangeHasOneFamilyAndAnOrder() {
        IpAddress low = IpAddress.parse("10.0.0.1");
        IpAddress high = IpAddress.parse("10.0.0.2");
        assertThrows(IllegalArgumentException.class, () -> IpRange.of(high, low));
        assertThrows(IllegalArgumentException.class, () -> IpRange.of(low, IpAddress.parse("::")));
        assertEquals(IpFamily.IPV4, IpRange.of(low, high).family());
    }
}
