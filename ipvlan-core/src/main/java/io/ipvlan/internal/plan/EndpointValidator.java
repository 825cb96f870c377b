package io.ipvlan.internal.plan;

import io.ipvlan.Route;
import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Refuses what an endpoint cannot be asked to have, before a network is looked at.
public final class EndpointValidator {
    /// In a sysctl it stands for the name of the endpoint's link.
    static final String PLACEHOLDER = "IFNAME";

    private static final int MOST_ADDRESSES = 256;
    private static final int SMALLEST_MTU = 68;
    private static final int LARGEST_MTU = 65535;

    /// Settings of one link: nothing else in a namespace is ours to set.
    private static final Pattern SYSCTL = Pattern.compile(
            "net\\.(ipv4|ipv6)\\.(conf|neigh)\\.IFNAME\\.[a-z0-9_]+|net\\.mpls\\.conf\\.IFNAME\\.[a-z0-9_]+");

    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e]{1,256}");

    private EndpointValidator() {}

    public static void requireCounts(Map<IpFamily, Integer> counts, List<IpAddress> named) {
        counts.forEach((family, count) -> {
            long least =
                    named.stream().filter(address -> address.family() == family).count();
            if (count < least || count > MOST_ADDRESSES) {
                throw new IllegalArgumentException(count + " addresses of " + family + " are asked for: it must be "
                        + least + (least > 0 ? ", those that are named," : "") + " to " + MOST_ADDRESSES);
            }
        });
    }

    public static void requireRoute(Route route) {
        if (route.device().isPresent()) {
            throw new IllegalArgumentException("route '" + route
                    + "' names a device: an endpoint's routes leave by its own link, leave the name out");
        }
    }

    public static void requireMtu(int bytes) {
        if (bytes < SMALLEST_MTU || bytes > LARGEST_MTU) {
            throw new IllegalArgumentException(
                    "an MTU is " + SMALLEST_MTU + " to " + LARGEST_MTU + " bytes, not " + bytes);
        }
    }

    public static void requireSysctl(String key, String value) {
        if (!SYSCTL.matcher(key).matches()) {
            throw new IllegalArgumentException("'" + key + "' is no setting of a link: it must be"
                    + " net.ipv4.conf, net.ipv4.neigh, net.ipv6.conf, net.ipv6.neigh or net.mpls.conf, then"
                    + " IFNAME, which stands for the link's name, then the setting");
        }
        if (!VALUE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "the value of '" + key + "' must be one line of 1 to 256 printable ASCII characters");
        }
    }
}
