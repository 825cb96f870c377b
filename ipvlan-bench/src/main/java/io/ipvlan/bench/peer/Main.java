package io.ipvlan.bench.peer;

import io.ipvlan.netlink.NetlinkException;
import java.io.IOException;

/// Carries out one workload in a namespace that was prepared for it, and prints one line about it.
///
/// Arguments: the workload, and how many operations. Environment: `LINK_KIND` (`macvlan` unless `ipvlan`),
/// `REPS` dumps, `THREADS` that detach, `DRV` that makes events, `IPAM_SPACE`. Properties: `warm`, see
/// [Warmth]; `lean`, see [RoundTrip] and [Dumps]; `mode` and `store`, see [ApiNetwork]; `owners`, see
/// [PoolOwners]; and `as`, a workload to carry out in place of the one that is asked for, so that what only
/// this peer knows is paired with what others do.
public final class Main {
    private Main() {}

    /// Carries out the workload. Nothing is loaded that it does not need: the cold start is measured, too.
    ///
    /// @param arguments the workload and the number of operations
    /// @throws NetlinkException if the kernel refuses something
    /// @throws IOException if the program that makes events cannot be run, or there is no place for a store
    /// @throws InterruptedException if this thread is interrupted
    public static void main(String[] arguments) throws NetlinkException, IOException, InterruptedException {
        String workload = System.getProperty("as", arguments[0]);
        int count = Integer.parseInt(arguments[1]);
        switch (workload) {
            case "cold-once" -> ColdStart.run();
            case "cold-attach" -> ColdAttach.run();
            case "rtt" -> new RoundTrip(count).run();
            case "dump-routes" -> Dumps.ofRoutes(count).run();
            case "dump-links" -> Dumps.ofLinks(count).run();
            case "add-routes", "del-routes", "add-routes-batch", "del-routes-batch" ->
                new RouteChanges(workload, count).run();
            case "attach", "attach-netns" -> new AttachAndDetach(workload, count).run();
            case "detach-par" -> new ParallelDetach(count).run();
            case "detach-parent" -> new ParentDelete(count).run();
            case "monitor-latency" -> new EventLatency(count).run();
            case "monitor-throughput" -> new EventThroughput(count).run();
            case "netns" -> new Namespaces(count).run();
            case "attach-api" -> ApiAttach.steady(count).run();
            case "attach-api-first" -> ApiAttach.first(count).run();
            case "attach-batch", "detach-batch" -> new ApiBatch(workload, count).run();
            case "ipam-seq16", "ipam-seq8", "ipam-seq64" -> new PoolSequence(workload, count).run();
            case "ipam-churn50", "ipam-churn90", "ipam-churn999", "ipam-frag50", "ipam-frag90", "ipam-frag999" ->
                new PoolChurn(workload, count).run();
            case "ipam-mt1" -> new PoolThreads(workload, count, 1).run();
            case "ipam-mt2" -> new PoolThreads(workload, count, 2).run();
            case "ipam-persist", "ipam-persist-sync" -> new PoolPersistence(workload, count).run();
            default -> unsupported(workload, "no such workload");
        }
    }

    private static void unsupported(String workload, String reason) {
        System.out.println("{\"w\":\"" + workload + "\",\"peer\":\"java\",\"unsupported\":\"" + reason + "\"}");
    }
}
