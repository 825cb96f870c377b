package io.ipvlan.ip;

/// The number behind the slash: how many leading bits of an address name its network.
final class PrefixLength {
    private PrefixLength() {}

    /// Reads `address/length` into its two parts, for a type that calls itself `kind`.
    static IpCidr parse(String kind, String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw BadText.of(kind, text, "has no length", "append a slash and the number of network bits, like /24");
        }
        IpAddress address;
        try {
            address = IpAddress.parse(text.substring(0, slash));
        } catch (IllegalArgumentException e) {
            throw BadText.within(kind, text, e);
        }
        return new IpCidr(address, parse(kind, text, slash + 1, address.family()));
    }

    private static int parse(String kind, String text, int from, IpFamily family) {
        String remedy = remedy(family);
        if (from == text.length()) {
            throw BadText.of(kind, text, "has no length behind its slash", remedy);
        }
        int length = 0;
        for (int at = from; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c < '0' || c > '9') {
                throw BadText.character(kind, text, at, remedy);
            }
            length = length * 10 + c - '0';
            if (length > family.bits()) {
                throw BadText.of(kind, text, "has a length above " + family.bits(), remedy);
            }
        }
        if (text.charAt(from) == '0' && text.length() - from > 1) {
            throw BadText.of(kind, text, "has a length with a leading zero", remedy);
        }
        return length;
    }

    static void check(String kind, IpAddress address, int length) {
        if (length < 0 || length > address.family().bits()) {
            throw BadText.of(kind, address + "/" + length, "has an impossible length", remedy(address.family()));
        }
    }

    private static String remedy(IpFamily family) {
        return "write the length as a plain number from 0 to " + family.bits();
    }
}
