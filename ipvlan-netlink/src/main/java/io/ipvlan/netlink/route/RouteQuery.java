package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpFamily;
import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;

/// A question for the routes of tables, with filters that the kernel applies: for
/// [RouteSocket#routes(RouteQuery)]. What happens to one packet is another question: [RouteLookup].
/// Immutable; each method answers with a changed copy. Needs no privilege.
///
/// Source: `ip_valid_fib_dump_req` in the kernel's `net/ipv4/fib_frontend.c`.
public final class RouteQuery implements NetlinkRequest {
    private static final RouteQuery ALL = new RouteQuery("list the routes", RequestBody.ofSize(Uapi.RTMSG_SIZE));

    private final String words;
    private final RequestBody body;

    private RouteQuery(String words, RequestBody body) {
        this.words = words;
        this.body = body;
    }

    /// The routes of all tables, both families, without cached ones.
    ///
    /// @return the question
    public static RouteQuery all() {
        return ALL;
    }

    /// Only routes of one family.
    ///
    /// @param family the family
    /// @return the changed question
    public RouteQuery ofFamily(IpFamily family) {
        return new RouteQuery(words + " of " + family, body.fixed8(0, Wire.number(family)));
    }

    /// Only routes of one table.
    ///
    /// @param table one of [RouteTable], or any other
    /// @return the changed question; a table that does not exist has no routes
    public RouteQuery ofTable(int table) {
        return new RouteQuery(words + " of table " + Integer.toUnsignedString(table), body.u32(Uapi.RTA_TABLE, table));
    }

    /// Only routes that leave by one link.
    ///
    /// @param index the link
    /// @return the changed question; refused with `ENODEV` if there is none
    public RouteQuery byDevice(int index) {
        return new RouteQuery(words + " by link " + index, body.u32(Uapi.RTA_OIF, index));
    }

    /// Only routes made by somebody.
    ///
    /// @param protocol one of [RouteProtocol], or any other from 1 to 255
    /// @return the changed question
    public RouteQuery ofProtocol(int protocol) {
        return new RouteQuery(words + " of protocol " + protocol, body.fixed8(5, protocol));
    }

    /// Only routes of one type.
    ///
    /// @param type one of [RouteType], but not unspecified
    /// @return the changed question
    public RouteQuery ofType(int type) {
        return new RouteQuery(words + " of type " + type, body.fixed8(7, type));
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
