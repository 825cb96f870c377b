package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.ip.IpFamily;
import io.ipvlan.netlink.AttributeWriter;
import io.ipvlan.netlink.NetlinkRequest;
import io.ipvlan.netlink.internal.Uapi;
import java.util.Objects;

/// A request to give an address to a link, to change one, or to take one away. Immutable; each method that
/// sets something answers with a changed copy. Needs `CAP_NET_ADMIN`.
///
/// Bring the link up before it gets an IPv6 address: the other way round the kernel has been seen to take up
/// to a second until the address works. Source: rtnetlink(7), `linux/if_addr.h`.
public final class AddressRequest implements NetlinkRequest {
    private static final int OFFSET_FLAGS = 2; // in struct ifaddrmsg
    private static final int OFFSET_SCOPE = 3;
    private static final int OFFSET_INDEX = 4;

    private final int type;
    private final int requestFlags;
    private final int index;
    private final IpCidr address;
    private final RequestBody body;

    private AddressRequest(int type, int requestFlags, int index, IpCidr address, RequestBody body) {
        this.type = type;
        this.requestFlags = requestFlags;
        this.index = index;
        this.address = address;
        this.body = body;
    }

    private static AddressRequest of(int type, int requestFlags, int index, IpCidr address) {
        Objects.requireNonNull(address, "address");
        byte[] bytes = address.address().toBytes();
        RequestBody body = RequestBody.ofSize(Uapi.IFADDRMSG_SIZE)
                .fixed8(0, Wire.number(address.family()))
                .fixed8(1, address.length())
                .fixed8(OFFSET_FLAGS, address.family() == IpFamily.IPV4 ? 0 : AddressFlag.NO_DETECTION)
                .fixed32(OFFSET_INDEX, index)
                .bytes(Uapi.IFA_ADDRESS, bytes)
                .bytes(Uapi.IFA_LOCAL, bytes);
        return new AddressRequest(type, requestFlags, index, address, body);
    }

    /// Adds an address. IPv6 addresses are added without duplicate address detection
    /// ([AddressFlag#NO_DETECTION]), so that they work at once, unless [#addressFlags] says otherwise. The
    /// kernel adds the on-link route of the prefix by itself while the link is up.
    ///
    /// @param index the link
    /// @param address the address with the length of its on-link prefix. **The kernel accepts IPv4 addresses
    ///     that make no sense** (0.0.0.0, multicast, a network's own): check before
    /// @return the request; refused with `EEXIST` if the link has the address, with `EADDRINUSE` if a sibling
    ///     child has
    public static AddressRequest add(int index, IpCidr address) {
        return of(Uapi.RTM_NEWADDR, Uapi.NLM_F_CREATE | Uapi.NLM_F_EXCL, index, address);
    }

    /// Adds an address as it was read once: with its flags (as far as they are not the kernel's own), scope,
    /// peer, broadcast address, label, lifetime, protocol and metric.
    ///
    /// @param message the address
    /// @return the request, as of [#add(int, IpCidr)]
    public static AddressRequest add(AddressMessage message) {
        int kernelsOwn = AddressFlag.TENTATIVE
                | AddressFlag.DETECTION_FAILED
                | AddressFlag.DEPRECATED
                | AddressFlag.PERMANENT
                | AddressFlag.SECONDARY;
        AddressRequest request = add(message.index(), message.address())
                .addressFlags(message.flags() & ~kernelsOwn)
                .scope(message.scope());
        request = message.peer().map(request::peer).orElse(request);
        request = message.broadcast().map(request::broadcast).orElse(request);
        request = message.label().map(request::label).orElse(request);
        request = message.lifetime().equals(AddressLifetime.FOREVER) ? request : request.lifetime(message.lifetime());
        request = message.protocol() == 0 ? request : request.protocol(message.protocol());
        return message.metric() == 0 ? request : request.metric(message.metric());
    }

    /// Adds an address, or changes flags, lifetime, protocol and metric of one that is there.
    ///
    /// @param index the link
    /// @param address the address with its prefix length
    /// @return the request
    public static AddressRequest replace(int index, IpCidr address) {
        return of(Uapi.RTM_NEWADDR, Uapi.NLM_F_CREATE | Uapi.NLM_F_REPLACE, index, address);
    }

    /// Takes an address away.
    ///
    /// @param index the link
    /// @param address the address with its prefix length; say [#peer] as well if it has one
    /// @return the request; refused with `EADDRNOTAVAIL` if the link has no such address
    public static AddressRequest delete(int index, IpCidr address) {
        AddressRequest request = of(Uapi.RTM_DELADDR, 0, index, address);
        return request.with(request.body.fixed8(OFFSET_FLAGS, 0));
    }

    private AddressRequest with(RequestBody changed) {
        return new AddressRequest(type, requestFlags, index, address, changed);
    }

    /// Sets the flags, all of them: also that of duplicate address detection, see [#add(int, IpCidr)].
    ///
    /// @param flags those of [AddressFlag] combined with `|`; the kernel ignores those that are its own
    /// @return the changed request
    public AddressRequest addressFlags(int flags) {
        return with(body.fixed8(OFFSET_FLAGS, flags & 0xff).u32(Uapi.IFA_FLAGS, flags));
    }

    /// Says how far the address is valid. For IPv6 the kernel decides.
    ///
    /// @param scope one of [RouteScope], [RouteScope#UNIVERSE] unless set
    /// @return the changed request
    public AddressRequest scope(int scope) {
        return with(body.fixed8(OFFSET_SCOPE, scope));
    }

    /// Names the other end of a point-to-point link; the prefix length is then that of the peer's prefix.
    ///
    /// @param peer its address
    /// @return the changed request
    public AddressRequest peer(IpAddress peer) {
        return with(body.bytes(Uapi.IFA_ADDRESS, peer.toBytes()));
    }

    /// Sets the broadcast address, which an IPv4 address has none of unless set.
    ///
    /// @param broadcast the address, by custom the last of the prefix
    /// @return the changed request
    public AddressRequest broadcast(IpAddress broadcast) {
        return with(body.bytes(Uapi.IFA_BROADCAST, broadcast.toBytes()));
    }

    /// Sets the label of an IPv4 address.
    ///
    /// @param label at most 15 bytes; by custom the link's name, a colon and a word
    /// @return the changed request; refused with `ERANGE` if it is longer
    public AddressRequest label(String label) {
        return with(body.string(Uapi.IFA_LABEL, label));
    }

    /// Limits how long the address may be used; [AddressLifetime#FOREVER] unless set.
    ///
    /// @param lifetime how long
    /// @return the changed request
    public AddressRequest lifetime(AddressLifetime lifetime) {
        byte[] times = Wire.numbers((int) lifetime.preferred(), (int) lifetime.valid(), 0, 0);
        return with(body.bytes(Uapi.IFA_CACHEINFO, times));
    }

    /// Marks the address as made by somebody. Kernels older than Linux 5.18 ignore it.
    ///
    /// @param protocol the mark, 4 to 255; 1 to 3 are the kernel's own
    /// @return the changed request
    public AddressRequest protocol(int protocol) {
        return with(body.u8(Uapi.IFA_PROTO, protocol));
    }

    /// Sets the metric of the route the kernel adds for the prefix.
    ///
    /// @param metric the metric, lower is preferred
    /// @return the changed request
    public AddressRequest metric(int metric) {
        return with(body.u32(Uapi.IFA_RT_PRIORITY, metric));
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
        if (type == Uapi.RTM_DELADDR) {
            return "delete address " + address + " from link " + index;
        }
        return ((requestFlags & Uapi.NLM_F_EXCL) != 0 ? "add" : "replace") + " address " + address + " to link "
                + index;
    }
}
