package io.ipvlan.bench.peer;

import io.ipvlan.NetworkStore;
import io.ipvlan.bench.ScratchDirectory;
import io.ipvlan.ipam.AddressPool;
import io.ipvlan.ipam.Lease;
import io.ipvlan.ipam.Subnet;
import java.io.IOException;

/// Takes an address and writes that down durably, one after the other, in a store below `TMPDIR`.
final class PoolPersistence {
    private static final int REHEARSED = 200;

    private final int count;

    PoolPersistence(int count) {
        this.count = count;
    }

    void run() throws IOException {
        Report report = new Report("ipam-persist-sync", count);
        AddressPool pool = AddressPool.of(Subnet.of("10.1.0.0/16"));
        int first = -Warmth.rehearsals(REHEARSED);
        try (ScratchDirectory directory = ScratchDirectory.create();
                NetworkStore store = NetworkStore.directory(directory.path())) {
            for (int number = first; number < count; number++) {
                if (number == 0) {
                    report.begin();
                }
                String owner = "endpoint-" + (number - first);
                long start = System.nanoTime();
                Lease lease = pool.allocate(owner);
                store.put("lab/" + owner, lease.address().toString());
                if (number >= 0) {
                    report.add(System.nanoTime() - start);
                }
            }
            report.end(count);
        }
        report.print();
    }
}
