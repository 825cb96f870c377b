package io.ipvlan.internal.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ipvlan.Drift;
import io.ipvlan.EndpointSpec;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.RandomNetworks;
import io.ipvlan.Route;
import io.ipvlan.Step;
import io.ipvlan.internal.kernel.InMemoryKernel;
import io.ipvlan.internal.kernel.Kernel;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Netns BLUE = Netns.ofName("blue");
    private static final Optional<Netns> WHERE = Optional.of(BLUE);
    private static final int INDEX = 4711;
    private static final int ETH0 = 2;
    private static final EndpointPlanner.Child CHILD = new EndpointPlanner.Child("web", INDEX, "eth0", ETH0);
    private static final IpvlanNetwork DUAL = IpvlanNetwork.builder("n")
            .parent("eth0")
            .subnet("192.168.1.0/24")
            .subnet("2001:db8::/64")
            .mtu(1400)
            .build();
    private static final EndpointSpec SPEC = EndpointSpec.in(BLUE)
            .withSourceRules()
            .withRoute(Route.blackhole("203.0.113.0/24"))
            .withRoute(Route.to("198.51.100.0/24").via("192.168.1.254"));

    private static List<Step> planned(IpvlanNetwork network, EndpointSpec spec, List<IpCidr> addresses) {
        return new EndpointPlanner(network, SubnetPlanner.effective(network, List.of()), Optional.empty())
                .plan(spec, "web", CHILD, addresses)
                .steps();
    }

    private static List<Step> planned() {
        return planned(DUAL, SPEC, List.of(IpCidr.parse("192.168.1.9/24"), IpCidr.parse("2001:db8::9/64")));
    }

    /// The namespace after these steps.
    private static NamespaceState after(List<Step> steps) {
        try (Kernel kernel = new InMemoryKernel();
                Kernel.Namespace host = kernel.open(Optional.empty());
                Kernel.Namespace blue = kernel.open(WHERE)) {
            for (Step step : steps) {
                if (step instanceof Step.CreateIpvlan create) {
                    host.createChild(create, blue);
                } else {
                    blue.configure(List.of(step));
                }
            }
            return blue.observe();
        }
    }

    private static List<Drift> compared(List<Step> wanted, NamespaceState actual) {
        return new Comparison(Optional.of("web"), wanted, actual).drifts();
    }

    private static Drift drift(String reason, Step... remedy) {
        return new Drift(Optional.of("web"), reason, List.of(remedy));
    }

    private static NamespaceState withLink(NamespaceState state, UnaryOperator<Hosts.Link> change, String name) {
        Hosts.Link link = ours(name).port(IpvlanMode.L2, IpvlanFlag.BRIDGE);
        List<NamespaceState.Link> links = new ArrayList<>(state.links());
        links.removeIf(other -> other.index() == INDEX);
        links.add(change.apply(link).built());
        return new NamespaceState(links, state.addresses(), state.routes(), state.rules());
    }

    private static Hosts.Link ours(String name) {
        return new Hosts.Link(INDEX, name)
                .kind("ipvlan")
                .owned()
                .alias("ipvlan:n/web")
                .mtu(1400);
    }

    @Test
    void whatWasPlannedIsThere() {
        NamespaceState state = after(planned());

        assertEquals(List.of(), compared(planned(), state));
        assertEquals(List.of(), compared(planned(), withLink(state, link -> link, "web")));
    }

    @Test
    void aLinkThatIsGoneIsOneDifference() {
        List<Step> wanted = planned();
        NamespaceState state = new Hosts().state();

        assertEquals(List.of(new Drift(Optional.of("web"), "link 'web' is gone", wanted)), compared(wanted, state));
    }

    /// Its index may belong to another link by now.
    @Test
    void aLinkOfAnotherKindInItsPlaceIsNotIt() {
        NamespaceState state = withLink(after(planned()), _ -> new Hosts.Link(INDEX, "web").kind("veth"), "web");

        assertEquals(
                List.of("endpoint 'web': link 'web' is gone"),
                compared(planned(), state).stream().map(Drift::toString).toList());
    }

    @Test
    void aLinkThatAUserMadeInItsPlaceIsNotIt() {
        NamespaceState state = withLink(
                after(planned()),
                _ -> new Hosts.Link(INDEX, "web").kind("ipvlan").mtu(1400).port(IpvlanMode.L2, IpvlanFlag.BRIDGE),
                "web");

        assertEquals(
                List.of("endpoint 'web': link 'web' is gone"),
                compared(planned(), state).stream().map(Drift::toString).toList());
    }

    /// They do not go with the link, and the kernel refuses to add them twice.
    @Test
    void rulesAndRoutesWithoutALinkThatAreLeftAreNotMadeAgain() {
        List<Step> wanted = planned();
        NamespaceState whole = after(wanted);
        NamespaceState left = new NamespaceState(
                List.of(),
                List.of(),
                whole.routes().stream().filter(route -> route.device() == 0).toList(),
                whole.rules());
        assertEquals(1, left.routes().size());
        assertEquals(2, left.rules().size());

        List<Step> remedy = compared(wanted, left).getFirst().remedy();

        assertEquals(
                wanted.stream()
                        .filter(step -> !(step instanceof Step.AddRule)
                                && !(step instanceof Step.AddRoute add && add.index() == 0))
                        .toList(),
                remedy);
    }

    @Test
    void modeAndFlagAreSetBack() {
        NamespaceState state = withLink(after(planned()), link -> link.port(IpvlanMode.L3, IpvlanFlag.PRIVATE), "web");

        assertEquals(
                List.of(drift(
                        "mode and flag of the parent are l3 private, not l2 bridge",
                        new Step.SetPort("web", INDEX, IpvlanMode.L2, IpvlanFlag.BRIDGE, WHERE))),
                compared(planned(), state));
    }

    @Test
    void aModeThatIsNotKnownIsSetBackToo() {
        NamespaceState state = withLink(after(planned()), _ -> ours("web"), "web");

        assertEquals(
                List.of(drift(
                        "mode and flag of the parent are unknown, not l2 bridge",
                        new Step.SetPort("web", INDEX, IpvlanMode.L2, IpvlanFlag.BRIDGE, WHERE))),
                compared(planned(), state));
    }

    @Test
    void aLinkThatWasRenamedStaysSoAndIsMendedUnderItsNewName() {
        NamespaceState state = withLink(after(planned()), link -> link.down().mtu(1300), "www");

        assertEquals(
                List.of(
                        drift("link 'web' was renamed to 'www'"),
                        drift("mtu of 'www' is 1300, not 1400", new Step.SetMtu("www", INDEX, 1400, WHERE)),
                        drift("link 'www' is down", new Step.SetUp("www", INDEX, WHERE))),
                compared(planned(), state));
    }

    /// Who was interrupted in the middle may not have come to the sysctls; it has not come to the alias, either.
    @Test
    void aLinkWithoutItsAliasGetsAllItsSettings() {
        EndpointSpec spec = EndpointSpec.in(BLUE)
                .withSysctl("net.ipv4.conf.IFNAME.arp_notify", "1")
                .withSysctl("net.ipv6.conf.IFNAME.mtu", "1300");
        List<Step> wanted = planned(DUAL, spec, List.of());
        NamespaceState state = withLink(after(wanted), link -> link.alias("").down(), "web");
        Step up = new Step.SetUp("web", INDEX, WHERE);
        Step mtu = new Step.SetSysctl("net.ipv6.conf.web.mtu", "1300", WHERE);

        assertEquals(
                List.of(
                        drift(
                                "link 'web' does not say whose it is, and may lack settings",
                                new Step.SetSysctl("net.ipv6.conf.web.accept_ra", "0", WHERE),
                                new Step.SetSysctl("net.ipv4.conf.web.arp_notify", "1", WHERE),
                                up,
                                mtu,
                                new Step.SetAlias("web", INDEX, "ipvlan:n/web", WHERE)),
                        drift("link 'web' is down", up, mtu)),
                compared(wanted, state));
        assertEquals(
                List.of(
                        drift("link 'web' was renamed to 'www'"),
                        drift("link 'www' does not say whose it is, and may lack settings"),
                        drift("link 'www' is down", new Step.SetUp("www", INDEX, WHERE))),
                compared(wanted, withLink(state, link -> link.alias("x").down(), "www")),
                "its settings are known by its name");
    }

    @Test
    void anMtuThatNobodyAskedForMayBeAnything() {
        IpvlanNetwork network =
                IpvlanNetwork.builder("n").parent("eth0").subnet("10.1.0.0/24").build();
        List<Step> wanted = planned(network, EndpointSpec.in(BLUE), List.of(IpCidr.parse("10.1.0.9/24")));

        assertEquals(List.of(), compared(wanted, withLink(after(wanted), link -> link.mtu(1300), "web")));
    }

    @Test
    void aRouteIsTheOneOnlyIfItLeadsTheSameWay() {
        Step.AddRoute wanted = new Step.AddRoute(
                Route.to("198.51.100.0/24").via("192.168.1.254").by("web").metric(7), INDEX, WHERE);
        NamespaceState.Entry there = new NamespaceState.Entry(
                wanted.route().destination(), wanted.route().gateway(), INDEX, 7, 254, true);
        Optional<IpAddress> other = Optional.of(IpAddress.parse("192.168.1.1"));
        List<Drift> gone = List.of(drift("route '198.51.100.0/24 via 192.168.1.254 dev web metric 7' is gone", wanted));

        assertEquals(List.of(), compared(List.of(wanted), routes(there)));
        for (NamespaceState.Entry entry : List.of(
                new NamespaceState.Entry(there.destination(), other, INDEX, 7, 254, true),
                new NamespaceState.Entry(there.destination(), Optional.empty(), INDEX, 7, 254, true),
                new NamespaceState.Entry(there.destination(), there.gateway(), INDEX + 1, 7, 254, true),
                new NamespaceState.Entry(there.destination(), there.gateway(), INDEX, 8, 254, true),
                new NamespaceState.Entry(there.destination(), there.gateway(), INDEX, 7, 255, true),
                new NamespaceState.Entry(there.destination(), there.gateway(), INDEX, 7, 254, false))) {
            assertEquals(gone, compared(List.of(wanted), routes(entry)), entry::toString);
        }
    }

    private static NamespaceState routes(NamespaceState.Entry... entries) {
        return new NamespaceState(List.of(), List.of(), List.of(entries), List.of());
    }

    @Test
    void anAddressOnAnotherLinkIsGone() {
        List<Step> wanted = planned();
        NamespaceState state = after(wanted);
        List<NamespaceState.Address> moved = state.addresses().stream()
                .map(address -> new NamespaceState.Address(INDEX + 1, address.address()))
                .toList();

        assertEquals(
                List.of(
                        drift("address 192.168.1.9/24 of 'web' is gone", wanted.get(4)),
                        drift("address 2001:db8::9/64 of 'web' is gone", wanted.get(5))),
                compared(wanted, new NamespaceState(state.links(), moved, state.routes(), state.rules())));
    }

    @Provide
    Arbitrary<IpvlanNetwork> networks() {
        return RandomNetworks.any();
    }

    @Provide
    Arbitrary<EndpointSpec> specs() {
        EndpointSpec plain = EndpointSpec.in(BLUE);
        return Arbitraries.of(
                plain,
                plain.withSourceRules(),
                plain.withoutDefaultRoute(),
                plain.withDefaultRouteMetric(77),
                plain.withRoute(Route.blackhole("203.0.113.0/24")),
                plain.withSourceRules().withRoute(Route.blackhole("2001:db8:ffff::/48")));
    }

    /// An address of each subnet that has one to give.
    private static List<IpCidr> addresses(IpvlanNetwork network) {
        List<IpCidr> addresses = new ArrayList<>();
        for (Subnet subnet : SubnetPlanner.effective(network, List.of())) {
            Stream.of(subnet.firstUsable(), subnet.lastUsable())
                    .filter(address -> !subnet.gateway().equals(Optional.of(address)))
                    .findFirst()
                    .ifPresent(address ->
                            addresses.add(IpCidr.of(address, subnet.prefix().length())));
        }
        return addresses;
    }

    @Property(tries = 300)
    void aPlanThatWasCarriedOutHolds(@ForAll("networks") IpvlanNetwork network, @ForAll("specs") EndpointSpec spec) {
        List<Step> wanted = planned(network, spec, addresses(network));

        assertEquals(List.of(), compared(wanted, after(wanted)));
    }

    @Property(tries = 200)
    void whatIsTakenAwayIsTheOnlyDifference(
            @ForAll("networks") IpvlanNetwork network, @ForAll("specs") EndpointSpec spec) {
        List<Step> wanted = planned(network, spec, addresses(network));
        NamespaceState whole = after(wanted);
        for (Step step : wanted) {
            if (step instanceof Step.AddAddress || step instanceof Step.AddRoute || step instanceof Step.AddRule) {
                List<Drift> drifts = compared(wanted, without(whole, step));

                assertEquals(1, drifts.size(), step::toString);
                assertEquals(List.of(step), drifts.getFirst().remedy());
                assertEquals(Optional.of("web"), drifts.getFirst().endpoint());
            }
        }
    }

    private static NamespaceState without(NamespaceState state, Step step) {
        List<NamespaceState.Address> addresses = new ArrayList<>(state.addresses());
        List<NamespaceState.Entry> routes = new ArrayList<>(state.routes());
        List<NamespaceState.Rule> rules = new ArrayList<>(state.rules());
        int before = addresses.size() + routes.size() + rules.size();
        switch (step) {
            case Step.AddAddress add -> addresses.remove(new NamespaceState.Address(INDEX, add.address()));
            case Step.AddRoute add ->
                routes.removeIf(entry -> entry.destination().equals(add.route().destination())
                        && entry.table() == tableOf(add.route().table()));
            case Step.AddRule add -> rules.remove(new NamespaceState.Rule(add.from(), add.table()));
            default -> throw new AssertionError(step);
        }
        assertEquals(before - 1, addresses.size() + routes.size() + rules.size());
        return new NamespaceState(state.links(), addresses, routes, rules);
    }

    private static int tableOf(OptionalInt table) {
        return table.orElse(254);
    }
}
