package io.ipvlan.ipam;

/// The arithmetic of hash tables by open addressing with linear probing. Tables grow by half and are between
/// one half and three quarters full once they have grown, so that a million entries cost no more than two
/// million slots.
final class Hash {
    // The golden ratio as a fraction of 2^64: neighbouring keys are spread over the whole table.
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

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

    static int next(int slot, int slots) {
        return slot + 1 == slots ? 0 : slot + 1;
    }

    /// Whether what sits in one slot may move to a gap before it: whether its home is not between the two.
    static boolean mayMove(int home, int from, int gap) {
        return gap <= from ? (home <= gap || home > from) : (home <= gap && home > from);
    }

    static boolean isCrowded(int size, int slots) {
        return size > slots - slots / 4;
    }

    /// How many slots come next.
    static int larger(int slots) {
        return Math.addExact(slots, slots / 2);
    }
}
