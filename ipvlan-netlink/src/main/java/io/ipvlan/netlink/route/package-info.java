/// Links, addresses, routes, rules and neighbours: typed requests to send, typed messages as the kernel
/// answers, and watches that tell of every change.
///
/// Start with a [io.ipvlan.netlink.route.RouteSocket], or, to watch, with a
/// [io.ipvlan.netlink.route.RouteWatch]. Requests are values made by factories that take what
/// is required ([io.ipvlan.netlink.route.LinkRequest], [io.ipvlan.netlink.route.AddressRequest],
/// [io.ipvlan.netlink.route.RouteRequest]); the kernel's tables come back as records
/// ([io.ipvlan.netlink.route.LinkMessage], [io.ipvlan.netlink.route.AddressMessage],
/// [io.ipvlan.netlink.route.RouteMessage]). Source: `linux/rtnetlink.h`, rtnetlink(7).
package io.ipvlan.netlink.route;
