package io.ipvlan.internal.engine;

import io.ipvlan.Netns;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.internal.kernel.NetlinkKernel;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import io.ipvlan.netlink.route.AddressRequest;
import io.ipvlan.netlink.route.LinkInfo;
import io.ipvlan.netlink.route.LinkRequest;
import io.ipvlan.netlink.route.NeighbourState;
import io.ipvlan.netlink.route.RouteRequest;
import io.ipvlan.netlink.route.RouteSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The real kernel: what there is in its namespaces, and what this process holds open.
final class NetlinkHost implements Scene.Host {
    private static final IpCidr OWN = IpCidr.parse("192.168.1.250/24");
    private static final int ETH0 = 4000;

    /// Sixteen for each of two engines, and some more.
    private static final int MOST_ASKING = 40;

    private final Set<String> names = new HashSet<>();
    private final RouteSocket socket;
    private final NetlinkKernel witness;
    private int places;

    NetlinkHost() {
        try {
            socket = RouteSocket.open();
            socket.send(LinkRequest.create("eth0", new LinkInfo.Dummy())
                    .withIndex(ETH0)
                    .up());
            socket.send(AddressRequest.add(ETH0, OWN));
            socket.send(RouteRequest.add(IpPrefix.parse("0.0.0.0/0"), ETH0).via(IpAddress.parse("192.168.1.1")));
        } catch (NetlinkException e) {
            throw new AssertionError(e);
        }
        witness = NetlinkKernel.open();
        var _ = witness.open(Optional.empty()).linkNames(); // before it asks for the first time a socket is not listed
    }

    @Override
    public Kernel witness() {
        return witness;
    }

    @Override
    public Kernel forEngine() {
        NetlinkKernel kernel = NetlinkKernel.open();
        for (int look = 0; look < 2; look++) { // the second opens what keeps the picture of links up to date
            var _ = kernel.open(Optional.empty()).parent(ETH0);
        }
        return kernel;
    }

    @Override
    public void release(Kernel engines) {
        engines.close();
    }

    @Override
    public Netns newPlace() {
        String name = "place" + places++;
        try {
            NetNamespace.create(name).close();
        } catch (NetlinkException e) {
            throw new AssertionError(e);
        }
        names.add(name);
        return Netns.ofName(name);
    }

    @Override
    public void bury(Netns place) {
        bury(((Netns.OfName) place).name());
        names.remove(((Netns.OfName) place).name());
    }

    private static void bury(String name) {
        try {
            NetNamespace.deleteName(name);
        } catch (NetlinkException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public List<String> more() {
        List<String> more = new ArrayList<>();
        try {
            socket.rules().forEach(rule -> more.add("host: rule " + rule));
            socket.neighbours().stream()
                    .filter(neighbour -> neighbour.state() == NeighbourState.PERMANENT)
                    .forEach(neighbour -> more.add("host: " + neighbour));
            NetNamespace.names().forEach(name -> more.add("there is " + (names.contains(name) ? "a place" : name)));
            more.add(descriptors().toString());
            return more;
        } catch (NetlinkException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How many descriptors of each kind are open, but for those of files, which the JVM opens as it likes, and
    /// pipes, which lead to programs of other tests until the collector finds them. Of the sockets that ask in
    /// this namespace an engine has as many as it just needed: only if they pile up it shows.
    static Map<String, Integer> descriptors() {
        Map<String, Integer> open = new TreeMap<>();
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            Set<String> asking = asking();
            for (Path descriptor : (Iterable<Path>) all::iterator) {
                String target = target(descriptor);
                String kind = asking.contains(target) ? "asking" : target.replaceAll(":\\[\\d+]$", "");
                if (!kind.startsWith("/") && !kind.equals("pipe")) {
                    open.merge(kind, 1, Integer::sum);
                }
            }
            open.computeIfPresent("asking", (_, count) -> Math.max(count, MOST_ASKING));
            return open;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The sockets of `NETLINK_ROUTE` in this namespace that are in no group, as `/proc/self/fd` names them.
    private static Set<String> asking() throws IOException {
        return Files.readAllLines(Path.of("/proc/thread-self/net/netlink")).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields[1].equals("0") && fields[3].equals("00000000"))
                .map(fields -> "socket:[" + fields[fields.length - 1] + "]")
                .collect(Collectors.toSet());
    }

    private static String target(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            return "/"; // that of the listing itself
        }
    }

    @Override
    public void close() {
        witness.close();
        try {
            socket.send(LinkRequest.delete(ETH0));
        } catch (NetlinkException e) {
            throw new AssertionError(e);
        }
        socket.close();
        names.forEach(NetlinkHost::bury);
    }
}
