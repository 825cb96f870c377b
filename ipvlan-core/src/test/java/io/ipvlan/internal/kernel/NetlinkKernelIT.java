package io.ipvlan.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.Marks;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.ExtendedAck;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkLookup;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.RouteSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NetlinkKernelIT extends KernelContract {
    private final List<NetNamespace> namespaces = new ArrayList<>();

    @Override
    Kernel open() {
        return NetlinkKernel.open();
    }

    @Override
    void makeMacvlan(Kernel kernel, String name, String parent) {
        try (RouteSocket socket = RouteSocket.open()) {
            socket.send(LinkRequest.create(name, new LinkInfo.Macvlan(LinkInfo.Macvlan.BRIDGE, 0))
                    .linkedTo(socket.link(parent).orElseThrow().index()));
        } catch (NetlinkException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    Netns namespace() {
        try {
            NetNamespace namespace = NetNamespace.create();
            namespaces.add(namespace);
            return Netns.ofPath(namespace.path());
        } catch (NetlinkException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void closeNamespaces() {
        namespaces.forEach(NetNamespace::close);
    }

    @Test
    void aNamespaceThatDoesNotExistIsNamed() {
        Map<Netns, String> missing = Map.of(
                Netns.ofPid(Integer.MAX_VALUE), "no such process",
                Netns.ofName("no-such-name"), "no such name",
                Netns.ofPath(Path.of("/no/such/file")), "no such file",
                Netns.ofPath(Path.of("/proc/self/status")), "no network namespace",
                Netns.ofDescriptor(Integer.MAX_VALUE), "not open");
        try (Kernel kernel = open()) {
            missing.forEach((netns, reason) -> {
                NotFoundException refused =
                        assertThrows(NotFoundException.class, () -> kernel.open(Optional.of(netns)));
                assertEquals("'" + netns + "'", refused.object());
                assertTrue(refused.reason().contains(reason), refused.getMessage());
            });
        }
    }

    /// The kernel tells of a changed mode for the child it was changed by only, and not here if that child is
    /// elsewhere.
    @Test
    void aModeThatWasChangedFromAnotherNamespaceIsSeen() throws NetlinkException {
        try (Kernel kernel = open();
                NetNamespace other = NetNamespace.create();
                RouteSocket here = RouteSocket.open();
                RouteSocket there = RouteSocket.open(other)) {
            LinkInfo.Ipvlan l2 = LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L2);
            here.send(LinkRequest.create("ipvl-p", new LinkInfo.Dummy())
                    .withIndex(78_000)
                    .up());
            try {
                here.send(LinkRequest.create("ipvl-c", l2).withIndex(78_001).linkedTo(78_000));
                here.send(LinkRequest.create("eth0", l2)
                        .withIndex(78_002)
                        .linkedTo(78_000)
                        .in(other));
                Kernel.Namespace host = kernel.open(Optional.empty());
                assertEquals(List.of(IpvlanMode.L2), modes(host));
                assertEquals(List.of(IpvlanMode.L2), modes(host));

                there.send(LinkRequest.change(78_002).info(LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L3)));

                assertEquals(List.of(IpvlanMode.L3), modes(host));
            } finally {
                here.send(LinkRequest.delete(78_000));
            }
        }
    }

    private static List<IpvlanMode> modes(Kernel.Namespace host) {
        return host.parent(78_000).orElseThrow().children().stream()
                .map(child -> child.port().orElseThrow().mode())
                .toList();
    }

    /// The kernel does not tell of what changes about a link that is down.
    @Test
    void aParentThatIsDownIsSeenAsItIs() throws NetlinkException {
        try (Kernel kernel = open();
                RouteSocket here = RouteSocket.open()) {
            here.send(LinkRequest.create("ipvl-p", new LinkInfo.Dummy()).withIndex(78_000));
            try {
                Kernel.Namespace host = kernel.open(Optional.empty());
                host.parent(78_000);
                host.parent(78_000);

                here.send(LinkRequest.change(78_000).group(Marks.GROUP));

                assertEquals(host.link(78_000), host.parent(78_000).map(Kernel.ParentView::link));
            } finally {
                here.send(LinkRequest.delete(78_000));
            }
        }
    }

    /// While the kernel makes many links with one send, or waits after one was deleted, those who have other
    /// parents go on.
    @Test
    void whatIsDoneInTheOwnNamespaceDoesNotWaitForAnExchangeThatIsOnThere() throws Exception {
        CountDownLatch on = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newSingleThreadExecutor();
                Kernel kernel = NetlinkKernel.open(Duration.ofSeconds(5))) {
            NetlinkNamespace host = (NetlinkNamespace) kernel.open(Optional.empty());
            Future<Boolean> slow = threads.submit(() -> host.socket().netlink().ask(LinkLookup.byIndex(1), _ -> {
                on.countDown();
                Latches.await(over);
            }));
            try {
                Latches.await(on);
                doEverything(kernel, host);
            } finally {
                over.countDown();
            }
            assertTrue(slow.get());
        }
    }

    private void doEverything(Kernel kernel, NetlinkNamespace host) {
        Netns netns = namespace();
        try (Kernel.Namespace target = kernel.open(Optional.of(netns));
                Kernel.Changes changes = kernel.changes()) {
            host.create(new Step.CreateDummy("ipvl-p", 78_000, Optional.empty()));
            try {
                host.configure(List.of(new Step.SetUp("ipvl-p", 78_000, Optional.empty())));
                for (int looks = 0; looks < 3; looks++) {
                    assertEquals(
                            "ipvl-p", host.parent(78_000).orElseThrow().link().name());
                }
                host.createChild(
                        new Step.CreateIpvlan(
                                "eth0",
                                78_001,
                                "ipvl-p",
                                78_000,
                                Optional.empty(),
                                Optional.of(netns),
                                IpvlanMode.L3,
                                IpvlanFlag.BRIDGE,
                                OptionalInt.empty()),
                        target);
                assertEquals(Set.of("lo", "eth0"), target.linkNames());
                assertTrue(host.observe().link(78_000).isPresent());
                changes.follow(target);
                assertTrue(kernel.marked().stream()
                        .anyMatch(marked -> marked.link().index() == 78_000));
            } finally {
                host.delete(new Step.DeleteLink("ipvl-p", 78_000, Optional.empty()));
            }
            assertEquals(Optional.empty(), host.link(78_000));
        }
    }

    /// The kernel clears up a little later, and then gives an inode again.
    @Test
    void aNamespaceWithTheInodeOfOneThatIsGoneIsNotTakenForIt() throws InterruptedException {
        Map<Long, NamespaceId> gone = new HashMap<>();
        try (Kernel kernel = open()) {
            for (int tries = 0; tries < 1_000; tries++) {
                Netns netns = namespace();
                NamespaceId id;
                try (Kernel.Namespace opened = kernel.open(Optional.of(netns))) {
                    id = opened.id();
                }
                NamespaceId before = gone.put(id.inode(), id);
                if (before != null) {
                    assertEquals(new NamespaceId(before.device(), before.inode(), id.cookie()), id);
                    kernel.find(netns, id).orElseThrow().close();
                    assertTrue(kernel.find(netns, before).isEmpty());
                    assertTrue(kernel.sweep().find(netns, before).isEmpty());
                    return;
                }
                namespaces.removeLast().close();
                Thread.sleep(10);
            }
        }
        throw new AssertionError("no inode was given again");
    }

    @Test
    void whoMayNotLookIntoANamespacePassesItOverAndWhoCannotSaysSo() throws NetlinkException, IOException {
        try (NetNamespace here = NetNamespace.current();
                NetNamespace other = NetNamespace.create("looked-into")) {
            try {
                List<Path> files = new ArrayList<>();
                NamespaceSearch.lookIntoOthers(here, (file, namespace, socket) -> {
                    if (namespace.isSameAs(other)) {
                        files.add(file);
                    }
                });
                assertEquals(List.of(Path.of("/run/netns/looked-into")), files);

                NamespaceSearch.lookIntoOthers(here, (file, namespace, socket) -> {
                    throw new NetlinkException.Refused("look", Errno.EPERM, ExtendedAck.NONE);
                });
                for (NetlinkException failure : List.of(
                        new NetlinkException.Refused("look", new Errno(24), ExtendedAck.NONE),
                        new NetlinkException.Closed("look"))) {
                    IOException thrown = assertThrows(
                            IOException.class,
                            () -> NamespaceSearch.lookIntoOthers(here, (file, namespace, socket) -> {
                                throw failure;
                            }));
                    assertEquals(failure, thrown.getCause());
                }
            } finally {
                NetNamespace.deleteName("looked-into");
            }
        }
    }

    @Test
    void aSweepThatHasMissedANamespaceDoesNotLookForItAgain() throws NetlinkException {
        Netns nowhere = Netns.ofName("no-such-name");
        try (Kernel kernel = open()) {
            NamespaceId id;
            try (Kernel.Namespace opened = kernel.open(Optional.of(namespace()))) {
                id = opened.id();
            }
            Kernel.Finder sweep = kernel.sweep();
            assertTrue(sweep.find(nowhere, id).isEmpty(), "only a descriptor holds it");
            namespaces.getLast().name("swept");
            try {
                assertTrue(sweep.find(nowhere, id).isEmpty());
                try (Kernel.Namespace found = kernel.sweep().find(nowhere, id).orElseThrow()) {
                    assertEquals(id, found.id());
                }
            } finally {
                NetNamespace.deleteName("swept");
            }
        }
    }

    /// Otherwise the heir would be taken for the one that is gone, and forgotten with it.
    @Test
    void aNumberThatIsUsedAgainIsFollowedAnew() throws NetlinkException, InterruptedException {
        try (Kernel kernel = open();
                Kernel.Changes changes = kernel.changes();
                RouteSocket here = RouteSocket.open()) {
            int number = follow(changes, kernel, namespace(), here);
            namespaces.removeLast().close();
            Netns heir = namespace();
            for (int tries = 0; follow(changes, kernel, heir, here) != number; tries++) {
                assertTrue(tries < 1_000, "the number was not given again");
                Thread.sleep(10);
                heir = namespace();
            }
            assertTrue(hears(changes, Optional.empty()), "that a number is gone is not told");

            follow(changes, kernel, heir, here);
            try (Kernel.Namespace opened = kernel.open(Optional.of(heir))) {
                opened.create(new Step.CreateDummy("d0", 79_000, Optional.of(heir)));
                assertTrue(hears(changes, Optional.of(Set.of(opened.id()))), "the heir is not heard of");
            }
        }
    }

    private int follow(Kernel.Changes changes, Kernel kernel, Netns netns, RouteSocket here) throws NetlinkException {
        try (Kernel.Namespace opened = kernel.open(Optional.of(netns))) {
            changes.follow(opened);
        }
        return here.namespaceId(namespaces.getLast()).orElseThrow();
    }

    private static boolean hears(Kernel.Changes changes, Optional<Set<NamespaceId>> expected) {
        for (int tries = 0; tries < 100; tries++) {
            if (changes.next(Duration.ofMillis(100)).equals(expected)) {
                return true;
            }
        }
        return false;
    }
}
