package io.ipvlan.ip;

/// The text of an IPv4 address: four decimal octets, read strictly.
final class Ipv4Text {
    private static final String KIND = "IPv4 address";
    private static final String REMEDY = "write four numbers from 0 to 255 with dots between, like 192.0.2.1";
    static final int LONGEST = "255.255.255.255".length();
    private static final int OCTETS = 4;
    /// The text of each number with a dot behind, its first character in the lowest byte.
    private static final int[] DOTTED = dotted();

    private Ipv4Text() {}

    static int parse(String text) {
        int bits = 0;
        int at = 0;
        for (int octet = 0; octet < OCTETS; octet++) {
            if (octet > 0) {
                at = skipDot(text, at);
            }
            int start = at;
            int value = 0;
            while (at < text.length() && isDigit(text.charAt(at))) {
                value = value * 10 + text.charAt(at++) - '0';
                if (value > 0xff) {
                    throw BadText.of(KIND, text, "has a number above 255", REMEDY);
                }
            }
            if (at == start) {
                throw incomplete(text, at);
            }
            if (text.charAt(start) == '0' && at - start > 1) {
                throw BadText.of(KIND, text, "has a number with a leading zero", "write it without, in decimal");
            }
            bits = bits << Byte.SIZE | value;
        }
        if (at < text.length()) {
            throw text.charAt(at) == '.'
                    ? BadText.of(KIND, text, "has more than four numbers", REMEDY)
                    : BadText.character(KIND, text, at, REMEDY);
        }
        return bits;
    }

    private static int skipDot(String text, int at) {
        if (at == text.length() || text.charAt(at) != '.') {
            throw incomplete(text, at);
        }
        return at + 1;
    }

    private static IllegalArgumentException incomplete(String text, int at) {
        if (text.isEmpty()) {
            return BadText.of(KIND, text, "is empty", REMEDY);
        }
        return at == text.length()
                ? BadText.of(KIND, text, "has fewer than four numbers", REMEDY)
                : BadText.character(KIND, text, at, REMEDY);
    }

    // Character.isDigit would take the digits of every script.
    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static String format(int bits) {
        byte[] text = new byte[LONGEST + 1];
        return Ascii.text(text, write(bits, text, 0));
    }

    /// Writes the four numbers, and says where they end. There must be room for 16 bytes.
    static int write(int bits, byte[] text, int start) {
        int at = start;
        for (int shift = 24; shift >= 0; shift -= Byte.SIZE) {
            int dotted = DOTTED[(bits >>> shift) & 0xff];
            // Four bytes at once and no decisions: what is too much is written over.
            text[at] = (byte) dotted;
            text[at + 1] = (byte) (dotted >> 8);
            text[at + 2] = (byte) (dotted >> 16);
            text[at + 3] = (byte) (dotted >> 24);
            at += Integer.BYTES - Integer.numberOfLeadingZeros(dotted) / Byte.SIZE;
        }
        return at - 1;
    }

    private static int[] dotted() {
        int[] all = new int[1 << Byte.SIZE];
        for (int octet = 0; octet < all.length; octet++) {
            int text = '.';
            for (int rest = octet; rest > 0 || text == '.'; rest /= 10) {
                text = text << Byte.SIZE | ('0' + rest % 10);
            }
            all[octet] = text;
        }
        return all;
    }
}
