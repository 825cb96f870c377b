package io.ipvlan.bench.peer;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.route.LinkMessage;
import io.ipvlan.netlink.route.RouteEvent;
import io.ipvlan.netlink.route.RouteWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// From the moment somebody asks the kernel for a link to the event about it, as an object, in a watcher's hands.
final class EventLatency {
    private static final int REHEARSALS = 3; // each makes all links
    private static final String PREFIX = "mx";
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final int count;

    EventLatency(int count) {
        this.count = count;
    }

    void run() throws NetlinkException, IOException, InterruptedException {
        Report report = new Report("monitor-latency", count);
        try (RouteWatch watch = RouteWatch.builder().links().open()) {
            RouteEvent event;
            do { // what is there
                event = watch.next();
            } while (!(event instanceof RouteEvent.Complete));
            for (int i = Warmth.rehearsals(REHEARSALS); i > 0; i--) {
                seen(watch);
            }
            long[] seen = seen(watch);
            long[] sent = EventSource.sendingTimes(count);
            for (int i = 0; i < count; i++) {
                if (seen[i] == 0) {
                    throw new IllegalStateException("no event about link " + i);
                }
                report.add(seen[i] - sent[i]);
            }
        }
        report.print();
    }

    /// When each link was heard of first. Reads on until the source has ended and nothing more comes.
    private long[] seen(RouteWatch watch) throws NetlinkException, IOException, InterruptedException {
        EventSource source = EventSource.ofLinks(count);
        long[] seen = new long[count];
        Optional<RouteEvent> event;
        do {
            boolean running = source.isRunning();
            event = watch.next(PATIENCE);
            long now = System.nanoTime();
            if (event.isPresent()
                    && event.get() instanceof RouteEvent.Present told
                    && told.object() instanceof LinkMessage link) {
                note(link.name(), now, seen);
            } else if (event.isEmpty() && running) {
                event = Optional.of(new RouteEvent.Complete()); // a pause, not the end
            }
        } while (event.isPresent());
        source.await();
        return seen;
    }

    private static void note(String name, long now, long[] seen) {
        if (name.startsWith(PREFIX)) {
            int number = Integer.parseInt(name.substring(PREFIX.length()));
            if (seen[number] == 0) {
                seen[number] = now;
            }
        }
    }
}
