package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.internal.Uapi;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What a route says beside its destination: see [RouteMessage], whose many have it in common.
record RouteDetails(
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
        OptionalInt preference) {
    /// Kernel times are in hundredths of a second on every processor this library supports (`USER_HZ`).
    private static final int TICKS_PER_SECOND = 100;

    RouteDetails {
        nextHops = List.copyOf(nextHops);
    }

    /// Whether it says something that changes by itself.
    boolean hasState() {
        return (flags & ~Uapi.RTNH_F_ONLINK) != 0 || !nextHops.isEmpty() || expires.isPresent();
    }

    RouteDetails withoutState() {
        return new RouteDetails(
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

    /// Reads them out of a message about a route.
    static RouteDetails read(NetlinkMessage message) throws NetlinkException.Malformed {
        int sourceLength = message.fixed8(2);
        int typeOfService = message.fixed8(3);
        int table = message.fixed8(4);
        int protocol = message.fixed8(5);
        int scope = message.fixed8(6);
        int type = message.fixed8(7);
        int flags = message.fixed32(8);
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
        return new RouteDetails(
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

    @Override
    public String toString() {
        return "gateway=" + gateway
                + ", device=" + device
                + ", source=" + source
                + ", metric=" + metric
                + ", table=" + table
                + ", scope=" + scope
                + ", type=" + type
                + ", sourcePrefix=" + sourcePrefix
                + ", protocol=" + protocol
                + ", flags=" + flags
                + ", typeOfService=" + typeOfService
                + ", metrics=" + metrics
                + ", nextHops=" + nextHops
                + ", nextHopObject=" + nextHopObject
                + ", expires=" + expires
                + ", preference=" + preference;
    }
}
