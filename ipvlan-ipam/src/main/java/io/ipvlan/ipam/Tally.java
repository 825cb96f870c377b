package io.ipvlan.ipam;

/// The numbers of a pool that change at every step, with room on both sides. A processor that writes takes
/// the whole cache line from the others: were there no room, whoever works on another pool, of which
/// something happens to lie beside it in the heap, would wait for that. In an array, because the order of an
/// object's fields is the JVM's. Not for several threads at once.
final class Tally {
    /// Leases with an owner, leases without, and automatic addresses that are not free.
    static final int OWNED = 8;

    static final int ANONYMOUS = OWNED + 1;
    static final int TAKEN = OWNED + 2;
    static final int PENDING = OWNED + 3;
    static final int QUARANTINED = OWNED + 4;
    /// The last time that was entered.
    static final int STAMP = OWNED + 5;

    /// What was found when an address was looked for, and what was handed out last.
    static final int FOUND = OWNED + 6;

    static final int LAST = OWNED + 7;

    private final long[] numbers = new long[LAST + 1 + OWNED];

    long get(int which) {
        return numbers[which];
    }

    void set(int which, long number) {
        numbers[which] = number;
    }

    void add(int which, long number) {
        numbers[which] += number;
    }
}
