package io.ipvlan.bench.peer;

import io.ipvlan.NetworkStore;
import io.ipvlan.NetworkStore.Durability;
import io.ipvlan.bench.ScratchDirectory;
import io.ipvlan.ipam.AddressPool;
import io.ipvlan.ipam.Lease;
import io.ipvlan.ipam.Subnet;
import java.io.IOException;
import java.util.Optional;

/// Takes an address and writes that down, one after the other, in a store below `TMPDIR`: with the operating
/// system, or on the disk.
final class PoolPersistence {
    private static final int REHEARSED = 50_000; // all is compiled in full then
    private static final int REHEARSED_ON_DISK = 5_000;

    private final String workload;
    private final int count;
    private final Durability durability;

    /// @param workload `ipam-persist` or `ipam-persist-sync`
    PoolPersistence(String workload, int count) {
        this.workload = workload;
        this.count = count;
        this.durability = workload.endsWith("-sync") ? Durability.DISK : Durability.OPERATING_SYSTEM;
    }

    void run() throws IOException {
        Report report = new Report(workload, count);
        AddressPool pool = AddressPool.of(Subnet.of("10.1.0.0/16"));
        int first = -Warmth.rehearsals(durability == Durability.DISK ? REHEARSED_ON_DISK : REHEARSED);
        try (ScratchDirectory directory = ScratchDirectory.create();
                NetworkStore store = NetworkStore.directory(directory.path(), durability)) {
            for (int number = first; number < count; number++) {
                if (number == 0) {
                    report.begin();
                }
                String owner = "endpoint-" + (number - first);
                long start = System.nanoTime();
                Lease lease = pool.allocate(owner);
                store.compareAndSet(
                        "lab/" + owner,
                        Optional.empty(),
                        Optional.of(lease.address().toString()));
                store.sync();
                if (number >= 0) {
                    report.add(System.nanoTime() - start);
                }
            }
            report.end(count);
        }
        report.print();
    }
}
