package io.ipvlan.ipam;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The blocks of a [BlockPool] that are owned, and which of them have room. To find one costs a few steps,
/// however many there are: a block is looked at when something was done to it, and when something in it ended
/// by itself. Not for several threads at once.
final class OwnedBlocks {
    /// What one host owns.
    private static final class Host {
        private int blocks;
        private final NavigableMap<Long, OwnedBlock> roomy = new TreeMap<>();
    }

    private final int length;
    private final InstantSource clock;
    private final NavigableMap<IpPrefix, OwnedBlock> blocks = new TreeMap<>();
    private final Map<String, Host> hosts = new HashMap<>();
    /// Blocks with room, and those without.
    private final NavigableMap<IpPrefix, OwnedBlock> roomy = new TreeMap<>();

    private final NavigableSet<OwnedBlock> full = new TreeSet<>(
            Comparator.comparingLong((OwnedBlock block) -> block.wakes).thenComparingLong(block -> block.number));
    private long numbers;

    /// @param length the prefix length of each block
    /// @param clock the clock of all their pools
    OwnedBlocks(int length, InstantSource clock) {
        this.length = length;
        this.clock = clock;
    }

    OwnedBlock add(IpPrefix prefix, String host, AddressPool pool) {
        OwnedBlock block = new OwnedBlock(prefix, host, pool, numbers++);
        blocks.put(prefix, block);
        hosts.computeIfAbsent(host, _ -> new Host()).blocks++;
        settle(block);
        return block;
    }

    void remove(OwnedBlock block) {
        blocks.remove(block.prefix);
        roomy.remove(block.prefix);
        full.remove(block);
        Host host = host(block);
        host.roomy.remove(block.number);
        host.blocks--;
        if (host.blocks == 0) {
            hosts.remove(block.host);
        }
    }

    private Host host(OwnedBlock block) {
        return Objects.requireNonNull(hosts.get(block.host), block.host);
    }

    /// Notes whether a block has room, after something was done to it.
    void settle(OwnedBlock block) {
        full.remove(block);
        if (block.pool.free() > 0) {
            roomy.put(block.prefix, block);
            host(block).roomy.put(block.number, block);
        } else {
            roomy.remove(block.prefix);
            host(block).roomy.remove(block.number);
            block.wakes = block.pool.nextEnd();
            full.add(block);
        }
    }

    /// Looks at the blocks in which something ended by itself.
    private void wake() {
        long now = Times.nanos(clock);
        List<OwnedBlock> woken = new ArrayList<>();
        while (!full.isEmpty() && full.first().wakes <= now) {
            woken.add(full.removeFirst());
        }
        woken.forEach(this::settle);
    }

    @Nullable
    OwnedBlock find(IpPrefix prefix) {
        return blocks.get(prefix);
    }

    /// The block that an address lies in.
    @Nullable
    OwnedBlock of(IpAddress address) {
        return length <= address.family().bits() ? find(IpPrefix.containing(address, length)) : null;
    }

    /// Of the blocks of a host that have room the one it has had for longest.
    @Nullable
    OwnedBlock withRoom(String host) {
        wake();
        Host owner = hosts.get(host);
        return owner == null || owner.roomy.isEmpty()
                ? null
                : owner.roomy.firstEntry().getValue();
    }

    /// Of the blocks of other hosts that have room the lowest. Those of the host itself are passed over one by
    /// one; who borrows has none, as a rule.
    @Nullable
    OwnedBlock withRoomBeside(String host) {
        wake();
        for (OwnedBlock block : roomy.values()) {
            if (!block.host.equals(host)) {
                return block;
            }
        }
        return null;
    }

    /// All blocks, in address order.
    List<OwnedBlock> all() {
        return List.copyOf(blocks.values());
    }

    int count() {
        return blocks.size();
    }

    int hosts() {
        return hosts.size();
    }
}
