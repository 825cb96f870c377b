package io.ipvlan.bench.peer;

import io.ipvlan.netlink.NetlinkException;
import java.io.IOException;

/// Carries out one workload in a namespace that was prepared for it, and prints one line about it.
///
/// Arguments: the workload, and how many operations. Environment: `LINK_KIND` (`macvlan` unless `ipvlan`), `REPS`
/// dumps,
/// `THREADS` that detach, `DRV` that makes events. Properties: `warm`, see [Warmth], and `lean`, see [RoundTrip] and
/// [Dumps].
public final class Main {
    private Main() {}

    /// Carries out the workload. Nothing is loaded that it does not need: the cold start is measured, too.
    ///
    /// @param arguments the workload and the number of operations
    /// @throws NetlinkException if the kernel refuses something
    /// @throws IOException if the program that makes events cannot be run
    /// @throws InterruptedException if this thread is interrupted
    public static void main(String[] arguments) throws NetlinkException, IOException, InterruptedException {
        String workload = arguments[0];
        int count = Integer.parseInt(arguments[1]);
        switch (workload) {
            case "cold-once" -> ColdStart.run();
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
            default ->
                System.out.println("{\"w\":\"" + workload
                        + "\",\"peer\":\"java\",\"unsupported\":\"netlink is all this peer knows\"}");
        }
    }
}
