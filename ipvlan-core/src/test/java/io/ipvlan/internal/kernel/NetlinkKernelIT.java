package io.ipvlan.internal.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.RouteSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
}
