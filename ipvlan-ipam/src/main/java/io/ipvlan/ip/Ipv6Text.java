package io.ipvlan.ip;

import java.nio.charset.StandardCharsets;

/// The text of an IPv6 address: read as RFC 4291, 2.2 defines it, written as RFC 5952 recommends.
final class Ipv6Text {
    private static final String KIND = "IPv6 address";
    private static final String REMEDY = "write eight groups of one to four hexadecimal digits with colons between, "
            + "or '::' once for the zero groups, like 2001:db8::1";
    private static final int GROUPS = 8;
    private static final int LONGEST = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff".length();
    private static final byte[] MAPPED = "::ffff:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private Ipv6Text() {}

    static Ipv6Address parse(String text) {
        int zone = text.indexOf('%');
        if (zone >= 0) {
            throw BadText.of(KIND, text, "carries a zone", "leave out '%' and what follows, a zone is not part of it");
        }
        // The groups read so far, shifted in from the right; those in front of the gap are set aside when it comes.
        long high = 0;
        long low = 0;
        long front = 0;
        long frontLow = 0;
        int count = 0;
        int gap = -1;
        int at = 0;
        if (text.startsWith("::")) {
            gap = 0;
            at = 2;
        } else if (text.isEmpty()) {
            throw BadText.of(KIND, text, "is empty", REMEDY);
        }
        while (at < text.length()) {
            int end = endOfGroup(text, at);
            boolean dotted = end < text.length() && text.charAt(end) == '.';
            if (count + (dotted ? 2 : 1) > GROUPS) {
                throw BadText.of(KIND, text, "has more than eight groups", REMEDY);
            }
            if (dotted) {
                high = high << 32 | low >>> 32;
                low = low << 32 | Integer.toUnsignedLong(dottedTail(text, at));
                count += 2;
                break;
            }
            if (end == at) {
                throw BadText.character(KIND, text, at, REMEDY);
            }
            high = high << 16 | low >>> 48;
            low = low << 16 | group(text, at, end);
            count++;
            at = end;
            if (at < text.length()) {
                at = skipColon(text, at);
                if (text.charAt(at) == ':') {
                    if (gap >= 0) {
                        throw BadText.of(KIND, text, "has '::' more than once", "shorten one run of zero groups only");
                    }
                    gap = count;
                    front = high;
                    frontLow = low;
                    high = 0;
                    low = 0;
                    at++;
                }
            }
        }
        if (gap < 0 && count < GROUPS) {
            throw BadText.of(KIND, text, "has fewer than eight groups and no '::'", REMEDY);
        }
        if (gap >= 0 && count == GROUPS) {
            throw BadText.of(KIND, text, "has eight groups and a '::' that stands for none", "leave out the '::'");
        }
        if (gap > 4) {
            int shift = 16 * (GROUPS - gap);
            high |= front << shift | frontLow >>> -shift;
            low |= frontLow << shift;
        } else if (gap > 0) {
            high |= frontLow << (16 * (4 - gap));
        }
        return new Ipv6Address(high, low);
    }

    private static int endOfGroup(String text, int start) {
        int end = start;
        while (end < text.length() && isHexDigit(text.charAt(end))) {
            end++;
        }
        if (end - start > 4) {
            throw BadText.of(KIND, text, "has a group of more than four digits", REMEDY);
        }
        return end;
    }

    private static int skipColon(String text, int at) {
        if (text.charAt(at) != ':') {
            throw BadText.character(KIND, text, at, REMEDY);
        }
        if (at + 1 == text.length()) {
            throw BadText.of(KIND, text, "ends with a single colon", REMEDY);
        }
        return at + 1;
    }

    private static int dottedTail(String text, int at) {
        try {
            return Ipv4Text.parse(text.substring(at));
        } catch (IllegalArgumentException e) {
            throw BadText.within(KIND, text, e);
        }
    }

    private static int group(String text, int start, int end) {
        int value = 0;
        for (int at = start; at < end; at++) {
            int c = text.charAt(at);
            // The low four bits of a letter in either case count from 1.
            value = value << 4 | (c <= '9' ? c - '0' : (c & 0xf) + 9);
        }
        return value;
    }

    // Character.digit would take the digits of every script.
    private static boolean isHexDigit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    static String format(Ipv6Address address) {
        byte[] text = new byte[LONGEST];
        if (address.isIpv4Mapped()) {
            System.arraycopy(MAPPED, 0, text, 0, MAPPED.length);
            return Ascii.text(text, Ipv4Text.write((int) address.low(), text, MAPPED.length));
        }
        int zeros = zeroGroups(address);
        int gap = longestRun(zeros);
        int behind = gap + runAt(zeros, gap);
        int at = 0;
        for (int group = 0; group < GROUPS; group++) {
            if (group == gap) {
                text[at++] = ':';
                text[at++] = ':';
                group = behind - 1;
            } else {
                if (group > 0 && group != behind) {
                    text[at++] = ':';
                }
                at = write(group(address, group), text, at);
            }
        }
        return Ascii.text(text, at);
    }

    /// One bit for each group that is zero, the lowest bit for the first group.
    private static int zeroGroups(Ipv6Address address) {
        int zeros = 0;
        for (int group = 0; group < GROUPS; group++) {
            if (group(address, group) == 0) {
                zeros |= 1 << group;
            }
        }
        return zeros;
    }

    /// Where the first of the longest runs of two or more begins; behind all groups if there is none.
    private static int longestRun(int zeros) {
        int gap = GROUPS;
        int longest = 1; // a single zero group is never shortened
        for (int start = 0; start < GROUPS; start++) {
            int run = runAt(zeros, start);
            if (run > longest) {
                gap = start;
                longest = run;
            }
        }
        return gap;
    }

    private static int runAt(int zeros, int start) {
        return Integer.numberOfTrailingZeros(~(zeros >>> start));
    }

    private static int write(int group, byte[] text, int start) {
        int at = start;
        int digits = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(group) + 3) / 4);
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            text[at++] = DIGITS[(group >>> shift) & 0xf];
        }
        return at;
    }

    private static int group(Ipv6Address address, int index) {
        long half = index < 4 ? address.high() : address.low();
        return (int) (half >>> (48 - 16 * (index % 4))) & 0xffff;
    }
}
