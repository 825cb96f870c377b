package io.ipvlan.ip;

/// An IPv6 address (RFC 4291), without a zone.
///
/// @param high the first 64 bits; to be read as unsigned
/// @param low the last 64 bits; to be read as unsigned
public record Ipv6Address(long high, long low) implements IpAddress {
    static final int BYTES = 2 * Long.BYTES;

    /// Reads an address in any of the three forms of RFC 4291, 2.2: eight groups, `::` for one or more zero
    /// groups, and the last two groups as an IPv4 address.
    ///
    /// Strict: groups of one to four hexadecimal digits in either case, at most one `::`, no spaces, no
    /// brackets. A zone (`%eth0`) is refused: it belongs to a host, not to the address.
    ///
    /// @param text an address like `2001:db8::1` or `::ffff:192.0.2.1`
    /// @return the address
    /// @throws IllegalArgumentException if the text has any other form
    public static Ipv6Address parse(String text) {
        return Ipv6Text.parse(text);
    }

    @Override
    public IpFamily family() {
        return IpFamily.IPV6;
    }

    @Override
    public byte[] toBytes() {
        byte[] bytes = new byte[BYTES];
        for (int at = 0; at < Long.BYTES; at++) {
            int shift = Long.SIZE - Byte.SIZE * (at + 1);
            bytes[at] = (byte) (high >>> shift);
            bytes[at + Long.BYTES] = (byte) (low >>> shift);
        }
        return bytes;
    }

    @Override
    public Ipv6Address plus(long steps) {
        long newLow = low + steps;
        int order = Long.compareUnsigned(newLow, low);
        // A step up that lands lower has carried, a step down that lands higher has borrowed.
        int carry = steps >= 0 ? (order < 0 ? 1 : 0) : (order > 0 ? -1 : 0);
        if ((carry > 0 && high == -1) || (carry < 0 && high == 0)) {
            throw new ArithmeticException(this + " plus " + steps + " leaves the IPv6 addresses");
        }
        return new Ipv6Address(high + carry, newLow);
    }

    @Override
    public Ipv6Address plus(long blocks, int shift) {
        IpFamily.IPV6.checkShift(shift);
        long size = Math.abs(blocks); // unsigned: that of the lowest long is itself
        boolean lost = shift > Long.SIZE && size >>> -shift != 0;
        long sizeLow = shift < Long.SIZE ? size << shift : 0;
        long sizeHigh = shift < Long.SIZE ? size >>> 1 >>> (Long.SIZE - 1 - shift) : size << shift;
        long newLow;
        long newHigh;
        if (blocks >= 0) {
            newLow = low + sizeLow;
            newHigh = high + sizeHigh + (Long.compareUnsigned(newLow, low) < 0 ? 1 : 0);
        } else {
            newLow = low - sizeLow;
            newHigh = high - sizeHigh - (Long.compareUnsigned(low, sizeLow) < 0 ? 1 : 0);
        }
        int order = Long.compareUnsigned(newHigh, high);
        order = order != 0 ? order : Long.compareUnsigned(newLow, low);
        if (lost || (blocks > 0 && order < 0) || (blocks < 0 && order > 0)) {
            throw new ArithmeticException(this + " plus " + blocks + " << " + shift + " leaves the IPv6 addresses");
        }
        return new Ipv6Address(newHigh, newLow);
    }

    @Override
    public boolean isMulticast() {
        return high >>> 56 == 0xff;
    }

    @Override
    public boolean isLoopback() {
        return high == 0 && low == 1;
    }

    @Override
    public boolean isUnspecified() {
        return high == 0 && low == 0;
    }

    @Override
    public boolean isLinkLocal() {
        return high >>> 54 == 0xfe80 >>> 6;
    }

    @Override
    public boolean isBroadcast() {
        return false;
    }

    /// Whether this address stands for an IPv4 address: `::ffff:0:0/96` (RFC 4291, 2.5.5.2). Such addresses
    /// are for programs that speak IPv4 through IPv6 sockets and belong on no link.
    ///
    /// @return true for an IPv4-mapped address
    public boolean isIpv4Mapped() {
        return high == 0 && low >>> 32 == 0xffff;
    }

    /// The distance up to an address that is not lower, or [Long#MAX_VALUE] if it is larger than that.
    long stepsUp(Ipv6Address other) {
        long borrow = Long.compareUnsigned(other.low, low) < 0 ? 1 : 0;
        long steps = other.low - low;
        return other.high - high - borrow != 0 || steps < 0 ? Long.MAX_VALUE : steps;
    }

    /// How many bits from the last one on are zero.
    int trailingZeros() {
        return low == 0 ? Long.SIZE + Long.numberOfTrailingZeros(high) : Long.numberOfTrailingZeros(low);
    }

    /// This address with every bit behind the first `length` cleared.
    Ipv6Address withHostBitsCleared(int length) {
        long clearedHigh = high & ~highHostMask(length);
        long clearedLow = low & ~lowHostMask(length);
        return clearedHigh == high && clearedLow == low ? this : new Ipv6Address(clearedHigh, clearedLow);
    }

    /// This address with every bit behind the first `length` set.
    Ipv6Address withHostBitsSet(int length) {
        return new Ipv6Address(high | highHostMask(length), low | lowHostMask(length));
    }

    // A shift of a long counts modulo 64, so the two halves need their limits spelt out.
    private static long highHostMask(int length) {
        return length < Long.SIZE ? -1L >>> length : 0;
    }

    private static long lowHostMask(int length) {
        if (length <= Long.SIZE) {
            return -1;
        }
        return length < 2 * Long.SIZE ? -1L >>> (length - Long.SIZE) : 0;
    }

    /// Orders by unsigned value, after every IPv4 address.
    ///
    /// @param other an address of either family
    /// @return negative, zero or positive as this address is lower, equal or higher
    @Override
    public int compareTo(IpAddress other) {
        return switch (other) {
            case Ipv4Address _ -> 1;
            case Ipv6Address(long otherHigh, long otherLow) -> {
                int order = Long.compareUnsigned(high, otherHigh);
                yield order != 0 ? order : Long.compareUnsigned(low, otherLow);
            }
        };
    }

    /// The one recommended text of this address (RFC 5952): lower case, no leading zeros, the longest run of
    /// two or more zero groups as `::`, the first of equally long ones; an IPv4-mapped address ends in its
    /// IPv4 form.
    ///
    /// @return a text that [#parse] reads as this address
    @Override
    public String toString() {
        return Ipv6Text.format(this);
    }
}
