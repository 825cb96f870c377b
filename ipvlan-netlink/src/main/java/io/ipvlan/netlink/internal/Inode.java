package io.ipvlan.netlink.internal;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Which file it is that a descriptor stands for.
///
/// @param device the file system, its major number in the upper half
/// @param number its number there
public record Inode(long device, long number) {
    /// Reads what [Libc#statx] has filled in. Through a buffer: all that a program which has just begun would
    /// notice.
    public static Inode of(MemorySegment status) {
        ByteBuffer bytes = status.asByteBuffer().order(ByteOrder.nativeOrder());
        long major = bytes.getInt(Uapi.STATX_OFFSET_DEV_MAJOR);
        long minor = Integer.toUnsignedLong(bytes.getInt(Uapi.STATX_OFFSET_DEV_MINOR));
        return new Inode(major << 32 | minor, bytes.getLong(Uapi.STATX_OFFSET_INO));
    }
}
