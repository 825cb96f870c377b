package io.ipvlan.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ipvlan.ActiveNetwork;
import io.ipvlan.EndpointSpec;
import io.ipvlan.Ipvlan;
import io.ipvlan.Netns;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.SubnetAllocator;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Costs that can be counted: bytes made, and bytes kept.
class CountedCostTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void theLastSubnetIsDrawnWithoutWalkingPastTheOthers() {
        SubnetAllocator allocator =
                SubnetAllocator.of(List.of(new SubnetAllocator.Pool(IpPrefix.parse("10.0.0.0/8"), 24)));
        for (int count = 1; count < 65_536; count++) {
            allocator.allocate(IpFamily.IPV4, List.of());
        }
        long before = THREADS.getCurrentThreadAllocatedBytes();
        allocator.allocate(IpFamily.IPV4, List.of());
        long made = THREADS.getCurrentThreadAllocatedBytes() - before;
        // Each step is a new address of 16 bytes: a walk past those taken would make a million bytes.
        assertTrue(made < 65_536, () -> made + " bytes");
    }

    @Test
    void toPlanAnEndpointNoPoolIsCopied() {
        try (Ipvlan ipvlan = Ipvlan.inMemory()) {
            ActiveNetwork network = ipvlan.create(Site.network("l3"));
            for (int number = 0; number < 1_000; number++) {
                network.attach(Netns.ofName("b" + number));
            }
            network.plan(EndpointSpec.in(Netns.ofName("first")));
            long before = THREADS.getCurrentThreadAllocatedBytes();
            network.plan(EndpointSpec.in(Netns.ofName("next")));
            long made = THREADS.getCurrentThreadAllocatedBytes() - before;
            // A copy of the pool would make three million.
            assertTrue(made < 65_536, () -> made + " bytes");
        }
    }

    @Test
    void anEmptyPoolIsBelowAKilobyte() {
        for (String prefix : List.of("10.0.0.0/8", "2001:db8::/64")) {
            long kept = PoolMemory.kept(() -> PoolMemory.many(5_000, prefix)) / 5_000;
            assertTrue(kept < 1_024, () -> prefix + ": " + kept + " bytes");
        }
    }

    @Test
    void aFullPoolWithoutOwnersTakesAQuarterOfAByteAnAddress() {
        PoolMemory.kept(() -> PoolMemory.full("10.0.0.0/24"));
        long kept = PoolMemory.kept(() -> PoolMemory.full("10.0.0.0/12"));
        assertTrue(4 * kept < 1 << 20, () -> kept + " bytes");
    }
}
