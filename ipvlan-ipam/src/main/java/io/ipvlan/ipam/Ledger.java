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
/// itself. An address changes its state here only. Not for several threads at once: [AddressPool] has the
/// lock.
final class Ledger {
    /// How many former holdings are remembered.
    static final int MOST_FORMER = 65_536;

    final Subnet subnet;
    final Space space;
    final Picker picker;
    final Entries entries = new Entries();
    private final Tally tally = new Tally();

    /// What this pool tells its own leases by.
    final Object seal = new Object();

    /// By owner: leases; and what an owner may have back.
    final Owners leases = new Owners(entries);

    private final Owners returning;
    private Notes notes = Notes.NONE;
    private final InstantSource clock;
    private final long coolDown;
    private final int length;

    private @Nullable Entry displaced;

    Ledger(Subnet subnet, PoolOptions options) {
        this.subnet = subnet;
        this.space = new Space(subnet.prefix(), subnet.automatic(), tally);
        this.returning = options.strategy() == Strategy.STICKY ? new Owners(entries) : Owners.NONE;
        this.picker = new Picker(space, entries, returning, options.strategy(), options.random(), tally);
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
        while (nextEnd() <= now) {
            if (coolestEnds() <= firstTimerEnds()) {
                endCoolDown(notes.cooling.getFirst());
            } else {
                endTimer(notes.timers.first());
            }
        }
    }

    /// When something ends by itself next, in nanoseconds of the epoch; [Long#MAX_VALUE] for never.
    long nextEnd() {
        return Math.min(coolestEnds(), firstTimerEnds());
    }

    private long coolestEnds() {
        return notes.cooling.isEmpty() ? Long.MAX_VALUE : coolDownEnd(notes.cooling.getFirst());
    }

    private long firstTimerEnds() {
        return notes.timers.isEmpty() ? Long.MAX_VALUE : notes.timers.first().at();
    }

    private void endCoolDown(int entry) {
        if (isReturning(entry(entry))) {
            notes.cooling.remove(entry);
            giveBack(segment(entry), entries.index(entry));
            entries.become(entry, State.FORMER);
            addFormer(entry);
        } else {
            remove(entry);
        }
    }

    private void endTimer(Timer timer) {
        if (entries.state(timer.entry()) == State.PENDING) {
            release(timer.entry(), stamp(timer.at()));
        } else {
            remove(timer.entry());
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
        long stamp = Math.max(time, tally.get(Tally.STAMP) + 1);
        tally.set(Tally.STAMP, stamp);
        return stamp;
    }

    /// What is known of an address, or [Entries#NONE].
    int find(IpAddress address) {
        return subnet.prefix().contains(address) && space.reaches(address)
                ? entries.find(space.segmentOf(address).number, Segment.low(address))
                : Entries.NONE;
    }

    @Nullable
    Entry entry(IpAddress address) {
        int entry = find(address);
        return entry == Entries.NONE ? null : entry(entry);
    }

    Entry entry(int entry) {
        return new Entry(
                segment(entry), entries.index(entry), entries.owner(entry), entries.since(entry), entries.state(entry));
    }

    private Segment segment(int entry) {
        return space.segment(entries.segment(entry));
    }

    /// Whether an address that has no entry is held without an owner.
    boolean isAnonymous(IpAddress address) {
        return anonymous() > 0
                && space.isAutomatic(address)
                && space.reaches(address)
                && space.segmentOf(address).isTaken(Segment.low(address))
                && !notes.withheld.contains(address);
    }

    /// Hands out an address that may be handed out, without an owner.
    Lease leaseAnonymously(Segment segment, long index) {
        forget(segment, index);
        take(segment, index);
        tally.add(Tally.ANONYMOUS, 1);
        return anonymous(segment, index);
    }

    void releaseAnonymous(IpAddress address) {
        long since = coolDown > 0 ? stamp() : 0; // first: the clock is the caller's, and may fail
        tally.add(Tally.ANONYMOUS, -1);
        Segment segment = space.segmentOf(address);
        long index = Segment.low(address);
        giveBack(segment, index);
        if (coolDown > 0) {
            put(new Entry(segment, index, Owner.NOBODY, since, State.COOLING));
        }
    }

    /// Hands out an address that may be handed out.
    int lease(Segment segment, long index, Owner owner, Map<String, String> labelled, Optional<Long> hold) {
        owner.check();
        // Before anything is looked up: processors read no memory ahead of reading the clock.
        long since = stamp();
        forget(segment, index);
        State state = hold.isPresent() ? State.PENDING : State.HELD;
        int entry = putLease(segment, index, owner, since, state);
        if (!labelled.isEmpty()) {
            changing().labels.put(entry, labelled);
        }
        if (hold.isPresent()) {
            start(entry, Times.later(Times.wholeMillis(since), hold.get()));
        }
        return entry;
    }

    private void forget(Segment segment, long index) {
        if (displaced != null) {
            displaced = null;
        }
        int entry = restsAnything() ? entries.find(segment.number, index) : Entries.NONE;
        if (entry != Entries.NONE) {
            displaced = entry(entry);
            remove(entry);
        }
    }

    /// Whether there is an entry of any address that may be handed out.
    private boolean restsAnything() {
        return !notes.cooling.isEmpty() || !notes.former.isEmpty() || quarantined() > 0;
    }

    /// What was known of the address that was handed out last.
    @Nullable
    Entry displaced() {
        return displaced;
    }

    /// Enters an entry that was displaced again, at its old place among those that end after each other.
    void putBack(Entry entry) {
        put(entry);
        sort(entry.state() == State.COOLING ? notes.cooling : notes.former);
        List<Integer> ring = returning.of(entry.owner());
        ring.forEach(one -> returning.remove(one, entry.owner().hash()));
        ring.stream()
                .sorted(Comparator.comparingLong(entries::since))
                .forEach(one -> returning.add(one, entry.owner()));
    }

    private void sort(Set<Integer> some) {
        List<Integer> sorted =
                some.stream().sorted(Comparator.comparingLong(entries::since)).toList();
        some.clear();
        some.addAll(sorted);
    }

    void start(int entry, long at) {
        Timer timer = new Timer(at, entries.since(entry), entry);
        changing().timerOf.put(entry, timer);
        changing().timers.add(timer);
    }

    private void stop(int entry) {
        Timer timer = notes.timerOf.isEmpty() ? null : notes.timerOf.remove(entry);
        if (timer != null) {
            notes.timers.remove(timer);
        }
    }

    Optional<Timer> timer(int entry) {
        return notes.timerOf.isEmpty() ? Optional.empty() : Optional.ofNullable(notes.timerOf.get(entry));
    }

    Map<String, String> labels(int entry) {
        return notes.labels.isEmpty() ? Map.of() : notes.labels.getOrDefault(entry, Map.of());
    }

    void label(int entry, Map<String, String> changed) {
        if (changed.isEmpty()) {
            unlabel(entry);
        } else {
            changing().labels.put(entry, changed);
        }
    }

    private void unlabel(int entry) {
        if (!notes.labels.isEmpty()) {
            notes.labels.remove(entry);
        }
    }

    private int putLease(Segment segment, long index, Owner owner, long since, State state) {
        // Taken first, counted last: should the memory run out between, an address is lost and not given twice.
        take(segment, index);
        int entry = entries.add(segment.number, index, owner, since, state);
        leases.add(entry, owner);
        tally.add(Tally.OWNED, 1);
        tally.add(Tally.PENDING, state == State.PENDING ? 1 : 0);
        return entry;
    }

    /// Enters an entry, and takes its address unless it is free.
    int put(Entry made) {
        if (made.isLease()) {
            return putLease(made.segment(), made.index(), made.owner(), made.since(), made.state());
        }
        if (made.state() != State.FORMER) {
            take(made.segment(), made.index()); // first, as above
        }
        int entry = entries.add(made.segment().number, made.index(), made.owner(), made.since(), made.state());
        if (made.state() == State.QUARANTINED) {
            tally.add(Tally.QUARANTINED, 1);
        } else {
            if (made.state() == State.FORMER) {
                addFormer(entry);
            } else {
                changing().cooling.add(entry);
            }
            if (isReturning(made)) {
                returning.add(entry, made.owner());
            }
        }
        return entry;
    }

    private void addFormer(int entry) {
        if (notes.former.size() == MOST_FORMER) {
            remove(notes.former.getFirst());
        }
        changing().former.add(entry);
    }

    /// Whether an address that was released is offered to its last owner first.
    boolean isReturning(Entry entry) {
        return picker.isSticky() && !entry.owner().isNobody() && isAutomatic(entry.segment(), entry.index());
    }

    /// Takes an entry out, and frees its address if it was taken.
    void remove(int entry) {
        Entry known = entry(entry);
        switch (known.state()) {
            case HELD, PENDING ->
                removeLease(entry, known.segment(), known.index(), known.owner().hash());
            case COOLING -> {
                notes.cooling.remove(entry);
                removeReturning(entry, known);
                removeTaken(entry, known.segment(), known.index());
            }
            case QUARANTINED -> {
                tally.add(Tally.QUARANTINED, -1);
                removeTaken(entry, known.segment(), known.index());
            }
            case FORMER -> {
                notes.former.remove(entry);
                removeReturning(entry, known);
                entries.remove(entry, known.segment().number, known.index());
            }
        }
    }

    private void removeReturning(int entry, Entry known) {
        if (isReturning(known)) {
            returning.remove(entry, known.owner().hash());
        }
    }

    private void removeLease(int entry, Segment segment, long index, int ownerHash) {
        tally.add(Tally.OWNED, -1);
        tally.add(Tally.PENDING, entries.state(entry) == State.PENDING ? -1 : 0);
        leases.remove(entry, ownerHash);
        unlabel(entry);
        removeTaken(entry, segment, index);
    }

    private void removeTaken(int entry, Segment segment, long index) {
        stop(entry);
        entries.remove(entry, segment.number, index);
        giveBack(segment, index);
    }

    /// Marks a lease that was reserved as one that stays.
    void commit(int entry) {
        stop(entry);
        tally.add(Tally.PENDING, -1);
        entries.become(entry, State.HELD);
    }

    int handOver(int entry, String owner) {
        Owner next = Owner.of(owner);
        next.check();
        Map<String, String> labelled = labels(entry);
        Optional<Timer> timer = timer(entry);
        Entry before = entry(entry);
        // First: the clock is the caller's, and may fail.
        Entry after = new Entry(before.segment(), before.index(), next, stamp(), before.state());
        remove(entry);
        int made = put(after);
        label(made, labelled);
        timer.ifPresent(running -> start(made, running.at()));
        return made;
    }

    /// Keeps back an address, whatever was known of it.
    void quarantine(IpAddress address, long nanos) {
        long since = stamp(); // first: the clock is the caller's, and may fail
        int known = find(address);
        if (known != Entries.NONE) {
            remove(known);
        }
        Segment segment = space.segmentOf(address);
        int entry = put(new Entry(segment, Segment.low(address), Owner.NOBODY, since, State.QUARANTINED));
        start(entry, Times.later(Times.wholeMillis(since), nanos));
    }

    /// Takes back what is held, of which the lease is at hand. What that says is not read again, so the
    /// memory behind the entry and behind both indexes is waited for at the same time.
    void release(int entry, Lease lease) {
        // The time counts only where anything is remembered.
        if (coolDown > 0 || picker.isSticky()) {
            release(entry, stamp());
        } else {
            Segment segment = space.segmentOf(lease.ip());
            removeLease(entry, segment, lease.low(), lease.ownerHash());
        }
    }

    /// Takes back what is held; its address cools down, or who had it is remembered, or neither.
    private void release(int entry, long since) {
        Entry known = entry(entry);
        remove(entry);
        State next = coolDown > 0 ? State.COOLING : State.FORMER;
        if (next == State.COOLING || isReturning(known)) {
            put(new Entry(known.segment(), known.index(), known.owner(), since, next));
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
            tally.add(Tally.TAKEN, 1);
        }
    }

    private void giveBack(Segment segment, long index) {
        if (isAutomatic(segment, index)) {
            segment.giveBack(index);
            tally.add(Tally.TAKEN, -1);
        }
    }

    private boolean isAutomatic(Segment segment, long index) {
        return segment.isWhole() ? segment.spans(index) : space.isAutomatic(segment.high, index);
    }

    IpCidr cidr(Segment segment, long index) {
        return IpCidr.of(segment.address(index), length);
    }

    Lease lease(int entry) {
        return lease(entry, entries.owner(entry).toString());
    }

    /// The lease of an owner whose text is at hand.
    Lease lease(int entry, String owner) {
        Segment segment = segment(entry);
        return new Lease(
                segment.ipv6,
                segment.high,
                entries.index(entry),
                length,
                owner,
                entries.since(entry),
                labels(entry),
                timer(entry).map(timer -> Times.instant(timer.at())),
                seal,
                entry,
                entries.owner(entry).hash());
    }

    /// A lease without an owner.
    Lease anonymous(Segment segment, long index) {
        return new Lease(
                segment.ipv6, segment.high, index, length, "", 0, Map.of(), Optional.empty(), seal, Entries.NONE, 0);
    }

    long coolDownEnd(int entry) {
        return Times.later(Times.wholeMillis(entries.since(entry)), coolDown);
    }

    long held() {
        return tally.get(Tally.OWNED) + anonymous();
    }

    long anonymous() {
        return tally.get(Tally.ANONYMOUS);
    }

    long pending() {
        return tally.get(Tally.PENDING);
    }

    long quarantined() {
        return tally.get(Tally.QUARANTINED);
    }

    /// How many automatic addresses are free, up to [Long#MAX_VALUE].
    long free() {
        return Sizes.saturated(freeSize());
    }

    BigInteger freeSize() {
        return space.automaticSize().subtract(BigInteger.valueOf(tally.get(Tally.TAKEN)));
    }

    void restoreStamp(long stamp) {
        tally.set(Tally.STAMP, Math.max(tally.get(Tally.STAMP), stamp));
    }
}
