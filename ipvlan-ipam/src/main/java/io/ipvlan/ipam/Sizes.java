package io.ipvlan.ipam;

import io.ipvlan.ip.IpRange;
import java.math.BigInteger;

/// How many addresses there are, where they may be more than a long can say.
final class Sizes {
    private Sizes() {}

    static BigInteger of(IpRange range) {
        return new BigInteger(1, range.last().toBytes())
                .subtract(new BigInteger(1, range.first().toBytes()))
                .add(BigInteger.ONE);
    }

    /// A size as a long, or [Long#MAX_VALUE] for every larger one.
    static long saturated(BigInteger size) {
        return size.bitLength() < Long.SIZE ? size.longValue() : Long.MAX_VALUE;
    }
}
