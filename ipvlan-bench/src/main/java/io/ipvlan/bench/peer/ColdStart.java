package io.ipvlan.bench.peer;

import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.route.RouteSocket;

/// From the start of the JVM to the first listing of the links.
final class ColdStart {
    private ColdStart() {}

    static void run() throws NetlinkException {
        int links;
        try (RouteSocket socket = RouteSocket.open()) {
            links = socket.links().size();
        }
        // Three calls and no `+`: the JVM would spend milliseconds on the first of those.
        System.out.print("{\"w\":\"cold-once\",\"peer\":\"java\",\"links\":");
        System.out.print(links);
        System.out.println("}");
    }
}
