package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.Entry.State;
import java.math.BigInteger;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The books of a pool: every address that is not simply free or simply never handed out, and what ends by
/// itself. An address changes its state here only. Not for several threads at once: [AddressPool] has the lock.
final class Ledger {
    /// How many former holdings are remembered.
    static final int MOST_FORMER = 65_536;

    private static final Comparator<Entry> OLDEST_FIRST = Comparator.comparingLong(entry -> entry.since);

    final Subnet subnet;
    final Space space;
    final Picker picker;

    /// By owner: leases; and what an owner may have back.
    final Owners leases = new Owners();

    final Owners returning = new Owners();
    private Notes notes = Notes.NONE;
    private final InstantSource clock;
    private final long coolDown;
    private final int length;

    /// Leases with an owner, leases without, and automatic addresses that are not free.
    private long owned;
    private long anonymous;
    private long taken;
    private long pending;
    private long quarantined;
    private long lastStamp;
    private @Nullable Entry displaced;

    Ledger(Subnet subnet, PoolOptions options) {
        this.subnet = subnet;
        this.space = new Space(subnet.prefix(), subnet.automatic());
        this.picker = new Picker(space, returning, options.strategy(), options.random());
        this.clock = options.clock();
        this.coolDown = Times.nanos(options.coolDown());
        this.length = subnet.prefix().length();
    }

    /// What is true of few addresses, to be looked at.
    Notes notes() {
        return notes;
    }

    private Notes changing() {
        if (notes == Notes.NONE) {
            notes = new Notes();
        }
        return notes;
    }

    /// Lets end what has ended by now, in the order in which it did.
    void tick() {
        if (!notes.end()) {
            return;
        }
        long now = now();
        while (true) {
            Timer timer = notes.timers.isEmpty() ? null : notes.timers.first();
            Entry coolest = notes.cooling.isEmpty() ? null : notes.cooling.getFirst();
            long timerEnds = timer == null ? Long.MAX_VALUE : timer.at();
            long coolDownEnds = coolest == null ? Long.MAX_VALUE : coolDownEnd(coolest);
            if (Math.min(timerEnds, coolDownEnds) > now) {
                return;
            }
            if (coolest != null && coolDownEnds <= timerEnds) {
                endCoolDown(coolest);
            } else if (timer != null) {
                endTimer(timer);
            }
        }
    }

    private void endCoolDown(Entry entry) {
        if (isReturning(entry)) {
            notes.cooling.remove(entry);
            giveBack(entry.segment, entry.index);
            entry.become(State.FORMER);
            addFormer(entry);
        } else {
            remove(entry);
        }
    }

    private void endTimer(Timer timer) {
        boolean lapsed = timer.entry().state() == State.PENDING;
        remove(timer.entry());
        if (lapsed) {
            rest(timer.entry(), stamp(timer.at()));
        }
    }

    long now() {
        return Times.nanos(clock);
    }

    /// The time now, or a little later: no two are the same.
    long stamp() {
        return stamp(now());
    }

    private long stamp(long time) {
        lastStamp = Math.max(time, lastStamp + 1);
        return lastStamp;
    }

    @Nullable
    Entry entry(IpAddress address) {
        return space.segmentOf(address).entry(address);
    }

    /// Whether an address that has no entry is held without an owner.
    boolean isAnonymous(IpAddress address) {
        return anonymous > 0
                && space.isAutomatic(address)
                && space.segmentOf(address).isTaken(Segment.low(address))
                && !notes.withheld.contains(address);
    }

    /// Hands out an address that may be handed out, without an owner.
    IpAddress leaseAnonymously(Segment segment, long index) {
        forget(segment, index);
        take(segment, index);
        anonymous++;
        return segment.address(index);
    }

    void releaseAnonymous(IpAddress address) {
        anonymous--;
        Segment segment = space.segmentOf(address);
        long index = Segment.low(address);
        giveBack(segment, index);
        if (coolDown > 0) {
            put(new Entry(segment, index, "", stamp(), State.COOLING));
        }
    }

    /// Hands out an address that may be handed out.
    Entry lease(Segment segment, long index, String owner, Map<String, String> labelled, Optional<Long> hold) {
        forget(segment, index);
        State state = hold.isPresent() ? State.PENDING : State.HELD;
        Entry entry = new Entry(segment, index, owner, stamp(), state);
        put(entry);
        if (!labelled.isEmpty()) {
            changing().labels.put(entry, labelled);
        }
        hold.ifPresent(nanos -> start(entry, Times.wholeMillis(entry.since) + nanos));
        return entry;
    }

    private void forget(Segment segment, long index) {
        displaced = segment.entries.get(index);
        if (displaced != null) {
            remove(displaced);
        }
    }

    /// What was known of the address that was handed out last.
    @Nullable
    Entry displaced() {
        return displaced;
    }

    /// Enters an entry that was displaced again, at its old place among those that end after each other.
    void putBack(Entry entry) {
        put(new Entry(entry.segment, entry.index, entry.owner, entry.since, entry.state()));
        sort(entry.state() == State.COOLING ? notes.cooling : notes.former);
        List<Entry> ring = returning.of(entry.owner);
        ring.forEach(returning::remove);
        ring.stream().sorted(OLDEST_FIRST).forEach(returning::add);
    }

    private static void sort(Set<Entry> entries) {
        List<Entry> sorted = entries.stream().sorted(OLDEST_FIRST).toList();
        entries.clear();
        entries.addAll(sorted);
    }

    void start(Entry entry, long at) {
        Timer timer = new Timer(at, entry.since, entry);
        changing().timerOf.put(entry, timer);
        changing().timers.add(timer);
    }

    void stop(Entry entry) {
        Timer timer = notes.timerOf.get(entry);
        if (timer != null) {
            notes.timerOf.remove(entry);
            notes.timers.remove(timer);
        }
    }

    Optional<Timer> timer(Entry entry) {
        return notes.timerOf.isEmpty() ? Optional.empty() : Optional.ofNullable(notes.timerOf.get(entry));
    }

    Map<String, String> labels(Entry entry) {
        return notes.labels.isEmpty() ? Map.of() : notes.labels.getOrDefault(entry, Map.of());
    }

    void label(Entry entry, Map<String, String> changed) {
        if (changed.isEmpty()) {
            unlabel(entry);
        } else {
            changing().labels.put(entry, changed);
        }
    }

    private void unlabel(Entry entry) {
        if (!notes.labels.isEmpty()) {
            notes.labels.remove(entry);
        }
    }

    /// Enters an entry, and takes its address unless it is free.
    void put(Entry entry) {
        entry.segment.entries.put(entry);
        switch (entry.state()) {
            case HELD, PENDING -> {
                owned++;
                pending += entry.state() == State.PENDING ? 1 : 0;
                leases.add(entry);
            }
            case COOLING -> {
                changing().cooling.add(entry);
                addReturning(entry);
            }
            case QUARANTINED -> quarantined++;
            case FORMER -> {
                addFormer(entry);
                addReturning(entry);
            }
        }
        if (entry.state() != State.FORMER) {
            take(entry.segment, entry.index);
        }
    }

    private void addFormer(Entry entry) {
        if (notes.former.size() == MOST_FORMER) {
            remove(notes.former.getFirst());
        }
        changing().former.add(entry);
    }

    private void addReturning(Entry entry) {
        if (isReturning(entry)) {
            returning.add(entry);
        }
    }

    /// Whether an address that was released is offered to its last owner first.
    boolean isReturning(Entry entry) {
        return picker.isSticky() && !entry.owner.isEmpty() && isAutomatic(entry.segment, entry.index);
    }

    /// Takes an entry out, and frees its address if it was taken.
    void remove(Entry entry) {
        entry.segment.entries.remove(entry);
        switch (entry.state()) {
            case HELD, PENDING -> {
                owned--;
                pending -= entry.state() == State.PENDING ? 1 : 0;
                leases.remove(entry);
            }
            case COOLING -> {
                notes.cooling.remove(entry);
                removeReturning(entry);
            }
            case QUARANTINED -> quarantined--;
            case FORMER -> {
                notes.former.remove(entry);
                removeReturning(entry);
            }
        }
        unlabel(entry);
        stop(entry);
        if (entry.state() != State.FORMER) {
            giveBack(entry.segment, entry.index);
        }
    }

    private void removeReturning(Entry entry) {
        if (isReturning(entry)) {
            returning.remove(entry);
        }
    }

    /// Marks a lease that was reserved as one that stays.
    void commit(Entry entry) {
        stop(entry);
        pending--;
        entry.become(State.HELD);
    }

    /// A time for a release, where anybody wants to know it.
    long releaseStamp() {
        return coolDown > 0 || picker.isSticky() ? stamp() : lastStamp;
    }

    Entry handOver(Entry entry, String owner) {
        Map<String, String> labelled = labels(entry);
        Optional<Timer> timer = timer(entry);
        remove(entry);
        Entry next = new Entry(entry.segment, entry.index, owner, stamp(), entry.state());
        put(next);
        label(next, labelled);
        timer.ifPresent(running -> start(next, running.at()));
        return next;
    }

    /// Keeps back an address that nobody holds.
    void quarantine(IpAddress address, long nanos) {
        Segment segment = space.segmentOf(address);
        forget(segment, Segment.low(address));
        Entry entry = new Entry(segment, Segment.low(address), "", stamp(), State.QUARANTINED);
        put(entry);
        start(entry, Times.wholeMillis(entry.since) + nanos);
    }

    /// Lets an address that was released and taken out cool down, or remembers who had it, or neither.
    void rest(Entry released, long since) {
        State next = coolDown > 0 ? State.COOLING : State.FORMER;
        if (next == State.COOLING || isReturning(released)) {
            put(new Entry(released.segment, released.index, released.owner, since, next));
        }
    }

    void withhold(IpAddress address) {
        forget(space.segmentOf(address), Segment.low(address));
        changing().withheld.add(address);
        take(space.segmentOf(address), Segment.low(address));
    }

    // Only automatic addresses are in the bitmap.
    private void take(Segment segment, long index) {
        if (isAutomatic(segment, index)) {
            segment.take(index);
            taken++;
        }
    }

    private void giveBack(Segment segment, long index) {
        if (isAutomatic(segment, index)) {
            segment.giveBack(index);
            taken--;
        }
    }

    private boolean isAutomatic(Segment segment, long index) {
        return space.isAutomatic(segment.high, index);
    }

    IpCidr cidr(Segment segment, long index) {
        return IpCidr.of(segment.address(index), length);
    }

    Lease lease(Entry entry) {
        return new Lease(
                cidr(entry.segment, entry.index),
                entry.owner,
                Times.instant(entry.since),
                labels(entry),
                timer(entry).map(timer -> Times.instant(timer.at())));
    }

    long coolDownEnd(Entry entry) {
        return Times.wholeMillis(entry.since) + coolDown;
    }

    long held() {
        return owned + anonymous;
    }

    long anonymous() {
        return anonymous;
    }

    long pending() {
        return pending;
    }

    long quarantined() {
        return quarantined;
    }

    /// How many automatic addresses are free, up to [Long#MAX_VALUE].
    long free() {
        return Sizes.saturated(freeSize());
    }

    BigInteger freeSize() {
        return space.automaticSize().subtract(BigInteger.valueOf(taken));
    }

    void restoreStamp(long stamp) {
        lastStamp = Math.max(lastStamp, stamp);
    }
}
