package io.ipvlan.bench.peer;

import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.route.LinkLookup;
import io.ipvlan.netlink.route.RouteSocket;

/// Looks up the loopback link, again and again. With the property `lean` no object is made of the answer: a
/// handler takes a few numbers out of it, for those who want no garbage.
final class RoundTrip implements NetlinkMessage.Handler {
    private static final int LOOPBACK = 1;
    private static final int REHEARSALS = 200_000;
    private static final int ROUTE_FAMILY = 0; // NETLINK_ROUTE
    private static final int FIXED_LENGTH = 16; // of struct ifinfomsg
    private static final int MTU = 4; // IFLA_MTU

    private final int count;
    private int index;
    private int flags;
    private int mtu;

    RoundTrip(int count) {
        this.count = count;
    }

    void run() throws NetlinkException {
        Report report = new Report("rtt", count);
        if (Boolean.getBoolean("lean")) {
            lean(report);
        } else {
            asObjects(report);
        }
        report.print();
    }

    private void asObjects(Report report) throws NetlinkException {
        try (RouteSocket socket = RouteSocket.open()) {
            for (int i = -Warmth.rehearsals(REHEARSALS); i < count; i++) {
                if (i == 0) {
                    report.begin();
                }
                long start = System.nanoTime();
                String name = socket.link(LOOPBACK).orElseThrow().name();
                long end = System.nanoTime();
                require(name.equals("lo"));
                if (i >= 0) {
                    report.add(end - start);
                }
            }
            report.end(count);
        }
    }

    private void lean(Report report) throws NetlinkException {
        try (NetlinkSocket socket = NetlinkSocket.open(ROUTE_FAMILY)) {
            LinkLookup question = LinkLookup.byIndex(LOOPBACK);
            for (int i = -Warmth.rehearsals(REHEARSALS); i < count; i++) {
                if (i == 0) {
                    report.begin();
                }
                long start = System.nanoTime();
                boolean answered = socket.ask(question, this);
                long end = System.nanoTime();
                require(answered && index == LOOPBACK && flags != 0 && mtu > 0);
                if (i >= 0) {
                    report.add(end - start);
                }
            }
            report.end(count);
        }
    }

    @Override
    public void accept(NetlinkMessage message) throws NetlinkException.Malformed {
        index = message.fixed32(4);
        flags = message.fixed32(8);
        AttributeReader attributes = message.attributes(FIXED_LENGTH);
        while (attributes.next()) {
            if (attributes.type() == MTU) {
                mtu = attributes.u32();
            }
        }
    }

    private static void require(boolean loopback) {
        if (!loopback) {
            throw new IllegalStateException("the answer is not the loopback link");
        }
    }
}
