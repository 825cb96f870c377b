package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;

/// A question for neighbours, with filters that the kernel applies: for
/// [RouteSocket#neighbours(NeighbourQuery)] and [RouteSocket#neighbour]. Immutable; each method answers with
/// a changed copy. Needs no privilege.
///
/// Source: `neigh_dump_info` and `neigh_get` in the kernel's `net/core/neighbour.c`.
public final class NeighbourQuery implements NetlinkRequest {
    private static final int OFFSET_INDEX = 4; // in struct ndmsg
    private static final int OFFSET_FLAGS = 10;

    private final String words;
    private final RequestBody body;

    private NeighbourQuery(String words, RequestBody body) {
        this.words = words;
        this.body = body;
    }

    /// The neighbours of all links, both families, without proxy entries.
    ///
    /// @return the question
    public static NeighbourQuery all() {
        return new NeighbourQuery("list the neighbours", RequestBody.ofSize(Uapi.NDMSG_SIZE));
    }

    /// The proxy entries of all links, both families.
    ///
    /// @return the question
    public static NeighbourQuery proxies() {
        return new NeighbourQuery(
                "list the proxy entries",
                RequestBody.ofSize(Uapi.NDMSG_SIZE).fixed8(OFFSET_FLAGS, NeighbourFlag.PROXY));
    }

    /// One neighbour. Needs Linux 5.0.
    static NeighbourQuery one(int index, IpAddress address) {
        return new NeighbourQuery(
                "look up neighbour " + address + " on link " + index,
                RequestBody.ofSize(Uapi.NDMSG_SIZE)
                        .fixed8(0, Wire.number(address.family()))
                        .fixed32(OFFSET_INDEX, index)
                        .bytes(Uapi.NDA_DST, address.toBytes()));
    }

    /// Only those on one link.
    ///
    /// @param index the link
    /// @return the changed question
    public NeighbourQuery ofLink(int index) {
        return new NeighbourQuery(words + " of link " + index, body.u32(Uapi.NDA_IFINDEX, index));
    }

    /// Only those on links of a bridge or bond.
    ///
    /// @param index the bridge or bond
    /// @return the changed question
    public NeighbourQuery ofMaster(int index) {
        return new NeighbourQuery(words + " of master " + index, body.u32(Uapi.NDA_MASTER, index));
    }

    /// Only those of one family.
    ///
    /// @param family the family
    /// @return the changed question
    public NeighbourQuery ofFamily(IpFamily family) {
        return new NeighbourQuery(words + " of " + family, body.fixed8(0, Wire.number(family)));
    }

    @Override
    public int type() {
        return Uapi.RTM_GETNEIGH;
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
