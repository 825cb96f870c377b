package io.ipvlan.ipam;

import org.jspecify.annotations.Nullable;

/// What a pool remembers of one address. Kept as small as can be: there may be millions.
final class Entry {
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
        FORMER
    }

    final Segment segment;
    final long index;
    final String owner;
    /// Since when it is so, in nanoseconds of the epoch; no two entries of a pool have the same.
    final long since;

    private State state;

    /// Neighbours among the entries of one owner, in a ring: see [Owners].
    @Nullable
    Entry previous;

    @Nullable
    Entry next;

    Entry(Segment segment, long index, String owner, long since, State state) {
        this.segment = segment;
        this.index = index;
        this.owner = owner;
        this.since = since;
        this.state = state;
    }

    State state() {
        return state;
    }

    void become(State changed) {
        state = changed;
    }

    boolean isLease() {
        return state == State.HELD || state == State.PENDING;
    }
}
