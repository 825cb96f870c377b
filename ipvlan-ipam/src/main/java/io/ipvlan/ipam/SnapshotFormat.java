package io.ipvlan.ipam;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/// The binary form of a [PoolState]: what writer and reader have in common. `docs/ipam-snapshots.md` describes
/// it.
final class SnapshotFormat {
    /// What every snapshot begins with.
    static final byte[] MAGIC = "ipam".getBytes(StandardCharsets.US_ASCII);

    static final int VERSION = 1;
    static final int CHECKSUM = Integer.BYTES;

    private SnapshotFormat() {}

    /// Checks that a text has UTF-8: of half a surrogate pair there is none, and what is written in its place
    /// would be the same for all.
    ///
    /// @throws IllegalArgumentException if it has none
    static void check(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (Character.isSurrogate(text.charAt(at))) {
                if (Character.charCount(text.codePointAt(at)) == 1) {
                    throw new IllegalArgumentException("'" + text
                            + "' has half a surrogate pair, and cannot be written down: choose another text");
                }
                at++;
            }
        }
    }

    static void check(Map<String, String> texts) {
        texts.forEach((key, value) -> {
            check(key);
            check(value);
        });
    }

    static int checksum(byte[] bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }
}
