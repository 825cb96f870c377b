package io.ipvlan.netlink;

import io.ipvlan.netlink.route.RouteSocket;

/// A program that lists the links and says how many there are.
public final class ColdStart {
    private ColdStart() {}

    public static void main(String[] arguments) throws NetlinkException {
        try (RouteSocket socket = RouteSocket.open()) {
            System.out.println("links: " + socket.links().size());
        }
    }
}
