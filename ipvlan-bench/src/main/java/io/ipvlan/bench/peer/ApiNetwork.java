package io.ipvlan.bench.peer;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NetworkStore;
import io.ipvlan.bench.ScratchDirectory;
import io.ipvlan.internal.engine.Engine;
import io.ipvlan.internal.kernel.MacvlanStandIn;
import io.ipvlan.ipam.Subnet;
import io.ipvlan.ipam.SubnetAllocator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// A network on the lab's parent link with everything on: addresses from the pool, checks of the parent,
/// marks, undo and a store. The property `mode` says its mode (`l2`), `store` whether the store is the one in
/// `memory` or a new `directory` below `TMPDIR`.
final class ApiNetwork implements AutoCloseable {
    private final ScratchDirectory directory;
    private final Ipvlan ipvlan;
    private final ActiveNetwork network;

    private ApiNetwork(ScratchDirectory directory, Ipvlan ipvlan, ActiveNetwork network) {
        this.directory = directory;
        this.ipvlan = ipvlan;
        this.network = network;
    }

    /// Opens an engine and creates the network.
    static ApiNetwork create() throws IOException {
        ScratchDirectory directory = ScratchDirectory.create();
        Ipvlan ipvlan = engine(store(directory));
        boolean whole = false;
        try {
            ApiNetwork created = new ApiNetwork(directory, ipvlan, ipvlan.create(description()));
            whole = true;
            return created;
        } finally {
            if (!whole) {
                ipvlan.close();
            }
        }
    }

    private static Ipvlan engine(NetworkStore store) {
        return Endpoints.areIpvlan()
                ? Ipvlan.builder().store(store).open()
                : Engine.open(MacvlanStandIn.open(), store, SubnetAllocator.of(SubnetAllocator.DOCKER_POOLS));
    }

    private static NetworkStore store(ScratchDirectory directory) {
        String wanted = System.getProperty("store", "memory");
        return switch (wanted) {
            case "memory" -> NetworkStore.inMemory();
            case "directory" -> NetworkStore.directory(directory.path());
            default -> throw new IllegalArgumentException("no store: " + wanted);
        };
    }

    /// The network that the other peers make by hand.
    static IpvlanNetwork description() {
        IpvlanMode mode = IpvlanMode.valueOf(System.getProperty("mode", "l2").toUpperCase(Locale.ROOT));
        Subnet subnet = Subnet.of("10.100.0.0/16");
        return IpvlanNetwork.builder("lab")
                .parent("p0")
                .mode(mode)
                .subnet(mode.isRouted() ? subnet : subnet.withGateway("10.100.255.254"))
                .build();
    }

    /// An endpoint in a namespace of the prepared pool.
    static EndpointSpec endpoint(int number) {
        return EndpointSpec.in(Netns.ofName("b" + number)).withId("b" + number);
    }

    /// Endpoints in the first namespaces of the pool.
    static List<EndpointSpec> endpoints(int count) {
        return IntStream.range(0, count).mapToObj(ApiNetwork::endpoint).toList();
    }

    Endpoint attach(int number) {
        return network.attach(endpoint(number));
    }

    void attachAll(List<EndpointSpec> endpoints) {
        network.attachAll(endpoints);
    }

    void detachAll() {
        network.detachAll();
    }

    @Override
    public void close() throws IOException {
        try (directory;
                ipvlan) {
            network.detachAll();
            network.delete();
        }
    }
}
