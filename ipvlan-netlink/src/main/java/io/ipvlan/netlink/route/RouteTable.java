package io.ipvlan.netlink.route;

/// The routing tables every namespace has. Any other number from 1 to 2³²-1 is a table too, and made by its
/// first route; numbers of 2³¹ and more are negative as `int`.
///
/// Source: `enum rt_class_t` in `linux/rtnetlink.h`.
public final class RouteTable {
    /// Asked when the main table has no route, and empty at first.
    public static final int DEFAULT = 253;
    /// Where routes are unless said otherwise.
    public static final int MAIN = 254;
    /// Of the host's own addresses; the kernel fills it.
    public static final int LOCAL = 255;

    private RouteTable() {}
}
