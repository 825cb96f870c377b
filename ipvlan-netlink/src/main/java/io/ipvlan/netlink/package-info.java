/// Netlink framing: a socket to the kernel, requests and their answers, attributes, errors. No word of
/// routing.
///
/// A [io.ipvlan.netlink.NetlinkSocket] sends [io.ipvlan.netlink.NetlinkRequest]s and hands each answer to a
/// handler as a [io.ipvlan.netlink.NetlinkMessage]. What the kernel refuses becomes a
/// [io.ipvlan.netlink.NetlinkException.Refused] with the [io.ipvlan.netlink.Errno] and, where the kernel
/// gives them, its own text and the attribute it stumbled over or misses ([io.ipvlan.netlink.ExtendedAck]).
/// `-Dio.ipvlan.netlink.trace=true` prints every message in words. Source: `linux/netlink.h`, netlink(7).
package io.ipvlan.netlink;
