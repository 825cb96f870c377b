package io.ipvlan.internal.store;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What a record of the journal says: a key got a text, or lost it. As bytes: a byte that says which, two
/// with the length of the key, the key, the text.
///
/// @param key the key
/// @param text its text, if it has one
record StoreRecord(String key, Optional<String> text) {
    static final int LONGEST_TEXT = 1 << 20;
    static final byte SET = 1;
    static final byte FORGET = 2;

    private static final int LONGEST_KEY = 300;
    private static final int BEFORE_KEY = 1 + Short.BYTES;

    static String requireKey(String key) {
        if (!isKey(key)) {
            throw new IllegalArgumentException("'" + key + "' is no key of a network store: 1 to " + LONGEST_KEY
                    + " letters, digits and any of . _ - /");
        }
        return key;
    }

    private static boolean isKey(String key) {
        boolean fits = !key.isEmpty() && key.length() <= LONGEST_KEY;
        for (int at = 0; fits && at < key.length(); at++) {
            char c = key.charAt(at);
            fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '-' && c <= '9') || c == '_';
        }
        return fits;
    }

    /// @param key what the text is of
    static byte[] encode(String key, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8); // fast, but puts a question mark for half a pair
        boolean ascii = new String(bytes, StandardCharsets.ISO_8859_1).equals(text);
        return ascii && bytes.length <= LONGEST_TEXT ? bytes : encodeStrictly(key, text);
    }

    private static byte[] encodeStrictly(String key, String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            if (bytes.remaining() > LONGEST_TEXT) {
                throw new IllegalArgumentException("'" + key + "' needs " + bytes.remaining()
                        + " bytes in the network store, and " + LONGEST_TEXT
                        + " is the most: give it fewer or shorter labels, routes or subnets");
            }
            byte[] exact = new byte[bytes.remaining()];
            bytes.get(exact);
            return exact;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "a text of '" + key + "' has half a surrogate pair, and cannot be stored", e);
        }
    }

    byte[] bytes() {
        byte[] name = key.getBytes(StandardCharsets.US_ASCII);
        byte[] encoded = text.map(one -> encode(key, one)).orElse(new byte[0]);
        return ByteBuffer.allocate(BEFORE_KEY + name.length + encoded.length)
                .put(text.isPresent() ? SET : FORGET)
                .putShort((short) name.length)
                .put(name)
                .put(encoded)
                .array();
    }

    /// The record that bytes are, or nothing if they are none.
    static Optional<StoreRecord> of(ByteBuffer bytes) {
        if (bytes.remaining() < BEFORE_KEY) {
            return Optional.empty();
        }
        byte kind = bytes.get();
        int length = bytes.getShort();
        if (kind < SET || kind > FORGET || length < 1 || length > LONGEST_KEY || length > bytes.remaining()) {
            return Optional.empty();
        }
        String key = StandardCharsets.US_ASCII
                .decode(bytes.slice(bytes.position(), length))
                .toString();
        ByteBuffer rest = bytes.slice(bytes.position() + length, bytes.remaining() - length);
        if (kind == FORGET) {
            return rest.hasRemaining() ? Optional.empty() : Optional.of(new StoreRecord(key, Optional.empty()));
        }
        try {
            return Optional.of(new StoreRecord(
                    key,
                    Optional.of(StandardCharsets.UTF_8.newDecoder().decode(rest).toString())));
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
