package io.ipvlan.ip;

/// The text of an IPv6 address: read as RFC 4291, 2.2 defines it, written as RFC 5952 recommends.
final class Ipv6Text {
    private static final String KIND = "IPv6 address";
    private static final String REMEDY = "write eight groups of one to four hexadecimal digits with colons between, "
            + "or '::' once for the zero groups, like 2001:db8::1";
    private static final int GROUPS = 8;

    private Ipv6Text() {}

    static Ipv6Address parse(String text) {
        int zone = text.indexOf('%');
        if (zone >= 0) {
            throw BadText.of(KIND, text, "carries a zone", "leave out '%' and what follows, a zone is not part of it");
        }
        int[] groups = new int[GROUPS];
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
                int bits = dottedTail(text, at);
                groups[count++] = bits >>> 16;
                groups[count++] = bits & 0xffff;
                break;
            }
            if (end == at) {
                throw BadText.character(KIND, text, at, REMEDY);
            }
            groups[count++] = Integer.parseInt(text, at, end, 16);
            at = end;
            if (at < text.length()) {
                at = skipColon(text, at);
                if (text.charAt(at) == ':') {
                    if (gap >= 0) {
                        throw BadText.of(KIND, text, "has '::' more than once", "shorten one run of zero groups only");
                    }
                    gap = count;
                    at++;
                }
            }
        }
        return assemble(text, groups, count, gap);
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

    private static Ipv6Address assemble(String text, int[] groups, int count, int gap) {
        if (gap < 0 && count < GROUPS) {
            throw BadText.of(KIND, text, "has fewer than eight groups and no '::'", REMEDY);
        }
        if (gap >= 0 && count == GROUPS) {
            throw BadText.of(KIND, text, "has eight groups and a '::' that stands for none", "leave out the '::'");
        }
        int zeros = GROUPS - count;
        long high = 0;
        long low = 0;
        for (int group = 0; group < GROUPS; group++) {
            long value = 0;
            if (gap < 0 || group < gap) {
                value = groups[group];
            } else if (group >= gap + zeros) {
                value = groups[group - zeros];
            }
            high = high << 16 | low >>> 48;
            low = low << 16 | value;
        }
        return new Ipv6Address(high, low);
    }

    // Character.digit would take the digits of every script.
    private static boolean isHexDigit(char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    static String format(Ipv6Address address) {
        if (address.isIpv4Mapped()) {
            return "::ffff:" + Ipv4Text.format((int) address.low());
        }
        int gap = GROUPS;
        int zeros = 1; // a single zero group is never shortened
        for (int start = 0; start < GROUPS; start++) {
            int end = start;
            while (end < GROUPS && group(address, end) == 0) {
                end++;
            }
            if (end - start > zeros) {
                gap = start;
                zeros = end - start;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int group = 0; group < GROUPS; group++) {
            if (group == gap) {
                text.append("::");
                group += zeros - 1;
            } else {
                if (group > 0 && group != gap + zeros) {
                    text.append(':');
                }
                text.append(Integer.toHexString(group(address, group)));
            }
        }
        return text.toString();
    }

    private static int group(Ipv6Address address, int index) {
        long half = index < 4 ? address.high() : address.low();
        return (int) (half >>> (48 - 16 * (index % 4))) & 0xffff;
    }
}
