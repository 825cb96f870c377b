package io.ipvlan.bench.peer;

import io.ipvlan.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Attaches one endpoint after the other through the API, then detaches them.
final class ApiAttach {
    private static final int REHEARSALS = 200; // each attaches all, and detaches them together
    private static final int NANOS_PER_MILLI = 1_000_000;

    private final String workload;
    private final int count;
    private final int rehearsals;

    private ApiAttach(String workload, int count, int rehearsals) {
        this.workload = workload;
        this.count = count;
        this.rehearsals = rehearsals;
    }

    /// With compiled code.
    static ApiAttach steady(int count) {
        return new ApiAttach("attach-api", count, Warmth.rehearsals(REHEARSALS));
    }

    /// The first of a JVM.
    static ApiAttach first(int count) {
        return new ApiAttach("attach-api-first", count, 0);
    }

    void run() throws IOException, InterruptedException {
        Report attaching = new Report(workload, count);
        Report detaching = new Report(workload, count);
        try (ApiNetwork network = ApiNetwork.create()) {
            for (int i = 0; i < rehearsals; i++) {
                for (int number = 0; number < count; number++) {
                    network.attach(number);
                }
                network.detachAll();
            }
            Warmth.rest(rehearsals);
            List<Endpoint> endpoints = new ArrayList<>(count);
            long start = System.nanoTime();
            attaching.begin();
            for (int number = 0; number < count; number++) {
                long before = System.nanoTime();
                endpoints.add(network.attach(number));
                attaching.add(System.nanoTime() - before);
            }
            attaching.end(count);
            long between = System.nanoTime();
            for (Endpoint endpoint : endpoints) {
                long before = System.nanoTime();
                endpoint.detach();
                detaching.add(System.nanoTime() - before);
            }
            attaching.further("detach", detaching);
            attaching.further("attach_total_ms", (between - start) / NANOS_PER_MILLI);
            attaching.further("detach_total_ms", (System.nanoTime() - between) / NANOS_PER_MILLI);
        }
        attaching.print();
    }
}
