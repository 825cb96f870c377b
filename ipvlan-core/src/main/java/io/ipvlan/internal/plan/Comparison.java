package io.ipvlan.internal.plan;

import io.ipvlan.Drift;
import io.ipvlan.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Compares what was planned with what is there: a plan is also the description of its end. Pure. Sysctls are
/// not compared; a link without its alias is one that did not get them all.
public final class Comparison {
    private final Optional<String> endpoint;
    private final List<Step> wanted;
    private final NamespaceState actual;
    private final List<Drift> found = new ArrayList<>();

    /// @param endpoint the endpoint the steps were made for; empty for the network itself
    /// @param wanted steps in one namespace
    /// @param actual that namespace as it is
    public Comparison(Optional<String> endpoint, List<Step> wanted, NamespaceState actual) {
        this.endpoint = endpoint;
        this.wanted = List.copyOf(wanted);
        this.actual = actual;
    }

    /// What differs, in the order in which it can be mended. A link that is gone is one difference, whose
    /// remedy are all the steps, but for what does not go with a link and is still there.
    public List<Drift> drifts() {
        for (Step step : wanted) {
            switch (step) {
                case Step.CreateIpvlan create -> {
                    Optional<NamespaceState.Link> link = actual.link(create.index());
                    if (link.filter(NamespaceState.Link::isOurChild).isEmpty()) {
                        return List.of(new Drift(endpoint, "link '" + create.name() + "' is gone", missing()));
                    }
                    compare(create, link.get());
                }
                case Step.AddAddress add
                when !isThere(add) -> missing("address " + add.address() + " of '" + add.link() + "'", add);
                case Step.AddRoute add when !isThere(add) -> missing("route '" + add.route() + "'", add);
                case Step.AddRule add when !isThere(add) -> missing("rule from " + add.from(), add);
                default -> {}
            }
        }
        return found;
    }

    private List<Step> missing() {
        return wanted.stream().filter(step -> !isThere(step)).toList();
    }

    private boolean isThere(Step step) {
        return switch (step) {
            case Step.AddAddress add -> actual.addressesOf(add.index()).contains(add.address());
            case Step.AddRoute add ->
                actual.routes().stream().anyMatch(entry -> entry.realises(add.route(), add.index()));
            case Step.AddRule add -> actual.rules().contains(new NamespaceState.Rule(add.from(), add.table()));
            default -> false;
        };
    }

    private void missing(String what, Step remedy) {
        found.add(new Drift(endpoint, what + " is gone", List.of(remedy)));
    }

    private void compare(Step.CreateIpvlan wantedLink, NamespaceState.Link link) {
        NamespaceState.Port port = new NamespaceState.Port(wantedLink.mode(), wantedLink.flag());
        if (!link.port().equals(Optional.of(port))) {
            found.add(new Drift(
                    endpoint,
                    "mode and flag of the parent are "
                            + link.port().map(NamespaceState.Port::toString).orElse("unknown") + ", not " + port,
                    List.of(new Step.SetPort(
                            link.name(), link.index(), port.mode(), port.flag(), wantedLink.netns()))));
        }
        boolean renamed = !link.name().equals(wantedLink.name());
        if (renamed) {
            found.add(new Drift(
                    endpoint, "link '" + wantedLink.name() + "' was renamed to '" + link.name() + "'", List.of()));
        }
        wantedLink.mtu().ifPresent(mtu -> {
            if (link.mtu() != mtu) {
                found.add(new Drift(
                        endpoint,
                        "mtu of '" + link.name() + "' is " + link.mtu() + ", not " + mtu,
                        List.of(new Step.SetMtu(link.name(), link.index(), mtu, wantedLink.netns()))));
            }
        });
        if (!isNamed(link)) { // before it comes up
            found.add(new Drift(
                    endpoint,
                    "link '" + link.name() + "' does not say whose it is, and may lack settings",
                    renamed ? List.of() : settings()));
        }
        if (!link.up()) {
            List<Step> remedy = new ArrayList<>();
            remedy.add(new Step.SetUp(link.name(), link.index(), wantedLink.netns()));
            remedy.addAll(renamed ? List.of() : setByComingUp());
            found.add(new Drift(endpoint, "link '" + link.name() + "' is down", remedy));
        }
    }

    private boolean isNamed(NamespaceState.Link link) {
        return wanted.stream()
                .allMatch(step -> !(step instanceof Step.SetAlias set)
                        || set.index() != link.index()
                        || set.alias().equals(link.alias()));
    }

    /// What a link has to have before its alias. It is meant by its name there.
    private List<Step> settings() {
        return wanted.stream()
                .filter(step ->
                        step instanceof Step.SetSysctl || step instanceof Step.SetAlias || step instanceof Step.SetUp)
                .toList();
    }

    /// Sysctls that the kernel sets anew when the link comes up.
    private List<Step> setByComingUp() {
        return wanted.stream()
                .dropWhile(step -> !(step instanceof Step.SetUp))
                .filter(Step.SetSysctl.class::isInstance)
                .toList();
    }
}
