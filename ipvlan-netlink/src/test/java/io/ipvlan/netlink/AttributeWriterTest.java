package io.ipvlan.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AttributeWriterTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("writings")
    void whatIsWrittenIsTheseBytes(String title, Consumer<AttributeWriter> body, String expected) {
        assertEquals(expected.replace(" ", ""), HexFormat.of().formatHex(Wires.written(body)), title);
    }

    static Stream<Arguments> writings() {
        return Stream.of(
                writing("nothing", w -> {}, ""),
                writing("fixed bytes", w -> w.fixed8(1).fixed8(0x1ff), "01 ff"),
                writing("fixed 16 bits", w -> w.fixed16(0x11234), "3412"),
                writing("fixed 32 bits", w -> w.fixed32(0x12345678), "78563412"),
                writing("u16, padded with zeros", w -> w.u16(7, 0xfffe), "0600 0700 feff 0000"),
                writing("u8, padded with zeros", w -> w.u8(7, 0x1fe), "0500 0700 fe 000000"),
                writing("u64", w -> w.u64(8, -2), "0c00 0800 feffffffffffffff"),
                writing("bytes of a fixed part", w -> w.fixed(new byte[] {1, 2, 3}), "010203"),
                writing("u32", w -> w.u32(8, -2), "0800 0800 feffffff"),
                writing("no bytes", w -> w.bytes(9, new byte[0]), "0400 0900"),
                writing("one byte", w -> w.bytes(9, new byte[] {1}), "0500 0900 01 000000"),
                writing("four bytes, no padding", w -> w.bytes(9, new byte[] {1, 2, 3, 4}), "0800 0900 01020304"),
                writing("a text of no characters", w -> w.string(3, ""), "0500 0300 00 000000"),
                writing("a text", w -> w.string(3, "eth0"), "0900 0300 65746830 00 000000"),
                writing("a text that fills its words", w -> w.string(3, "lo1"), "0800 0300 6c6f31 00"),
                writing("a text in UTF-8", w -> w.string(3, "\u00e4"), "0700 0300 c3a4 00 00"),
                writing("an empty nest", w -> w.nest(18, () -> {}), "0400 1280"),
                writing(
                        "nests in a nest, and what follows them",
                        w -> w.nest(18, () -> w.string(1, "vlan").nest(2, () -> w.u16(1, 139)))
                                .u32(5, 1),
                        "1c00 1280  0900 0100 766c616e 00 000000  0c00 0280 0600 0100 8b00 0000  0800 0500 01000000"),
                writing(
                        "an attribute behind a fixed part of one byte",
                        w -> w.fixed8(2).u16(1, 3),
                        """
                        02 000000 0600 0100 0300 0000"""),
                writing(
                        "an attribute behind a nest of one byte",
                        w -> w.nest(1, () -> w.fixed8(9)).u32(2, 3),
                        "0500 0180 09 000000 0800 0200 03000000"));
    }

    private static Arguments writing(String title, Consumer<AttributeWriter> body, String expected) {
        return Arguments.of(title, body, expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("writings")
    void aBufferThatIsTooSmallIsNeverOverrun(String title, Consumer<AttributeWriter> body, String expected) {
        int needed = Wires.written(body).length;
        for (int size = 0; size < needed; size++) {
            MemorySegment memory = Arena.ofAuto().allocate(needed + 8, 16);
            AttributeWriter writer = new AttributeWriter(memory.asSlice(0, size));
            assertThrows(AttributeWriter.Full.class, () -> body.accept(writer), title + " in " + size + " bytes");
            assertArrayEquals(
                    new byte[needed + 8 - size], memory.asSlice(size).toArray(JAVA_BYTE), "written behind the end");
        }
    }

    @Test
    void aValueWhoseLengthNeedsMoreThanSixteenBitsDoesNotFit() {
        assertThrows(AttributeWriter.Full.class, () -> Wires.written(w -> w.bytes(1, new byte[70_000])));
    }
}
