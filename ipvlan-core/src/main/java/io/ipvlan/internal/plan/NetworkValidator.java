package io.ipvlan.internal.plan;

import io.ipvlan.IpvlanMode;
import io.ipvlan.Parent;
import io.ipvlan.Violation;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/// Finds every fault of a description that can be found without looking at a host.
public final class NetworkValidator {
    /// A network needs at least one subnet.
    public static final Violation NO_SUBNET =
            new Violation("subnets", "there is none: name one with subnet(...), or ask for one with autoSubnet(...)");

    private static final int SMALLEST_MTU = 68;
    private static final int SMALLEST_IPV6_MTU = 1280;
    private static final int LARGEST_MTU = 65535;

    /// Prefixes whose addresses no endpoint can have (RFC 6890, RFC 4291).
    private static final List<IpPrefix> NOT_FOR_HOSTS = Stream.of(
                    "0.0.0.0/8",
                    "127.0.0.0/8",
                    "224.0.0.0/4",
                    "240.0.0.0/4",
                    "::/127",
                    "::ffff:0:0/96",
                    "fe80::/10",
                    "ff00::/8")
            .map(IpPrefix::parse)
            .toList();

    private NetworkValidator() {}

    public static List<Violation> violations(
            String name,
            IpvlanMode mode,
            Parent parent,
            List<Subnet> subnets,
            Set<IpFamily> autoSubnets,
            OptionalInt mtu) {
        List<Violation> found = new ArrayList<>();
        ObjectNames.problem(name).ifPresent(reason -> found.add(new Violation("name '" + name + "'", reason)));
        if (parent instanceof Parent.Link(String link)) {
            parent(link, found);
        }
        if (subnets.isEmpty() && autoSubnets.isEmpty()) {
            found.add(NO_SUBNET);
        }
        for (Subnet subnet : subnets) {
            subnet(subnet, mode, found);
        }
        overlaps(subnets, found);
        mtu.ifPresent(bytes -> mtu(bytes, subnets, autoSubnets, found));
        return found;
    }

    private static void parent(String link, List<Violation> found) {
        String setting = "parent '" + link + "'";
        LinkNames.problem(link)
                .ifPresent(reason -> found.add(new Violation(setting, "no link can have this name: " + reason)));
        if (link.equals("lo")) {
            found.add(new Violation(
                    setting, "the loopback link cannot be a parent; leave the parent out to get a dummy link"));
        }
    }

    private static void subnet(Subnet subnet, IpvlanMode mode, List<Violation> found) {
        String setting = "subnet '" + subnet.prefix() + "'";
        notForHosts(subnet.prefix()).ifPresent(reason -> found.add(new Violation(setting, reason)));
        subnet.gateway()
                .filter(_ -> mode.isRouted())
                .ifPresent(gateway -> found.add(new Violation(
                        setting,
                        "gateway " + gateway + " has no meaning in mode " + mode.text()
                                + ", where the parent's namespace routes: leave it out")));
    }

    private static Optional<String> notForHosts(IpPrefix wanted) {
        return NOT_FOR_HOSTS.stream()
                .filter(prefix -> prefix.overlaps(wanted))
                .findFirst()
                .map(prefix -> "no endpoint can have an address of " + prefix + ", which it overlaps");
    }

    /// Insists on a prefix whose addresses endpoints can have.
    public static void requireForHosts(IpPrefix prefix) {
        notForHosts(prefix).ifPresent(reason -> {
            throw new IllegalArgumentException("'" + prefix + "' cannot be a pool: " + reason);
        });
    }

    private static void overlaps(List<Subnet> subnets, List<Violation> found) {
        for (int i = 0; i < subnets.size(); i++) {
            for (int j = 0; j < i; j++) {
                IpPrefix one = subnets.get(j).prefix();
                IpPrefix other = subnets.get(i).prefix();
                if (one.overlaps(other)) {
                    found.add(new Violation("subnet '" + other + "'", "it overlaps subnet '" + one + "'"));
                }
            }
        }
    }

    private static void mtu(int bytes, List<Subnet> subnets, Set<IpFamily> autoSubnets, List<Violation> found) {
        boolean ipv6 = autoSubnets.contains(IpFamily.IPV6)
                || subnets.stream().anyMatch(subnet -> subnet.family() == IpFamily.IPV6);
        int smallest = ipv6 ? SMALLEST_IPV6_MTU : SMALLEST_MTU;
        if (bytes < smallest || bytes > LARGEST_MTU) {
            found.add(new Violation(
                    "mtu " + bytes,
                    "it must be " + smallest + " to " + LARGEST_MTU
                            + (ipv6 ? ", as the network has IPv6 (RFC 8200)" : "")));
        }
    }
}
