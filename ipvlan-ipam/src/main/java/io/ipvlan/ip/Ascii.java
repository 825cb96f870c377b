package io.ipvlan.ip;

import java.nio.charset.StandardCharsets;

/// Bytes that are known to be ASCII, as text. Writing into an array first is several times as fast as a string
/// builder for texts this short.
final class Ascii {
    private Ascii() {}

    static String text(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }
}
