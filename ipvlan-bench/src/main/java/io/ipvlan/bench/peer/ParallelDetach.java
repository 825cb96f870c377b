package io.ipvlan.bench.peer;

import io.ipvlan.netlink.NetlinkException;

/// Detaches many endpoints, `THREADS` at a time; wall-clock time for each.
final class ParallelDetach {
    private static final int REHEARSALS = 5;

    private final int count;

    ParallelDetach(int count) {
        this.count = count;
    }

    void run() throws NetlinkException, InterruptedException {
        int threads = Integer.parseInt(System.getenv().getOrDefault("THREADS", "16"));
        Report report = new Report("detach-par", count);
        try (Endpoints endpoints = Endpoints.open();
                NamespaceList namespaces = NamespaceList.ofPool(count)) {
            for (int i = Warmth.rehearsals(REHEARSALS); i >= 0; i--) {
                endpoints.attachAll(namespaces.all());
                long start = System.nanoTime();
                Endpoints.detachAll(namespaces.all(), threads);
                if (i == 0) {
                    report.add((System.nanoTime() - start) / count);
                }
            }
        }
        report.further("threads", threads);
        report.print();
    }
}
