package io.ipvlan.bench.peer;

import io.ipvlan.ipam.AddressPool;
import io.ipvlan.ipam.Lease;
import io.ipvlan.ipam.PoolOptions;
import io.ipvlan.ipam.Strategy;
import io.ipvlan.ipam.Subnet;
import java.util.SplittableRandom;

/// Releases a lease chosen at random and takes a new one, in a pool that is filled in order, or filled wholly and then
/// emptied at random, to a given part. The variable `IPAM_SPACE` says how many addresses the subnet has (65,536).
final class PoolChurn {
    private static final int REHEARSED = 2_000_000;
    private static final long SEED = 214;

    private final String workload;
    private final int count;
    private final AddressPool pool;
    private final PoolOwners owners;
    private final Lease[] leases;
    private final SplittableRandom random = new SplittableRandom(SEED);

    /// @param workload `ipam-churn` or `ipam-frag` with 50, 90 or 999: percent, or per mille
    PoolChurn(String workload, int count) {
        this.workload = workload;
        this.count = count;
        int space = Integer.parseInt(System.getenv().getOrDefault("IPAM_SPACE", "65536"));
        int length = Integer.SIZE - Integer.numberOfTrailingZeros(Integer.highestOneBit(space));
        this.pool = AddressPool.of(Subnet.of("10.0.0.0/" + length), PoolOptions.of(Strategy.LOWEST));
        int all = (int) pool.free();
        this.owners = PoolOwners.of(all);
        this.leases = new Lease[held(workload, all)];
        fill(workload.startsWith("ipam-frag") ? all : leases.length);
    }

    /// How many of so many addresses are held.
    static int held(String workload, int all) {
        return switch (workload) {
            case "ipam-churn50", "ipam-frag50" -> all / 2;
            case "ipam-churn90", "ipam-frag90" -> (int) (all * 0.9);
            case "ipam-churn999", "ipam-frag999" -> (int) (all * 0.999);
            default -> throw new IllegalArgumentException("no churn: " + workload);
        };
    }

    private void fill(int first) {
        Lease[] taken = new Lease[first];
        for (int at = 0; at < first; at++) {
            taken[at] = owners.allocate(pool, at);
        }
        for (int left = first; left > leases.length; left--) {
            int gone = random.nextInt(left);
            pool.release(taken[gone]);
            taken[gone] = taken[left - 1];
        }
        for (int at = 0; at < leases.length; at++) { // in another order than that of the addresses
            int other = random.nextInt(at + 1);
            leases[at] = leases[other];
            leases[other] = taken[at];
        }
    }

    void run() {
        Report unread = new Report(workload, count);
        for (int i = Warmth.rehearsals(Math.max(1, REHEARSED / count)); i > 0; i--) {
            churn(unread);
        }
        Report report = new Report(workload, count);
        report.begin();
        churn(report);
        report.end(count);
        report.print();
    }

    private void churn(Report report) {
        for (int done = 0; done < count; done += PoolOwners.CHUNK) {
            int size = Math.min(PoolOwners.CHUNK, count - done);
            long start = System.nanoTime();
            for (int at = 0; at < size; at++) {
                int chosen = random.nextInt(leases.length);
                pool.release(leases[chosen]);
                leases[chosen] = owners.allocate(pool, chosen);
            }
            report.add((System.nanoTime() - start) / size);
        }
    }

    long free() {
        return pool.free();
    }
}
