package io.ipvlan.netlink.route;

/// Who made a route, a rule, a neighbour or an address: a mark the kernel keeps and does not interpret, from
/// 0 to 255. Programs that remove what they made choose a number of their own, above 4 and not taken in the C
/// header.
///
/// Source: `RTPROT_*` in `linux/rtnetlink.h`. **Addresses have numbers of their own**: `IFAPROT_*` in
/// `linux/if_addr.h`.
public final class RouteProtocol {
    /// Not known.
    public static final int UNSPECIFIED = 0;
    /// An ICMP redirect.
    public static final int REDIRECT = 1;
    /// The kernel, for an address.
    public static final int KERNEL = 2;
    /// Made at boot: what `ip route add` says unless told.
    public static final int BOOT = 3;
    /// The administrator: what this library says unless told.
    public static final int STATIC = 4;
    /// IPv6 router advertisements.
    public static final int ROUTER_ADVERTISEMENT = 9;
    /// A DHCP client.
    public static final int DHCP = 16;
    /// The BGP part of a routing daemon.
    public static final int BGP = 186;
    /// The OSPF part of a routing daemon.
    public static final int OSPF = 188;

    private RouteProtocol() {}
}
