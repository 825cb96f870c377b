package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpPrefix;
import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A request to add, replace or delete a route. Immutable; each method that sets something answers with a
/// changed copy. Needs `CAP_NET_ADMIN`.
///
/// Unless set otherwise a route is unicast, of the main table, made by the administrator
/// ([RouteProtocol#STATIC]). When deleting, what is not set is not compared. Source: rtnetlink(7),
/// `linux/rtnetlink.h`.
public final class RouteRequest implements NetlinkRequest {
    private static final int OFFSET_SOURCE_LENGTH = 2; // in struct rtmsg
    private static final int OFFSET_TYPE_OF_SERVICE = 3;
    private static final int OFFSET_TABLE = 4;
    private static final int OFFSET_PROTOCOL = 5;
    private static final int OFFSET_SCOPE = 6;
    private static final int OFFSET_TYPE = 7;
    private static final int OFFSET_FLAGS = 8;
    private static final int UNSET = -1;

    private final int type;
    private final int requestFlags;
    private final String words;
    private final IpPrefix destination;
    private final @Nullable IpAddress gateway;
    private final int device;
    private final int scope;
    private final RequestBody body;

    private RouteRequest(
            int type,
            int requestFlags,
            String words,
            IpPrefix destination,
            @Nullable IpAddress gateway,
            int device,
            int scope,
            RequestBody body) {
        this.type = type;
        this.requestFlags = requestFlags;
        this.words = words;
        this.destination = destination;
        this.gateway = gateway;
        this.device = device;
        this.scope = scope;
        this.body = body;
    }

    private static RouteRequest of(String words, int requestFlags, IpPrefix destination) {
        Objects.requireNonNull(destination, "destination");
        boolean add = requestFlags != 0;
        byte[] fixed = new byte[Uapi.RTMSG_SIZE];
        fixed[0] = (byte) Wire.number(destination.family());
        fixed[1] = (byte) destination.length();
        fixed[OFFSET_TABLE] = (byte) RouteTable.MAIN;
        fixed[OFFSET_PROTOCOL] = (byte) (add ? RouteProtocol.STATIC : 0);
        fixed[OFFSET_TYPE] = (byte) (add ? RouteType.UNICAST : RouteType.UNSPECIFIED);
        RequestBody body = RequestBody.of(fixed);
        if (destination.length() > 0) {
            body = body.bytes(Uapi.RTA_DST, destination.address().toBytes());
        }
        int type = add ? Uapi.RTM_NEWROUTE : Uapi.RTM_DELROUTE;
        return new RouteRequest(type, requestFlags, words, destination, null, 0, UNSET, body);
    }

    /// Adds a route that leaves by a link, on-link unless [#via] names a gateway. The link must be up.
    ///
    /// @param destination where it leads; length 0 for a default route
    /// @param device the index of the link it leaves by
    /// @return the request; refused with `EEXIST` if there is one to the same destination with the same
    ///     metric
    public static RouteRequest add(IpPrefix destination, int device) {
        return add(destination).by(device);
    }

    /// Adds a route without saying which link it leaves by: set a gateway, several next hops, or a type that
    /// needs none.
    ///
    /// @param destination where it leads; length 0 for a default route
    /// @return the request; refused with `EEXIST` if there is one to the same destination with the same
    ///     metric
    public static RouteRequest add(IpPrefix destination) {
        return of("add", Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL, destination);
    }

    /// Adds a route as it was read once. A next-hop object takes the place of its gateway and device.
    ///
    /// @param message the route
    /// @return the request, as of [#add(IpPrefix)]
    public static RouteRequest add(RouteMessage message) {
        RouteRequest request = add(message.destination())
                .metric(message.metric())
                .table(message.table())
                .scope(message.scope())
                .ofType(message.type())
                .protocol(message.protocol())
                .typeOfService(message.typeOfService());
        request = message.source().map(request::source).orElse(request);
        request = message.sourcePrefix().map(request::from).orElse(request);
        request = message.isOnLink() ? request.onLink() : request;
        request = message.metrics().equals(RouteMetrics.NONE) ? request : request.metrics(message.metrics());
        request = message.expires().isPresent()
                ? request.expires(message.expires().getAsInt())
                : request;
        request = message.preference().isPresent()
                ? request.preference(message.preference().getAsInt())
                : request;
        if (message.nextHopObject().isPresent()) {
            return request.nextHopObject(message.nextHopObject().getAsInt());
        }
        request = message.gateway().map(request::via).orElse(request);
        request = message.device().isPresent() ? request.by(message.device().getAsInt()) : request;
        return message.nextHops().isEmpty() ? request : request.nextHops(message.nextHops());
    }

    /// Adds a route, or replaces the one to the same destination with the same metric.
    ///
    /// @param destination where it leads
    /// @return the request
    public static RouteRequest replace(IpPrefix destination) {
        return of("replace", Uapi.NLM_F_CREATE | Uapi.NLM_F_REPLACE, destination);
    }

    /// Adds a route behind those to the same destination with the same metric. For IPv6 it becomes one more
    /// next hop.
    ///
    /// @param destination where it leads
    /// @return the request
    public static RouteRequest append(IpPrefix destination) {
        return of("append", Uapi.NLM_F_CREATE | Uapi.NLM_F_APPEND, destination);
    }

    /// Deletes a route by the link it leaves by.
    ///
    /// @param destination where it leads
    /// @param device the index of the link it leaves by
    /// @return the request; refused with `ESRCH` if there is none
    public static RouteRequest delete(IpPrefix destination, int device) {
        return delete(destination).by(device);
    }

    /// Deletes the first route to a destination that matches everything set.
    ///
    /// @param destination where it leads
    /// @return the request; refused with `ESRCH` if there is none
    public static RouteRequest delete(IpPrefix destination) {
        return of("delete", 0, destination);
    }

    private RouteRequest with(RequestBody changed) {
        return new RouteRequest(type, requestFlags, words, destination, gateway, device, scope, changed);
    }

    /// Names the next hop.
    ///
    /// @param gateway its address, which must be on-link; refused with `ENETUNREACH` if it is not. An IPv4
    ///     route may have one of IPv6 (since Linux 5.2)
    /// @return the changed request
    public RouteRequest via(IpAddress gateway) {
        RequestBody changed = gateway.family() == destination.family()
                ? body.without(Uapi.RTA_VIA).bytes(Uapi.RTA_GATEWAY, gateway.toBytes())
                : body.without(Uapi.RTA_GATEWAY).bytes(Uapi.RTA_VIA, Wire.via(gateway));
        return new RouteRequest(type, requestFlags, words, destination, gateway, device, scope, changed);
    }

    /// Says which link it leaves by.
    ///
    /// @param device the index of the link
    /// @return the changed request
    public RouteRequest by(int device) {
        return new RouteRequest(
                type, requestFlags, words, destination, gateway, device, scope, body.u32(Uapi.RTA_OIF, device));
    }

    /// Gives it several next hops, in place of a gateway and a link.
    ///
    /// @param hops the next hops, each with a gateway or a link
    /// @return the changed request
    public RouteRequest nextHops(List<NextHop> hops) {
        List<NextHop> copy = List.copyOf(hops);
        return with(body.nest(Uapi.RTA_MULTIPATH, NextHop.toBody(copy, destination.family())));
    }

    /// Lets a next-hop object say gateway and link, in place of them. Needs Linux 5.3.
    ///
    /// @param id the object
    /// @return the changed request
    public RouteRequest nextHopObject(int id) {
        return with(body.u32(Uapi.RTA_NH_ID, id));
    }

    /// Takes the gateway for on-link, whatever the addresses of the link say; the link must be named.
    ///
    /// @return the changed request
    public RouteRequest onLink() {
        return with(body.bits32(OFFSET_FLAGS, Uapi.RTNH_F_ONLINK, Uapi.RTNH_F_ONLINK));
    }

    /// Sets the priority among routes to the same destination; 0 for IPv4 and 1024 for IPv6 unless set.
    ///
    /// @param metric the lower the better
    /// @return the changed request
    public RouteRequest metric(int metric) {
        return with(body.u32(Uapi.RTA_PRIORITY, metric));
    }

    /// Chooses the table; [RouteTable#MAIN] unless set.
    ///
    /// @param table one of [RouteTable], or any other number from 1 on
    /// @return the changed request
    public RouteRequest table(int table) {
        boolean fits = table > 0 && table <= 255; // the header has eight bits for it
        return with(body.fixed8(OFFSET_TABLE, fits ? table : 0).u32(Uapi.RTA_TABLE, table));
    }

    /// Sets how far the destination is. Unless set it is chosen when the request is sent: on the link for a
    /// unicast route that has no gateway, this host for a local one, anywhere for others; any when deleting.
    ///
    /// @param scope one of [RouteScope]
    /// @return the changed request
    public RouteRequest scope(int scope) {
        return new RouteRequest(type, requestFlags, words, destination, gateway, device, Wire.require(scope, 8), body);
    }

    /// Marks who made it; [RouteProtocol#STATIC] unless set.
    ///
    /// @param protocol one of [RouteProtocol], or any other from 0 to 255
    /// @return the changed request
    public RouteRequest protocol(int protocol) {
        return with(body.fixed8(OFFSET_PROTOCOL, protocol));
    }

    /// Says what happens to packets; [RouteType#UNICAST] unless set.
    ///
    /// @param routeType one of [RouteType]; blackhole, unreachable, prohibit and throw need no link
    /// @return the changed request
    public RouteRequest ofType(int routeType) {
        return with(body.fixed8(OFFSET_TYPE, routeType));
    }

    /// Suggests a source address.
    ///
    /// @param source an address of this host; refused with `EINVAL` if it is not
    /// @return the changed request
    public RouteRequest source(IpAddress source) {
        return with(body.bytes(Uapi.RTA_PREFSRC, source.toBytes()));
    }

    /// Limits it to packets from some addresses, IPv6 only.
    ///
    /// @param sources the addresses; refused with `EINVAL` by a kernel without `CONFIG_IPV6_SUBTREES`
    /// @return the changed request
    public RouteRequest from(IpPrefix sources) {
        return with(body.fixed8(OFFSET_SOURCE_LENGTH, sources.length())
                .bytes(Uapi.RTA_SRC, sources.address().toBytes()));
    }

    /// Limits it to packets of a type of service, IPv4 only.
    ///
    /// @param typeOfService the type, a multiple of 4 below 32
    /// @return the changed request
    public RouteRequest typeOfService(int typeOfService) {
        return with(body.fixed8(OFFSET_TYPE_OF_SERVICE, typeOfService));
    }

    /// Says something about the connections that take it.
    ///
    /// @param metrics what
    /// @return the changed request
    public RouteRequest metrics(RouteMetrics metrics) {
        return with(body.nest(Uapi.RTA_METRICS, metrics.toBody()));
    }

    /// Ends it after some time, IPv6 only.
    ///
    /// @param seconds how long it lasts
    /// @return the changed request
    public RouteRequest expires(int seconds) {
        return with(body.u32(Uapi.RTA_EXPIRES, seconds));
    }

    /// Sets the preference of a router, IPv6 only, RFC 4191.
    ///
    /// @param preference 0 medium, 1 high, 3 low
    /// @return the changed request
    public RouteRequest preference(int preference) {
        return with(body.u8(Uapi.RTA_PREF, preference));
    }

    @Override
    public int type() {
        return type;
    }

    @Override
    public int flags() {
        return requestFlags;
    }

    @Override
    public void writeTo(AttributeWriter to) {
        body.fixed8(OFFSET_SCOPE, scope == UNSET ? usualScope() : scope).writeTo(to);
    }

    /// What `ip route` chooses.
    private int usualScope() {
        if (type == Uapi.RTM_DELROUTE) {
            return RouteScope.NOWHERE;
        }
        boolean reachedByOthers = gateway != null || body.has(Uapi.RTA_MULTIPATH) || body.has(Uapi.RTA_NH_ID);
        return switch (body.fixed8(OFFSET_TYPE)) {
            case RouteType.LOCAL -> RouteScope.HOST;
            case RouteType.BROADCAST, RouteType.MULTICAST, RouteType.ANYCAST -> RouteScope.LINK;
            case RouteType.UNICAST -> reachedByOthers ? RouteScope.UNIVERSE : RouteScope.LINK;
            default -> RouteScope.UNIVERSE;
        };
    }

    /// What is asked for, in words.
    @Override
    public String toString() {
        return words + " route " + destination
                + (gateway == null ? "" : " via " + gateway)
                + (device == 0 ? "" : " by link " + device);
    }
}
