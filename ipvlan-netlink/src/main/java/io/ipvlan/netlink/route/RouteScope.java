package io.ipvlan.netlink.route;

/// How far away the destination of a route is, or how far an address is valid: the larger the number, the
/// nearer. Other numbers up to 199 are the administrator's. IPv6 routes have none: 0.
///
/// Source: `enum rt_scope_t` in `linux/rtnetlink.h`.
public final class RouteScope {
    /// Anywhere.
    public static final int UNIVERSE = 0;
    /// In this autonomous system (IPv6: a site).
    public static final int SITE = 200;
    /// On the link.
    public static final int LINK = 253;
    /// In this host.
    public static final int HOST = 254;
    /// Nowhere; in a request to delete: whatever scope it has.
    public static final int NOWHERE = 255;

    private RouteScope() {}
}
