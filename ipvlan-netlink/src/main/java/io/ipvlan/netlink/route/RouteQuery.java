package io.ipvlan.netlink.route;

import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;
import org.jspecify.annotations.Nullable;

/// Questions for links, addresses and routes.
///
/// @param words what is asked for
/// @param type the message type
/// @param fixedSize the length of the fixed part, whose first byte is the family: all of them are left zero, for
///     all
/// @param index of the one link asked for; 0 for none
/// @param name of the one link asked for; null for none
record RouteQuery(
        String words,
        int type,
        int fixedSize,
        int index,
        @Nullable String name) implements NetlinkRequest {
    static final RouteQuery LINKS = new RouteQuery("list the links", Uapi.RTM_GETLINK, Uapi.IFINFOMSG_SIZE, 0, null);
    static final RouteQuery ADDRESSES =
            new RouteQuery("list the addresses", Uapi.RTM_GETADDR, Uapi.IFADDRMSG_SIZE, 0, null);
    static final RouteQuery ROUTES = new RouteQuery("list the routes", Uapi.RTM_GETROUTE, Uapi.RTMSG_SIZE, 0, null);

    static RouteQuery link(int index) {
        return new RouteQuery("look up link " + index, Uapi.RTM_GETLINK, Uapi.IFINFOMSG_SIZE, index, null);
    }

    static RouteQuery link(String name) {
        return new RouteQuery("look up link '" + name + "'", Uapi.RTM_GETLINK, Uapi.IFINFOMSG_SIZE, 0, name);
    }

    @Override
    public void writeTo(AttributeWriter body) {
        for (int written = 0; written < fixedSize; written += 4) {
            body.fixed32(written == 4 ? index : 0);
        }
        if (name != null) {
            body.string(Uapi.IFLA_IFNAME, name);
        }
        if (type == Uapi.RTM_GETLINK) {
            body.u32(Uapi.IFLA_EXT_MASK, Uapi.RTEXT_FILTER_SKIP_STATS); // half the answer, and nobody looks at it
        }
    }

    @Override
    public String toString() {
        return words;
    }
}
