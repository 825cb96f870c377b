package io.ipvlan.bench.peer;

import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.Ipv4Address;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.route.RouteRequest;
import io.ipvlan.netlink.route.RouteSocket;
import java.util.ArrayList;
import java.util.List;

/// Adds or deletes routes of the main table, one by one or many together. Making the requests is timed, too.
final class RouteChanges {
    private static final int REHEARSALS = 30; // each adds and deletes all, one by one and together
    private static final int TOGETHER = 512;
    private static final int FIRST = 11 << 24; // 11.0.0.0
    private static final Ipv4Address GATEWAY = Ipv4Address.parse("192.168.77.2");

    private final String workload;
    private final int count;

    RouteChanges(String workload, int count) {
        this.workload = workload;
        this.count = count;
    }

    void run() throws NetlinkException {
        Report report = new Report(workload, count);
        boolean adds = workload.startsWith("add");
        try (RouteSocket socket = RouteSocket.open()) {
            int device = Endpoints.parent(socket);
            for (int i = Warmth.rehearsals(REHEARSALS); i > 0; i--) {
                Report unread = new Report(workload, count);
                oneByOne(socket, true, device, unread);
                oneByOne(socket, false, device, unread);
                together(socket, true, device, unread);
                together(socket, false, device, unread);
            }
            if (!adds) {
                together(socket, true, device, new Report(workload, count));
            }
            report.begin();
            if (workload.endsWith("-batch")) {
                together(socket, adds, device, report);
            } else {
                oneByOne(socket, adds, device, report);
            }
            report.end(count);
            if (adds) {
                together(socket, false, device, new Report(workload, count));
            }
        }
        report.print();
    }

    private void oneByOne(RouteSocket socket, boolean adds, int device, Report report) throws NetlinkException {
        for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            socket.send(request(adds, i, device));
            report.add(System.nanoTime() - start);
        }
    }

    private void together(RouteSocket socket, boolean adds, int device, Report report) throws NetlinkException {
        for (int i = 0; i < count; i += TOGETHER) {
            int end = Math.min(count, i + TOGETHER);
            long start = System.nanoTime();
            List<RouteRequest> requests = new ArrayList<>(TOGETHER);
            for (int j = i; j < end; j++) {
                requests.add(request(adds, j, device));
            }
            socket.send(requests);
            report.add((System.nanoTime() - start) / (end - i));
        }
    }

    private static RouteRequest request(boolean adds, int number, int device) {
        IpPrefix destination = IpPrefix.of(new Ipv4Address(FIRST + number), 32);
        RouteRequest request = adds ? RouteRequest.add(destination, device) : RouteRequest.delete(destination, device);
        return request.via(GATEWAY);
    }
}
