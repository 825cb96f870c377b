package io.ipvlan.internal.preflight;

import io.ipvlan.IpvlanException;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Netns;
import io.ipvlan.NotFoundException;
import io.ipvlan.Step;
import io.ipvlan.internal.plan.NamespaceState;
import io.ipvlan.internal.plan.NetworkPlanner;
import io.ipvlan.internal.plan.SubnetPlanner;
import io.ipvlan.ip.IpFamily;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// Looks at the parent of a network: what the planner of networks refuses, and what it lets pass because the
/// kernel or the air would refuse later.
final class ParentCheck {
    private static final int ETHERNET = 1; // ARPHRD_ETHER of linux/if_arp.h
    private static final int LEAST_IPV6_MTU = 1280; // RFC 8200, section 5

    private final HostFiles files;
    private final IpvlanNetwork network;
    private final Optional<Netns> netns;
    private final IntFunction<Optional<Integer>> hardwareTypes;
    private final Findings findings;

    /// @param netns the namespace the parent is in; empty for that of the calling thread
    /// @param hardwareTypes what a link is to ARP, by its index; empty if it is gone
    ParentCheck(
            HostFiles files,
            IpvlanNetwork network,
            Optional<Netns> netns,
            IntFunction<Optional<Integer>> hardwareTypes,
            Findings findings) {
        this.files = files;
        this.network = network;
        this.netns = netns;
        this.hardwareTypes = hardwareTypes;
        this.findings = findings;
    }

    /// Looks at it.
    ///
    /// @param state the namespace it is in
    /// @return what would be made with the network; nothing if it cannot be made
    List<Step> run(NamespaceState state) {
        try {
            NetworkPlanner.Result planned = new NetworkPlanner(
                            "check network", network, SubnetPlanner.effective(network, List.of()))
                    .plan(state, netns, () -> Integer.MAX_VALUE);
            planned.existing()
                    .or(() -> lower(planned.steps(), state))
                    .ifPresentOrElse(
                            this::look,
                            () -> findings.ok("parent '" + planned.parent() + "'", "is made with the network"));
            return planned.steps();
        } catch (NotFoundException e) {
            findings.problem(subject(), e.reason(), "name a link that is there (ip link show)");
        } catch (IpvlanException e) {
            findings.problem(
                    subject(), e.reason(), "clear what is in the way (ip -d link show), or name another parent");
        }
        return List.of();
    }

    private String subject() {
        return "parent " + network.parent();
    }

    /// What a VLAN link that is to be made stands on.
    private static Optional<NamespaceState.Link> lower(List<Step> steps, NamespaceState state) {
        return steps.stream()
                .filter(Step.CreateVlan.class::isInstance)
                .map(Step.CreateVlan.class::cast)
                .findFirst()
                .flatMap(create -> state.link(create.lowerIndex()));
    }

    private void look(NamespaceState.Link link) {
        String subject = "parent '" + link.name() + "'";
        int before = findings.all().size();
        ethernet(subject, link);
        up(subject, link);
        mtu(subject, link);
        wired(subject, link);
        if (findings.all().size() == before) {
            findings.ok(subject, "an Ethernet link, up, MTU " + link.mtu());
        }
    }

    private void ethernet(String subject, NamespaceState.Link link) {
        int type = hardwareTypes.apply(link.index()).orElse(ETHERNET);
        if (type != ETHERNET) {
            findings.problem(
                    subject,
                    "not an Ethernet link (its hardware type is " + type
                            + "), and the kernel puts children on no other",
                    "name an Ethernet link, or give the network a dummy link of its own and route (mode L3)");
        }
    }

    private void up(String subject, NamespaceState.Link link) {
        if (!link.up() && !link.owned()) { // what is ours is brought up
            findings.problem(
                    subject, "down: no child link comes up on it", "ip link set " + link.name() + " up" + where());
        }
    }

    private void mtu(String subject, NamespaceState.Link link) {
        if (link.mtu() < LEAST_IPV6_MTU && hasIpv6()) {
            findings.problem(
                    subject,
                    "its MTU is " + link.mtu() + ", and the kernel does no IPv6 below " + LEAST_IPV6_MTU,
                    "ip link set " + link.name() + " mtu " + LEAST_IPV6_MTU + where() + ", or leave out IPv6");
        }
    }

    private boolean hasIpv6() {
        return network.autoSubnets().contains(IpFamily.IPV6)
                || network.subnets().stream().anyMatch(subnet -> subnet.prefix().family() == IpFamily.IPV6);
    }

    private String where() {
        return netns.map(place -> " (in '" + place + "')").orElse("");
    }

    /// The directory shows the links of one namespace, which need not be the one that was looked at.
    private void wired(String subject, NamespaceState.Link link) {
        String directory = "/sys/class/net/" + link.name() + "/";
        boolean same = netns.isEmpty()
                && files.text(directory + "ifindex")
                        .filter(Integer.toString(link.index())::equals)
                        .isPresent();
        if (same && (files.exists(directory + "wireless") || files.exists(directory + "phy80211"))) {
            findings.warning(
                    subject,
                    "a wireless link: many access points pass packets of those addresses only that they have given out",
                    "use a wired link, or mode L3 on a dummy link with routes through this host");
        }
    }
}
