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
    /// The child link's name unless told otherwise.
    public static final String DEFAULT_INTERFACE = "eth0";

    /// Two that would be directories, and two that are, in `/proc/sys/net/ipv4/conf`.
    private static final Set<String> RESERVED = Set.of(".", "..", "all", "default");

    private static final int LIMIT = 15;
    /// The kernel reads bytes as Latin-1, where this one is a blank: `à` ends in it.
    private static final byte LATIN_1_BLANK = (byte) 0xa0;

    private static final String DUMMY_PREFIX = "ipvl-";
    private static final int DUMMY_DIGITS = 10;

    private LinkNames() {}

    /// Why a text cannot name a link; empty if it can.
    public static Optional<String> problem(String name) {
        if (name.isEmpty()) {
            return Optional.of("it is empty");
        }
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LIMIT) {
            return Optional.of("it is longer than " + LIMIT + " bytes");
        }
        if (RESERVED.contains(name)) {
            return Optional.of("it is reserved");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
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

    /// The name of a network's own dummy parent: always the same for the same network, and within the limit.
    public static String dummyParent(String network) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(network.getBytes(StandardCharsets.UTF_8));
            return DUMMY_PREFIX + HexFormat.of().formatHex(digest).substring(0, DUMMY_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
