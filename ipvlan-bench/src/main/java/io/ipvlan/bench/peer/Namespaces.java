package io.ipvlan.bench.peer;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;

/// Makes namespaces, then lets them go.
final class Namespaces {
    private static final int REHEARSALS = 3; // each makes all

    private final int count;

    Namespaces(int count) {
        this.count = count;
    }

    void run() throws NetlinkException {
        Report making = new Report("netns", count);
        Report dropping = new Report("netns", count);
        for (int i = Warmth.rehearsals(REHEARSALS); i > 0; i--) {
            measure(new Report("netns", count), new Report("netns", count));
        }
        measure(making, dropping);
        making.further("detach", dropping);
        making.print();
    }

    private void measure(Report making, Report dropping) throws NetlinkException {
        try (NamespaceList made = new NamespaceList()) {
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                made.add(NetNamespace.create());
                making.add(System.nanoTime() - start);
            }
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                made.get(i).close();
                dropping.add(System.nanoTime() - start);
            }
        }
    }
}
