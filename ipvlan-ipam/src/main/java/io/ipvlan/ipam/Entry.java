package io.ipvlan.ipam;

/// What a pool remembers of one address, to be looked at where time does not count; it is kept in [Entries].
///
/// @param segment where the address lies
/// @param index which one it is there
/// @param owner who holds or held it; empty for nobody
/// @param since since when it is so, in nanoseconds of the epoch; no two entries of a pool have the same
/// @param state why it is remembered
record Entry(Segment segment, long index, Owner owner, long since, State state) {
    /// Why the address is remembered.
    enum State {
        /// Handed out.
        HELD,
        /// Handed out, and to be committed before a deadline.
        PENDING,
        /// Released, and not to be handed out to others for a while.
        COOLING,
        /// Used by a stranger when last seen.
        QUARANTINED,
        /// Free, and to be offered to its last owner first.
        FORMER;

        boolean isLease() {
            return this == HELD || this == PENDING;
        }
    }

    boolean isLease() {
        return state.isLease();
    }
}
