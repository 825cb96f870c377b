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

    /// What was handed out last; nothing yet without a segment.
    private @Nullable Segment lastSegment;

    private long lastIndex;

    /// What was picked, and whether its owner gets it back.
    private @Nullable Segment segment;

    private long index;
    private boolean returns;

    Picker(Space space, Entries entries, Owners returning, Strategy strategy, RandomGenerator random) {
        this.space = space;
        this.entries = entries;
        this.returning = returning;
        this.strategy = strategy;
        this.random = random;
    }

    boolean isSticky() {
        return strategy == Strategy.STICKY;
    }

    /// Looks for an address; [#segment()] and [#index()] are it. Changes nothing, but draws from the random
    /// source.
    boolean pick(Owner owner) {
        int earlier = isSticky() && !owner.isNobody() ? returning.newest(owner) : Entries.NONE;
        returns = earlier != Entries.NONE;
        if (returns) {
            segment = space.segment(entries.segment(earlier));
            index = entries.index(earlier);
            return true;
        }
        boolean found = switch (strategy) {
            case LOWEST -> space.findFirst();
            case NEXT, STICKY -> findNext();
            case RANDOM -> space.findAny(random);
        };
        if (found) {
            segment = space.foundIn();
            index = space.found();
        }
        return found;
    }

    private boolean findNext() {
        Segment last = lastSegment;
        return (last != null && space.findBehind(last, lastIndex)) || space.findFirst();
    }

    /// Notes that what was picked is handed out. What an owner gets back was not found from the last place
    /// on.
    void advance() {
        if (!returns) {
            moveTo(segment(), index);
        }
    }

    void moveTo(@Nullable Segment toSegment, long toIndex) {
        lastSegment = toSegment;
        lastIndex = toIndex;
    }

    @Nullable
    Segment lastSegment() {
        return lastSegment;
    }

    long lastIndex() {
        return lastIndex;
    }

    Segment segment() {
        if (segment == null) {
            throw new IllegalStateException("nothing was picked");
        }
        return segment;
    }

    long index() {
        return index;
    }
}
