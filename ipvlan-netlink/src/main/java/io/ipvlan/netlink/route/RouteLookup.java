package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;

/// The question which way a packet would take, as `ip route get` asks it: for [RouteSocket#route]. Immutable;
/// each method answers with a changed copy. Needs no privilege.
///
/// Source: `inet_rtm_getroute` in the kernel's `net/ipv4/route.c`.
public final class RouteLookup implements NetlinkRequest {
    private static final int OFFSET_SOURCE_LENGTH = 2; // in struct rtmsg
    private static final int OFFSET_FLAGS = 8;

    private final String words;
    private final IpFamily family;
    private final RequestBody body;

    private RouteLookup(String words, IpFamily family, RequestBody body) {
        this.words = words;
        this.family = family;
        this.body = body;
    }

    /// Asks for the way to a destination.
    ///
    /// @param destination the address
    /// @return the question; refused with `ENETUNREACH` if there is no way, and with `EINVAL`, `EHOSTUNREACH`
    ///     or `EACCES` if a route says blackhole, unreachable or prohibit
    public static RouteLookup to(IpAddress destination) {
        IpFamily family = destination.family();
        RequestBody body = RequestBody.ofSize(Uapi.RTMSG_SIZE)
                .fixed8(0, Wire.number(family))
                .fixed8(1, family.bits())
                // So that the answer names the table. IPv6 names it always, and refuses the flag.
                .fixed32(OFFSET_FLAGS, family == IpFamily.IPV4 ? Uapi.RTM_F_LOOKUP_TABLE : 0)
                .bytes(Uapi.RTA_DST, destination.toBytes());
        return new RouteLookup("look up the route to " + destination, family, body);
    }

    private RouteLookup with(String addition, RequestBody changed) {
        return new RouteLookup(words + addition, family, changed);
    }

    /// For a packet with this source address.
    ///
    /// @param source an address of this host, or, with [#arrivingBy], of another
    /// @return the changed question; refused with `EINVAL` or `ENETUNREACH` if this host has no such address
    public RouteLookup from(IpAddress source) {
        return with(
                " from " + source,
                body.fixed8(OFFSET_SOURCE_LENGTH, family.bits()).bytes(Uapi.RTA_SRC, source.toBytes()));
    }

    /// For a packet that must leave by a link. **IPv4 takes an address no route matches for on-link then**;
    /// ask for [#matchedRoute] to tell.
    ///
    /// @param index the link
    /// @return the changed question
    public RouteLookup by(int index) {
        return with(" by link " + index, body.u32(Uapi.RTA_OIF, index));
    }

    /// For a packet that came in by a link and is to be forwarded.
    ///
    /// @param index the link
    /// @return the changed question; refused with `EHOSTUNREACH` if the link does not forward
    public RouteLookup arrivingBy(int index) {
        return with(" arriving by link " + index, body.u32(Uapi.RTA_IIF, index));
    }

    /// For a packet with this mark.
    ///
    /// @param mark the mark, as rules look at it
    /// @return the changed question
    public RouteLookup mark(int mark) {
        return with(" with mark " + mark, body.u32(Uapi.RTA_MARK, mark));
    }

    /// For a packet of this user's process.
    ///
    /// @param user the user's number
    /// @return the changed question
    public RouteLookup user(int user) {
        return with(" of user " + user, body.u32(Uapi.RTA_UID, user));
    }

    /// Asks for the route that matches, as it is in its table, in place of the way of the one packet: a
    /// prefix as destination, and the metric and protocol of the route (`RTM_F_FIB_MATCH`).
    ///
    /// @return the changed question
    public RouteLookup matchedRoute() {
        return with(", as in its table", body.bits32(OFFSET_FLAGS, Uapi.RTM_F_FIB_MATCH, Uapi.RTM_F_FIB_MATCH));
    }

    @Override
    public int type() {
        return Uapi.RTM_GETROUTE;
    }

    @Override
    public void writeTo(AttributeWriter to) {
        body.writeTo(to);
    }

    /// What is asked for, in words.
    @Override
    public String toString() {
        return words;
    }
}
