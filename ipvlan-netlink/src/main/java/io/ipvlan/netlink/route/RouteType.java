package io.ipvlan.netlink.route;

/// What happens to a packet that a route matches. The numbers of [RouteMessage#type] and
/// [RouteRequest#ofType]; a kernel may know more of them.
///
/// Source: `RTN_*` in `linux/rtnetlink.h`.
public final class RouteType {
    /// In a request to delete: whatever type it has.
    public static final int UNSPECIFIED = 0;
    /// Forwarded to a next hop or onto a link.
    public static final int UNICAST = 1;
    /// Delivered to this host.
    public static final int LOCAL = 2;
    /// Sent as a broadcast, and received as one.
    public static final int BROADCAST = 3;
    /// Sent as unicast, received as one of several hosts with that address.
    public static final int ANYCAST = 4;
    /// Sent to a multicast group.
    public static final int MULTICAST = 5;
    /// Dropped without a word; local senders get `EINVAL`.
    public static final int BLACKHOLE = 6;
    /// Refused with ICMP host unreachable (IPv6: no route); local senders get `EHOSTUNREACH`.
    public static final int UNREACHABLE = 7;
    /// Refused with ICMP administratively prohibited; local senders get `EACCES`.
    public static final int PROHIBIT = 8;
    /// Not in this table: the next rule decides.
    public static final int THROW = 9;

    private RouteType() {}
}
