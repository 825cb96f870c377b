package io.ipvlan.ipam;

import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import java.util.ArrayList;
import java.util.List;

/// Prefixes of both families that are taken. Not for several threads at once.
final class SubnetBook {
    private static final IpPrefix ALL_IPV4 = IpPrefix.parse("0.0.0.0/0");
    private static final IpPrefix ALL_IPV6 = IpPrefix.parse("::/0");

    private final PrefixTree ipv4 = new PrefixTree(IpFamily.IPV4);
    private final PrefixTree ipv6 = new PrefixTree(IpFamily.IPV6);

    PrefixTree of(IpFamily family) {
        return family == IpFamily.IPV4 ? ipv4 : ipv6;
    }

    boolean isEmpty() {
        return ipv4.size() == 0 && ipv6.size() == 0;
    }

    List<IpPrefix> all() {
        List<IpPrefix> all = new ArrayList<>(ipv4.all(ALL_IPV4));
        all.addAll(ipv6.all(ALL_IPV6));
        return List.copyOf(all);
    }
}
