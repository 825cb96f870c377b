package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ipam.BlockPool.Block;
import io.ipvlan.ipam.IpamException.AddressOutsidePool;
import io.ipvlan.ipam.IpamException.BlockInUse;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import io.ipvlan.ipam.IpamException.SubnetOverlap;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The blocks of a small subnet against a model that asks every block each time.
class BlockPoolPropertiesTest {
    enum Action {
        ALLOCATE,
        RESERVE,
        REQUEST,
        BORROW,
        BORROW_REQUEST,
        RELEASE,
        CLAIM,
        CLAIM_LOWEST,
        GIVE_BACK,
        WAIT
    }

    record Step(Action action, String host, int number) {}

    private static final String DONE = "done";
    private static final IpAddress BASE = IpAddress.parse("10.0.0.0");

    @Provide
    Arbitrary<Subnet> subnets() {
        Subnet all = Subnet.of("10.0.0.0/27");
        return Arbitraries.of(
                all,
                all.withGateway("10.0.0.1").withExcluded("10.0.0.8/30").withReserved("10.0.0.17"),
                all.withRanges("10.0.0.3-10.0.0.9", "10.0.0.12-10.0.0.14", "10.0.0.29-10.0.0.31"));
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(Action.class),
                        Arbitraries.of("a", "a", "b", "c"),
                        Arbitraries.integers().between(0, 31))
                .as(Step::new)
                .list()
                .ofMaxSize(120);
    }

    @Property
    void theBlocksDoWhatAskingEachWould(
            @ForAll("subnets") Subnet subnet, @ForAll("steps") List<Step> steps, @ForAll boolean coolDown) {
        ManualClock clock = new ManualClock();
        PoolOptions options = PoolOptions.of(Strategy.LOWEST)
                .withClock(clock)
                .withCoolDown(coolDown ? Duration.ofMillis(20) : Duration.ZERO);
        BlockPool pool = BlockPool.of(subnet, 30, options);
        Model model = new Model(subnet, options);
        List<Lease> seen = new ArrayList<>();
        for (Step step : steps) {
            String host = step.host;
            AddressRequest any = AddressRequest.by("web");
            AddressRequest named = any.withAddress(BASE.plus(step.number));
            IpPrefix block = IpPrefix.containing(BASE.plus(step.number), 30);
            switch (step.action) {
                case ALLOCATE -> same(seen, () -> model.allocate(host, any), () -> pool.allocate(host, any));
                case RESERVE -> {
                    AddressRequest held = any.withHold(Duration.ofMillis(step.number));
                    same(seen, () -> model.allocate(host, held), () -> pool.allocate(host, held));
                }
                case REQUEST -> same(seen, () -> model.allocate(host, named), () -> pool.allocate(host, named));
                case BORROW -> same(seen, () -> model.borrow(host, any), () -> pool.borrow(host, any));
                case BORROW_REQUEST -> same(seen, () -> model.borrow(host, named), () -> pool.borrow(host, named));
                case RELEASE -> {
                    if (!seen.isEmpty()) {
                        Lease lease = seen.get(step.number % seen.size());
                        same(seen, () -> model.release(lease), () -> {
                            pool.release(lease);
                            return DONE;
                        });
                    }
                }
                case CLAIM ->
                    same(seen, () -> model.claim(block, host), () -> {
                        pool.claim(block, host);
                        return block;
                    });
                case CLAIM_LOWEST -> same(seen, () -> model.claim(host), () -> pool.claim(host));
                case GIVE_BACK ->
                    same(seen, () -> model.giveBack(block, host), () -> {
                        pool.giveBack(block, host);
                        return DONE;
                    });
                case WAIT -> clock.advance(Duration.ofMillis(step.number));
            }
            assertEquals(model.blocks(), pool.blocks());
        }
    }

    private static void same(List<Lease> seen, Supplier<Object> expected, Supplier<Object> found) {
        Object wanted = orRefusal(expected);
        assertEquals(wanted, orRefusal(found));
        if (wanted instanceof Lease lease) {
            seen.add(lease);
        }
    }

    private static Object orRefusal(Supplier<Object> call) {
        try {
            return call.get();
        } catch (IpamException e) {
            return e.getClass();
        }
    }

    private record Owned(IpPrefix prefix, String host, AddressPool pool, Map<IpAddress, String> borrowers) {}

    /// Blocks in the order in which they were taken. What is refused is answered with the class of the refusal.
    private static final class Model {
        private final Subnet subnet;
        private final PoolOptions options;
        private final List<Owned> blocks = new ArrayList<>();

        Model(Subnet subnet, PoolOptions options) {
            this.subnet = subnet;
            this.options = options;
        }

        private Optional<Owned> first(Predicate<Owned> wanted) {
            return blocks.stream().filter(wanted).findFirst();
        }

        Object allocate(String host, AddressRequest request) {
            boolean named = request.address().isPresent();
            Optional<Owned> block = first(owned -> owned.host.equals(host) && suits(owned, request));
            if (block.isEmpty() && named) {
                return AddressOutsidePool.class;
            }
            if (block.isEmpty() && lowestFree().isEmpty()) {
                return PoolExhausted.class;
            }
            return block.orElseGet(() -> add(lowestFree().orElseThrow(), host))
                    .pool
                    .allocate(request);
        }

        Object borrow(String host, AddressRequest request) {
            Optional<Owned> block = blocks.stream()
                    .filter(owned -> !owned.host.equals(host) && suits(owned, request))
                    .min(Comparator.comparing(Owned::prefix));
            if (block.isEmpty()) {
                return request.address().isPresent() ? AddressOutsidePool.class : PoolExhausted.class;
            }
            Lease lease = block.get().pool.allocate(request);
            block.get().borrowers.put(lease.address().address(), host);
            return lease;
        }

        private static boolean suits(Owned owned, AddressRequest request) {
            return request.address().map(owned.prefix::contains).orElseGet(() -> owned.pool.free() > 0);
        }

        Object release(Lease lease) {
            IpAddress address = lease.address().address();
            Optional<Owned> block = first(owned -> owned.prefix.contains(address));
            if (block.isEmpty()) {
                return NotHeld.class;
            }
            block.get().pool.release(lease);
            block.get().borrowers.remove(address);
            return DONE;
        }

        Object claim(String host) {
            Optional<IpPrefix> free = lowestFree();
            return free.isEmpty() ? PoolExhausted.class : add(free.get(), host).prefix;
        }

        Object claim(IpPrefix block, String host) {
            return isFree(block) ? add(block, host).prefix : SubnetOverlap.class;
        }

        private Optional<IpPrefix> lowestFree() {
            for (IpPrefix block : subnet.prefix().subnets(30)) {
                if (isFree(block)) {
                    return Optional.of(block);
                }
            }
            return Optional.empty();
        }

        private boolean isFree(IpPrefix block) {
            return first(owned -> owned.prefix.equals(block)).isEmpty()
                    && subnet.automatic().stream().anyMatch(range -> range.overlaps(IpRange.of(block)));
        }

        private Owned add(IpPrefix block, String host) {
            IpRange[] inside = (subnet.ranges().isEmpty() ? List.of(IpRange.of(subnet.prefix())) : subnet.ranges())
                    .stream()
                            .flatMap(range -> range.intersection(IpRange.of(block)).stream())
                            .toArray(IpRange[]::new);
            Owned owned = new Owned(block, host, AddressPool.of(subnet.withRanges(inside), options), new TreeMap<>());
            blocks.add(owned);
            return owned;
        }

        Object giveBack(IpPrefix block, String host) {
            Optional<Owned> owned = first(one -> one.prefix.equals(block) && one.host.equals(host));
            if (owned.isEmpty()) {
                return NotHeld.class;
            }
            PoolUsage usage = owned.get().pool.usage();
            if (usage.held() + usage.cooling() > 0) {
                return BlockInUse.class;
            }
            blocks.remove(owned.get());
            return DONE;
        }

        List<Block> blocks() {
            blocks.forEach(block -> block.borrowers
                    .keySet()
                    .removeIf(address -> block.pool.lease(address).isEmpty()));
            return blocks.stream()
                    .map(owned -> new Block(owned.prefix, owned.host, owned.pool.leases(), owned.borrowers))
                    .sorted(Comparator.comparing(Block::prefix))
                    .toList();
        }
    }
}
