package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ipam.Entry.State;
import io.ipvlan.ipam.IpamException.BadSnapshot;
import io.ipvlan.ipam.PoolState.Held;
import io.ipvlan.ipam.PoolState.Quarantined;
import io.ipvlan.ipam.PoolState.Resting;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Turns the books of a pool into a snapshot, and back.
final class Snapshots {
    private Snapshots() {}

    static PoolState of(Ledger ledger, PoolOptions options) {
        Subnet subnet = ledger.subnet;
        Map<String, String> reserved = new TreeMap<>();
        subnet.reserved().forEach((address, name) -> reserved.put(address.toString(), name));
        Segment last = ledger.picker.lastSegment();
        return new PoolState(
                subnet.prefix().toString(),
                subnet.gateway().map(IpAddress::toString).orElse(null),
                subnet.refusesGateway(),
                texts(subnet.ranges()),
                texts(subnet.excluded()),
                reserved,
                texts(ledger.notes().withheld),
                options.strategy().name(),
                options.coolDown().toMillis(),
                last == null ? null : last.address(ledger.picker.lastIndex()).toString(),
                texts(anonymous(ledger)),
                entries(ledger).stream()
                        .filter(Entry::isLease)
                        .map(entry -> held(ledger, entry))
                        .toList(),
                ledger.notes().cooling.stream().map(Snapshots::resting).toList(),
                ledger.notes().timers.stream()
                        .filter(timer -> timer.entry().state() == State.QUARANTINED)
                        .map(timer -> new Quarantined(
                                address(timer.entry()).toString(),
                                Times.instant(timer.entry().since).toString(),
                                Times.instant(timer.at()).toString()))
                        .toList(),
                ledger.notes().former.stream().map(Snapshots::resting).toList());
    }

    private static List<String> texts(Collection<?> values) {
        return values.stream().map(Object::toString).toList();
    }

    /// All entries, oldest first.
    private static List<Entry> entries(Ledger ledger) {
        List<Entry> entries = new ArrayList<>();
        ledger.space.segments().forEach(segment -> segment.entries.forEach(entries::add));
        entries.sort(Comparator.comparingLong(entry -> entry.since));
        return entries;
    }

    private static IpAddress address(Entry entry) {
        return entry.segment.address(entry.index);
    }

    private static Held held(Ledger ledger, Entry entry) {
        return new Held(
                address(entry).toString(),
                entry.owner,
                Times.instant(entry.since).toString(),
                ledger.labels(entry),
                ledger.timer(entry)
                        .map(timer -> Times.instant(timer.at()).toString())
                        .orElse(null));
    }

    private static Resting resting(Entry entry) {
        return new Resting(
                address(entry).toString(),
                entry.owner,
                Times.instant(entry.since).toString());
    }

    /// What is taken and has no other reason to be.
    private static List<IpRange> anonymous(Ledger ledger) {
        if (ledger.anonymous() == 0) {
            return List.of();
        }
        List<IpRange> explained = new ArrayList<>();
        for (Entry entry : entries(ledger)) {
            if (entry.state() != State.FORMER) {
                explained.add(IpRange.of(address(entry), address(entry)));
            }
        }
        ledger.notes().withheld.forEach(address -> explained.add(IpRange.of(address, address)));
        List<IpRange> automatic = ledger.space.automatic();
        List<IpRange> holes = Usages.holes(automatic, Usages.taken(ledger.space));
        return Ranges.minus(Ranges.minus(automatic, holes), IpRange.aggregate(explained));
    }

    static AddressPool restore(PoolState state, PoolOptions sources) {
        try {
            PoolOptions options = new PoolOptions(
                    Strategy.valueOf(state.strategy()),
                    Duration.ofMillis(state.coolDownMillis()),
                    sources.clock(),
                    sources.random());
            AddressPool pool = AddressPool.of(subnet(state), options);
            fill(pool.ledger(), state);
            return pool;
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            throw new BadSnapshot(state.prefix(), String.valueOf(e.getMessage()));
        }
    }

    private static Subnet subnet(PoolState state) {
        SortedMap<IpAddress, String> reserved = new TreeMap<>();
        state.reserved().forEach((address, name) -> reserved.put(IpAddress.parse(address), name));
        return new Subnet(
                IpPrefix.parse(state.prefix()),
                Optional.ofNullable(state.gateway()).map(IpAddress::parse),
                state.refusesGateway(),
                state.ranges().stream().map(IpRange::parse).toList(),
                state.excluded().stream().map(IpRange::parse).toList(),
                reserved);
    }

    private static void fill(Ledger ledger, PoolState state) {
        for (String text : state.withheld()) {
            ledger.withhold(unexplained(ledger, text));
        }
        for (Held held : state.leases()) {
            if (held.owner().isBlank()) {
                throw new IllegalArgumentException("the lease of " + held.address() + " has no owner");
            }
            State kind = held.deadline() == null ? State.HELD : State.PENDING;
            Entry entry = put(ledger, held.address(), held.owner(), held.since(), kind);
            ledger.label(entry, held.labels());
            if (held.deadline() != null) {
                ledger.start(entry, nanos(held.deadline()));
            }
        }
        for (Quarantined resting : state.quarantined()) {
            Entry entry = put(ledger, resting.address(), "", resting.since(), State.QUARANTINED);
            ledger.start(entry, nanos(resting.until()));
        }
        // An owner's newest address is found by the order in which they are entered.
        List<Resting> resting = new ArrayList<>(state.former());
        resting.addAll(state.cooling());
        resting.sort(Comparator.comparing(one -> Instant.parse(one.since())));
        Map<Resting, State> kinds = new HashMap<>();
        state.former().forEach(one -> kinds.put(one, State.FORMER));
        for (Resting one : resting) {
            put(ledger, one.address(), one.owner(), one.since(), kinds.getOrDefault(one, State.COOLING));
        }
        for (String text : state.anonymous()) {
            restoreAnonymous(ledger, IpRange.parse(text));
        }
        if (state.last() != null) {
            IpAddress last = IpAddress.parse(state.last());
            checkInside(ledger, last);
            ledger.picker.moveTo(ledger.space.segmentOf(last), Segment.low(last));
        }
    }

    private static void restoreAnonymous(Ledger ledger, IpRange range) {
        if (!Ranges.minus(List.of(range), ledger.space.automatic()).isEmpty()) {
            throw new IllegalArgumentException("range " + range + " is held without owners, and not all automatic");
        }
        for (IpAddress address : range.addresses()) {
            Entry entry = ledger.entry(address);
            Segment segment = ledger.space.segmentOf(address);
            if (entry != null || segment.isTaken(Segment.low(address))) {
                throw twice(address);
            }
            ledger.leaseAnonymously(segment, Segment.low(address));
        }
    }

    private static Entry put(Ledger ledger, String text, String owner, String since, State state) {
        IpAddress address = unexplained(ledger, text);
        Entry entry = new Entry(ledger.space.segmentOf(address), Segment.low(address), owner, nanos(since), state);
        if (state == State.FORMER && !ledger.isReturning(entry)) {
            throw new IllegalArgumentException("address " + address + " cannot be kept for '" + owner + "'");
        }
        ledger.restoreStamp(entry.since);
        ledger.put(entry);
        return entry;
    }

    /// An address that may be handed out and of which nothing is known yet.
    private static IpAddress unexplained(Ledger ledger, String text) {
        IpAddress address = IpAddress.parse(text);
        checkInside(ledger, address);
        Optional<?> never = Reasons.never(ledger.subnet, ledger.notes().withheld, address);
        if (never.isPresent()) {
            throw new IllegalArgumentException("address " + address + " is never handed out: " + never.get());
        }
        if (ledger.entry(address) != null) {
            throw twice(address);
        }
        return address;
    }

    private static void checkInside(Ledger ledger, IpAddress address) {
        if (!ledger.subnet.prefix().contains(address)) {
            throw new IllegalArgumentException("address " + address + " lies outside the subnet");
        }
    }

    private static IllegalArgumentException twice(IpAddress address) {
        return new IllegalArgumentException("address " + address + " is there twice");
    }

    private static long nanos(String time) {
        return Times.exactNanos(Instant.parse(time));
    }
}
