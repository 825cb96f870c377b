package io.ipvlan.ip;

/// An IPv4 address (RFC 791).
///
/// @param bits the address as one number, its first octet highest; to be read as unsigned
public record Ipv4Address(int bits) implements IpAddress {
    static final int BYTES = Integer.BYTES;

    private static final long HIGHEST = 0xffff_ffffL;

    /// Reads four decimal numbers from 0 to 255 with dots between.
    ///
    /// Strict: ASCII digits only, no leading zeros (other readers take `010` for eight), no spaces, no
    /// shorter forms.
    ///
    /// @param text an address like `192.0.2.1`
    /// @return the address
    /// @throws IllegalArgumentException if the text has any other form
    public static Ipv4Address parse(String text) {
        return new Ipv4Address(Ipv4Text.parse(text));
    }

    @Override
    public IpFamily family() {
        return IpFamily.IPV4;
    }

    @Override
    public byte[] toBytes() {
        return new byte[] {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
    }

    @Override
    public Ipv4Address plus(long steps) {
        long value = Integer.toUnsignedLong(bits);
        if (steps < -value || steps > HIGHEST - value) {
            throw new ArithmeticException(this + " plus " + steps + " leaves the IPv4 addresses");
        }
        return new Ipv4Address((int) (value + steps));
    }

    @Override
    public Ipv4Address plus(long blocks, int shift) {
        IpFamily.IPV4.checkShift(shift);
        long steps = blocks << shift;
        if (steps >> shift != blocks) {
            throw new ArithmeticException(this + " plus " + blocks + " << " + shift + " leaves the IPv4 addresses");
        }
        return plus(steps);
    }

    @Override
    public boolean isMulticast() {
        return bits >>> 28 == 0xe;
    }

    @Override
    public boolean isLoopback() {
        return bits >>> 24 == 127;
    }

    @Override
    public boolean isUnspecified() {
        return bits == 0;
    }

    @Override
    public boolean isLinkLocal() {
        return bits >>> 16 == 0xa9fe;
    }

    @Override
    public boolean isBroadcast() {
        return bits == -1;
    }

    /// The distance up to an address that is not lower.
    long stepsUp(Ipv4Address other) {
        return Integer.toUnsignedLong(other.bits) - Integer.toUnsignedLong(bits);
    }

    /// How many bits from the last one on are zero.
    int trailingZeros() {
        return Integer.numberOfTrailingZeros(bits);
    }

    /// This address with every bit behind the first `length` cleared.
    Ipv4Address withHostBitsCleared(int length) {
        int cleared = bits & ~hostMask(length);
        return cleared == bits ? this : new Ipv4Address(cleared);
    }

    /// This address with every bit behind the first `length` set.
    Ipv4Address withHostBitsSet(int length) {
        return new Ipv4Address(bits | hostMask(length));
    }

    // A shift of an int counts modulo 32, which would make the mask of /32 a full one: shift a long.
    private static int hostMask(int length) {
        return (int) (HIGHEST >>> length);
    }

    /// Orders by unsigned value, before every IPv6 address.
    ///
    /// @param other an address of either family
    /// @return negative, zero or positive as this address is lower, equal or higher
    @Override
    public int compareTo(IpAddress other) {
        return switch (other) {
            case Ipv4Address(int otherBits) -> Integer.compareUnsigned(bits, otherBits);
            case Ipv6Address _ -> -1;
        };
    }

    /// The address as [#parse] reads it.
    ///
    /// @return four decimal numbers with dots between
    @Override
    public String toString() {
        return Ipv4Text.format(bits);
    }
}
