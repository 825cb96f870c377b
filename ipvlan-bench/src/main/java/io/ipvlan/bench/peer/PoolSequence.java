package io.ipvlan.bench.peer;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ipam.AddressPool;
import io.ipvlan.ipam.PoolOptions;
import io.ipvlan.ipam.Strategy;
import io.ipvlan.ipam.Subnet;

/// Takes the lowest free address of an empty pool, again and again. Chunks are timed, so that it is not the clock that
/// is measured.
final class PoolSequence {
    private static final int REHEARSED = 2_000_000;

    private final String workload;
    private final Subnet subnet;
    private final int count;
    private final PoolOwners owners;
    private final IpAddress[] taken = new IpAddress[PoolOwners.CHUNK];

    /// @param workload `ipam-seq16`, `ipam-seq8` or `ipam-seq64`
    PoolSequence(String workload, int count) {
        this.workload = workload;
        this.subnet = Subnet.of(
                switch (workload) {
                    case "ipam-seq16" -> "10.1.0.0/16";
                    case "ipam-seq8" -> "10.0.0.0/8";
                    case "ipam-seq64" -> "2001:db8:abc2::/64";
                    default -> throw new IllegalArgumentException("no sequence: " + workload);
                });
        this.count = count;
        this.owners = PoolOwners.of(count);
    }

    void run() {
        for (int i = Warmth.rehearsals(Math.max(1, REHEARSED / count)); i > 0; i--) {
            fill(new Report(workload, count));
        }
        Report report = new Report(workload, count);
        report.begin();
        long start = System.nanoTime();
        fill(report);
        double mean = (double) (System.nanoTime() - start) / count;
        report.end(count);
        report.further("exact_mean", mean);
        report.print();
    }

    private void fill(Report report) {
        AddressPool pool = AddressPool.of(subnet, PoolOptions.of(Strategy.LOWEST));
        for (int done = 0; done < count; done += PoolOwners.CHUNK) {
            int size = Math.min(PoolOwners.CHUNK, count - done);
            long start = System.nanoTime();
            for (int at = 0; at < size; at++) {
                taken[at] = owners.allocate(pool, done + at).address().address();
            }
            report.add((System.nanoTime() - start) / size);
        }
    }
}
