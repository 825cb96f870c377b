package io.ipvlan.bench.peer;

import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkListener;
import io.ipvlan.netlink.NetlinkListener.Received;
import io.ipvlan.netlink.NetlinkMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalInt;

/// Hears of routes as fast as they come and go, and reads where each leads.
final class EventThroughput implements NetlinkListener.Handler {
    private static final int REHEARSALS = 5; // each adds and deletes all routes
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int QUEUE = 64 << 20;
    private static final int NETLINK_ROUTE = 0;
    private static final int IPV4_ROUTES = 7; // RTNLGRP_IPV4_ROUTE
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int RTMSG_SIZE = 12;
    private static final int RTA_DST = 1;
    private static final long SECOND = 1_000_000_000;

    private final int count;
    private int heard;
    private int destinations;
    private int gaps;

    EventThroughput(int count) {
        this.count = count;
    }

    void run() throws NetlinkException, IOException, InterruptedException {
        Report report = new Report("monitor-throughput", count);
        try (NetlinkListener listener = NetlinkListener.open(NETLINK_ROUTE)) {
            listener.queue(QUEUE);
            listener.join(IPV4_ROUTES);
            for (int i = Warmth.rehearsals(REHEARSALS); i > 0; i--) {
                listen(listener);
            }
            report.begin();
            long time = listen(listener);
            report.end(heard);
            report.add(time / heard);
            report.further("events", heard);
            report.further("overruns", gaps);
            report.further("ev_per_s", heard * SECOND / time);
            report.further("sum", destinations & 1);
        }
        report.print();
    }

    /// Listens until all was heard, or nothing comes any more.
    ///
    /// @return the time from the first datagram to the last
    private long listen(NetlinkListener listener) throws NetlinkException, IOException, InterruptedException {
        heard = 0;
        gaps = 0;
        EventSource source = EventSource.ofRoutes(count);
        long first = 0;
        long last = 0;
        Received received = Received.MESSAGES;
        while (heard < 2 * count && received != Received.NOTHING) {
            received = listener.next(this, PATIENCE);
            last = System.nanoTime();
            first = first == 0 ? last : first;
            gaps += received == Received.GAP ? 1 : 0;
        }
        source.await();
        return last - first;
    }

    @Override
    public void accept(NetlinkMessage message, OptionalInt namespaceId) throws NetlinkException.Malformed {
        if (message.type() != RTM_NEWROUTE && message.type() != RTM_DELROUTE) {
            return;
        }
        AttributeReader attributes = message.attributes(RTMSG_SIZE);
        while (attributes.next()) {
            if (attributes.type() == RTA_DST) {
                destinations += attributes.u32();
            }
        }
        heard++;
    }
}
