package io.ipvlan.ipam;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Chooses the address for somebody who asks for none in particular. Not for several threads at once.
final class Picker {
    private final Space space;
    private final Entries entries;
    private final Owners returning;
    private final Strategy strategy;
    private final RandomGenerator random;
    private final Tally tally;

    // These are written only when they change, which is seldom: see Tally, which has the other half of both.

    /// Where what was handed out last is; nothing yet without a segment.
    private @Nullable Segment lastSegment;

    /// Where what was picked is, and whether its owner gets it back.
    private @Nullable Segment segment;

    private boolean returns;

    /// @param tally gets what is picked as [Tally#FOUND], and what is handed out as [Tally#LAST]
    Picker(Space space, Entries entries, Owners returning, Strategy strategy, RandomGenerator random, Tally tally) {
        this.space = space;
        this.entries = entries;
        this.returning = returning;
        this.strategy = strategy;
        this.random = random;
        this.tally = tally;
    }

    boolean isSticky() {
        return strategy == Strategy.STICKY;
    }

    /// Looks for an address; [#segment()] and [#index()] are it. Changes nothing, but draws from the random
    /// source.
    boolean pick(Owner owner) {
        int earlier = isSticky() && !owner.isNobody() ? returning.newest(owner) : Entries.NONE;
        if (returns != (earlier != Entries.NONE)) {
            returns = !returns;
        }
        if (returns) {
            pick(space.segment(entries.segment(earlier)));
            tally.set(Tally.FOUND, entries.index(earlier));
            return true;
        }
        boolean found = switch (strategy) {
            case LOWEST -> space.findFirst();
            case NEXT, STICKY -> findNext();
            case RANDOM -> space.findAny(random);
        };
        if (found) {
            pick(space.foundIn());
        }
        return found;
    }

    private void pick(Segment picked) {
        if (segment != picked) {
            segment = picked;
        }
    }

    private boolean findNext() {
        Segment last = lastSegment;
        return (last != null && space.findBehind(last, lastIndex())) || space.findFirst();
    }

    /// Notes that what was picked is handed out. What an owner gets back was not found from the last place
    /// on.
    void advance() {
        if (!returns) {
            moveTo(segment(), index());
        }
    }

    void moveTo(@Nullable Segment toSegment, long toIndex) {
        if (lastSegment != toSegment) {
            lastSegment = toSegment;
        }
        tally.set(Tally.LAST, toIndex);
    }

    @Nullable
    Segment lastSegment() {
        return lastSegment;
    }

    long lastIndex() {
        return tally.get(Tally.LAST);
    }

    Segment segment() {
        if (segment == null) {
            throw new IllegalStateException("nothing was picked");
        }
        return segment;
    }

    long index() {
        return tally.get(Tally.FOUND);
    }
}
