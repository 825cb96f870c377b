package io.ipvlan.ipam;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// The binary form of a [PoolState]: what writer and reader have in common. `docs/ipam-snapshots.md` describes
/// it.
final class SnapshotFormat {
    /// What every snapshot begins with.
    static final byte[] MAGIC = "ipam".getBytes(StandardCharsets.US_ASCII);

    static final int VERSION = 1;
    static final int CHECKSUM = Integer.BYTES;

    private SnapshotFormat() {}

    static int checksum(byte[] bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }
}
