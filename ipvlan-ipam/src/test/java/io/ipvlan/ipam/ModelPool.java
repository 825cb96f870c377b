package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a pool should do, written down in the plainest way: a list of addresses that is searched from end to
/// end.
final class ModelPool {
    enum Kind {
        HELD,
        PENDING,
        COOLING,
        QUARANTINED,
        FORMER
    }

    /// @param number the order in which it came about
    /// @param end when it ends in milliseconds, or the end of time
    record Cell(Kind kind, String owner, long number, long end) {}

    private static final long NEVER = Long.MAX_VALUE;

    private final Subnet subnet;
    private final Strategy strategy;
    private final int coolDown;
    private final TreeMap<IpAddress, Cell> cells = new TreeMap<>();
    private final Set<IpAddress> withheld = new TreeSet<>();
    private @Nullable IpAddress last;
    private long now;
    private long numbers;

    ModelPool(Subnet subnet, Strategy strategy, int coolDown) {
        this.subnet = subnet;
        this.strategy = strategy;
        this.coolDown = coolDown;
    }

    void advance(int millis) {
        now += millis;
        settle();
    }

    /// Ends what has ended, one after the other.
    private void settle() {
        while (true) {
            Optional<Map.Entry<IpAddress, Cell>> first = cells.entrySet().stream()
                    .filter(entry -> entry.getValue().end <= now)
                    .min(Comparator.comparingLong((Map.Entry<IpAddress, Cell> entry) -> entry.getValue().end)
                            .thenComparing(entry -> entry.getValue().kind != Kind.COOLING)
                            .thenComparingLong(entry -> entry.getValue().number));
            if (first.isEmpty()) {
                return;
            }
            IpAddress address = first.get().getKey();
            Cell cell = first.get().getValue();
            cells.remove(address);
            if (cell.kind == Kind.PENDING) {
                rest(address, cell.owner, cell.end);
            } else if (cell.kind == Kind.COOLING && returns(address, cell.owner)) {
                cells.put(address, new Cell(Kind.FORMER, cell.owner, cell.number, NEVER));
            }
        }
    }

    private void rest(IpAddress address, String owner, long time) {
        if (coolDown > 0) {
            cells.put(address, new Cell(Kind.COOLING, owner, ++numbers, time + coolDown));
        } else if (returns(address, owner)) {
            cells.put(address, new Cell(Kind.FORMER, owner, ++numbers, NEVER));
        }
    }

    private boolean returns(IpAddress address, String owner) {
        return strategy == Strategy.STICKY && !owner.isEmpty() && isAutomatic(address);
    }

    private List<IpAddress> all() {
        List<IpAddress> all = new ArrayList<>();
        IpRange.of(subnet.prefix()).addresses().forEach(all::add);
        return all;
    }

    boolean mayBeHandedOut(IpAddress address) {
        return subnet.prefix().contains(address)
                && subnet.isUsable(address)
                && subnet.gateway().filter(address::equals).isEmpty()
                && subnet.excluded().stream().noneMatch(range -> range.contains(address))
                && !withheld.contains(address);
    }

    private boolean isAutomatic(IpAddress address) {
        return mayBeHandedOut(address)
                && (subnet.ranges().isEmpty() || subnet.ranges().stream().anyMatch(range -> range.contains(address)))
                && !subnet.reserved().containsKey(address);
    }

    private boolean isFree(IpAddress address) {
        Cell cell = cells.get(address);
        return isAutomatic(address) && (cell == null || cell.kind == Kind.FORMER);
    }

    /// The addresses that may be handed out to an owner who asks for none.
    Set<IpAddress> choices(String owner) {
        Set<IpAddress> free = new TreeSet<>(all().stream().filter(this::isFree).toList());
        Optional<IpAddress> back = cells.entrySet().stream()
                .filter(entry ->
                        strategy == Strategy.STICKY && entry.getValue().owner.equals(owner) && !owner.isEmpty())
                .filter(entry -> entry.getValue().kind == Kind.FORMER
                        || (entry.getValue().kind == Kind.COOLING && isAutomatic(entry.getKey())))
                .max(Comparator.comparingLong(entry -> entry.getValue().number))
                .map(Map.Entry::getKey);
        if (back.isPresent()) {
            return Set.of(back.get());
        }
        if (free.isEmpty() || strategy == Strategy.RANDOM) {
            return free;
        }
        Optional<IpAddress> behind = strategy == Strategy.LOWEST || last == null
                ? Optional.empty()
                : free.stream().filter(address -> address.compareTo(last) > 0).findFirst();
        return Set.of(behind.orElseGet(() -> free.iterator().next()));
    }

    void lease(IpAddress address, String owner, Optional<Long> hold, boolean chosen) {
        Cell old = cells.get(address);
        boolean back = old != null && old.owner.equals(owner) && !owner.isEmpty() && strategy == Strategy.STICKY;
        if (chosen && !back) {
            last = address;
        }
        cells.put(
                address,
                new Cell(
                        hold.isPresent() ? Kind.PENDING : Kind.HELD,
                        owner,
                        ++numbers,
                        hold.map(millis -> now + millis).orElse(NEVER)));
        settle();
    }

    void commit(IpAddress address) {
        Cell cell = cell(address);
        cells.put(address, new Cell(Kind.HELD, cell.owner, cell.number, NEVER));
    }

    void release(IpAddress address) {
        String owner = cell(address).owner;
        cells.remove(address);
        rest(address, owner, now);
    }

    void handOver(IpAddress address, String owner) {
        Cell cell = cell(address);
        cells.put(address, new Cell(cell.kind, owner, ++numbers, cell.end));
    }

    void withhold(IpAddress address) {
        if (mayBeHandedOut(address)) {
            cells.remove(address);
            withheld.add(address);
        }
    }

    void quarantine(IpAddress address, int millis) {
        if (mayBeHandedOut(address)) {
            cells.put(address, new Cell(Kind.QUARANTINED, "", ++numbers, now + millis));
            settle();
        }
    }

    boolean endQuarantine(IpAddress address) {
        boolean resting = cells.containsKey(address) && kind(address) == Kind.QUARANTINED;
        if (resting) {
            cells.remove(address);
        }
        return resting;
    }

    private Cell cell(IpAddress address) {
        Cell cell = cells.get(address);
        if (cell == null) {
            throw new AssertionError("nothing is known of " + address);
        }
        return cell;
    }

    boolean isHeld(IpAddress address) {
        Cell cell = cells.get(address);
        return cell != null && (cell.kind == Kind.HELD || cell.kind == Kind.PENDING);
    }

    boolean isHeldBy(IpAddress address, String owner) {
        return isHeld(address) && cell(address).owner.equals(owner);
    }

    boolean isResting(IpAddress address, String owner) {
        Cell cell = cells.get(address);
        return cell != null
                && (cell.kind == Kind.QUARANTINED || (cell.kind == Kind.COOLING && !cell.owner.equals(owner)));
    }

    Kind kind(IpAddress address) {
        return cell(address).kind;
    }

    String owner(IpAddress address) {
        return cell(address).owner;
    }

    Optional<IpAddress> oldest(String owner) {
        return heldBy(owner).stream().findFirst();
    }

    List<String> held() {
        return cells.keySet().stream()
                .filter(address -> isHeld(address) && !owner(address).isEmpty())
                .map(address -> address + " " + owner(address))
                .toList();
    }

    List<IpAddress> heldBy(String owner) {
        return cells.keySet().stream()
                .filter(address -> isHeldBy(address, owner))
                .sorted(Comparator.comparingLong(address -> cell(address).number))
                .toList();
    }

    /// Equal for models that will answer alike.
    String fingerprint() {
        Set<String> known = new TreeSet<>();
        List<Long> order = cells.values().stream().map(Cell::number).sorted().toList();
        cells.forEach((address, cell) ->
                known.add(address + " " + cell.kind + " " + cell.owner + " " + order.indexOf(cell.number)));
        return known + " " + last;
    }

    String usage() {
        long[] counts = new long[7];
        for (IpAddress address : all()) {
            Cell cell = cells.get(address);
            if (isHeld(address)) {
                counts[0]++;
                counts[1] += kind(address) == Kind.PENDING ? 1 : 0;
            } else if (cell != null && cell.kind == Kind.COOLING) {
                counts[2]++;
            } else if (cell != null && cell.kind == Kind.QUARANTINED) {
                counts[3]++;
            } else if (subnet.reserved().containsKey(address)
                    || subnet.gateway().filter(address::equals).isPresent()
                    || withheld.contains(address)) {
                counts[4]++;
            } else {
                counts[isFree(address) ? 6 : 5]++;
            }
        }
        return counts[0] + " " + counts[1] + " " + counts[2] + " " + counts[3] + " " + counts[4] + " " + counts[5] + " "
                + counts[6];
    }

    Optional<IpRange> largestHole() {
        List<IpRange> singles = all().stream()
                .filter(this::isFree)
                .map(address -> IpRange.of(address, address))
                .toList();
        return IpRange.aggregate(singles).stream()
                .sorted()
                .max(Comparator.comparingLong(IpRange::size).thenComparing(Comparator.reverseOrder()));
    }
}
