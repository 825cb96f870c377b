package io.ipvlan.ipam;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ipam.IpamException.AddressInUse;
import io.ipvlan.ipam.IpamException.AddressOutsidePool;
import io.ipvlan.ipam.IpamException.NotHeld;
import io.ipvlan.ipam.IpamException.PoolExhausted;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/// The pool against a model that lists every address of a small subnet.
class AddressPoolPropertiesTest {
    enum Kind {
        NEXT,
        REQUEST,
        RELEASE,
        WITHHOLD
    }

    record Step(Kind kind, int offset, String owner) {}

    @Provide
    Arbitrary<Subnet> subnets() {
        Arbitrary<Integer> offset = offsets();
        return Combinators.combine(
                        Arbitraries.of("10.1.214.0", "255.255.254.0", "0.0.0.0", "2001:db8::", "::", "fd00::ff00"),
                        Arbitraries.integers().between(0, 8),
                        offset.optional(),
                        Combinators.combine(offset, offset).as(Tuple::of).optional(0.5),
                        offset.set().ofMaxSize(6))
                .as((base, hostBits, gateway, range, reserved) -> {
                    IpAddress first = IpAddress.parse(base);
                    IpPrefix prefix = IpPrefix.of(first, first.family().bits() - hostBits);
                    int mask = (1 << hostBits) - 1;
                    Subnet plain = Subnet.of(prefix);
                    Subnet subnet = plain.withReserved(
                            reserved.stream().map(at -> first.plus(at & mask)).toArray(IpAddress[]::new));
                    IpAddress router = first.plus(gateway.orElse(0) & mask);
                    if (gateway.isPresent() && plain.isUsable(router)) {
                        subnet = subnet.withGateway(router);
                    }
                    if (range.isPresent()) {
                        int one = range.get().get1() & mask;
                        int other = range.get().get2() & mask;
                        IpRange chosen = IpRange.of(first.plus(Math.min(one, other)), first.plus(Math.max(one, other)));
                        if (chosen.overlaps(IpRange.of(plain.firstUsable(), plain.lastUsable()))) {
                            subnet = subnet.withRange(chosen);
                        }
                    }
                    return subnet;
                });
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Kind> kind = Arbitraries.frequency(
                Tuple.of(6, Kind.NEXT),
                Tuple.of(3, Kind.REQUEST),
                Tuple.of(4, Kind.RELEASE),
                Tuple.of(1, Kind.WITHHOLD));
        return Combinators.combine(kind, offsets(), Arbitraries.of("a", "b"))
                .as(Step::new)
                .list()
                .ofMaxSize(80);
    }

    // Mostly low ones: that is where addresses are handed out, and so where gateway, range and reservations matter.
    private static Arbitrary<Integer> offsets() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(0, 12), Arbitraries.integers().between(0, 255));
    }

    @Property
    void thePoolDoesWhatAListOfAddressesWould(@ForAll("subnets") Subnet subnet, @ForAll("steps") List<Step> steps) {
        AddressPool pool = AddressPool.of(subnet);
        Model model = new Model(subnet);
        for (Step step : steps) {
            IpAddress address = subnet.prefix().first().plus(step.offset);
            switch (step.kind) {
                case NEXT -> model.next(pool, step.owner);
                case REQUEST -> model.request(pool, address, step.owner);
                case RELEASE -> model.release(pool, address, step.owner);
                case WITHHOLD -> model.withhold(pool, address);
            }
            assertEquals(model.automatic().size(), pool.free());
            assertEquals(List.copyOf(model.held.values()), pool.leases());
        }
    }

    private static final class Model {
        private final Subnet subnet;
        private final TreeMap<IpAddress, Lease> held = new TreeMap<>();
        private final Set<IpAddress> withheld = new HashSet<>();

        Model(Subnet subnet) {
            this.subnet = subnet;
        }

        NavigableSet<IpAddress> automatic() {
            NavigableSet<IpAddress> all = new TreeSet<>();
            long size = IpRange.of(subnet.prefix()).size();
            for (long at = 0; at < size; at++) {
                IpAddress address = subnet.prefix().first().plus(at);
                if (isHandedOut(address)
                        && subnet.range().map(range -> range.contains(address)).orElse(true)
                        && !subnet.reserved().contains(address)
                        && !held.containsKey(address)) {
                    all.add(address);
                }
            }
            return all;
        }

        private boolean isHandedOut(IpAddress address) {
            return subnet.isUsable(address)
                    && !subnet.gateway().filter(address::equals).isPresent()
                    && !withheld.contains(address);
        }

        void next(AddressPool pool, String owner) {
            NavigableSet<IpAddress> automatic = automatic();
            if (automatic.isEmpty()) {
                assertThrows(PoolExhausted.class, () -> pool.allocate(owner));
            } else {
                granted(automatic.first(), owner, pool.allocate(owner));
            }
        }

        void request(AddressPool pool, IpAddress address, String owner) {
            Lease current = held.get(address);
            if (!isHandedOut(address)) {
                assertThrows(AddressOutsidePool.class, () -> pool.allocate(address, owner));
            } else if (current != null) {
                AddressInUse refusal = assertThrows(AddressInUse.class, () -> pool.allocate(address, owner));
                assertEquals(current.owner(), refusal.owner());
            } else {
                granted(address, owner, pool.allocate(address, owner));
            }
        }

        private void granted(IpAddress expected, String owner, Lease lease) {
            assertEquals(new Lease(IpCidr.of(expected, subnet.prefix().length()), owner), lease);
            held.put(expected, lease);
        }

        void release(AddressPool pool, IpAddress address, String owner) {
            // Mostly something held, else hardly anything would ever be released.
            IpAddress near = held.floorKey(address);
            IpAddress target = near == null ? address : near;
            Lease lease = new Lease(IpCidr.of(target, subnet.prefix().length()), owner);
            if (lease.equals(held.get(target))) {
                pool.release(lease);
                held.remove(target);
            }
            assertThrows(NotHeld.class, () -> pool.release(lease));
        }

        void withhold(AddressPool pool, IpAddress address) {
            if (held.containsKey(address)) {
                assertThrows(AddressInUse.class, () -> pool.withhold(address));
            } else {
                assertEquals(isHandedOut(address), pool.withhold(address));
                withheld.add(address);
                assertTrue(!pool.withhold(address));
            }
        }
    }
}
