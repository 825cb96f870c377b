package io.ipvlan.ipam;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Who holds an address, as it is kept: up to 16 characters of Latin-1 as two numbers, anything else as its text.
/// A million short texts as objects of their own would take 56 MB.
///
/// @param front the first eight characters, the last of them lowest; of a text, its hash
/// @param back the other eight, likewise
/// @param text what does not fit
record Owner(long front, long back, @Nullable String text) {
    static final Owner NOBODY = new Owner(0, 0, null);

    private static final int LONGEST = 2 * Long.BYTES;

    static Owner of(String text) {
        long front = 0;
        long back = 0;
        boolean fits = text.length() <= LONGEST;
        for (int at = 0; fits && at < text.length(); at++) {
            char c = text.charAt(at);
            // A zero would be lost in front of the others.
            fits = c != 0 && c <= 0xff;
            if (at < Long.BYTES) {
                front = front << Byte.SIZE | c;
            } else {
                back = back << Byte.SIZE | c;
            }
        }
        return new Owner(fits ? front : text.hashCode(), fits ? back : 0, fits ? null : text);
    }

    /// Checks that it can be written down. What is kept as numbers always can.
    ///
    /// @throws IllegalArgumentException if it cannot
    void check() {
        if (text != null) {
            SnapshotFormat.check(text);
        }
    }

    boolean isNobody() {
        return front == 0 && text == null;
    }

    int hash() {
        return hash(front, back);
    }

    static int hash(long front, long back) {
        return Hash.of(31 * front + back);
    }

    /// The owner in the caller's own words.
    @Override
    public String toString() {
        if (text != null) {
            return text;
        }
        byte[] bytes = new byte[LONGEST];
        int length = unpack(back, bytes, unpack(front, bytes, 0));
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    private static int unpack(long characters, byte[] bytes, int start) {
        int at = start;
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            byte character = (byte) (characters >>> shift);
            if (character != 0) {
                bytes[at++] = character;
            }
        }
        return at;
    }
}
