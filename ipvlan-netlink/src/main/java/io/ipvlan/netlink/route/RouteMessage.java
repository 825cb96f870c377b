package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.internal.Uapi;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A route as the kernel reports it. Source: `struct rtmsg` and `RTA_*` in `linux/rtnetlink.h`.
///
/// @param destination where it leads; length 0 for a default route
/// @param gateway the next hop, which an IPv4 route may have of IPv6; empty if the destination is on-link,
///     or has several next hops
/// @param device the index of the link it leaves by; empty if it has none, or several
/// @param source the source address it suggests
/// @param metric its priority, lower first; 0 for IPv4 routes without one
/// @param table the table it is in, one of [RouteTable] or another
/// @param scope how far the destination is, one of [RouteScope]
/// @param type what happens to packets, one of [RouteType]
/// @param sourcePrefix the source addresses it is for, IPv6 only; empty for all. In the answer to a
///     [RouteLookup] the source asked for
/// @param protocol who made it, one of [RouteProtocol] or another
/// @param flags `RTNH_F_*` and `RTM_F_*`: 1 dead, 4 on-link, 16 the link has no carrier, 512 cached, and
///     others
/// @param typeOfService the type of service it is for, IPv4 only; 0 for all
/// @param metrics what it says about connections
/// @param nextHops its next hops if there are several, else none
/// @param nextHopObject the id of the next-hop object it refers to (whose gateway and device the kernel
///     then reports, too); empty if none
/// @param expires in how many seconds it ends, rounded down; empty for never
/// @param preference of an IPv6 router, RFC 4191: 0 medium, 1 high, 3 low; empty for IPv4
public record RouteMessage(
        IpPrefix destination,
        Optional<IpAddress> gateway,
        OptionalInt device,
        Optional<IpAddress> source,
        int metric,
        int table,
        int scope,
        int type,
        Optional<IpPrefix> sourcePrefix,
        int protocol,
        int flags,
        int typeOfService,
        RouteMetrics metrics,
        List<NextHop> nextHops,
        OptionalInt nextHopObject,
        OptionalInt expires,
        OptionalInt preference)
        implements RouteObject {
    /// Kernel times are in hundredths of a second on every processor this library supports (`USER_HZ`).
    private static final int TICKS_PER_SECOND = 100;

    /// A route; the list is copied.
    public RouteMessage {
        nextHops = List.copyOf(nextHops);
    }

    /// Whether its gateway counts as on-link, whatever the addresses of the link say (`RTNH_F_ONLINK`).
    ///
    /// @return true if it does
    public boolean isOnLink() {
        return (flags & Uapi.RTNH_F_ONLINK) != 0;
    }

    /// The route without what changes by itself: the time left, and whether its link works.
    @Override
    public Object identity() {
        return new RouteMessage(
                destination,
                gateway,
                device,
                source,
                metric,
                table,
                scope,
                type,
                sourcePrefix,
                protocol,
                flags & Uapi.RTNH_F_ONLINK,
                typeOfService,
                metrics,
                nextHops.stream().map(NextHop::withoutState).toList(),
                nextHopObject,
                OptionalInt.empty(),
                preference);
    }

    /// A route of a table; null for what is cached, and for other families.
    static @Nullable RouteMessage decode(NetlinkMessage message) throws NetlinkException.Malformed {
        return message.type() == Uapi.RTM_NEWROUTE && !isCached(message) ? read(message) : null;
    }

    static boolean isCached(NetlinkMessage message) throws NetlinkException.Malformed {
        return (message.fixed32(8) & Uapi.RTM_F_CLONED) != 0;
    }

    /// The answer to a lookup, which may be cached.
    static @Nullable RouteMessage decodeAnswer(NetlinkMessage message) throws NetlinkException.Malformed {
        return message.type() == Uapi.RTM_NEWROUTE ? read(message) : null;
    }

    /// Reads a message that is about a route, whether it says that there is one or that there is one no
    /// longer; null if it is of another family.
    static @Nullable RouteMessage read(NetlinkMessage message) throws NetlinkException.Malformed {
        if (!Wire.isIp(message.fixed8(0))) {
            return null;
        }
        IpFamily family = Wire.family(message.fixed8(0));
        int length = message.fixed8(1);
        int sourceLength = message.fixed8(2);
        int typeOfService = message.fixed8(3);
        int table = message.fixed8(4);
        int protocol = message.fixed8(5);
        int scope = message.fixed8(6);
        int type = message.fixed8(7);
        int flags = message.fixed32(8);
        IpAddress destination = Wire.unspecified(family);
        IpAddress sourceAddress = null;
        Optional<IpAddress> gateway = Optional.empty();
        OptionalInt device = OptionalInt.empty();
        Optional<IpAddress> source = Optional.empty();
        int metric = 0;
        RouteMetrics metrics = RouteMetrics.NONE;
        List<NextHop> nextHops = List.of();
        OptionalInt nextHopObject = OptionalInt.empty();
        OptionalInt expires = OptionalInt.empty();
        OptionalInt preference = OptionalInt.empty();
        AttributeReader attributes = message.attributes(Uapi.RTMSG_SIZE);
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.RTA_DST -> destination = Wire.address(attributes);
                case Uapi.RTA_SRC -> sourceAddress = Wire.address(attributes);
                case Uapi.RTA_GATEWAY -> gateway = Optional.of(Wire.address(attributes));
                case Uapi.RTA_VIA -> gateway = Optional.ofNullable(Wire.via(attributes));
                case Uapi.RTA_OIF -> device = OptionalInt.of(attributes.u32());
                case Uapi.RTA_PREFSRC -> source = Optional.of(Wire.address(attributes));
                case Uapi.RTA_PRIORITY -> metric = attributes.u32();
                case Uapi.RTA_TABLE -> table = attributes.u32();
                case Uapi.RTA_METRICS -> metrics = RouteMetrics.read(attributes.nested());
                case Uapi.RTA_MULTIPATH -> nextHops = NextHop.readAll(attributes);
                case Uapi.RTA_NH_ID -> nextHopObject = OptionalInt.of(attributes.u32());
                case Uapi.RTA_EXPIRES -> expires = OptionalInt.of(attributes.u32());
                case Uapi.RTA_CACHEINFO -> {
                    int ticks = attributes.u32(Uapi.RTA_CACHEINFO_OFFSET_EXPIRES);
                    if (ticks > 0) {
                        expires = OptionalInt.of(ticks / TICKS_PER_SECOND);
                    }
                }
                case Uapi.RTA_PREF -> preference = OptionalInt.of(attributes.u8());
                default -> {}
            }
        }
        return new RouteMessage(
                Wire.prefix(destination, length),
                gateway,
                device,
                source,
                metric,
                table,
                scope,
                type,
                sourceAddress == null ? Optional.empty() : Optional.of(Wire.prefix(sourceAddress, sourceLength)),
                protocol,
                flags,
                typeOfService,
                metrics,
                nextHops,
                nextHopObject,
                expires,
                preference);
    }
}
