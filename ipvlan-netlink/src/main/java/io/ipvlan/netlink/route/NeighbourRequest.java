package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;
import java.util.Objects;

/// A request to add, replace or delete a neighbour or a proxy entry. Immutable; each method that sets
/// something answers with a changed copy. Needs `CAP_NET_ADMIN`.
///
/// Source: rtnetlink(7), `linux/neighbour.h`.
public final class NeighbourRequest implements NetlinkRequest {
    private static final int OFFSET_INDEX = 4; // in struct ndmsg
    private static final int OFFSET_STATE = 8;
    private static final int OFFSET_FLAGS = 10;

    private final int type;
    private final int requestFlags;
    private final String words;
    private final RequestBody body;

    private NeighbourRequest(int type, int requestFlags, String words, RequestBody body) {
        this.type = type;
        this.requestFlags = requestFlags;
        this.words = words;
        this.body = body;
    }

    private static RequestBody body(int index, IpAddress address) {
        Objects.requireNonNull(address, "address");
        return RequestBody.ofSize(Uapi.NDMSG_SIZE)
                .fixed8(0, Wire.number(address.family()))
                .fixed32(OFFSET_INDEX, index)
                .bytes(Uapi.NDA_DST, address.toBytes());
    }

    private static NeighbourRequest of(
            String verb, int requestFlags, int index, IpAddress address, HardwareAddress hardwareAddress) {
        return new NeighbourRequest(
                Uapi.RTM_NEWNEIGH,
                requestFlags,
                verb + " neighbour " + address + " at " + hardwareAddress + " on link " + index,
                body(index, address)
                        .fixed16(OFFSET_STATE, NeighbourState.PERMANENT)
                        .bytes(Uapi.NDA_LLADDR, hardwareAddress.toBytes()));
    }

    /// Adds a neighbour, [NeighbourState#PERMANENT] unless [#state] says otherwise. The link must be up.
    ///
    /// @param index the link
    /// @param address the neighbour's address
    /// @param hardwareAddress its hardware address, of the length the link's kind has
    /// @return the request; refused with `EEXIST` if the neighbour is known
    public static NeighbourRequest add(int index, IpAddress address, HardwareAddress hardwareAddress) {
        return of("add", Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL, index, address, hardwareAddress);
    }

    /// Adds a neighbour or a proxy entry as it was read once, as far as it is not of the kernel's finding.
    ///
    /// @param message the neighbour
    /// @return the request
    public static NeighbourRequest add(NeighbourMessage message) {
        int settable = NeighbourFlag.USE | NeighbourFlag.ROUTER | NeighbourFlag.EXTERNALLY_LEARNED;
        NeighbourRequest request = message.isProxy()
                ? addProxy(message.index(), message.address())
                : add(
                                message.index(),
                                message.address(),
                                message.hardwareAddress().orElse(HardwareAddress.NONE))
                        .state(message.state());
        return request.neighbourFlags((message.flags() & settable) | (message.isProxy() ? NeighbourFlag.PROXY : 0))
                .protocol(message.protocol());
    }

    /// Adds a neighbour, or changes the one that is known.
    ///
    /// @param index the link
    /// @param address the neighbour's address
    /// @param hardwareAddress its hardware address
    /// @return the request
    public static NeighbourRequest replace(int index, IpAddress address, HardwareAddress hardwareAddress) {
        return of("replace", Uapi.NLM_F_CREATE | Uapi.NLM_F_REPLACE, index, address, hardwareAddress);
    }

    /// Forgets a neighbour.
    ///
    /// @param index the link
    /// @param address the neighbour's address
    /// @return the request; refused with `ENOENT` if it is not known
    public static NeighbourRequest delete(int index, IpAddress address) {
        return new NeighbourRequest(
                Uapi.RTM_DELNEIGH, 0, "delete neighbour " + address + " on link " + index, body(index, address));
    }

    /// Answers for an address on a link in place of its owner. For IPv6 the link's sysctl `proxy_ndp` must be
    /// on.
    ///
    /// @param index the link, or 0 for all
    /// @param address the address answered for
    /// @return the request; one that is there already is no error
    public static NeighbourRequest addProxy(int index, IpAddress address) {
        return new NeighbourRequest(
                Uapi.RTM_NEWNEIGH,
                Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL,
                "answer for " + address + " on link " + index,
                body(index, address)
                        .fixed16(OFFSET_STATE, NeighbourState.PERMANENT)
                        .fixed8(OFFSET_FLAGS, NeighbourFlag.PROXY));
    }

    /// No longer answers for an address.
    ///
    /// @param index the link, or 0 for all
    /// @param address the address answered for
    /// @return the request; refused with `ENOENT` if there is no such entry
    public static NeighbourRequest deleteProxy(int index, IpAddress address) {
        return new NeighbourRequest(
                Uapi.RTM_DELNEIGH,
                0,
                "no longer answer for " + address + " on link " + index,
                body(index, address).fixed8(OFFSET_FLAGS, NeighbourFlag.PROXY));
    }

    private NeighbourRequest with(RequestBody changed) {
        return new NeighbourRequest(type, requestFlags, words, changed);
    }

    /// Sets how well it is known.
    ///
    /// @param state one of [NeighbourState]
    /// @return the changed request
    public NeighbourRequest state(int state) {
        return with(body.fixed16(OFFSET_STATE, state));
    }

    /// Sets its flags, all of them: for a proxy entry keep [NeighbourFlag#PROXY].
    ///
    /// @param flags bits of [NeighbourFlag]
    /// @return the changed request
    public NeighbourRequest neighbourFlags(int flags) {
        return with(body.fixed8(OFFSET_FLAGS, flags));
    }

    /// Marks who made it; nobody unless set. Needs Linux 5.2.
    ///
    /// @param protocol one of [RouteProtocol], or any other from 0 to 255
    /// @return the changed request
    public NeighbourRequest protocol(int protocol) {
        return with(body.u8(Uapi.NDA_PROTOCOL, protocol));
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
        body.writeTo(to);
    }

    /// What is asked for, in words.
    @Override
    public String toString() {
        return words;
    }
}
