package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ipam.Entry.State;
import io.ipvlan.ipam.IpamException.AddressOutsidePool.Reason;
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
                oldestFirst(ledger).stream()
                        .filter(entry -> ledger.entries.state(entry).isLease())
                        .map(entry -> held(ledger, entry))
                        .toList(),
                resting(ledger, ledger.notes().cooling),
                ledger.notes().timers.stream()
                        .filter(timer -> ledger.entries.state(timer.entry()) == State.QUARANTINED)
                        .map(timer -> new Quarantined(
                                address(ledger, timer.entry()).toString(),
                                since(ledger, timer.entry()),
                                Times.instant(timer.at()).toString()))
                        .toList(),
                resting(ledger, ledger.notes().former));
    }

    private static List<String> texts(Collection<?> values) {
        return values.stream().map(Object::toString).toList();
    }

    private static List<Integer> oldestFirst(Ledger ledger) {
        List<Integer> entries = new ArrayList<>();
        ledger.entries.forEach(entries::add);
        entries.sort(Comparator.comparingLong(ledger.entries::since));
        return entries;
    }

    private static IpAddress address(Ledger ledger, int entry) {
        return ledger.space.segment(ledger.entries.segment(entry)).address(ledger.entries.index(entry));
    }

    private static String since(Ledger ledger, int entry) {
        return Times.instant(ledger.entries.since(entry)).toString();
    }

    private static Held held(Ledger ledger, int entry) {
        return new Held(
                address(ledger, entry).toString(),
                ledger.entries.owner(entry).toString(),
                since(ledger, entry),
                ledger.labels(entry),
                ledger.timer(entry)
                        .map(timer -> Times.instant(timer.at()).toString())
                        .orElse(null));
    }

    private static List<Resting> resting(Ledger ledger, Collection<Integer> entries) {
        return entries.stream()
                .map(entry -> new Resting(
                        address(ledger, entry).toString(),
                        ledger.entries.owner(entry).toString(),
                        since(ledger, entry)))
                .toList();
    }

    /// What is taken and has no other reason to be.
    private static List<IpRange> anonymous(Ledger ledger) {
        if (ledger.anonymous() == 0) {
            return List.of();
        }
        List<IpRange> explained = new ArrayList<>();
        ledger.entries.forEach(entry -> {
            if (ledger.entries.state(entry) != State.FORMER) {
                explained.add(IpRange.of(address(ledger, entry), address(ledger, entry)));
            }
        });
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
            int entry = put(ledger, held.address(), held.owner(), held.since(), kind);
            SnapshotFormat.check(held.labels());
            ledger.label(entry, held.labels());
            if (held.deadline() != null) {
                ledger.start(entry, nanos(held.deadline()));
            }
        }
        for (Quarantined resting : state.quarantined()) {
            int entry = put(ledger, resting.address(), "", resting.since(), State.QUARANTINED);
            ledger.start(entry, nanos(resting.until()));
        }
        // An owner's newest address is found by the order in which they are entered: what still cools down was
        // released after what no longer does.
        state.former().forEach(one -> put(ledger, one.address(), one.owner(), one.since(), State.FORMER));
        state.cooling().forEach(one -> put(ledger, one.address(), one.owner(), one.since(), State.COOLING));
        for (String text : state.anonymous()) {
            restoreAnonymous(ledger, IpRange.parse(text));
        }
        if (state.last() != null) {
            IpAddress last = IpAddress.parse(state.last());
            if (!ledger.subnet.prefix().contains(last)) {
                throw new IllegalArgumentException("address " + last + " lies outside the subnet");
            }
            ledger.picker.moveTo(ledger.space.segmentOf(last), Segment.low(last));
        }
    }

    private static void restoreAnonymous(Ledger ledger, IpRange range) {
        if (!Ranges.minus(List.of(range), ledger.space.automatic()).isEmpty()) {
            throw new IllegalArgumentException("range " + range + " is held without owners, and not all automatic");
        }
        for (IpAddress address : range.addresses()) {
            Segment segment = ledger.space.segmentOf(address);
            if (ledger.find(address) != Entries.NONE || segment.isTaken(Segment.low(address))) {
                throw twice(address);
            }
            ledger.leaseAnonymously(segment, Segment.low(address));
        }
    }

    private static int put(Ledger ledger, String text, String owner, String since, State state) {
        IpAddress address = unexplained(ledger, text);
        Segment segment = ledger.space.segmentOf(address);
        SnapshotFormat.check(owner);
        Entry entry = new Entry(segment, Segment.low(address), Owner.of(owner), nanos(since), state);
        if (state == State.FORMER && !ledger.isReturning(entry)) {
            throw new IllegalArgumentException("address " + address + " cannot be kept for '" + owner + "'");
        }
        ledger.restoreStamp(entry.since());
        return ledger.put(entry);
    }

    /// An address that may be handed out and of which nothing is known yet.
    private static IpAddress unexplained(Ledger ledger, String text) {
        IpAddress address = IpAddress.parse(text);
        Optional<Reason> never = Reasons.never(ledger.subnet, ledger.notes().withheld, address);
        if (never.isPresent()) {
            throw new IllegalArgumentException("address " + address + " is never handed out: it "
                    + never.get().words() + " the subnet");
        }
        if (ledger.find(address) != Entries.NONE) {
            throw twice(address);
        }
        return address;
    }

    private static IllegalArgumentException twice(IpAddress address) {
        return new IllegalArgumentException("address " + address + " is there twice");
    }

    private static long nanos(String time) {
        return Times.exactNanos(Instant.parse(time));
    }
}
