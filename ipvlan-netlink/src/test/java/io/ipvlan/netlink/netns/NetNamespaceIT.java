package io.ipvlan.netlink.netns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.ipvlan.netlink.Command;
import io.ipvlan.netlink.Descriptors;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkMessage;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.RouteSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// Namespaces made and entered on a real kernel, with `ip netns` as witness.
class NetNamespaceIT {
    @Test
    void aCookieStandsForANamespaceHoweverItIsOpened() throws NetlinkException {
        try (NetNamespace made = NetNamespace.create();
                RouteSocket one = RouteSocket.open(made);
                RouteSocket other = RouteSocket.open(made);
                RouteSocket home = RouteSocket.open()) {
            long cookie = one.netlink().namespaceCookie().orElseThrow();

            assertEquals(cookie, other.netlink().namespaceCookie().orElseThrow());
            assertNotEquals(cookie, home.netlink().namespaceCookie().orElseThrow());
            assertNotEquals(0, cookie);
        }
    }

    @Test
    void aNewNamespaceHasOnlyALoopbackLinkThatIsDown() throws NetlinkException {
        try (NetNamespace made = NetNamespace.create();
                RouteSocket socket = RouteSocket.open(made)) {
            List<LinkMessage> links = socket.links();

            assertEquals(List.of("lo"), links.stream().map(LinkMessage::name).toList());
            assertFalse(links.getFirst().isUp());
            List<JsonNode> seen = Command.ip(made, "link");
            assertEquals(1, seen.size());
            assertEquals("lo", seen.getFirst().path("ifname").asText());
            assertEquals("new network namespace", made.toString());
        }
    }

    @Test
    void eachNamespaceHasItsOwnIdAndIsTheOneItsPathLeadsTo() throws NetlinkException {
        try (NetNamespace one = NetNamespace.create();
                NetNamespace two = NetNamespace.create();
                NetNamespace current = NetNamespace.current()) {
            assertEquals(3, Set.of(one.id(), two.id(), current.id()).size());
            String seen = Command.runIn(one, "readlink", "/proc/self/ns/net").strip();
            assertEquals(Places.of(one), seen);
        }
    }

    @Test
    void aNamedNamespaceIsFoundByItsNameAndByItsPath() throws NetlinkException {
        Command.run("ip", "netns", "add", "it-blue");
        try (NetNamespace byName = NetNamespace.ofName("it-blue");
                NetNamespace byPath = NetNamespace.ofPath(Path.of("/run/netns/it-blue"))) {
            assertEquals(byName.id(), byPath.id());
            String seen = Command.run("ip", "netns", "exec", "it-blue", "readlink", "/proc/self/ns/net");
            assertEquals(Places.of(byName), seen.strip());
        } finally {
            Command.run("ip", "netns", "delete", "it-blue");
        }
        assertThrows(NetlinkException.Refused.class, () -> NetNamespace.ofName("it-blue"));
    }

    @Test
    void aNamespaceOfAProcessIsFoundByItsPid() throws Exception {
        Process process = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo; read wait").start();
        try {
            assertEquals('\n', process.getInputStream().read(), "it is inside now");
            try (NetNamespace byPid = NetNamespace.ofPid(process.pid());
                    NetNamespace current = NetNamespace.current()) {
                assertNotEquals(current.id(), byPid.id());
                assertEquals(
                        Places.of(byPid),
                        Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/ns/net"))
                                .toString());
            }
        } finally {
            process.getOutputStream().close(); // ends its read
            process.waitFor();
        }
    }

    @Test
    void aNamespaceLivesUntilItsLastHandleAndSocketAreClosed() throws NetlinkException {
        NetNamespace made = NetNamespace.create();
        RouteSocket socket = RouteSocket.open(made);
        socket.send(LinkRequest.create("d0", new LinkInfo.Dummy()));
        made.close();

        assertTrue(socket.link("d0").isPresent());
        socket.close();
        assertThrows(IllegalStateException.class, () -> RouteSocket.open(made));
        assertThrows(IllegalStateException.class, made::path);
    }

    @Test
    void aPipeIsRefusedAndNotWaitedFor() throws Exception {
        Path pipe = Files.createTempDirectory("ipvlan").resolve("pipe");
        Command.run("mkfifo", pipe.toString());

        NetlinkException.Refused refused =
                assertThrows(NetlinkException.Refused.class, () -> NetNamespace.ofPath(pipe));

        assertEquals(Errno.ENOTTY, refused.errno());
    }

    @Test
    void openingASocketMovesNoThread() throws Exception {
        String home = Places.here();
        try (NetNamespace target = NetNamespace.create()) {
            List<Set<String>> seen = Places.onVirtualThreads(100, () -> {
                Set<String> places = new TreeSet<>();
                places.add(Places.here());
                try (RouteSocket socket = RouteSocket.open(target)) {
                    places.add(Places.here());
                    assertEquals(1, socket.links().size());
                }
                Thread later = Thread.ofPlatform().start(() -> addPlace(places));
                later.join();
                addPlace(places);
                return places;
            });

            seen.forEach(places -> assertEquals(Set.of(home), places));
            assertEquals(home, Places.here());
            assertEquals(Set.of(home), Set.copyOf(Places.onVirtualThreads(50, Places::here)), "carriers");
            assertEquals(Set.of(home), Places.everywhere());
        }
    }

    private static void addPlace(Set<String> places) {
        places.add(Places.here());
    }

    @Test
    void manySocketsOpenedAtOnceAreEachInTheirNamespace() throws Exception {
        List<NetNamespace> namespaces = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                namespaces.add(NetNamespace.create());
                try (RouteSocket socket = RouteSocket.open(namespaces.get(i))) {
                    socket.send(LinkRequest.create("mark" + i, new LinkInfo.Dummy()));
                }
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Boolean>> right = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    int which = i % 20;
                    right.add(threads.submit(() -> {
                        try (RouteSocket socket = RouteSocket.open(namespaces.get(which))) {
                            return socket.link("mark" + which).isPresent();
                        }
                    }));
                }
                for (Future<Boolean> each : right) {
                    assertTrue(each.get());
                }
            }
        } finally {
            namespaces.forEach(NetNamespace::close);
        }
    }

    @Test
    void noDescriptorIsLeftBehind() throws Exception {
        makeAndOpen();
        List<String> before = Descriptors.open();

        for (int i = 0; i < 50; i++) {
            makeAndOpen();
        }

        assertEquals(before, Descriptors.open());
    }

    private static void makeAndOpen() throws NetlinkException {
        try (NetNamespace made = NetNamespace.create();
                RouteSocket socket = RouteSocket.open(made)) {
            assertEquals(1, socket.links().size());
            assertThrows(NetlinkException.Refused.class, () -> made.openSocket(12345));
        }
    }
}
