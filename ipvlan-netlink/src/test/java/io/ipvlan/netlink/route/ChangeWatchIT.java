package io.ipvlan.netlink.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.ChangeWatch.Changes;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// A watch that tells where something changes.
class ChangeWatchIT {
    private static final Duration LONG = Duration.ofSeconds(10);

    private static int loopback(RouteSocket socket) throws NetlinkException {
        return socket.link("lo").orElseThrow().index();
    }

    /// Reads on until nothing comes any more: a link that comes up is told of several times.
    private static void drain(ChangeWatch watch) throws NetlinkException {
        while (!watch.next(Duration.ofMillis(200)).isEmpty()) {
            // on
        }
    }

    @Test
    void itTellsWhereSomethingChangesAndThatANamespaceIsGone() throws NetlinkException {
        try (NetNamespace here = NetNamespace.create();
                RouteSocket inside = RouteSocket.open(here);
                ChangeWatch watch = ChangeWatch.open(here)) {
            assertTrue(watch.next(Duration.ZERO).isEmpty());

            inside.send(LinkRequest.change(loopback(inside)).up());
            assertEquals(new Changes(false, true, Set.of(), Set.of()), watch.next(LONG));
            drain(watch);

            int number;
            try (NetNamespace there = NetNamespace.create();
                    RouteSocket other = RouteSocket.open(there)) {
                other.send(LinkRequest.change(loopback(other)).up());
                drain(watch); // without a number it is not heard
                inside.send(NamespaceIdRequest.assign(there));
                number = inside.namespaceId(there).orElseThrow();

                other.send(AddressRequest.add(loopback(other), IpCidr.parse("10.9.9.9/32")));
                assertEquals(new Changes(false, false, Set.of(number), Set.of()), watch.next(LONG));
                drain(watch);
                other.send(RouteRequest.add(IpPrefix.parse("10.9.0.0/24")).by(loopback(other)));
                assertEquals(new Changes(false, false, Set.of(number), Set.of()), watch.next(LONG), "a route");
                drain(watch);
            }
            Changes last = watch.next(LONG);
            while (!last.gone().contains(number)) {
                assertTrue(!last.isEmpty(), "it is told");
                last = watch.next(LONG);
            }
        }
    }

    @Test
    void whatIsLostIsTold() throws NetlinkException {
        try (NetNamespace here = NetNamespace.create();
                RouteSocket inside = RouteSocket.open(here);
                ChangeWatch watch = ChangeWatch.open(here)) {
            int loopback = loopback(inside);
            inside.send(LinkRequest.change(loopback).up());
            for (int i = 0; i < 2_000; i++) {
                inside.send(LinkRequest.change(loopback).mtu(1_000 + i));
            }
            assertTrue(watch.next(LONG).lost(), "its queue is limited");
            drain(watch);
            inside.send(LinkRequest.change(loopback).mtu(1_500));
            assertEquals(new Changes(false, true, Set.of(), Set.of()), watch.next(LONG), "and it goes on");
        }
    }
}
