package io.ipvlan.internal.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.Endpoint;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NetworkStore;
import io.ipvlan.NotFoundException;
import io.ipvlan.Step;
import io.ipvlan.internal.observe.Watch;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.ipam.SubnetAllocator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// An engine on a kernel and a store that can fail, and a look at everything it holds.
final class Bench implements AutoCloseable {
    static final Netns BLUE = Netns.ofName("blue");
    static final Netns GREEN = Netns.ofName("green");
    static final IpvlanNetwork DUMMY =
            IpvlanNetwork.builder("dummy").l3().subnet("10.1.214.0/24").build();
    static final IpvlanNetwork ETH0 =
            IpvlanNetwork.builder("lan").parent("eth0").subnet("192.168.1.0/24").build();

    final Lifeline lifeline = new Lifeline();
    final FaultyKernel kernel = new FaultyKernel(lifeline);
    final FaultyStore store = new FaultyStore(lifeline);

    /// What the engine's clock shows.
    volatile Instant clock = Instant.parse("2026-11-26T12:00:00Z");

    Engine engine;

    Bench(String... pools) {
        engine = open(pools);
    }

    private Engine open(String... pools) {
        List<SubnetAllocator.Pool> chosen =
                List.of(pools).stream().map(SubnetAllocator.Pool::parse).toList();
        return Engine.open(
                kernel,
                store,
                SubnetAllocator.of(pools.length == 0 ? SubnetAllocator.DOCKER_POOLS : chosen),
                new Watch(null),
                () -> clock);
    }

    /// Closes the engine and opens another on the same kernel and store.
    void reopen() {
        engine.close();
        engine = open();
    }

    ActiveNetwork network(String name) {
        return engine.find(name).orElseThrow();
    }

    /// Everything an operation that failed must not have changed.
    ///
    /// @param next the addresses the next endpoint of each network would get
    record Snapshot(
            NamespaceState host,
            List<String> children,
            Map<String, String> store,
            Map<String, List<String>> endpoints,
            Map<String, List<String>> next) {}

    Snapshot snapshot() {
        Map<String, List<String>> endpoints = new TreeMap<>();
        Map<String, List<String>> next = new TreeMap<>();
        for (ActiveNetwork network : engine.networks()) {
            endpoints.put(
                    network.name(),
                    network.endpoints().stream().map(Endpoint::id).toList());
            next.put(network.name(), nextOf(network));
        }
        return new Snapshot(kernel.host().observe(), kernel.children(), remembered(), endpoints, next);
    }

    /// What the store holds, but for the indexes of links: a parent that was made again has another.
    Map<String, String> remembered() {
        Map<String, String> texts = texts(store);
        texts.replaceAll((_, text) -> text.replaceAll("link.index=\\d+", "link.index="));
        return texts;
    }

    /// What a store holds of networks and endpoints, but for the moments at which they came.
    static Map<String, String> texts(NetworkStore store) {
        Map<String, String> texts = new TreeMap<>(store.load());
        texts.remove(Restoration.HOST);
        texts.replaceAll((_, text) -> text.replaceAll("(?m)^since=.*$", "since="));
        return texts;
    }

    /// Writes into a store behind its engine's back.
    ///
    /// @param text null to remove
    static void set(NetworkStore store, String key, @Nullable String text) {
        assertTrue(store.compareAndSet(key, Optional.ofNullable(store.load().get(key)), Optional.ofNullable(text)));
    }

    /// The addresses the next endpoint would get. A dummy parent that a failure took away is made again for
    /// that.
    private List<String> nextOf(ActiveNetwork network) {
        try {
            return next(network);
        } catch (NotFoundException e) {
            return next(engine.ensure(network.description()));
        }
    }

    /// The addresses the next endpoint would get.
    static List<String> next(ActiveNetwork network) {
        List<String> addresses = new ArrayList<>();
        for (Step step : network.plan(EndpointSpec.in(Netns.ofName("nobody"))).steps()) {
            if (step instanceof Step.AddAddress add) {
                addresses.add(add.address().toString());
            }
        }
        return addresses;
    }

    static List<String> addresses(Endpoint endpoint) {
        return endpoint.info().addresses().stream()
                .map(address -> address.toString())
                .toList();
    }

    @Override
    public void close() {
        engine.close();
    }
}
