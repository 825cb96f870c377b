package io.ipvlan.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.netlink.Errno;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.ScriptedSocket;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.RouteSocket;
import io.ipvlan.netlink.route.RouteWatch;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is known without a question, over a kernel that the test plays: a question that is not expected fails
/// the test.
class LinkPictureTest {
    private static final int PARENT = 7;
    private static final LinkRequest UP =
            LinkRequest.create("p0", new LinkInfo.Dummy()).withIndex(PARENT).up();
    private static final LinkRequest DOWN =
            LinkRequest.create("p0", new LinkInfo.Dummy()).withIndex(PARENT);

    private final ScriptedSocket kernel = new ScriptedSocket();
    private final LinkPicture picture = new LinkPicture(
            RouteSocket.over(kernel.socket()),
            () -> RouteWatch.builder().links().over(kernel.listener(), RouteSocket.over(kernel.socket())));

    private static LinkRequest child(int mode) {
        return LinkRequest.create("c0", LinkInfo.Ipvlan.of(mode))
                .withIndex(9)
                .linkedTo(PARENT)
                .up();
    }

    @BeforeEach
    void theFirstLookAsks() throws NetlinkException {
        kernel.answers(UP).answers();
        assertEquals(Optional.of(List.of()), look());
    }

    @AfterEach
    void close() {
        picture.close();
    }

    private Optional<List<NamespaceState.Port>> look() throws NetlinkException {
        return picture.look(PARENT)
                .map(view -> view.children().stream()
                        .map(child -> child.port().orElseThrow())
                        .toList());
    }

    private void listed(NetlinkRequest... links) {
        kernel.answers(links);
    }

    @Test
    void aParentThatIsUpAndHasNoChildrenIsKnown() throws NetlinkException {
        listed(UP);
        assertEquals(Optional.of(List.of()), look());
        assertEquals(Optional.of(List.of()), look());
        kernel.tells(LinkRequest.delete(PARENT));

        assertEquals(Optional.empty(), look());
    }

    /// That its mode was changed may never have been told.
    @Test
    void childrenAreAskedFor() throws NetlinkException {
        listed(UP, child(LinkInfo.Ipvlan.L2));
        kernel.answers(child(LinkInfo.Ipvlan.L3));

        assertEquals(Optional.of(List.of(new NamespaceState.Port(IpvlanMode.L3, IpvlanFlag.BRIDGE))), look());
    }

    /// What was changed of it may never have been told.
    @Test
    void aParentThatIsDownIsAskedFor() throws NetlinkException {
        listed(DOWN);
        kernel.answers(DOWN.mtu(1300)).answers();

        assertEquals(1300, picture.look(PARENT).orElseThrow().link().mtu());
    }

    @Test
    void whatIsKnownFromBeforeALossIsNotTakenForWhatIs() throws NetlinkException {
        listed(UP);
        look();
        kernel.losesEvents();
        for (int i = 0; i < 1_000; i++) {
            kernel.tells(UP);
        }
        kernel.refuses(Errno.ENODEV);

        assertEquals(Optional.empty(), look());
        listed();
        assertEquals(Optional.empty(), look());
    }

    /// To list many links takes the kernel a while.
    @Test
    void whoComesWhileThePictureIsBegunAsks() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        try (LinkPicture slow = new LinkPicture(RouteSocket.over(kernel.socket()), () -> {
                    begun.countDown();
                    Latches.await(mayEnd);
                    return RouteWatch.builder().links().over(kernel.listener(), RouteSocket.over(kernel.socket()));
                });
                ExecutorService threads = Executors.newSingleThreadExecutor()) {
            kernel.answers(UP).answers();
            slow.look(PARENT);
            Future<Boolean> first = threads.submit(() -> slow.look(PARENT).isPresent());
            Latches.await(begun);
            kernel.answers(UP.mtu(1300)).answers();

            assertEquals(1300, slow.look(PARENT).orElseThrow().link().mtu());
            listed(UP);
            mayEnd.countDown();
            assertTrue(first.get());
        }
    }
}
