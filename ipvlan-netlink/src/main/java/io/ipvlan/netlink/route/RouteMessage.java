package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.internal.Uapi;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A route as the kernel reports it. Source: `struct rtmsg` and `RTA_*` in `linux/rtnetlink.h`.
///
/// @param destination where it leads; length 0 for a default route
/// @param gateway the next hop; empty if the destination is on-link, or has several next hops or one of the other
///     family, which are not decoded
/// @param device the index of the link it leaves by; empty if it has none, or several
/// @param source the source address it suggests
/// @param metric its priority, lower first; 0 for IPv4 routes without one
/// @param table the table it is in: 254 is main, 255 local
/// @param scope how far the destination is: 0 anywhere, 253 on the link, 254 this host
/// @param type 1 for an ordinary route; others are local, broadcast, unreachable and so on
public record RouteMessage(
        IpPrefix destination,
        Optional<IpAddress> gateway,
        OptionalInt device,
        Optional<IpAddress> source,
        int metric,
        int table,
        int scope,
        int type) {

    static @Nullable RouteMessage decode(NetlinkMessage message) throws NetlinkException.Malformed {
        int family = message.type() == Uapi.RTM_NEWROUTE ? message.fixed8(0) : 0;
        if (!Wire.isIp(family) || (message.fixed32(8) & Uapi.RTM_F_CLONED) != 0) {
            return null;
        }
        int length = message.fixed8(1);
        int table = message.fixed8(4);
        int scope = message.fixed8(6);
        int type = message.fixed8(7);
        IpAddress destination = Wire.unspecified(family == Uapi.AF_INET ? IpFamily.IPV4 : IpFamily.IPV6);
        Optional<IpAddress> gateway = Optional.empty();
        OptionalInt device = OptionalInt.empty();
        Optional<IpAddress> source = Optional.empty();
        int metric = 0;
        AttributeReader attributes = message.attributes(Uapi.RTMSG_SIZE);
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.RTA_DST -> destination = Wire.address(attributes);
                case Uapi.RTA_GATEWAY -> gateway = Optional.of(Wire.address(attributes));
                case Uapi.RTA_OIF -> device = OptionalInt.of(attributes.u32());
                case Uapi.RTA_PREFSRC -> source = Optional.of(Wire.address(attributes));
                case Uapi.RTA_PRIORITY -> metric = attributes.u32();
                case Uapi.RTA_TABLE -> table = attributes.u32();
                default -> {}
            }
        }
        return new RouteMessage(Wire.prefix(destination, length), gateway, device, source, metric, table, scope, type);
    }
}
