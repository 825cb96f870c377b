package io.ipvlan.internal.plan;

import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Violation;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds every fault of a description that can be found without looking at a host.
public final class NetworkValidator {
    /// A network needs at least one subnet.
    public static final Violation NO_SUBNET =
            new Violation("subnets", "there is none: name one with subnet(...), or ask for one with autoSubnet(...)");

    private static final int SMALLEST_MTU = 68;
    private static final int SMALLEST_IPV6_MTU = 1280;
    private static final int LARGEST_MTU = 65535;
    private static final Duration LONGEST_COOL_DOWN = Duration.ofDays(365);

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

    /// Every fault of a description, not only the first.
    public static List<Violation> violations(IpvlanNetwork network) {
        List<Violation> found = new ArrayList<>();
        ObjectNames.problem(network.name())
                .ifPresent(reason -> found.add(new Violation("name '" + network.name() + "'", reason)));
        ParentValidator.check(network.parent(), found);
        if (network.subnets().isEmpty() && network.autoSubnets().isEmpty()) {
            found.add(NO_SUBNET);
        }
        for (Subnet subnet : network.subnets()) {
            subnet(subnet, network.mode(), found);
        }
        overlaps(network.subnets(), found);
        network.mtu().ifPresent(bytes -> mtu(bytes, network.has(IpFamily.IPV6), found));
        if (network.hostAccess() && network.flag() != IpvlanFlag.BRIDGE) {
            found.add(new Violation(
                    "hostAccess()",
                    "flag " + network.flag().text() + " keeps the children apart, the host's too: use bridge"));
        }
        if (network.coolDown().isNegative() || network.coolDown().compareTo(LONGEST_COOL_DOWN) > 0) {
            found.add(new Violation(
                    "coolDown(" + network.coolDown() + ")",
                    "it must be zero to " + LONGEST_COOL_DOWN.toDays() + " days"));
        }
        return found;
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

    private static void mtu(int bytes, boolean ipv6, List<Violation> found) {
        int smallest = ipv6 ? SMALLEST_IPV6_MTU : SMALLEST_MTU;
        if (bytes < smallest || bytes > LARGEST_MTU) {
            found.add(new Violation(
                    "mtu " + bytes,
                    "it must be " + smallest + " to " + LARGEST_MTU
                            + (ipv6 ? ", as the network has IPv6 (RFC 8200)" : "")));
        }
    }
}
