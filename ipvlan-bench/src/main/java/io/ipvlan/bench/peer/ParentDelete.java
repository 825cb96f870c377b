package io.ipvlan.bench.peer;

import io.ipvlan.netlink.NetlinkException;

/// Attaches many endpoints, then deletes their parent; time for each.
final class ParentDelete {
    private final int count;

    ParentDelete(int count) {
        this.count = count;
    }

    void run() throws NetlinkException {
        Report report = new Report("detach-parent", count);
        try (Endpoints endpoints = Endpoints.open();
                NamespaceList namespaces = NamespaceList.ofPool(count)) {
            endpoints.attachAll(namespaces.all());
            long start = System.nanoTime();
            endpoints.deleteParent();
            report.add((System.nanoTime() - start) / count);
        }
        report.print();
    }
}
