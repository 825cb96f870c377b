package io.ipvlan.bench.peer;

import io.ipvlan.EndpointSpec;
import java.io.IOException;
import java.util.List;

/// Attaches all endpoints by one call, and detaches them by another; time for each.
final class ApiBatch {
    private static final int REHEARSED_ENDPOINTS = 6_000;
    private static final int ROUNDS = 5;

    private final String workload;
    private final int count;

    ApiBatch(String workload, int count) {
        this.workload = workload;
        this.count = count;
    }

    void run() throws IOException {
        Report attaching = new Report(workload, ROUNDS);
        Report detaching = new Report(workload, ROUNDS);
        List<EndpointSpec> endpoints = ApiNetwork.endpoints(count);
        try (ApiNetwork network = ApiNetwork.create()) {
            for (int round = -Warmth.rehearsals(REHEARSED_ENDPOINTS / count); round < ROUNDS; round++) {
                long start = System.nanoTime();
                network.attachAll(endpoints);
                long between = System.nanoTime();
                network.detachAll();
                long end = System.nanoTime();
                if (round >= 0) {
                    attaching.add((between - start) / count);
                    detaching.add((end - between) / count);
                }
            }
        }
        Report asked = workload.equals("detach-batch") ? detaching : attaching;
        asked.further("detach", detaching);
        asked.further("endpoints", count);
        asked.print();
    }
}
