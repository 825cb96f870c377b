package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.internal.Uapi;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// A route as the kernel reports it: an immutable value. Routes of one listing that differ in nothing but
/// their destinations share everything else, so that each takes some 70 bytes.
///
/// Source: `struct rtmsg` and `RTA_*` in `linux/rtnetlink.h`.
public final class RouteMessage implements RouteObject {
    private final IpPrefix destination;
    private final RouteDetails details;

    RouteMessage(IpPrefix destination, RouteDetails details) {
        this.destination = Objects.requireNonNull(destination, "destination");
        this.details = details;
    }

    /// Where it leads.
    ///
    /// @return the destination; length 0 for a default route
    public IpPrefix destination() {
        return destination;
    }

    /// The next hop, which an IPv4 route may have of IPv6.
    ///
    /// @return the address; empty if the destination is on-link, or has several next hops
    public Optional<IpAddress> gateway() {
        return details.gateway();
    }

    /// The link it leaves by.
    ///
    /// @return its index; empty if it has none, or several
    public OptionalInt device() {
        return details.device();
    }

    /// The source address it suggests.
    ///
    /// @return the address; empty if none
    public Optional<IpAddress> source() {
        return details.source();
    }

    /// Its priority.
    ///
    /// @return lower first; 0 for IPv4 routes without one
    public int metric() {
        return details.metric();
    }

    /// The table it is in.
    ///
    /// @return one of [RouteTable] or another
    public int table() {
        return details.table();
    }

    /// How far the destination is.
    ///
    /// @return one of [RouteScope]
    public int scope() {
        return details.scope();
    }

    /// What happens to packets.
    ///
    /// @return one of [RouteType]
    public int type() {
        return details.type();
    }

    /// The source addresses it is for, IPv6 only; in the answer to a [RouteLookup] the source asked for.
    ///
    /// @return the addresses; empty for all
    public Optional<IpPrefix> sourcePrefix() {
        return details.sourcePrefix();
    }

    /// Who made it.
    ///
    /// @return one of [RouteProtocol] or another
    public int protocol() {
        return details.protocol();
    }

    /// Flags, `RTNH_F_*` and `RTM_F_*`.
    ///
    /// @return 1 dead, 4 on-link, 16 the link has no carrier, 512 cached, and others
    public int flags() {
        return details.flags();
    }

    /// The type of service it is for, IPv4 only.
    ///
    /// @return the type; 0 for all
    public int typeOfService() {
        return details.typeOfService();
    }

    /// What it says about connections.
    ///
    /// @return the metrics, [RouteMetrics#NONE] if nothing
    public RouteMetrics metrics() {
        return details.metrics();
    }

    /// Its next hops, if there are several.
    ///
    /// @return the next hops, else none
    public List<NextHop> nextHops() {
        return details.nextHops();
    }

    /// The next-hop object it refers to, whose gateway and device the kernel then reports, too.
    ///
    /// @return its id; empty if none
    public OptionalInt nextHopObject() {
        return details.nextHopObject();
    }

    /// When it ends.
    ///
    /// @return in how many seconds, rounded down; empty for never
    public OptionalInt expires() {
        return details.expires();
    }

    /// The preference of an IPv6 router, RFC 4191.
    ///
    /// @return 0 medium, 1 high, 3 low; empty for IPv4
    public OptionalInt preference() {
        return details.preference();
    }

    /// Whether its gateway counts as on-link, whatever the addresses of the link say (`RTNH_F_ONLINK`).
    ///
    /// @return true if it does
    public boolean isOnLink() {
        return (flags() & Uapi.RTNH_F_ONLINK) != 0;
    }

    /// The route without what changes by itself: the time left, and whether its link works.
    @Override
    public Object identity() {
        return details.hasState() ? new RouteMessage(destination, details.withoutState()) : this;
    }

    RouteDetails details() {
        return details;
    }

    /// A route of a table; null for what is cached, and for other families.
    static @Nullable RouteMessage decode(NetlinkMessage message) throws NetlinkException.Malformed {
        return isRow(message) ? read(message) : null;
    }

    /// Whether it is about a route of a table, as a listing shows it.
    static boolean isRow(NetlinkMessage message) throws NetlinkException.Malformed {
        return message.type() == Uapi.RTM_NEWROUTE && !isCached(message) && Wire.isIp(message.fixed8(0));
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
        IpAddress address = Wire.unspecified(family);
        AttributeReader attributes = message.attributes(Uapi.RTMSG_SIZE);
        while (attributes.next()) {
            if (attributes.type() == Uapi.RTA_DST) {
                address = Wire.address(attributes);
            }
        }
        return new RouteMessage(Wire.prefix(address, message.fixed8(1)), RouteDetails.read(message));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RouteMessage that
                && destination.equals(that.destination)
                && details.equals(that.details);
    }

    @Override
    public int hashCode() {
        return 31 * destination.hashCode() + details.hashCode();
    }

    /// Everything it says, for logs.
    @Override
    public String toString() {
        return "RouteMessage[destination=" + destination + ", " + details + "]";
    }
}
