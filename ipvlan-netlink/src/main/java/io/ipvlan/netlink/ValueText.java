package io.ipvlan.netlink;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.netlink.internal.names.Attribute;
import io.ipvlan.netlink.internal.names.Flags;
import io.ipvlan.netlink.internal.names.Symbols;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Values of attributes as text. A value that cannot be what its attribute should be is shown in hex; a long
/// one is cut, and then its length is said.
final class ValueText {
    private static final int LONGEST_HEX = 32;
    private static final int LONGEST_TEXT = 128;
    private static final int MOST_NUMBERS = 16;

    private ValueText() {}

    /// A value with the sign of equality before it; nothing for an attribute without bytes.
    static String of(Attribute attribute, MemorySegment value) {
        if (value.byteSize() == 0) {
            return "";
        }
        String text = switch (attribute.form()) {
            case NUMBER -> number(value, attribute.symbols());
            case SIGNED -> signed(value);
            case NETWORK_NUMBER -> networkNumber(value, attribute.symbols());
            case SHORT_NUMBERS -> numbers(value, 2);
            case NUMBERS -> numbers(value, 4);
            case LONG_NUMBERS -> numbers(value, 8);
            case TEXT -> quoted(value);
            case IP_ADDRESS -> address(value);
            case HARDWARE_ADDRESS -> hardwareAddress(value);
            case VIA -> via(value);
            case BYTES, NEST, LINK, NEXT_HOPS -> null;
        };
        return "=" + (text == null ? hex(value) : text);
    }

    static String hex(MemorySegment bytes) {
        long shown = Math.min(bytes.byteSize(), LONGEST_HEX);
        String digits = HexFormat.of().formatHex(bytes.asSlice(0, shown).toArray(JAVA_BYTE));
        return "0x" + digits + cut(shown, bytes.byteSize());
    }

    /// Bytes that are not what should be there, possibly none.
    static String malformed(MemorySegment bytes) {
        return bytes.byteSize() == 0 ? "malformed" : "malformed " + hex(bytes);
    }

    private static String cut(long shown, long length) {
        return shown == length ? "" : "...(" + length + " bytes)";
    }

    /// A number in the machine's byte order.
    ///
    /// @param bytes how many there are of it: 1, 2, 4 or 8
    static long unsigned(MemorySegment segment, long offset, int bytes) {
        return switch (bytes) {
            case 1 -> Byte.toUnsignedLong(segment.get(JAVA_BYTE, offset));
            case 2 -> Short.toUnsignedLong(segment.get(JAVA_SHORT_UNALIGNED, offset));
            case 4 -> Integer.toUnsignedLong(segment.get(JAVA_INT_UNALIGNED, offset));
            case 8 -> segment.get(JAVA_LONG_UNALIGNED, offset);
            default -> throw new IllegalArgumentException("a number of " + bytes + " bytes");
        };
    }

    private static boolean isNumber(MemorySegment value) {
        return value.byteSize() <= 8 && Long.bitCount(value.byteSize()) == 1;
    }

    private static @Nullable String number(MemorySegment value, @Nullable Symbols symbols) {
        if (!isNumber(value)) {
            return null;
        }
        return text(unsigned(value, 0, (int) value.byteSize()), symbols);
    }

    private static String text(long number, @Nullable Symbols symbols) {
        return symbols == null ? Long.toUnsignedString(number) : symbols.text(number);
    }

    private static @Nullable String signed(MemorySegment value) {
        if (!isNumber(value)) {
            return null;
        }
        int unused = Long.SIZE - 8 * (int) value.byteSize();
        return Long.toString(unsigned(value, 0, (int) value.byteSize()) << unused >> unused);
    }

    private static @Nullable String networkNumber(MemorySegment value, @Nullable Symbols symbols) {
        if (!isNumber(value)) {
            return null;
        }
        long number = 0;
        for (byte digit : value.toArray(JAVA_BYTE)) {
            number = number << 8 | Byte.toUnsignedInt(digit);
        }
        return text(number, symbols);
    }

    private static @Nullable String numbers(MemorySegment value, int bytes) {
        if (value.byteSize() % bytes != 0) {
            return null;
        }
        long count = value.byteSize() / bytes;
        StringJoiner numbers =
                new StringJoiner(", ", "[", count > MOST_NUMBERS ? ", ...(" + count + " numbers)]" : "]");
        for (int i = 0; i < Math.min(count, MOST_NUMBERS); i++) {
            numbers.add(Long.toUnsignedString(unsigned(value, (long) i * bytes, bytes)));
        }
        return numbers.toString();
    }

    /// Printable characters of ASCII as they are and all others as `\x` with two digits, for a terminal obeys
    /// some of them. What stands behind the closing zero byte is not shown.
    private static String quoted(MemorySegment value) {
        StringBuilder text = new StringBuilder("\"");
        long length = 0;
        while (length < value.byteSize() && value.get(JAVA_BYTE, length) != 0) {
            length++;
        }
        long shown = Math.min(length, LONGEST_TEXT);
        for (long i = 0; i < shown; i++) {
            byte character = value.get(JAVA_BYTE, i);
            if (character < ' ' || character > '~' || character == '"' || character == '\\') {
                text.append("\\x").append(HexFormat.of().toHexDigits(character));
            } else {
                text.append((char) character);
            }
        }
        return text.append('"').append(cut(shown, length)).toString();
    }

    private static @Nullable String address(MemorySegment value) {
        return value.byteSize() == 4 || value.byteSize() == 16
                ? IpAddress.ofBytes(value.toArray(JAVA_BYTE)).toString()
                : null;
    }

    private static @Nullable String hardwareAddress(MemorySegment value) {
        return value.byteSize() > LONGEST_HEX
                ? null
                : HexFormat.ofDelimiter(":").formatHex(value.toArray(JAVA_BYTE));
    }

    private static @Nullable String via(MemorySegment value) {
        if (value.byteSize() <= 2) {
            return null;
        }
        String address = address(value.asSlice(2));
        return address == null ? null : Flags.FAMILIES.text(unsigned(value, 0, 2)) + " " + address;
    }
}
