package io.ipvlan.netlink.route;

import java.nio.charset.StandardCharsets;

/// What can name a link, as `dev_valid_name` in the kernel has it, and a little stricter.
final class LinkNames {
    /// `ALTIFNAMSIZ - 1` of `linux/if.h`.
    static final int ALTERNATIVE_LIMIT = 127;

    private LinkNames() {}

    static String requireName(String name) {
        return require(name, LinkRequest.NAME_LIMIT, "a link");
    }

    static String requireAlternative(String name) {
        return require(name, ALTERNATIVE_LIMIT, "a link, also not alternatively");
    }

    private static String require(String name, int limit, String what) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        boolean allowed = bytes.length > 0 && bytes.length <= limit && !name.equals(".") && !name.equals("..");
        for (byte b : bytes) {
            int c = Byte.toUnsignedInt(b); // 0xa0 is a blank to the kernel, also inside a character of UTF-8
            allowed &= c > ' ' && c != '/' && c != ':' && c != '%' && c != 0x7f && c != 0xa0;
        }
        if (!allowed) {
            throw new IllegalArgumentException("'" + name + "' cannot name " + what + ": a name has 1 to " + limit
                    + " bytes, no blank, '/', ':' or '%', and is not '.' or '..'");
        }
        return name;
    }
}
