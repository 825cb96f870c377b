package io.ipvlan.bench.peer;

import io.ipvlan.ipam.AddressPool;
import io.ipvlan.ipam.Lease;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Releases and takes addresses of one pool from several threads; wall-clock time for each pair.
final class PoolThreads {
    private static final int REHEARSALS = 3;
    private static final int HELD = 256;

    private final String workload;
    private final int count;
    private final int threads;
    private final PoolOwners owners;

    PoolThreads(String workload, int count, int threads) {
        this.workload = workload;
        this.count = count;
        this.threads = threads;
        this.owners = PoolOwners.of(HELD * threads);
    }

    void run() throws InterruptedException {
        for (int i = Warmth.rehearsals(REHEARSALS); i > 0; i--) {
            churn();
        }
        Report report = new Report(workload, count);
        report.begin();
        report.add(churn() / count);
        report.end(count);
        report.further("threads", threads);
        report.print();
    }

    private long churn() throws InterruptedException {
        AddressPool pool = AddressPool.of(Subnet.of("10.1.0.0/16"));
        List<Thread> all = new ArrayList<>();
        long start = System.nanoTime();
        for (int number = 0; number < threads; number++) {
            int first = HELD * number;
            all.add(Thread.ofPlatform().start(() -> churn(pool, first)));
        }
        for (Thread one : all) {
            one.join();
        }
        return System.nanoTime() - start;
    }

    private void churn(AddressPool pool, int first) {
        SplittableRandom random = new SplittableRandom(first);
        Lease[] leases = new Lease[HELD];
        for (int at = 0; at < HELD; at++) {
            leases[at] = owners.allocate(pool, first + at);
        }
        for (int left = count / threads; left > 0; left--) {
            int at = random.nextInt(HELD);
            pool.release(leases[at]);
            leases[at] = owners.allocate(pool, first + at);
        }
    }
}
