package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.Entry.State;
import io.ipvlan.ipam.IpamException.AddressInUse;
import io.ipvlan.ipam.IpamException.AddressOutsidePool;
import io.ipvlan.ipam.IpamException.AddressResting;
import io.ipvlan.ipam.IpamException.BadSnapshot;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The addresses of one subnet, with who holds which.
///
/// Handing out and taking back cost the same few steps whatever the size of the subnet, be it a /0 or an IPv6
/// /64, and however many addresses are held and wherever. Safe for use by several threads: each pool has one
/// lock, held for those steps only, so threads that use different pools never wait for each other.
///
/// The state lives in memory only; [#state()] is a snapshot of it to be kept elsewhere. What ends by itself
/// (a cool-down, a quarantine, a reservation that is not committed) has ended for every call that begins
/// later by the pool's clock; no thread is needed for it.
public final class AddressPool {
    private final PoolOptions options;
    /// All that changes, and the lock for it.
    private final Ledger ledger;

    private AddressPool(Subnet subnet, PoolOptions options) {
        this.options = options;
        this.ledger = new Ledger(subnet, options);
    }

    /// A pool with no address handed out yet, which hands out the lowest free one and has no cool-down.
    ///
    /// @param subnet the subnet; its gateway is never handed out, and if it has none yet, a gateway chosen
    /// later must be kept back with [#withhold(IpAddress)]
    /// @return a new pool that knows nothing of other pools of the same subnet
    public static AddressPool of(Subnet subnet) {
        return of(subnet, PoolOptions.of(Strategy.LOWEST));
    }

    /// A pool with no address handed out yet.
    ///
    /// @param subnet the subnet, as in [#of(Subnet)]
    /// @param options how addresses are handed out
    /// @return a new pool that knows nothing of other pools of the same subnet
    public static AddressPool of(Subnet subnet, PoolOptions options) {
        return new AddressPool(subnet, options);
    }

    /// A pool as it was when a snapshot was taken, by the clock of the system.
    ///
    /// @param state the snapshot
    /// @return a new pool
    /// @throws BadSnapshot if the snapshot says what cannot be
    public static AddressPool restore(PoolState state) {
        return restore(state, PoolOptions.of(Strategy.LOWEST));
    }

    /// A pool as it was when a snapshot was taken. What should have ended since, has ended.
    ///
    /// @param state the snapshot
    /// @param sources where the clock and the random source are taken from; strategy and cool-down are those
    ///     of the snapshot
    /// @return a new pool
    /// @throws BadSnapshot if the snapshot says what cannot be
    public static AddressPool restore(PoolState state, PoolOptions sources) {
        return Snapshots.restore(state, sources);
    }

    /// The subnet this pool hands out.
    ///
    /// @return the subnet as given
    public Subnet subnet() {
        return ledger.subnet;
    }

    /// How this pool hands out its addresses.
    ///
    /// @return the options as given
    public PoolOptions options() {
        return options;
    }

    /// Hands out an address that the strategy chooses, without keeping who holds it: a pool of such leases
    /// needs two bits for an address, and no more.
    ///
    /// Such a lease cannot be told from a later one of the same address: released twice, it may release that
    /// of somebody else. It is neither committed, labelled nor handed over.
    ///
    /// @return the lease, with an empty owner and the time 0
    /// @throws PoolExhausted if there is none; nothing has changed
    public Lease allocate() {
        synchronized (ledger) {
            pick("", Owner.NOBODY);
            Picker picker = ledger.picker;
            picker.advance();
            return ledger.leaseAnonymously(picker.segment(), picker.index());
        }
    }

    /// Hands out an address that the strategy chooses: automatic (usable, in a range of the subnet if it has
    /// any, and neither excluded, reserved, withheld nor the gateway) and free.
    ///
    /// @param owner who is to hold it; one owner may hold several addresses
    /// @return the lease
    /// @throws PoolExhausted if there is none; nothing has changed
    /// @throws IllegalArgumentException if the owner is blank or has half a surrogate pair
    public Lease allocate(String owner) {
        AddressRequest.checkOwner(owner);
        synchronized (ledger) {
            return ledger.lease(grantAny(owner, Map.of(), Optional.empty()), owner);
        }
    }

    /// Hands out a certain address: any usable one of the subnet, outside its ranges too, and a reserved one
    /// too, since a reservation only keeps it from being handed out without being asked for. One that cools
    /// down is handed out to its last owner only.
    ///
    /// @param requested the address
    /// @param owner who is to hold it; one owner may hold several addresses
    /// @return the lease
    /// @throws AddressInUse if the address is held already, even by the same owner; nothing has changed
    /// @throws AddressResting if it cools down or is in quarantine; nothing has changed
    /// @throws AddressOutsidePool if the address is never handed out: it lies outside the subnet, is not
    /// usable, is the gateway, is excluded or withheld; nothing has changed
    /// @throws IllegalArgumentException if the owner is blank or has half a surrogate pair
    public Lease allocate(IpAddress requested, String owner) {
        return allocate(AddressRequest.by(owner).withAddress(requested));
    }

    /// Hands out an address as requested.
    ///
    /// @param request who wants which address and how
    /// @return the lease; with a deadline if it is to be committed
    /// @throws PoolExhausted if none was named and none is free; nothing has changed
    /// @throws AddressInUse if the address named is held already; nothing has changed
    /// @throws AddressResting if it cools down or is in quarantine; nothing has changed
    /// @throws AddressOutsidePool if it is never handed out; nothing has changed
    /// @throws IllegalArgumentException if the owner has half a surrogate pair
    public Lease allocate(AddressRequest request) {
        synchronized (ledger) {
            return ledger.lease(grant(request), request.owner());
        }
    }

    /// Hands out an address as requested, unless the owner has it already: asking again changes nothing.
    ///
    /// @param request who wants which address and how
    /// @return the oldest lease of the owner, or if an address is named, the owner's lease of it, as it is;
    /// else a new one as requested
    /// @throws PoolExhausted as in [#allocate(AddressRequest)]
    /// @throws AddressInUse if the address named is held by another owner; nothing has changed
    /// @throws AddressResting as in [#allocate(AddressRequest)]
    /// @throws AddressOutsidePool as in [#allocate(AddressRequest)]
    /// @throws IllegalArgumentException as in [#allocate(AddressRequest)]
    public Lease ensure(AddressRequest request) {
        synchronized (ledger) {
            ledger.tick();
            Owner owner = Owner.of(request.owner());
            int held = request.address().map(ledger::find).orElseGet(() -> ledger.leases.oldest(owner));
            boolean own = held != Entries.NONE
                    && ledger.entries.state(held).isLease()
                    && ledger.entries.isOwnedBy(held, owner);
            return ledger.lease(own ? held : grant(request), request.owner());
        }
    }

    /// The same as a request by an owner for any address.
    ///
    /// @param owner who is to hold it
    /// @return the oldest lease of the owner, else a new one
    /// @throws PoolExhausted if the owner has none and none is free; nothing has changed
    /// @throws IllegalArgumentException if the owner is blank or has half a surrogate pair
    public Lease ensure(String owner) {
        return ensure(AddressRequest.by(owner));
    }

    private int grant(AddressRequest request) {
        Optional<Long> hold = request.hold().map(Times::nanos);
        if (request.address().isEmpty()) {
            return grantAny(request.owner(), request.labels(), hold);
        }
        IpAddress address = request.address().get();
        checkFree(address, request.owner());
        return ledger.lease(
                ledger.space.segmentOf(address),
                Segment.low(address),
                Owner.of(request.owner()),
                request.labels(),
                hold);
    }

    private int grantAny(String owner, Map<String, String> labels, Optional<Long> hold) {
        Owner packed = Owner.of(owner);
        pick(owner, packed);
        Picker picker = ledger.picker;
        int entry = ledger.lease(picker.segment(), picker.index(), packed, labels, hold);
        picker.advance();
        return entry;
    }

    private void pick(String owner, Owner packed) {
        ledger.tick();
        if (!ledger.picker.pick(packed)) {
            throw new PoolExhausted(subnet(), owner, Usages.counted(ledger));
        }
    }

    /// What [#allocate(String)] would hand out now, and with [Strategy#RANDOM] what it might. Changes
    /// nothing, and holds nothing back: the next caller may get it.
    ///
    /// @param owner who would hold it
    /// @return the address with the prefix length of the subnet
    /// @throws PoolExhausted if there is none
    public IpCidr preview(String owner) {
        synchronized (ledger) {
            pick(owner, Owner.of(owner));
            return ledger.cidr(ledger.picker.segment(), ledger.picker.index());
        }
    }

    /// What [#allocate(IpAddress, String)] would hand out now. Changes nothing, and holds nothing back.
    ///
    /// @param requested the address
    /// @param owner who would hold it
    /// @return the address with the prefix length of the subnet
    /// @throws AddressInUse if the address is held already
    /// @throws AddressResting if it cools down or is in quarantine
    /// @throws AddressOutsidePool if the address is never handed out
    public IpCidr preview(IpAddress requested, String owner) {
        synchronized (ledger) {
            checkFree(requested, owner);
            return IpCidr.of(requested, subnet().prefix().length());
        }
    }

    private void checkFree(IpAddress address, String owner) {
        ledger.tick();
        Optional<AddressOutsidePool.Reason> never = Reasons.never(subnet(), ledger.notes().withheld, address);
        if (never.isPresent()) {
            throw new AddressOutsidePool(subnet().prefix(), address, owner, never.get());
        }
        Entry entry = ledger.entry(address);
        boolean returning = entry != null
                && entry.state() == State.COOLING
                && entry.owner().equals(Owner.of(owner))
                && !owner.isEmpty();
        if (!returning) {
            checkUnheld(address, "is not free", owner);
            checkAwake(address, owner);
        }
    }

    private void checkUnheld(IpAddress address, String wish, @Nullable String owner) {
        Entry entry = ledger.entry(address);
        if (entry != null ? entry.isLease() : ledger.isAnonymous(address)) {
            String holder = entry == null ? "" : entry.owner().toString();
            throw new AddressInUse(subnet().prefix(), address, wish, owner, holder);
        }
    }

    private void checkAwake(IpAddress address, String owner) {
        int entry = ledger.find(address);
        State state = entry == Entries.NONE ? State.FORMER : ledger.entries.state(entry);
        if (state == State.COOLING) {
            throw new AddressResting(
                    subnet().prefix(), address, owner, false, Times.instant(ledger.coolDownEnd(entry)));
        }
        if (state == State.QUARANTINED) {
            long until = ledger.timer(entry).orElseThrow().at();
            throw new AddressResting(subnet().prefix(), address, owner, true, Times.instant(until));
        }
    }

    /// Takes an address back; from then on it cools down, if the pool has a cool-down, and then is free.
    ///
    /// @param lease exactly the lease held: same address, owner and time
    /// @throws NotHeld if it is not: released before, lapsed, held by another owner, or never handed out
    ///     here, like the gateway and whatever is reserved; nothing has changed
    public void release(Lease lease) {
        synchronized (ledger) {
            ledger.tick();
            if (isAnonymous(lease)) {
                ledger.releaseAnonymous(lease.ip());
            } else {
                ledger.release(entryOf(lease, "released"), lease);
            }
        }
    }

    private boolean isAnonymous(Lease lease) {
        IpAddress address = lease.ip();
        return lease.entryIn(ledger.seal) == Entries.NONE
                && lease.owner().isEmpty()
                && lease.length() == subnet().prefix().length()
                && subnet().prefix().contains(address)
                && ledger.find(address) == Entries.NONE
                && ledger.isAnonymous(address);
    }

    private int entryOf(Lease lease, String wish) {
        int known = lease.entryIn(ledger.seal);
        if (known != Entries.NONE && ledger.entries.isLeaseSince(known, lease.sinceNanos())) {
            return known;
        }
        // Made anew, or it has ended.
        int entry = ledger.find(lease.ip());
        if (entry == Entries.NONE) {
            throw Reasons.notHeld(ledger, lease, wish, null);
        }
        if (ledger.entries.isLeaseSince(entry, lease.sinceNanos())
                && ledger.entries.isOwnedBy(entry, Owner.of(lease.owner()))
                && lease.length() == subnet().prefix().length()) {
            return entry;
        }
        throw Reasons.notHeld(ledger, lease, wish, ledger.entry(entry));
    }

    /// Makes a lease that was reserved one that stays.
    ///
    /// @param lease the lease as it was handed out
    /// @return the same lease without a deadline; committing it again changes nothing
    /// @throws NotHeld if it has lapsed, or is not held for any other reason; nothing has changed
    public Lease commit(Lease lease) {
        synchronized (ledger) {
            ledger.tick();
            int entry = entryOf(lease, "committed");
            if (ledger.entries.state(entry) == State.PENDING) {
                ledger.commit(entry);
            }
            return ledger.lease(entry);
        }
    }

    /// Gives an address from one owner to another, without it ever being free.
    ///
    /// @param lease the lease as it was handed out; from now on it is not held
    /// @param owner who is to hold the address
    /// @return a new lease, with the labels and the deadline of the old one
    /// @throws NotHeld if the lease is not held; nothing has changed
    /// @throws IllegalArgumentException if the owner is blank or has half a surrogate pair
    public Lease handOver(Lease lease, String owner) {
        AddressRequest.checkOwner(owner);
        synchronized (ledger) {
            ledger.tick();
            return ledger.lease(ledger.handOver(entryOf(lease, "handed over"), owner), owner);
        }
    }

    /// Replaces the labels of a lease.
    ///
    /// @param lease the lease as it was handed out
    /// @param labels all its labels from now on
    /// @return the same lease with those labels
    /// @throws NotHeld if the lease is not held; nothing has changed
    /// @throws IllegalArgumentException if one of them has half a surrogate pair
    public Lease label(Lease lease, Map<String, String> labels) {
        Map<String, String> copy = Map.copyOf(labels);
        SnapshotFormat.check(copy);
        synchronized (ledger) {
            ledger.tick();
            int entry = entryOf(lease, "labelled");
            ledger.label(entry, copy);
            return ledger.lease(entry);
        }
    }

    /// Keeps one more address from being handed out at all, not even on request, for the life of this pool:
    /// the host's own address on the segment, or a gateway found out later.
    ///
    /// @param address any address; for one this pool never hands out anyway there is nothing to do
    /// @return true if the address could have been handed out before
    /// @throws AddressInUse if it is handed out already; nothing has changed
    public boolean withhold(IpAddress address) {
        synchronized (ledger) {
            ledger.tick();
            if (Reasons.never(subnet(), ledger.notes().withheld, address).isPresent()) {
                return false;
            }
            checkUnheld(address, "cannot be withheld", null);
            ledger.withhold(address);
            return true;
        }
    }

    /// Keeps an address back for a while, because a stranger was seen to use it.
    ///
    /// @param address any address; for one this pool never hands out anyway there is nothing to do
    /// @param duration how long from now on, also if it is in quarantine already
    /// @return true if the address is in quarantine now
    /// @throws AddressInUse if it is handed out; nothing has changed
    /// @throws IllegalArgumentException if the duration is negative or longer than 146 years
    public boolean quarantine(IpAddress address, Duration duration) {
        PoolOptions.check("quarantine", duration);
        synchronized (ledger) {
            ledger.tick();
            if (Reasons.never(subnet(), ledger.notes().withheld, address).isPresent()) {
                return false;
            }
            checkUnheld(address, "cannot be put in quarantine", null);
            ledger.quarantine(address, Times.nanos(duration));
            return true;
        }
    }

    /// Takes an address back, and keeps it back for a while, because a stranger was seen to use it.
    ///
    /// @param lease exactly the lease held
    /// @param duration how long from now on
    /// @throws NotHeld if the lease is not held; nothing has changed
    /// @throws IllegalArgumentException if the duration is negative or longer than 146 years
    public void quarantine(Lease lease, Duration duration) {
        PoolOptions.check("quarantine", duration);
        synchronized (ledger) {
            ledger.tick();
            entryOf(lease, "put in quarantine");
            ledger.quarantine(lease.ip(), Times.nanos(duration));
        }
    }

    /// Ends the quarantine of an address before its time.
    ///
    /// @param address any address
    /// @return true if it was in quarantine
    public boolean endQuarantine(IpAddress address) {
        synchronized (ledger) {
            ledger.tick();
            int entry = ledger.find(address);
            if (entry == Entries.NONE || ledger.entries.state(entry) != State.QUARANTINED) {
                return false;
            }
            ledger.remove(entry);
            return true;
        }
    }

    /// All leases that have an owner.
    ///
    /// @return a snapshot in address order that no later call changes; it costs as much time and memory as
    /// there are leases
    public List<Lease> leases() {
        List<Lease> leases = new ArrayList<>();
        synchronized (ledger) {
            ledger.tick();
            ledger.entries.forEach(entry -> {
                if (ledger.entries.state(entry).isLease()) {
                    leases.add(ledger.lease(entry));
                }
            });
        }
        leases.sort(Comparator.comparing(Lease::address));
        return Collections.unmodifiableList(leases);
    }

    /// The leases of one owner.
    ///
    /// @param owner who holds them
    /// @return a snapshot, the oldest lease first; empty if there are none
    public List<Lease> leases(String owner) {
        synchronized (ledger) {
            ledger.tick();
            return ledger.leases.of(Owner.of(owner)).stream().map(ledger::lease).toList();
        }
    }

    /// Who holds an address.
    ///
    /// @param address any address
    /// @return the lease, without an owner for one that keeps none; empty if the address is not handed out
    public Optional<Lease> lease(IpAddress address) {
        synchronized (ledger) {
            ledger.tick();
            if (!subnet().prefix().contains(address)) {
                return Optional.empty();
            }
            int entry = ledger.find(address);
            if (entry == Entries.NONE) {
                return ledger.isAnonymous(address)
                        ? Optional.of(ledger.anonymous(ledger.space.segmentOf(address), Segment.low(address)))
                        : Optional.empty();
            }
            return ledger.entries.state(entry).isLease() ? Optional.of(ledger.lease(entry)) : Optional.empty();
        }
    }

    /// How many addresses could still be handed out without being asked for.
    ///
    /// @return the number of free addresses; [Long#MAX_VALUE] also for every larger number
    public long free() {
        synchronized (ledger) {
            ledger.tick();
            return ledger.free();
        }
    }

    /// When something of this pool ends by itself next, in nanoseconds of the epoch; [Long#MAX_VALUE] for
    /// never.
    long nextEnd() {
        synchronized (ledger) {
            return ledger.nextEnd();
        }
    }

    /// How the addresses of this pool are used. Counting is done at once; for the largest hole all that is
    /// held is looked at, mostly after the lock was given back.
    ///
    /// @return a snapshot
    public PoolUsage usage() {
        PoolUsage counted;
        List<Usages.Taken> taken;
        synchronized (ledger) {
            ledger.tick();
            counted = Usages.counted(ledger);
            taken = Usages.taken(ledger.space);
        }
        return Usages.withHole(counted, ledger.space, taken);
    }

    /// Everything there is to know about this pool, to be kept elsewhere and restored. All of it is of one
    /// moment, and costs as much time and memory as there are leases.
    ///
    /// @return a snapshot that no later call changes
    public PoolState state() {
        synchronized (ledger) {
            ledger.tick();
            return Snapshots.of(ledger, options);
        }
    }

    /// An address handed out that can be taken back as if it never had been.
    ///
    /// @param pool the pool it is of
    /// @param lease what was handed out
    /// @param earlier what was known of the address before, if anything
    /// @param lastSegment what had been handed out last, if anything
    /// @param lastIndex what had been handed out last
    record Grant(
            AddressPool pool,
            Lease lease,
            @Nullable Entry earlier,
            @Nullable Segment lastSegment,
            long lastIndex) {
        void revoke() {
            pool.revoke(this);
        }
    }

    Grant grantRevocably(AddressRequest request) {
        synchronized (ledger) {
            Segment lastSegment = ledger.picker.lastSegment();
            long lastIndex = ledger.picker.lastIndex();
            int entry = grant(request);
            return new Grant(this, ledger.lease(entry, request.owner()), ledger.displaced(), lastSegment, lastIndex);
        }
    }

    private void revoke(Grant grant) {
        synchronized (ledger) {
            ledger.tick();
            int number = entryOf(grant.lease(), "revoked");
            Entry entry = ledger.entry(number);
            ledger.remove(number);
            if (grant.earlier() != null) {
                ledger.putBack(grant.earlier());
            }
            // Unless somebody else was handed out an address since.
            if (ledger.picker.lastSegment() == entry.segment() && ledger.picker.lastIndex() == entry.index()) {
                ledger.picker.moveTo(grant.lastSegment(), grant.lastIndex());
            }
        }
    }

    /// An empty pool's books, to be filled from a snapshot before anybody else sees it.
    Ledger ledger() {
        return ledger;
    }
}
