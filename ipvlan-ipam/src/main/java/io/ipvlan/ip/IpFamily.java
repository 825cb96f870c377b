package io.ipvlan.ip;

/// The two families of internet addresses.
public enum IpFamily {
    /// Version 4, 32 bits (RFC 791).
    IPV4(32),
    /// Version 6, 128 bits (RFC 4291).
    IPV6(128);

    private final int bits;

    IpFamily(int bits) {
        this.bits = bits;
    }

    /// The length of an address in bits.
    ///
    /// @return 32 or 128
    public int bits() {
        return bits;
    }

    void checkShift(int shift) {
        if (shift < 0 || shift >= bits) {
            throw new IllegalArgumentException(
                    "a shift of " + shift + ": choose from 0 to " + (bits - 1) + " for " + this);
        }
    }
}
