package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import io.ipvlan.ipam.SubnetAllocator.Pool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The listings of `docs/ipam-strategies.md`, run one after the other, and that they are those.
class ListingsTest {
    private static final Path PAGE = Path.of("../docs/ipam-strategies.md");
    private static final Path SOURCE = Path.of("src/test/java/io/ipvlan/ipam/ListingsTest.java");

    @Test
    void everyListingRuns() {
        // [listings]
        Subnet subnet = Subnet.of("10.1.214.0/24")
                .withGateway("10.1.214.1")
                .withRanges("10.1.214.16-10.1.214.99", "10.1.214.128/26")
                .withExcluded("10.1.214.150-10.1.214.159")
                .withReservation("printer", IpAddress.parse("10.1.214.20"));
        AddressPool pool = AddressPool.of(subnet);
        Lease lease = pool.allocate("web-1");
        assertEquals("10.1.214.16/24", lease.address().toString());
        pool.release(lease);

        AddressPool sticky = AddressPool.of(
                Subnet.of("10.1.0.0/16"), PoolOptions.of(Strategy.STICKY).withCoolDown(Duration.ofSeconds(30)));
        Lease before = sticky.allocate("database");
        sticky.release(before);
        Lease other = sticky.allocate("web-1");
        Lease after = sticky.allocate("database");
        assertEquals(before.address(), after.address());
        assertNotEquals(before.address(), other.address());

        Lease taken = pool.allocate("web-2");
        pool.quarantine(taken, Duration.ofHours(24));
        Lease instead = pool.allocate("web-2");
        assertNotEquals(taken.address(), instead.address());
        assertEquals(1, pool.usage().quarantined());

        AddressRequest request = AddressRequest.by("web-3").withHold(Duration.ofSeconds(10));
        Lease reserved = pool.allocate(request);
        Lease committed = pool.commit(reserved);
        assertTrue(committed.deadline().isEmpty());

        Lease first = pool.ensure("web-4");
        assertEquals(first, pool.ensure("web-4"));
        Lease moved = pool.handOver(first, "web-5");
        assertEquals(first.address(), moved.address());
        assertThrows(NotHeld.class, () -> pool.release(first));

        PoolGroup group = PoolGroup.of(
                List.of(AddressPool.of(Subnet.of("10.2.0.0/24")), AddressPool.of(Subnet.of("2001:db8:2::/64"))));
        List<Lease> both = group.allocate("web-1");
        assertEquals(2, both.size());

        SubnetAllocator subnets =
                SubnetAllocator.of(List.of(Pool.parse("10.64.0.0/10"), Pool.uniqueLocal("this host")));
        IpPrefix drawn = subnets.allocate("eth0", IpFamily.IPV4, List.of(IpPrefix.parse("10.64.0.0/16")));
        assertEquals("10.65.0.0/24", drawn.toString());

        BlockPool blocks = BlockPool.of(Subnet.of("10.3.0.0/16"), 26, PoolOptions.of(Strategy.LOWEST));
        Lease onHost = blocks.allocate("host-a", AddressRequest.by("web-1"));
        assertEquals("10.3.0.0/26", blocks.blocks().getFirst().prefix().toString());

        byte[] bytes = pool.state().toBytes();
        AddressPool restored = AddressPool.restore(PoolState.ofBytes(bytes));
        assertEquals(pool.state(), restored.state());

        AddressPool small = AddressPool.of(Subnet.of("10.4.0.0/30"));
        small.allocate("a");
        small.allocate("b");
        PoolExhausted refusal = assertThrows(PoolExhausted.class, () -> small.allocate("c"));
        assertEquals(
                "no free address for 'c' in subnet 10.4.0.0/30: 4 addresses: 2 held, 0 cooling, 0 quarantined, "
                        + "0 reserved, 2 excluded, 0 free",
                refusal.getMessage());
        // [/listings]
        assertTrue(drawn.contains(IpPrefix.parse("10.65.0.0/24")));
        assertFalse(onHost.owner().isEmpty());
    }

    @Test
    void thePageShowsWhatRuns() throws IOException {
        String running = Files.readString(SOURCE).split("// \\[/?listings]\n", -1)[1];
        String shown = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(listing -> listing.group(1))
                .collect(Collectors.joining());
        assertEquals(words(running), words(shown));
    }

    // Where a line is broken is the formatter's business.
    private static String words(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining()).replace(" ", "");
    }
}
