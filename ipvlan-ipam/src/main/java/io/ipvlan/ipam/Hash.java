package io.ipvlan.ipam;

/// The arithmetic of hash tables by open addressing with linear probing, which grow by half.
final class Hash {
    // The golden ratio as a fraction of 2^64: neighbouring keys are spread over the whole table.
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;
    private static final int SMALLEST = 4;

    private Hash() {}

    /// The hash of a number, all of whose bits count.
    static int of(long key) {
        long mixed = key * SPREAD;
        return (int) (((mixed ^ (mixed >>> 32)) * SPREAD) >>> 32);
    }

    /// The slot that a hash wants: as far into the table as the hash is into all hashes.
    static int home(int hash, int slots) {
        return (int) ((Integer.toUnsignedLong(hash) * slots) >>> 32);
    }

    /// How many slots come next.
    static int larger(int slots) {
        return Math.max(SMALLEST, Math.addExact(slots, slots / 2));
    }

    /// Whether what sits in one slot may move to a gap before it: whether its home is not between the two.
    static boolean mayMove(int home, int from, int gap) {
        return gap <= from ? (home <= gap || home > from) : (home <= gap && home > from);
    }
}
