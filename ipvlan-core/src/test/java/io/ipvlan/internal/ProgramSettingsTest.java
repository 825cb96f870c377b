package io.ipvlan.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramSettingsTest {
    private static int protocol(String value) {
        return ProgramSettings.number("io.ipvlan.protocol", value, 105, 5, 255);
    }

    @Test
    void whatIsNotSetIsAsUsual() {
        assertEquals(105, ProgramSettings.number("io.ipvlan.protocol", null, 105, 5, 255));
        assertEquals(0x6970766c, ProgramSettings.LINK_GROUP);
        assertEquals(105, ProgramSettings.PROTOCOL);
    }

    @Test
    void aNumberIsTakenDecimalOrHexadecimal() {
        assertEquals(200, protocol("200"));
        assertEquals(0xc8, protocol("0xc8"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4", "256", "-1", "static", "99999999999999999999"})
    void whatIsNoSuchNumberIsRefused(String value) {
        assertEquals(
                "the system property io.ipvlan.protocol is '" + value + "', and has to be a number from 5 to 255",
                assertThrows(IllegalArgumentException.class, () -> protocol(value))
                        .getMessage());
    }
}
