package io.ipvlan.ip;

/// The text of an IPv4 address: four decimal octets, read strictly.
final class Ipv4Text {
    private static final String KIND = "IPv4 address";
    private static final String REMEDY = "write four numbers from 0 to 255 with dots between, like 192.0.2.1";
    static final int LONGEST = "255.255.255.255".length();
    private static final int OCTETS = 4;

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
        byte[] text = new byte[LONGEST];
        return Ascii.text(text, write(bits, text, 0));
    }

    /// Writes the four numbers, and says where they end.
    static int write(int bits, byte[] text, int start) {
        int at = start;
        for (int shift = 24; shift >= 0; shift -= Byte.SIZE) {
            int octet = (bits >>> shift) & 0xff;
            if (octet >= 100) {
                text[at++] = (byte) ('0' + octet / 100);
            }
            if (octet >= 10) {
                text[at++] = (byte) ('0' + octet / 10 % 10);
            }
            text[at++] = (byte) ('0' + octet % 10);
            if (shift > 0) {
                text[at++] = '.';
            }
        }
        return at;
    }
}
