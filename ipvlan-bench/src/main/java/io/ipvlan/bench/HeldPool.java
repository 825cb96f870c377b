package io.ipvlan.bench;

import io.ipvlan.ipam.AddressPool;
import io.ipvlan.ipam.Lease;
import io.ipvlan.ipam.PoolOptions;
import io.ipvlan.ipam.Strategy;
import io.ipvlan.ipam.Subnet;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// A pool of which a part is held, chosen at random. Every lease has an owner of its own, or none has one.
final class HeldPool implements PoolCost.Pair {
    /// Subnets, how many of the addresses are held, and strategies.
    static final List<String> KINDS = List.of(
            "10.1.0.0/16 655 LOWEST",
            "10.1.0.0/16 32767 LOWEST",
            "10.1.0.0/16 58980 LOWEST",
            "10.1.0.0/16 65468 LOWEST",
            "10.1.0.0/16 32767 NEXT",
            "10.1.0.0/16 65468 NEXT",
            "10.1.0.0/16 32767 RANDOM",
            "10.1.0.0/16 32767 STICKY",
            "10.0.0.0/8 1000000 LOWEST",
            "2001:db8::/64 20000 RANDOM",
            "2001:db8::/64 1000000 RANDOM");

    private static final long SEED = 214;

    private final AddressPool addresses;
    private final Lease[] leases;
    private final String[] owners;

    /// Takes addresses all over the pool, and leaves so many of them as shall be held.
    HeldPool(String kind, boolean owned) {
        String[] words = kind.split(" ", -1);
        int count = Integer.parseInt(words[1]);
        SplittableRandom random = new SplittableRandom(SEED);
        addresses = AddressPool.of(
                Subnet.of(words[0]), PoolOptions.of(Strategy.valueOf(words[2])).withRandom(new SplittableRandom(SEED)));
        // Twice as many as wanted, so that those that stay lie scattered.
        int all = (int) Math.min(addresses.free(), 2L * count);
        Lease[] taken = new Lease[all];
        for (int at = 0; at < all; at++) {
            taken[at] = owned ? addresses.allocate("endpoint-" + at) : addresses.allocate();
        }
        for (int left = all; left > count; left--) {
            int gone = random.nextInt(left);
            addresses.release(taken[gone]);
            taken[gone] = taken[left - 1];
        }
        leases = Arrays.copyOf(taken, count);
        owners = new String[count];
        for (int at = 0; at < count; at++) {
            owners[at] = leases[at].owner();
        }
    }

    int size() {
        return leases.length;
    }

    @Override
    public void prepare(int[] chosen) {
        for (int at : chosen) {
            if (leases[at].address().length() == 0) {
                throw new IllegalStateException("a lease in a pool of everything");
            }
            if (!owners[at].isEmpty()) {
                owners[at] = "endpoint-" + at;
            }
        }
    }

    void release(int at) {
        addresses.release(leases[at]);
    }

    Lease allocate(int at) {
        leases[at] = owners[at].isEmpty() ? addresses.allocate() : addresses.allocate(owners[at]);
        return leases[at];
    }

    @Override
    public void release(int[] chosen) {
        for (int at : chosen) {
            release(at);
        }
    }

    @Override
    public void allocate(int[] chosen) {
        for (int at : chosen) {
            allocate(at);
        }
    }
}
