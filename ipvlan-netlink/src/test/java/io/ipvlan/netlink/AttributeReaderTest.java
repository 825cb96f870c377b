package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeReaderTest {
    private static AttributeReader reader(String hex) {
        return Wires.reader(Wires.bytes(hex));
    }

    @Test
    void attributesComeOneAfterTheOther() throws Exception {
        AttributeReader reader = reader("0600 0700 feff 0000  0800 0800 feffffff  0900 0300 65746830 00 000000");

        assertTrue(reader.next());
        assertEquals(7, reader.type());
        assertEquals(0xfffe, reader.u16());
        assertEquals(0xfe, reader.u8());
        assertTrue(reader.next());
        assertEquals(8, reader.type());
        assertEquals(-2, reader.u32());
        assertTrue(reader.next());
        assertEquals("eth0", reader.string());
        assertFalse(reader.next());
        assertFalse(reader.next());
    }

    @Test
    void theMarksForNestedAndNetworkOrderAreNoPartOfTheType() throws Exception {
        AttributeReader reader = reader("0400 1280 0400 1240 0400 12c0");

        while (reader.next()) {
            assertEquals(18, reader.type());
        }
    }

    @Test
    void aNestIsReadByACursorOfItsOwn() throws Exception {
        AttributeReader reader = reader("0c00 0280 0600 0100 8b00 0000  0800 0500 01000000");

        assertTrue(reader.next());
        AttributeReader inside = reader.nested();
        assertTrue(inside.next());
        assertEquals(139, inside.u16());
        assertFalse(inside.next());
        assertTrue(reader.next(), "reading inside does not move the outer cursor");
        assertEquals(1, reader.u32());
    }

    @ParameterizedTest
    @CsvSource({"0800 0300 65746830, eth0", "0700 0300 00 6c6f 00, ''", "0400 0300, ''", "0800 0300 6c6f 00 31, lo"})
    void aTextEndsAtItsZeroByteOrAtItsEnd(String hex, String expected) throws Exception {
        AttributeReader reader = reader(hex);

        assertTrue(reader.next());
        assertEquals(expected, reader.string());
    }

    @Test
    void theLastAttributeNeedsNoPadding() throws Exception {
        AttributeReader reader = reader("0500 0900 01");

        assertTrue(reader.next());
        assertArrayEquals(new byte[] {1}, reader.bytes());
        assertFalse(reader.next());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00", // not even a length
                "040001", // no type
                "0000 0100", // shorter than its own header: would be read for ever
                "0300 0100", // likewise
                "0500 0100", // longer than what is left
                "ffff 0100 00000000", // far longer
                "0500 0900 01 000000 00" // a stray byte behind the last one
            })
    void anAttributeThatDoesNotFitIsMalformed(String hex) {
        AttributeReader reader = reader(hex);

        assertThrows(NetlinkException.Malformed.class, () -> {
            while (reader.next()) {
                // on to the one that does not fit
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"0400 0100, 0", "0500 0100 01, 1", "0600 0100 0101, 2", "0700 0100 010101, 3"})
    void aNumberIsNotReadBeyondItsAttribute(String hex, int length) throws Exception {
        // What lies behind the attribute belongs to the next one.
        AttributeReader reader = reader(hex + "00".repeat((4 - length) & 3) + "0800 0200 ffffffff");
        assertTrue(reader.next());

        assertEquals(length < 1, isRefused(reader::u8));
        assertEquals(length < 2, isRefused(reader::u16));
        assertTrue(isRefused(reader::u32));
        assertEquals(length, reader.bytes().length);
    }

    private interface Reading {
        int read() throws NetlinkException.Malformed;
    }

    private static boolean isRefused(Reading reading) {
        try {
            assertTrue(reading.read() >= 0);
            return false;
        } catch (NetlinkException.Malformed e) {
            return true;
        }
    }
}
