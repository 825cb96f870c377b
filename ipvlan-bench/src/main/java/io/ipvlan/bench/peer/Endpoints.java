package io.ipvlan.bench.peer;

import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.Ipv4Address;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkSocket;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.netns.SocketOpening;
import io.ipvlan.netlink.route.AddressRequest;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.RouteRequest;
import io.ipvlan.netlink.route.RouteSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Attaches children of the parent link to namespaces: a link that is born there, up, while a socket is opened
/// inside; over that, its address and the default route together.
final class Endpoints implements AutoCloseable {
    private static final String PARENT = "p0";
    private static final int FIRST_INDEX = 1_000; // chosen, so that nobody needs to ask
    private static final Ipv4Address FIRST_ADDRESS = Ipv4Address.parse("10.100.0.1");
    private static final Ipv4Address BROADCAST = Ipv4Address.parse("10.100.255.255");
    private static final Ipv4Address GATEWAY = Ipv4Address.parse("10.100.255.254");
    private static final IpPrefix EVERYWHERE = IpPrefix.parse("0.0.0.0/0");

    private final RouteSocket home;
    private final int parent;
    private final LinkInfo kind;

    private Endpoints(RouteSocket home, int parent) {
        this.home = home;
        this.parent = parent;
        this.kind = areIpvlan() ? LinkInfo.Ipvlan.of(LinkInfo.Ipvlan.L2) : LinkInfo.Macvlan.of(LinkInfo.Macvlan.BRIDGE);
    }

    /// Whether links are to be of kind ipvlan; macvlan ones stand in for them elsewhere.
    static boolean areIpvlan() {
        return "ipvlan".equals(System.getenv("LINK_KIND"));
    }

    /// Opens the socket that makes the links.
    static Endpoints open() throws NetlinkException {
        RouteSocket home = RouteSocket.open();
        boolean whole = false;
        try {
            Endpoints opened = new Endpoints(home, parent(home));
            whole = true;
            return opened;
        } finally {
            if (!whole) {
                home.close();
            }
        }
    }

    /// The index of the parent.
    static int parent(RouteSocket home) throws NetlinkException {
        return home.link(PARENT).orElseThrow().index();
    }

    /// Opens a namespace of the prepared pool.
    static NetNamespace namespace(int number) throws NetlinkException {
        return NetNamespace.ofName("b" + number);
    }

    void attach(NetNamespace namespace, int number) throws NetlinkException {
        int index = FIRST_INDEX + number;
        try (SocketOpening opening = namespace.beginSocket(NetlinkSocket.ROUTE)) {
            home.send(LinkRequest.create("eth0", kind)
                    .linkedTo(parent)
                    .in(namespace)
                    .withIndex(index)
                    .up());
            IpCidr address = IpCidr.of(FIRST_ADDRESS.plus(number), 16);
            try (RouteSocket inside = RouteSocket.over(opening.take())) {
                inside.send(List.of(
                        AddressRequest.add(index, address).broadcast(BROADCAST),
                        RouteRequest.add(EVERYWHERE, index).via(GATEWAY)));
            }
        }
    }

    /// Attaches one to every namespace of the list.
    void attachAll(List<NetNamespace> namespaces) throws NetlinkException {
        for (int i = 0; i < namespaces.size(); i++) {
            attach(namespaces.get(i), i);
        }
    }

    static void detach(NetNamespace namespace, int number) throws NetlinkException {
        try (RouteSocket inside = RouteSocket.open(namespace)) {
            inside.send(LinkRequest.delete(FIRST_INDEX + number));
        }
    }

    /// Detaches from every namespace of the list, so many at a time: the kernel waits some 20 ms for each,
    /// and the waits overlap. A pool of sockets would do for one namespace; here there are many.
    static void detachAll(List<NetNamespace> namespaces, int threads) throws InterruptedException {
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> done = new ArrayList<>();
            for (int i = 0; i < namespaces.size(); i++) {
                int number = i;
                done.add(executor.submit(() -> {
                    detach(namespaces.get(number), number);
                    return null;
                }));
            }
            for (Future<?> one : done) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /// Deletes the parent, and with it its children everywhere.
    void deleteParent() throws NetlinkException {
        home.send(LinkRequest.delete(parent));
    }

    @Override
    public void close() {
        home.close();
    }
}
