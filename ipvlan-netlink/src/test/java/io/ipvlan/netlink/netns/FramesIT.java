package io.ipvlan.netlink.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.netlink.Command;
import io.ipvlan.netlink.Descriptors;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.route.RouteSocket;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Frames that leave by a link of a namespace, with the counters of the link they arrive at as witness.
class FramesIT {
    private static final int TIMES = 100;

    /// A broadcast of a protocol that nobody knows.
    private static byte[] frame() {
        byte[] frame = new byte[60];
        for (int at = 0; at < 6; at++) {
            frame[at] = (byte) 0xff;
        }
        frame[6] = 2;
        frame[12] = (byte) 0x88;
        frame[13] = (byte) 0xb5;
        return frame;
    }

    private static List<String> sockets() throws IOException {
        return Descriptors.open().stream()
                .filter(target -> target.startsWith("socket:"))
                .toList();
    }

    /// Threads of the library close what was sent by, a moment later.
    private static void awaitSockets(List<String> expected) throws IOException, InterruptedException {
        for (int left = 1_000; left > 0 && !sockets().equals(expected); left--) {
            Thread.sleep(10);
        }
        assertEquals(expected, sockets());
    }

    @Test
    void framesArriveAndTheirSocketsAreClosedAMomentLater() throws Exception {
        try (NetNamespace target = NetNamespace.create()) {
            Command.script(target, "ip link add one type veth peer name two; ip link set one up; ip link set two up");
            try (RouteSocket inside = RouteSocket.open(target)) {
                int one = inside.link("one").orElseThrow().index();
                List<String> before = sockets();
                for (int time = 0; time < TIMES; time++) {
                    target.send(one, List.of(frame(), frame()));
                }
                String packets = "tr : ' ' </proc/self/net/dev | awk '$1 == \"two\" { print $3 }'";
                long arrived = Long.parseLong(
                        Command.runIn(target, "sh", "-c", packets).strip());
                assertTrue(arrived >= 2 * TIMES, () -> arrived + " frames arrived");
                awaitSockets(before);
                Places.awaitEverywhere(Places.here()); // also the threads that closed them
            }
        }
    }

    @Test
    void aLinkThatIsDownIsToldAndNothingIsLeftOpen() throws Exception {
        try (NetNamespace target = NetNamespace.create()) {
            Command.script(target, "ip link add one type dummy");
            try (RouteSocket inside = RouteSocket.open(target)) {
                int one = inside.link("one").orElseThrow().index();
                List<String> before = sockets();
                NetlinkException.Refused refused =
                        assertThrows(NetlinkException.Refused.class, () -> target.send(one, List.of(frame())));
                assertEquals(Errno.ENETDOWN, refused.errno(), refused::getMessage);
                awaitSockets(before);
            }
        }
    }
}
