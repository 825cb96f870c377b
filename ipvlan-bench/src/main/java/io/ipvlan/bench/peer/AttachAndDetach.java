package io.ipvlan.bench.peer;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;

/// Attaches one endpoint after the other, then detaches them; in namespaces that exist, or in ones made for
/// it.
final class AttachAndDetach {
    // Each attaches all, and detaches them from many threads. All is compiled in full after 20,000.
    private static final int REHEARSALS = 200;
    private static final int REHEARSALS_IN_FRESH = 60; // which the kernel takes long to take apart
    private static final int REHEARSING_THREADS = 32;
    private static final int NANOS_PER_MILLI = 1_000_000;

    private final String workload;
    private final int count;
    private final boolean fresh;

    AttachAndDetach(String workload, int count) {
        this.workload = workload;
        this.count = count;
        this.fresh = workload.equals("attach-netns");
    }

    void run() throws NetlinkException, InterruptedException {
        Report attaching = new Report(workload, count);
        Report detaching = new Report(workload, count);
        try (Endpoints endpoints = Endpoints.open();
                NamespaceList made = new NamespaceList()) {
            int rehearsals = Warmth.rehearsals(fresh ? REHEARSALS_IN_FRESH : REHEARSALS);
            for (int i = 0; i < rehearsals; i++) {
                rehearse(endpoints);
            }
            Warmth.rest(rehearsals);
            long start = System.nanoTime();
            attaching.begin();
            for (int i = 0; i < count; i++) {
                attaching.add(attach(endpoints, made, i));
            }
            attaching.end(count);
            long between = System.nanoTime();
            for (int i = 0; i < count; i++) {
                detaching.add(detach(made, i));
            }
            attaching.further("detach", detaching);
            attaching.further("attach_total_ms", (between - start) / NANOS_PER_MILLI);
            attaching.further("detach_total_ms", (System.nanoTime() - between) / NANOS_PER_MILLI);
        }
        attaching.print();
    }

    private void rehearse(Endpoints endpoints) throws NetlinkException, InterruptedException {
        try (NamespaceList namespaces = fresh ? NamespaceList.fresh(count) : NamespaceList.ofPool(count)) {
            endpoints.attachAll(namespaces.all());
            Endpoints.detachAll(namespaces.all(), REHEARSING_THREADS);
        }
    }

    private long attach(Endpoints endpoints, NamespaceList made, int number) throws NetlinkException {
        long start = System.nanoTime();
        if (fresh) {
            NetNamespace namespace = NetNamespace.create();
            made.add(namespace);
            endpoints.attach(namespace, number);
        } else {
            try (NetNamespace namespace = Endpoints.namespace(number)) {
                endpoints.attach(namespace, number);
            }
        }
        return System.nanoTime() - start;
    }

    private long detach(NamespaceList made, int number) throws NetlinkException {
        long start = System.nanoTime();
        try (NetNamespace namespace = fresh ? made.get(number) : Endpoints.namespace(number)) {
            Endpoints.detach(namespace, number);
        }
        return System.nanoTime() - start;
    }
}
