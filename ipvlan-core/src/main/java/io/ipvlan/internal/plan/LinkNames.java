package io.ipvlan.internal.plan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/// Names of links: what the kernel takes, and what the library chooses. Source: `dev_valid_name` of the
/// kernel, and `IFNAMSIZ` of `linux/if.h`. Stricter than the kernel in two things: a `%` would make it choose
/// a name by itself, and a control character would make whoever reads the name guess.
public final class LinkNames {
    /// Child links are called this and the lowest number that is free, unless told otherwise.
    private static final String CHILD_PREFIX = "eth";

    /// Two that would be directories, and two that are, in `/proc/sys/net/ipv4/conf`.
    private static final Set<String> RESERVED = Set.of(".", "..", "all", "default");

    private static final int LIMIT = 15;
    private static final int ALTERNATIVE_LIMIT = 127;
    /// The kernel reads bytes as Latin-1, where this one is a blank: `à` ends in it.
    private static final byte LATIN_1_BLANK = (byte) 0xa0;

    private static final String OWNED_PREFIX = "ipvl-";
    private static final int OWNED_DIGITS = 10;

    private LinkNames() {}

    /// Why a text cannot name a link; empty if it can.
    public static Optional<String> problem(String name) {
        return problem(name, LIMIT);
    }

    /// Why a text cannot be an alternative name of a link, which may be longer; empty if it can.
    static Optional<String> alternativeProblem(String name) {
        return problem(name, ALTERNATIVE_LIMIT);
    }

    private static Optional<String> problem(String name, int limit) {
        if (name.isEmpty()) {
            return Optional.of("it is empty");
        }
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > limit) {
            return Optional.of("it is longer than " + limit + " bytes");
        }
        if (RESERVED.contains(name)) {
            return Optional.of("it is reserved");
        }
        if (!name.equals(new String(bytes, StandardCharsets.UTF_8))) {
            return Optional.of("it contains half a character");
        }
        for (byte one : bytes) {
            if (one == LATIN_1_BLANK) {
                return Optional.of("the kernel takes one of its bytes, 0xa0, for a blank");
            }
        }
        return name.chars()
                .filter(c -> c <= ' ' || c == '/' || c == ':' || c == '%' || c == 0x7f)
                .mapToObj(c -> "it contains "
                        + (c <= ' ' || c == 0x7f ? "a blank or control character" : "'" + (char) c + "'"))
                .findFirst();
    }

    /// Insists on a name.
    public static void require(String name) {
        problem(name).ifPresent(reason -> {
            throw new IllegalArgumentException("'" + name + "' cannot name a link: " + reason);
        });
    }

    /// The name of a child link that was not given one: the lowest that is free.
    ///
    /// @param taken the names there are
    public static String lowestFree(Set<String> taken) {
        return free(taken, 0);
    }

    /// The lowest name that is free but for some.
    ///
    /// @param taken the names there are
    /// @param others how many lower ones are left to others who are choosing, too
    public static String free(Set<String> taken, int others) {
        int left = others;
        for (int number = 0; ; number++) {
            String name = CHILD_PREFIX + number;
            if (!taken.contains(name) && left-- == 0) {
                return name;
            }
        }
    }

    /// The name of a network's own dummy parent.
    public static String dummyParent(String network) {
        return madeUp(network);
    }

    /// The name of a network's child link in the parent's namespace, by which the two reach each other.
    public static String hostAccess(String network) {
        return madeUp("host access of " + network);
    }

    /// The name of a VLAN link that was not given one: a name that is too long is replaced.
    static String vlan(String lower, int id) {
        String natural = lower + "." + id;
        return problem(natural).isEmpty() ? natural : madeUp(natural);
    }

    /// Always the same for the same text, and within the limit.
    private static String madeUp(String text) {
        return OWNED_PREFIX + digest(text);
    }

    /// Ten hexadecimal digits, the same for the same text.
    static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, OWNED_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
