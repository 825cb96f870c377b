package io.ipvlan.bench;

import io.ipvlan.ActiveNetwork;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipvlan;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.AddressRequest;
import io.ipvlan.ipam.BlockPool;
import io.ipvlan.ipam.PoolOptions;
import io.ipvlan.ipam.Strategy;
import io.ipvlan.ipam.Subnet;
import io.ipvlan.ipam.SubnetAllocator;
import java.util.ArrayList;
import java.util.List;

/// Hosts that share 10.0.0.0/8: each gets a part of it for its endpoints.
interface SimulatedHosts extends AutoCloseable {
    /// All there is.
    String EVERYTHING = "10.0.0.0/8";

    /// Adds a host.
    void add(int number);

    /// Gives the last host so many endpoints.
    void fill(int endpoints);

    /// What the last host says to one more endpoint.
    void plan();

    @Override
    void close();

    /// The length of the smallest prefix with room for so many endpoints, one more, and what a subnet keeps back.
    static int length(int endpoints) {
        return Integer.numberOfLeadingZeros(endpoints + 4 - 1);
    }

    /// An engine for each host, over a kernel in memory, with a network of a subnet that one allocator drew for it.
    static SimulatedHosts engines(int endpoints) {
        SubnetAllocator allocator =
                SubnetAllocator.of(List.of(new SubnetAllocator.Pool(IpPrefix.parse(EVERYTHING), length(endpoints))));
        List<Ipvlan> engines = new ArrayList<>();
        List<ActiveNetwork> networks = new ArrayList<>();
        return new SimulatedHosts() {
            @Override
            public void add(int number) {
                Ipvlan ipvlan = Ipvlan.inMemory();
                engines.add(ipvlan);
                IpPrefix subnet = allocator.allocate(IpFamily.IPV4, List.of());
                networks.add(ipvlan.create(IpvlanNetwork.builder("pods")
                        .l3()
                        .subnet(subnet.toString())
                        .build()));
            }

            @Override
            public void fill(int count) {
                ActiveNetwork network = networks.getLast();
                for (int at = 0; at < count; at++) {
                    network.attach(EndpointSpec.in(Netns.ofName("pod-" + at)).withId("pod-" + at));
                }
            }

            @Override
            public void plan() {
                networks.getLast().plan(EndpointSpec.in(Netns.ofName("next")));
            }

            @Override
            public void close() {
                engines.forEach(Ipvlan::close);
            }
        };
    }

    /// The addresses only: one pool, of which each host has a block.
    static SimulatedHosts blocks(int endpoints) {
        BlockPool pool = BlockPool.of(Subnet.of(EVERYTHING), length(endpoints), PoolOptions.of(Strategy.LOWEST));
        return new SimulatedHosts() {
            private String last = "";

            @Override
            public void add(int number) {
                last = "host-" + number;
                pool.claim(last);
            }

            @Override
            public void fill(int count) {
                for (int at = 0; at < count; at++) {
                    pool.allocate(last, AddressRequest.by("pod-" + at));
                }
            }

            @Override
            public void plan() {
                pool.release(pool.allocate(last, AddressRequest.by("next")));
            }

            @Override
            public void close() {}
        };
    }
}
