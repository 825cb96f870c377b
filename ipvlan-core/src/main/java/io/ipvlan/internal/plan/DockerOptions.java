package io.ipvlan.internal.plan;

import io.ipvlan.InvalidNetworkException;
import io.ipvlan.IpvlanFlag;
import io.ipvlan.IpvlanMode;
import io.ipvlan.IpvlanNetwork;
import io.ipvlan.Violation;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.ipam.Subnet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// Reads the options of `docker network create -d ipvlan`. Pure.
///
/// Source: the manual of Docker's driver, and of `docker network create`.
public final class DockerOptions {
    private static final String MTU = "com.docker.network.driver.mtu";
    private static final Set<String> KNOWN = Set.of(
            "parent",
            "ipvlan_mode",
            "ipvlan_flag",
            "subnet",
            "gateway",
            "ip-range",
            "aux-address",
            "internal",
            "ipv4",
            "ipv6",
            MTU);

    private final Map<String, String> options;
    private final List<Violation> violations = new ArrayList<>();

    private DockerOptions(Map<String, String> options) {
        this.options = new TreeMap<>(options);
    }

    /// Reads a description.
    ///
    /// @param name the network's name
    /// @param options values by option, several divided by commas
    /// @throws InvalidNetworkException with every fault
    public static IpvlanNetwork read(String name, Map<String, String> options) {
        return new DockerOptions(options).read(IpvlanNetwork.builder(name), name);
    }

    private IpvlanNetwork read(IpvlanNetwork.Builder builder, String name) {
        options.keySet().stream().filter(key -> !KNOWN.contains(key)).forEach(this::unknown);
        take("parent", builder::parent);
        take("ipvlan_mode", mode -> builder.mode(word(mode, IpvlanMode.values(), IpvlanMode::text)));
        take("ipvlan_flag", flag -> builder.flag(word(flag, IpvlanFlag.values(), IpvlanFlag::text)));
        take(MTU, mtu -> builder.mtu(number(mtu)));
        if (isSet("internal", false)) {
            builder.internal();
        }
        subnets().forEach(builder::subnet);
        automatic(IpFamily.IPV4, isSet("ipv4", true), builder);
        automatic(IpFamily.IPV6, isSet("ipv6", false), builder);
        try {
            IpvlanNetwork network = builder.build();
            if (violations.isEmpty()) {
                return network;
            }
        } catch (InvalidNetworkException e) {
            e.violations().stream()
                    // A subnet that could not be read was named all the same.
                    .filter(fault -> violations.isEmpty() || !fault.equals(NetworkValidator.NO_SUBNET))
                    .forEach(violations::add);
        }
        throw new InvalidNetworkException(name, violations);
    }

    private void unknown(String key) {
        String nearest = KNOWN.stream()
                .min(Comparator.comparingInt((String known) -> distance(key, known))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
        violations.add(
                new Violation("option '" + key + "'", "it is not known; the nearest that is: '" + nearest + "'"));
    }

    /// How many letters must be changed, added or left out to make one word of the other (Levenshtein).
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int substitution = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitution, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }

    private void take(String key, Consumer<String> setter) {
        Optional.ofNullable(options.get(key)).ifPresent(value -> guarded(key, value, () -> setter.accept(value)));
    }

    private void guarded(String key, String value, Runnable action) {
        try {
            action.run();
        } catch (IllegalArgumentException e) {
            violations.add(new Violation(key + " '" + value + "'", String.valueOf(e.getMessage())));
        }
    }

    private static <T> T word(String text, T[] all, Function<T, String> name) {
        return Stream.of(all)
                .filter(one -> name.apply(one).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "it must be one of " + Stream.of(all).map(name).toList()));
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("it must be a number from 68 to 65535", e);
        }
    }

    private boolean isSet(String key, boolean otherwise) {
        String text = options.getOrDefault(key, Boolean.toString(otherwise));
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        violations.add(new Violation(key + " '" + text + "'", "it must be true or false"));
        return otherwise;
    }

    private List<String> list(String key) {
        return Stream.of(options.getOrDefault(key, "").split(",", -1))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /// Gateways, ranges and reservations are given apart, and belong to the subnet they lie in.
    private List<Subnet> subnets() {
        List<Subnet> subnets = new ArrayList<>();
        for (String text : list("subnet")) {
            guarded("subnet", text, () -> subnets.add(Subnet.of(text)));
        }
        for (String text : list("gateway")) {
            guarded("gateway", text, () -> {
                IpAddress gateway = IpAddress.parse(text);
                change(subnets, gateway, subnet -> {
                    refuseSecond(subnet, "gateway", subnet.gateway());
                    return subnet.withGateway(gateway);
                });
            });
        }
        for (String text : list("ip-range")) {
            guarded("ip-range", text, () -> {
                IpPrefix range = IpPrefix.parse(text);
                change(subnets, range.first(), subnet -> {
                    refuseSecond(subnet, "ip-range", subnet.ranges().stream().findFirst());
                    return subnet.withRange(text);
                });
            });
        }
        for (String text : list("aux-address")) {
            guarded("aux-address", text, () -> {
                int equals = text.indexOf('=');
                IpAddress address = IpAddress.parse(text.substring(equals + 1));
                String what = text.substring(0, Math.max(equals, 0));
                change(subnets, address, subnet -> {
                    Optional<String> other =
                            Optional.ofNullable(subnet.reserved().get(address)).filter(name -> !name.equals(what));
                    refuseSecond(
                            subnet, "aux-address", other.map(name -> name.isEmpty() ? address : name + "=" + address));
                    return subnet.withReservation(what, address);
                });
            });
        }
        return subnets;
    }

    private static void change(List<Subnet> subnets, IpAddress inside, Function<Subnet, Subnet> change) {
        for (int i = 0; i < subnets.size(); i++) {
            if (subnets.get(i).prefix().contains(inside)) {
                subnets.set(i, change.apply(subnets.get(i)));
                return;
            }
        }
        throw new IllegalArgumentException("it lies in none of the subnets");
    }

    /// As Docker does: one gateway and one range for each subnet, one name for each address.
    private static void refuseSecond(Subnet subnet, String option, Optional<?> first) {
        first.ifPresent(value -> {
            throw new IllegalArgumentException(
                    "subnet %s has %s %s already; leave one of the two out".formatted(subnet.prefix(), option, value));
        });
    }

    /// As Docker does: a family that is on and has no subnet gets one from the default pools.
    private void automatic(IpFamily family, boolean on, IpvlanNetwork.Builder builder) {
        boolean named = list("subnet").stream().anyMatch(text -> (text.indexOf(':') >= 0) == (family == IpFamily.IPV6));
        boolean other = list("subnet").stream().anyMatch(text -> (text.indexOf(':') >= 0) != (family == IpFamily.IPV6));
        if (named && !on) {
            violations.add(new Violation(
                    "subnets",
                    "one is of " + family + ", which is off: say " + (family == IpFamily.IPV6 ? "ipv6" : "ipv4")
                            + " true, or leave the subnet out"));
        }
        boolean asked = options.containsKey(family == IpFamily.IPV6 ? "ipv6" : "ipv4");
        if (on && !named && (asked || !other)) {
            builder.autoSubnet(family);
        }
    }
}
