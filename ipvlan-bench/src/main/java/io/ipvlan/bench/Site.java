package io.ipvlan.bench;

import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.netns.NetNamespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// An engine and namespaces to attach: of the kernel, or of one that is played in memory, which leaves what the
/// library itself costs, and what playing costs.
final class Site implements AutoCloseable {
    /// The kernel itself. Needs root and ipvlan.
    static final String REAL = "real";

    /// The kernel that `Ipvlan.inMemory()` plays.
    static final String MEMORY = "memory";

    private final Ipvlan ipvlan;
    private final List<NetNamespace> made = new ArrayList<>();
    private final List<Netns> namespaces = new ArrayList<>();

    private Site(Ipvlan ipvlan) {
        this.ipvlan = ipvlan;
    }

    /// Opens an engine and makes namespaces.
    static Site open(String kernel, int namespaces) throws NetlinkException {
        return of(engine(kernel), kernel.equals(REAL), namespaces);
    }

    private static Ipvlan engine(String kernel) {
        return switch (kernel) {
            case REAL -> Ipvlan.open();
            case MEMORY -> Ipvlan.inMemory();
            default -> throw new IllegalArgumentException("no kernel: " + kernel);
        };
    }

    /// Makes namespaces beside an engine on the kernel, which is closed with them.
    static Site of(Ipvlan ipvlan, boolean real, int namespaces) throws NetlinkException {
        Site site = new Site(ipvlan);
        for (int number = 0; number < namespaces; number++) {
            if (real) {
                NetNamespace made = NetNamespace.create();
                site.made.add(made);
                site.namespaces.add(Netns.ofDescriptor(made.descriptor()));
            } else {
                site.namespaces.add(Netns.ofName("b" + number));
            }
        }
        return site;
    }

    Ipvlan ipvlan() {
        return ipvlan;
    }

    Netns namespace(int number) {
        return namespaces.get(number);
    }

    /// Endpoints with ids of their own, in one namespace after the other. Where several share one their links are
    /// named, and they leave its default route alone.
    List<EndpointSpec> endpoints(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> endpoint(number, count))
                .toList();
    }

    private EndpointSpec endpoint(int number, int count) {
        EndpointSpec alone =
                EndpointSpec.in(namespaces.get(number % namespaces.size())).withId("endpoint-" + number);
        return count <= namespaces.size()
                ? alone
                : alone.withInterfaceName("e" + number).withoutDefaultRoute();
    }

    /// A network with 65,000 addresses on a dummy parent of its own.
    static IpvlanNetwork network(String mode) {
        return IpvlanNetwork.builder("bench")
                .mode(IpvlanMode.valueOf(mode.toUpperCase(Locale.ROOT)))
                .subnet("10.100.0.0/16")
                .build();
    }

    @Override
    public void close() {
        ipvlan.close();
        made.forEach(NetNamespace::close);
    }
}
