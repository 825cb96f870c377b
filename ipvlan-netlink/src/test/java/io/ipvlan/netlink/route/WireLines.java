package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// A request as sorted lines of text, so that two can be compared whatever the order of their attributes: its
/// type, the fields of its fixed part that are not zero, and its attributes by their path, such as `18.2.1` for
/// the first attribute of a link's data. Marks for nests are left out, as `ip` sets them only where it must.
///
/// Written for the tests alone, apart from the main sources.
final class WireLines {
    private static final int NOT_COMPARED = 0x1 | 0x4; // NLM_F_REQUEST, NLM_F_ACK: the socket adds them

    /// By the group of four message types: name, offset and size of each field of the fixed part.
    private static final Map<Integer, String> FIELDS = Map.of(
            4,
            "family 0 1, type 2 2, index 4 4, flags 8 4, change 12 4",
            5,
            "family 0 1, length 1 1, flags 2 1, scope 3 1, index 4 4",
            6,
            "family 0 1, length 1 1, source-length 2 1, tos 3 1, table 4 1, protocol 5 1, scope 6 1, type 7 1, flags 8 4",
            7,
            "family 0 1, index 4 4, state 8 2, flags 10 1, type 11 1",
            8,
            "family 0 1, length 1 1, source-length 2 1, tos 3 1, table 4 1, action 7 1, flags 8 4",
            22,
            "family 0 1",
            27,
            "family 0 1, type 2 2, index 4 4, flags 8 4, change 12 4");

    private static final Map<Integer, Integer> FIXED_SIZE = Map.of(4, 16, 5, 8, 6, 12, 7, 12, 8, 12, 22, 4, 27, 16);
    private static final int LINK = 4;
    private static final int LINK_PROPERTIES = 27;
    private static final int ROUTE = 6;

    private final ByteBuffer body;
    private final int group;
    private final List<String> lines = new ArrayList<>();
    private String kind = "";

    private WireLines(int group, byte... body) {
        this.group = group;
        this.body = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
    }

    static List<String> of(int type, int flags, byte... body) {
        WireLines wire = new WireLines(type / 4, body);
        wire.lines.add("message = " + type);
        wire.lines.add("message flags = 0x%03x".formatted(flags & ~NOT_COMPARED));
        wire.fixed(type / 4, 0, "");
        wire.attributes("", number(FIXED_SIZE, type / 4), body.length);
        Collections.sort(wire.lines);
        return wire.lines;
    }

    private static int number(Map<Integer, Integer> map, int group) {
        Integer value = map.get(group);
        assertTrue(value != null, () -> "no fixed part is known of message types from " + 4 * group);
        return value;
    }

    /// Every byte of a fixed part belongs to a field or is padding, which must be zero.
    private void fixed(int fieldsOf, int at, String path) {
        byte[] rest = new byte[number(FIXED_SIZE, fieldsOf)];
        body.get(at, rest);
        for (String field : FIELDS.getOrDefault(fieldsOf, "").split(", ", -1)) {
            String[] words = field.split(" ", -1);
            int offset = Integer.parseInt(words[1]);
            long value = 0;
            for (int i = Integer.parseInt(words[2]) - 1; i >= 0; i--) {
                value = value << 8 | Byte.toUnsignedInt(rest[offset + i]);
                rest[offset + i] = 0;
            }
            if (value != 0) {
                lines.add(path + words[0] + " = " + value);
            }
        }
        for (byte each : rest) {
            assertTrue(each == 0, "padding that is not zero");
        }
    }

    private void attributes(String path, int from, int to) {
        int at = from;
        while (at < to) {
            int length = Short.toUnsignedInt(body.getShort(at));
            int type = Short.toUnsignedInt(body.getShort(at + 2)) & 0x3fff;
            assertTrue(length >= 4 && at + length <= to, () -> "no attribute of " + path + " at " + from);
            attribute(path + type, at + 4, at + length);
            at += (length + 3) & ~3;
        }
    }

    private void attribute(String path, int from, int to) {
        if (group == LINK && path.equals("18.1")) {
            kind = text(from, to);
        }
        if (isVethsPeer(path)) {
            fixed(LINK, from, path + " ");
            attributes(path + ".", from + number(FIXED_SIZE, LINK), to);
        } else if (group == ROUTE && path.equals("9")) {
            nextHops(path, from, to);
        } else if (isNest(path)) {
            attributes(path + ".", from, to);
        } else {
            lines.add(path + " = " + HexFormat.of().formatHex(body.array(), from, to));
        }
    }

    private boolean isVethsPeer(String path) {
        return group == LINK && kind.equals("veth") && path.equals("18.2.1");
    }

    private boolean isNest(String path) {
        return switch (group) {
            case LINK ->
                List.of("18", "18.2", "26", "26.10").contains(path)
                        || (kind.equals("vlan") && List.of("18.2.3", "18.2.4").contains(path));
            case LINK_PROPERTIES -> path.equals("52");
            case ROUTE -> path.equals("8");
            default -> false;
        };
    }

    /// `struct rtnexthop`: length, flags, weight less one, link; then attributes. Their order says nothing to the
    /// kernel but is kept all the same.
    private void nextHops(String path, int from, int to) {
        int count = 0;
        for (int at = from; at < to; count++) {
            int length = Short.toUnsignedInt(body.getShort(at));
            String hop = path + "[" + count + "]";
            lines.add("%s = flags %d, weight %d, link %d"
                    .formatted(hop, body.get(at + 2), 1 + Byte.toUnsignedInt(body.get(at + 3)), body.getInt(at + 4)));
            attributes(hop + ".", at + 8, at + length);
            at += (length + 3) & ~3;
        }
    }

    private String text(int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int at = from; at < to && body.get(at) != 0; at++) {
            text.append((char) body.get(at));
        }
        return text.toString();
    }
}
