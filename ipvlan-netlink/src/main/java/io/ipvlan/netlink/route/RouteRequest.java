package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A request to add or delete a route of the main table. Immutable. Needs `CAP_NET_ADMIN`.
///
/// Source: rtnetlink(7), `linux/rtnetlink.h`.
public final class RouteRequest implements NetlinkRequest {
    private static final int TABLE_MAIN = 254;
    private static final int PROTOCOL_STATIC = 4;
    private static final int SCOPE_UNIVERSE = 0;
    private static final int SCOPE_LINK = 253;
    private static final int SCOPE_NOWHERE = 255;
    private static final int TYPE_UNSPECIFIED = 0;
    private static final int TYPE_UNICAST = 1;

    private final int type;
    private final IpPrefix destination;
    private final int device;
    private final @Nullable IpAddress gateway;

    private RouteRequest(int type, IpPrefix destination, int device, @Nullable IpAddress gateway) {
        this.type = type;
        this.destination = Objects.requireNonNull(destination, "destination");
        this.device = device;
        this.gateway = gateway;
    }

    /// Adds a route, on-link unless [#via] names a gateway. The link must be up.
    ///
    /// @param destination where it leads; length 0 for a default route
    /// @param device the index of the link it leaves by
    /// @return the request; refused with `EEXIST` if there is one to the same destination with the same metric
    public static RouteRequest add(IpPrefix destination, int device) {
        return new RouteRequest(Uapi.RTM_NEWROUTE, destination, device, null);
    }

    /// Deletes a route.
    ///
    /// @param destination where it leads
    /// @param device the index of the link it leaves by
    /// @return the request; refused with `ESRCH` if there is none
    public static RouteRequest delete(IpPrefix destination, int device) {
        return new RouteRequest(Uapi.RTM_DELROUTE, destination, device, null);
    }

    /// Names the next hop.
    ///
    /// @param gateway its address, which must be on-link; refused with `ENETUNREACH` if it is not
    /// @return the changed request
    public RouteRequest via(IpAddress gateway) {
        return new RouteRequest(type, destination, device, Objects.requireNonNull(gateway, "gateway"));
    }

    @Override
    public int type() {
        return type;
    }

    @Override
    public int flags() {
        return type == Uapi.RTM_NEWROUTE ? Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL : 0;
    }

    @Override
    public void writeTo(AttributeWriter body) {
        boolean add = type == Uapi.RTM_NEWROUTE;
        int scope = !add ? SCOPE_NOWHERE : gateway == null ? SCOPE_LINK : SCOPE_UNIVERSE;
        body.fixed8(Wire.number(destination.family()))
                .fixed8(destination.length())
                .fixed8(0) // source prefix
                .fixed8(0) // type of service
                .fixed8(TABLE_MAIN)
                .fixed8(add ? PROTOCOL_STATIC : 0)
                .fixed8(scope)
                .fixed8(add ? TYPE_UNICAST : TYPE_UNSPECIFIED)
                .fixed32(0);
        if (destination.length() > 0) {
            body.bytes(Uapi.RTA_DST, destination.address().toBytes());
        }
        if (gateway != null) {
            body.bytes(Uapi.RTA_GATEWAY, gateway.toBytes());
        }
        body.u32(Uapi.RTA_OIF, device);
    }

    /// What is asked for, in words.
    @Override
    public String toString() {
        return (type == Uapi.RTM_NEWROUTE ? "add" : "delete") + " route " + destination
                + (gateway == null ? "" : " via " + gateway) + " by link " + device;
    }
}
