package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What is said beforehand is what comes, in small subnets that are soon full.
class GroupPreviewTest {
    private static final List<Subnet> SUBNETS = List.of(
            Subnet.of("10.1.0.0/29").withGateway("10.1.0.1").withReserved("10.1.0.3"),
            Subnet.of("2001:db8::/125"),
            Subnet.of("10.2.0.0/29").withRange("10.2.0.4/30"));
    private static final List<String> NAMED = List.of(
            "10.1.0.1",
            "10.1.0.2",
            "10.1.0.3",
            "10.2.0.1",
            "10.2.0.5",
            "10.2.0.6",
            "10.3.0.1",
            "2001:db8::1",
            "2001:db8::4",
            "2001:db9::1");
    private static final List<String> OWNERS = List.of("a", "b", "c", "d");

    private final Random random = new Random(3);
    private final List<Lease> leases = new ArrayList<>();
    private PoolGroup pools = PoolGroup.of(List.of());

    /// Two random draws are not the same.
    @ParameterizedTest
    @EnumSource(names = "RANDOM", mode = EnumSource.Mode.EXCLUDE)
    void itIsWhatIsLeasedOrWhyNot(Strategy strategy) {
        for (int round = 0; round < 1_000; round++) {
            if (round % 40 == 0) {
                leases.clear();
                PoolOptions options =
                        PoolOptions.of(strategy).withCoolDown(round % 80 == 0 ? Duration.ZERO : Duration.ofHours(1));
                pools = PoolGroup.of(SUBNETS.subList(0, 1 + round / 40 % SUBNETS.size()).stream()
                        .map(subnet -> AddressPool.of(subnet, options))
                        .toList());
            }
            GroupRequest request = request();
            List<PoolState> before = states();
            String previewed = outcome(() -> pools.preview(request));

            assertEquals(before, states());
            assertEquals(outcome(() -> lease(request)), previewed, request::toString);
            if (!leases.isEmpty() && random.nextInt(3) == 0) {
                pools.release(List.of(leases.remove(random.nextInt(leases.size()))));
            }
        }
    }

    private GroupRequest request() {
        List<IpAddress> named = random.ints(random.nextInt(3), 0, NAMED.size())
                .distinct()
                .mapToObj(index -> IpAddress.parse(NAMED.get(index)))
                .toList();
        Map<IpFamily, Integer> counts = new TreeMap<>();
        for (IpFamily family : IpFamily.values()) {
            if (random.nextInt(3) == 0) {
                counts.put(family, random.nextInt(4));
            }
        }
        return new GroupRequest(OWNERS.get(random.nextInt(OWNERS.size())), named, counts, Map.of());
    }

    private List<PoolState> states() {
        return pools.pools().stream().map(AddressPool::state).toList();
    }

    private List<IpCidr> lease(GroupRequest request) {
        List<Lease> leased = pools.allocate(request);
        leases.addAll(leased);
        return leased.stream().map(Lease::address).toList();
    }

    private interface Call {
        List<IpCidr> run();
    }

    private static String outcome(Call call) {
        try {
            return call.run().toString();
        } catch (IpamException e) {
            return e.toString();
        }
    }
}
