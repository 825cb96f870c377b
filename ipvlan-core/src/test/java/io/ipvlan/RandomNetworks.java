package io.ipvlan;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ip.IpRange;
import io.ipvlan.ipam.Strategy;
import io.ipvlan.ipam.Subnet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Random descriptions of networks, every one of them valid.
public final class RandomNetworks {
    /// More host bits than this only make the numbers longer.
    private static final int MOST_HOST_BITS = 16;

    private RandomNetworks() {}

    /// What a subnet is made from. Two with different blocks never overlap.
    private record Seed(
            boolean ipv6, int block, int hostBits, int gateway, Set<Integer> reserved, List<Integer> range) {}

    /// Descriptions with anything in them that a description may hold.
    public static Arbitrary<IpvlanNetwork> any() {
        Arbitrary<Parent> parents = Arbitraries.of(
                Parent.dummy(),
                Parent.link("eth0"),
                Parent.link("eth0.20"),
                Parent.link("bond0"),
                Parent.link("é"),
                Parent.index(7),
                Parent.mac("02:00:00:00:00:07"),
                Parent.defaultRoute(),
                Parent.vlan("eth0", 139),
                Parent.vlan(Parent.vlan(Parent.defaultRoute(), 4094).protocol(VlanProtocol.DOT1AD), 1)
                        .named("foo"),
                Parent.dummy().in(Netns.ofName("blue")),
                Parent.link("eth0").in(Netns.ofPid(17)));
        Arbitrary<OptionalInt> mtu =
                Arbitraries.integers().between(1280, 65535).optional().map(RandomNetworks::primitive);
        return Combinators.combine(
                        names(),
                        Arbitraries.of(IpvlanMode.class),
                        Arbitraries.of(IpvlanFlag.class),
                        parents,
                        seeds(),
                        Combinators.combine(
                                        Arbitraries.of(IpFamily.class).set(),
                                        Arbitraries.of(true, false),
                                        Arbitraries.of(true, false),
                                        mtu,
                                        Arbitraries.of(Strategy.class),
                                        Arbitraries.of(Duration.ZERO, Duration.ofMillis(1), Duration.ofDays(365)))
                                .as(Rest::new),
                        labels())
                .as((name, mode, flag, parent, seeds, rest, labels) -> new IpvlanNetwork(
                        name,
                        mode,
                        flag,
                        parent,
                        subnets(seeds, mode),
                        seeds.isEmpty() && rest.auto().isEmpty() ? Set.of(IpFamily.IPV4) : rest.auto(),
                        rest.internal(),
                        rest.hostAccess() && flag == IpvlanFlag.BRIDGE,
                        rest.mtu(),
                        rest.strategy(),
                        rest.coolDown(),
                        labels));
    }

    private record Rest(
            Set<IpFamily> auto,
            boolean internal,
            boolean hostAccess,
            OptionalInt mtu,
            Strategy strategy,
            Duration coolDown) {}

    /// Names of networks and ids of endpoints, those among them that look like suffixes of files.
    public static Arbitrary<String> names() {
        Arbitrary<String> anything = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withCharRange('A', 'Z')
                .withCharRange('0', '9')
                .withChars('.', '_', '-')
                .ofMinLength(1)
                .ofMaxLength(128)
                .filter(name -> Character.isLetterOrDigit(name.charAt(0)));
        return Arbitraries.oneOf(anything, Arbitraries.of("a", "lock", "a.network", "a.endpoint", "a.tmp", "0"));
    }

    /// Labels whose keys and values are the ones that text formats stumble over.
    public static Arbitrary<Map<String, String>> labels() {
        Arbitrary<String> odd = Arbitraries.of(
                "",
                " ",
                "#",
                "!",
                "a=b",
                "a:b",
                " a ",
                "a\nb",
                "\r\n",
                "\t",
                "\\",
                "\\u0041",
                "é",
                "日本",
                "😀",
                "\u2028",
                "\u0085",
                "version",
                "subnet.0",
                "=",
                "a\\\nb",
                "\u0000");
        Arbitrary<String> texts =
                Arbitraries.oneOf(odd, Arbitraries.strings().ascii().ofMaxLength(20));
        return Arbitraries.maps(texts, texts).ofMaxSize(4);
    }

    private static Arbitrary<List<Seed>> seeds() {
        Arbitrary<Integer> offset = Arbitraries.integers().between(0, (1 << MOST_HOST_BITS) - 1);
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 255),
                        Arbitraries.integers().between(0, MOST_HOST_BITS),
                        Arbitraries.integers().between(0, 2),
                        offset.set().ofMaxSize(3),
                        offset.list().ofMaxSize(2))
                .as(Seed::new)
                .list()
                .uniqueElements(Seed::block)
                .ofMaxSize(4);
    }

    private static List<Subnet> subnets(List<Seed> seeds, IpvlanMode mode) {
        List<Subnet> subnets = new ArrayList<>();
        for (Seed seed : seeds) {
            subnets.add(subnet(seed, mode));
        }
        return subnets;
    }

    private static Subnet subnet(Seed seed, IpvlanMode mode) {
        IpAddress first = IpAddress.parse(
                seed.ipv6() ? "2001:db8:" + Integer.toHexString(seed.block()) + "::" : "10." + seed.block() + ".0.0");
        int mask = (1 << seed.hostBits()) - 1;
        Subnet subnet = Subnet.of(IpPrefix.of(first, first.family().bits() - seed.hostBits()));
        if (seed.gateway() == 1) {
            subnet = subnet.noGateway();
        } else if (seed.gateway() == 2 && !mode.isRouted()) {
            subnet = subnet.withGateway(subnet.lastUsable());
        }
        if (seed.range().size() == 2) {
            int one = seed.range().getFirst() & mask;
            int other = seed.range().getLast() & mask;
            IpRange range = IpRange.of(first.plus(Math.min(one, other)), first.plus(Math.max(one, other)));
            if (range.overlaps(IpRange.of(subnet.firstUsable(), subnet.lastUsable()))) {
                subnet = subnet.withRange(range);
            }
        }
        return subnet.withReserved(
                seed.reserved().stream().map(at -> first.plus(at & mask)).toArray(IpAddress[]::new));
    }

    private static OptionalInt primitive(Optional<Integer> value) {
        return value.isPresent() ? OptionalInt.of(value.get()) : OptionalInt.empty();
    }
}
