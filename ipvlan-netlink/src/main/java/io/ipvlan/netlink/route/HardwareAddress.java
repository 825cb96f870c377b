package io.ipvlan.netlink.route;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The address of a link below IP: a MAC address of 6 bytes for Ethernet, and of other lengths for other
/// hardware (4 for a tunnel over IPv4, 16 over IPv6, 20 for InfiniBand). Immutable, compared by its bytes.
///
/// Source: `IFLA_ADDRESS` in `linux/if_link.h`, `NDA_LLADDR` in `linux/neighbour.h`.
public final class HardwareAddress {
    /// The most bytes an address can have, `MAX_ADDR_LEN` of the kernel's `linux/netdevice.h`.
    public static final int LENGTH_LIMIT = 32;

    /// No address at all: a link that needs none.
    public static final HardwareAddress NONE = new HardwareAddress(new byte[0]);

    private static final Pattern TEXT = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2})*");
    private static final HexFormat FORMAT = HexFormat.ofDelimiter(":");

    private final byte[] bytes;

    private HardwareAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /// An address of these bytes.
    ///
    /// @param bytes the bytes in the order they are written; copied
    /// @return the address, [#NONE] for no bytes
    /// @throws IllegalArgumentException if there are more than [#LENGTH_LIMIT]
    public static HardwareAddress of(byte... bytes) {
        if (bytes.length > LENGTH_LIMIT) {
            throw new IllegalArgumentException(
                    "a hardware address has at most " + LENGTH_LIMIT + " bytes, not " + bytes.length);
        }
        return bytes.length == 0 ? NONE : new HardwareAddress(bytes.clone());
    }

    /// Reads an address as people write it.
    ///
    /// @param text pairs of hexadecimal digits with colons between, such as `02:42:0a:00:00:01`
    /// @return the address
    /// @throws IllegalArgumentException if the text is something else
    public static HardwareAddress parse(String text) {
        if (!TEXT.matcher(text).matches()) {
            throw new IllegalArgumentException("'" + text + "' is no hardware address, such as 02:42:0a:00:00:01");
        }
        return of(FORMAT.parseHex(text));
    }

    /// The bytes of the address.
    ///
    /// @return a copy, in the order they are written
    public byte[] toBytes() {
        return bytes.clone();
    }

    /// How many bytes it has.
    ///
    /// @return 0 for [#NONE]
    public int length() {
        return bytes.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HardwareAddress that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /// As people write it, such as `02:42:0a:00:00:01`; empty for [#NONE].
    @Override
    public String toString() {
        return FORMAT.formatHex(bytes);
    }
}
