package io.ipvlan.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// Trees of attributes: what is written is read again, and nothing that is not a tree does harm.
class AttributeTreesTest {
    sealed interface Node {}

    record Leaf(int type, String hex) implements Node {}

    record Nest(int type, List<Node> children) implements Node {}

    @Provide
    Arbitrary<List<Node>> trees() {
        return level(3);
    }

    private static Arbitrary<List<Node>> level(int depth) {
        // The type tells nests from leaves when they are read again; on the wire nothing else does for certain.
        Arbitrary<Node> leaf = Combinators.combine(
                        Arbitraries.integers().between(1, 0x1fff),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(40))
                .as((type, value) -> new Leaf(type, HexFormat.of().formatHex(value)));
        if (depth == 0) {
            return leaf.list().ofMaxSize(5);
        }
        Arbitrary<Node> nest = Combinators.combine(
                        Arbitraries.integers().between(0x2000, 0x3fff), Arbitraries.lazy(() -> level(depth - 1)))
                .as(Nest::new);
        return Arbitraries.oneOf(leaf, leaf, nest).list().ofMaxSize(5);
    }

    private static void write(AttributeWriter writer, List<Node> nodes) {
        for (Node node : nodes) {
            switch (node) {
                case Leaf(int type, String hex) ->
                    writer.bytes(type, HexFormat.of().parseHex(hex));
                case Nest(int type, List<Node> children) -> writer.nest(type, () -> write(writer, children));
            }
        }
    }

    private static List<Node> read(AttributeReader reader) throws NetlinkException.Malformed {
        List<Node> nodes = new ArrayList<>();
        while (reader.next()) {
            nodes.add(
                    reader.type() < 0x2000
                            ? new Leaf(reader.type(), HexFormat.of().formatHex(reader.bytes()))
                            : new Nest(reader.type(), read(reader.nested())));
        }
        return nodes;
    }

    @Property
    void whatIsWrittenIsReadAgain(@ForAll("trees") List<Node> tree) throws NetlinkException.Malformed {
        byte[] bytes = Wires.written(writer -> write(writer, tree));

        assertEquals(0, bytes.length % 4, "the next message would begin at an odd place");
        assertEquals(tree, read(Wires.reader(bytes)));
    }

    @Property(tries = 60)
    void everyTruncationIsMalformedOrEndsCleanly(@ForAll("trees") List<Node> tree) {
        byte[] bytes = Wires.written(writer -> write(writer, tree));

        for (int length = 0; length < bytes.length; length++) {
            assertEndsWell(Arrays.copyOf(bytes, length));
        }
    }

    /// Every pair of bytes where an attribute could begin is made a length that is just, or far, too small or large.
    @Property(tries = 60)
    void everyWrongLengthIsMalformedOrEndsCleanly(@ForAll("trees") List<Node> tree) {
        byte[] bytes = Wires.written(writer -> write(writer, tree));

        for (int at = 0; at < bytes.length; at += 4) {
            int left = bytes.length - at;
            for (int length : new int[] {0, 1, 3, 4, 5, left - 1, left, left + 1, left + 4, 0x7fff, 0x8000, 0xffff}) {
                byte[] changed = bytes.clone();
                changed[at] = (byte) length;
                changed[at + 1] = (byte) (length >> 8);
                assertEndsWell(changed);
            }
        }
    }

    @Test
    void nestsMayBeAsDeepAsTheyFit() throws NetlinkException.Malformed {
        int depth = 0xffff / 4;
        ByteBuffer bytes = ByteBuffer.allocate(4 * depth).order(ByteOrder.nativeOrder());
        for (int left = 4 * depth; left > 0; left -= 4) {
            bytes.putShort((short) left).putShort((short) 0x8001);
        }

        AttributeReader reader = Wires.reader(bytes.array());
        int seen = 0;
        while (reader.next()) {
            seen++;
            reader = reader.nested();
        }

        assertEquals(depth, seen);
    }

    @Property
    void anyBytesAtAllAreMalformedOrEndCleanly(@ForAll byte[] bytes) {
        assertEndsWell(bytes);
    }

    /// Any exception but the one caught here fails the test. An endless loop would, too: each attribute read
    /// takes at least four bytes of those there are.
    private static void assertEndsWell(byte... bytes) {
        AttributeReader reader = Wires.reader(bytes);
        int read = 0;
        try {
            while (reader.next()) {
                read++;
                assertTrue(read <= bytes.length / 4, "more attributes than there is room for");
                assertTrue(reader.string().length() <= reader.bytes().length);
                assertEndsWell(reader.bytes());
            }
        } catch (NetlinkException.Malformed e) {
            assertTrue(String.valueOf(e.getMessage()).contains("bytes"), "says what is wrong");
        }
    }
}
