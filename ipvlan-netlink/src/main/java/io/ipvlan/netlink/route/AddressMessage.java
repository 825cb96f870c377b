package io.ipvlan.netlink.route;

import io.ipvlan.ip.IpAddress;
import io.ipvlan.ip.IpCidr;
import io.ipvlan.netlink.AttributeReader;
import io.ipvlan.netlink.NetlinkException;
import io.ipvlan.netlink.NetlinkMessage;
import io.ipvlan.netlink.internal.Uapi;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An address of a link as the kernel reports it. Source: `struct ifaddrmsg` and `IFA_*` in
/// `linux/if_addr.h`.
///
/// @param index the link that carries it
/// @param address the address, and the length of the prefix that is on-link with it (with a peer: of the
///     peer's prefix)
/// @param flags its flags, those of [AddressFlag] combined with `|`
/// @param scope how far it is valid, one of [RouteScope]: 0 everywhere, 253 on the link, 254 in this host
/// @param peer the address at the other end of a point-to-point link; empty if none was given
/// @param broadcast the broadcast address, IPv4 only; empty if none was given
/// @param label the name it has to programs that know no addresses without names, IPv4 only: that of the
///     link, or one that begins so
/// @param lifetime how long it may still be used when the kernel answered
/// @param protocol who made it, a number: 0 unknown, 1 to 3 the kernel, others are marks. Kernels older
///     than Linux 5.18 keep none
/// @param metric the metric of the route the kernel adds for its prefix; 0 unless set
public record AddressMessage(
        int index,
        IpCidr address,
        int flags,
        int scope,
        Optional<IpAddress> peer,
        Optional<IpAddress> broadcast,
        Optional<String> label,
        AddressLifetime lifetime,
        int protocol,
        int metric)
        implements RouteObject {

    /// Whether duplicate address detection is still running (`IFA_F_TENTATIVE`): the address cannot be used
    /// yet.
    ///
    /// @return true if tentative
    public boolean isTentative() {
        return (flags & AddressFlag.TENTATIVE) != 0;
    }

    @Override
    public Object identity() {
        return List.of("address", index, address, peer);
    }

    static @Nullable AddressMessage decode(NetlinkMessage message) throws NetlinkException.Malformed {
        return message.type() == Uapi.RTM_NEWADDR ? read(message) : null;
    }

    /// Reads a message that is about an address, whether it says that there is one or that there is one no
    /// longer; null if it is of another family.
    static @Nullable AddressMessage read(NetlinkMessage message) throws NetlinkException.Malformed {
        if (!Wire.isIp(message.fixed8(0))) {
            return null;
        }
        int length = message.fixed8(1);
        int flags = message.fixed8(2);
        int scope = message.fixed8(3);
        int index = message.fixed32(4);
        IpAddress address = null;
        IpAddress local = null;
        Optional<IpAddress> broadcast = Optional.empty();
        Optional<String> label = Optional.empty();
        AddressLifetime lifetime = AddressLifetime.FOREVER;
        int protocol = 0;
        int metric = 0;
        AttributeReader attributes = message.attributes(Uapi.IFADDRMSG_SIZE);
        while (attributes.next()) {
            switch (attributes.type()) {
                case Uapi.IFA_ADDRESS -> address = Wire.address(attributes);
                case Uapi.IFA_LOCAL -> local = Wire.address(attributes);
                case Uapi.IFA_BROADCAST -> broadcast = Optional.of(Wire.address(attributes));
                case Uapi.IFA_LABEL -> label = Optional.of(attributes.string());
                case Uapi.IFA_FLAGS -> flags = attributes.u32();
                case Uapi.IFA_CACHEINFO -> // preferred, valid, then when it was made and changed
                    lifetime = new AddressLifetime(
                            Integer.toUnsignedLong(attributes.u32(4)), Integer.toUnsignedLong(attributes.u32(0)));
                case Uapi.IFA_PROTO -> protocol = attributes.u8();
                case Uapi.IFA_RT_PRIORITY -> metric = attributes.u32();
                default -> {}
            }
        }
        // On a point-to-point link IFA_ADDRESS is the peer's and IFA_LOCAL one's own; IPv6 otherwise has only the
        // first.
        IpAddress own = local != null ? local : address;
        if (own == null) {
            throw new NetlinkException.Malformed("an address message of link " + index + " holds no address");
        }
        Optional<IpAddress> peer = Optional.ofNullable(address).filter(each -> !each.equals(own));
        return new AddressMessage(
                index, Wire.cidr(own, length), flags, scope, peer, broadcast, label, lifetime, protocol, metric);
    }
}
